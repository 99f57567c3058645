"""What lives on a page: rendered once for all who see the same, sent small, and not again while it stands."""

import gzip
import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, insert, select, update
from werkzeug.test import TestResponse

from callbacks.callback import Callback
from callbacks.dial import Dial, Leg
from callbacks.journal import Entry
from callbacks.pulse import mark, pulse
from callbacks.work import Desk
from tests.people import STRANGER_PHONE, Cast, Clock
from tests.ringing import at_their_phones
from tests.screens import Visitor, ask, signed_in
from tests.test_mine import offer


def looks(visitor: Visitor, **headers: str) -> TestResponse:
    """The board's living part."""
    return visitor.open("/board/live", **headers)


def test_the_second_to_look_costs_no_reading_of_the_queue(
    ada: Visitor, sara: Visitor, desk: Desk, statements: list[str]
) -> None:
    ask(desk)
    first = looks(ada).text
    statements.clear()
    assert looks(sara).text == first
    assert not [each for each in statements if "callbacks.reference" in each]


def test_whatever_is_written_is_in_the_next_look(ada: Visitor, desk: Desk) -> None:
    before = looks(ada).text
    callback = ask(desk)
    after = looks(ada).text
    assert callback.reference not in before
    assert callback.reference in after


def told(desk: Desk) -> dict[str, str]:
    """What a page brings back that was just told of a change."""
    with desk.reading() as work:
        return {"Desk-Heard": mark(pulse(work.session))}


def test_who_brings_back_what_was_told_costs_one_question_and_sees_that_change(
    ada: Visitor, sara: Visitor, desk: Desk, statements: list[str]
) -> None:
    before = looks(sara).text
    callback = ask(desk)
    news = told(desk)
    seen = looks(ada, **news).text
    assert callback.reference in seen
    statements.clear()
    assert looks(sara, **news).text == seen != before
    assert [each for each in statements if "sign_ins" not in each] in ([], ["BEGIN"])


def test_what_is_at_hand_is_not_given_to_who_was_told_of_more_or_of_nothing(
    ada: Visitor, sara: Visitor, desk: Desk, clock: Clock
) -> None:
    looks(ada, **told(desk))
    first = ask(desk)
    assert first.reference in looks(sara).text
    clock.forward(timedelta(seconds=6))
    second = ask(desk, "Bolt")
    assert second.reference in looks(ada, **told(desk)).text
    assert second.reference in looks(sara, **{"Desk-Heard": "what nobody said"}).text


def test_a_row_is_written_again_when_anything_of_it_changed_and_only_then(
    ada: Visitor, desk: Desk, clock: Clock, statements: list[str]
) -> None:
    clock.set("2026-11-23 12:10:00")
    first = ask(desk)
    clock.set("2026-11-23 12:10:01")
    ask(desk, "Bolt")
    looks(ada)
    statements.clear()
    before = looks(ada).text
    assert not [each for each in statements if "callbacks.reference" in each]
    with desk.work() as work:
        held = work.held(Callback, first.id)
        assert held is not None
        held.change_number(work, "+390298765432")
    statements.clear()
    after = looks(ada).text
    assert "+39 02 9876 5432" in after
    assert "+39 02 9876 5432" not in before
    (read,) = [each for each in statements if "callbacks.reference" in each]
    assert re.search(r"IN \((\?|%\(id_\d_1\)s::INTEGER)\)", read), "that row alone"


def test_how_far_a_ring_has_come_is_written_at_once(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    before = looks(ada).text
    dial_id = offer(desk, callback, "ada", Leg.ASKED)
    rings = looks(ada).text
    with desk.work() as work:
        dial = work.session.get(Dial, dial_id)
        assert dial is not None
        dial.leg, dial.answered_at = Leg.TALKING, work.now
    assert len({before, rings, looks(ada).text}) == 3


def test_the_backlog_is_counted_once_for_all_who_are_told_of_one_change(
    ada: Visitor, bruno: Visitor, desk: Desk, statements: list[str]
) -> None:
    ask(desk)
    news = told(desk)
    statements.clear()
    for visitor in (ada, bruno):
        assert visitor.open("/board/live", **news).status_code == 200
    assert len([each for each in statements if "AS at_risk" in each]) == 1


def test_time_alone_is_seen_within_five_seconds(ada: Visitor, desk: Desk, clock: Clock) -> None:
    clock.set("2026-11-23 11:15:00")
    ask(desk)
    clock.set("2026-11-23 12:10:00")
    early = looks(ada).text
    clock.forward(timedelta(seconds=4))
    assert looks(ada).text == early
    clock.forward(timedelta(hours=1, minutes=51))
    assert looks(ada).text != early


def test_each_reads_it_in_their_own_language_and_finds_their_own_presence(
    ada: Visitor, bruno: Visitor, sara: Visitor, desk: Desk
) -> None:
    with desk.work() as work:
        at_their_phones(work, "ada")
    assert 'value="ready" aria-pressed="true"' in looks(ada).text
    assert 'value="away" aria-pressed="true"' in looks(sara).text
    assert "Da richiamare" in looks(bruno).text


def test_what_travels_is_small_and_says_the_same(ada: Visitor, desk: Desk, clock: Clock) -> None:
    for number in range(30):
        clock.forward(timedelta(seconds=6))
        ask(desk, None, number=f"+3902555{number:05}")
    plain, packed = looks(ada), looks(ada, **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 15_000 < len(plain.data)
    assert packed.headers["Content-Encoding"] == "gzip"


def test_what_the_reader_has_is_not_sent_again(ada: Visitor, sara: Visitor, desk: Desk) -> None:
    ask(desk)
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        mark = looks(ada, **headers).headers["ETag"]
        again = looks(sara, **headers, **{"If-None-Match": mark})
        assert (again.status_code, again.data) == (304, b"")
    assert looks(ada, **{"If-None-Match": '"another"'}).status_code == 200


def test_the_pulse_is_another_after_every_line_and_every_step_of_a_ring(
    desk: Desk, cast: Cast, screens: Flask
) -> None:
    def now() -> tuple[int, ...]:
        with desk.reading() as work:
            return pulse(work.session)

    seen = [now()]
    callback = ask(desk, number=STRANGER_PHONE)
    seen.append(now())
    signed_in(screens, "ada")
    seen.append(now())
    dial_id = offer(desk, callback, "ada", Leg.ASKED)
    seen.append(now())
    with desk.work() as work:
        dial = work.session.get(Dial, dial_id)
        assert dial is not None
        dial.placed("CA" + "1" * 32)
    seen.append(now())
    assert len(set(seen)) == 5
    assert now() == seen[-1]


def test_a_line_that_is_committed_after_a_later_one_is_seen(desk: Desk, cast: Cast) -> None:
    """PostgreSQL gives numbers before it commits: the newest number alone would tell nothing of this one."""
    ask(desk)
    with desk.work() as work:
        before = work.session.scalar(select(func.max(Entry.id))) or 0
        work.session.execute(update(Entry).where(Entry.id == before).values(id=before + 1))
    with desk.reading() as work:
        seen = pulse(work.session)
        late = work.session.get(Entry, before + 1)
        assert late is not None
    with desk.work() as work:
        columns = {c.key: getattr(late, c.key) for c in Entry.__table__.columns}
        work.session.execute(insert(Entry).values(**columns | {"id": before, "subject": "late", "seq": 1}))
    with desk.reading() as work:
        assert pulse(work.session) != seen


def test_a_whole_page_travels_packed_where_the_browser_can_unpack_it(ada: Visitor) -> None:
    plain, packed = ada.open("/board"), ada.open("/board", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert b"<h1" in gzip.decompress(packed.data)
    assert len(packed.data) < len(plain.data) / 2


def test_a_file_of_the_look_travels_packed_and_is_kept_for_good(ada: Visitor) -> None:
    page = ada.open("/board").text
    for address in re.findall(r'(?:href|src)="(/console/[^"]+)"', page):
        whole = ada.open(address)
        assert "immutable" in whole.headers["Cache-Control"]
        assert (whole.status_code, whole.headers["Vary"]) == (200, "Accept-Encoding")
        packed = ada.open(address, **{"Accept-Encoding": "gzip"})
        if packed.headers.get("Content-Encoding") == "gzip":
            assert gzip.decompress(packed.data) == whole.data
            assert len(packed.data) < len(whole.data)
        again = ada.open(address, **{"If-None-Match": whole.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_an_address_of_an_older_version_is_answered_with_this_one_and_not_kept(ada: Visitor) -> None:
    for address in ("/console/desk.css", "/console/desk.css?v=0123456789"):
        found = ada.open(address)
        assert (found.status_code, found.headers["Cache-Control"]) == (200, "no-cache")
    for address in ("/console/nothing.css", "/console/../board.py", "/console/%2e%2e/board.py"):
        assert ada.open(address).status_code == 404
