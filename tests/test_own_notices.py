"""What one person is told of their own work: where they want it, while it is true, at least once."""

import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks import journal, own_notice, own_telling, staffing, watch
from callbacks.agent import Agent, by_sign_in
from callbacks.callback import Callback
from callbacks.notice_way import Kind, NoticeWay
from callbacks.own_notice import About, OwnNotice
from callbacks.work import Work
from tests.people import fill, rome
from tests.test_notices import looked
from tests.timed import AT_RISK, LATE, MONDAY, TimedDesk, with_policy

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
"""Apprise looks for an old module of Python's when it loads its services."""

ALL = [each.value for each in About]


class Chat:
    """A chat server that remembers what came, and may be away."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.is_away = False


@pytest.fixture
def chat() -> Iterator[tuple[Chat, str]]:
    """The chat and the address it is reached by."""
    said = Chat()

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not said.is_away:
                said.heard.append(body.decode())
            self.send_response(500 if said.is_away else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield said, f"json://127.0.0.1:{server.server_port}/?retry=0"
    server.shutdown()
    server.server_close()


@pytest.fixture
def people(timed: TimedDesk) -> TimedDesk:
    """The desk with its people, no notices but their own, and a chat within the house."""
    fill(timed.desk)
    notices = replace(timed.desk.policy.notices, inside=("127.0.0.1",))
    timed.means = with_policy(timed, notices=notices)
    return timed


def person(work: Work, name: str) -> Agent:
    """By their sign-in."""
    found = by_sign_in(work.session, name)
    assert found
    return found


def way(timed: TimedDesk, name: str, kind: Kind, address: str = "", **wants: object) -> int:
    """How this person wants to be told."""
    with timed.desk.work() as work:
        made = NoticeWay(
            agent_id=person(work, name).id, kind=kind, address=address, added_at=work.now,
            about=wants.pop("about", ALL), sound=False, outside_hours=bool(wants.pop("outside_hours", False)),
        )  # fmt: skip
        work.session.add(made)
        work.session.flush()
        return made.id


def give(timed: TimedDesk, key: int, name: str, by: str = "agent:sara") -> None:
    """Somebody gives it to this person."""

    def assign(work: Work) -> None:
        callback = work.held(Callback, key)
        assert callback
        callback.assign(work, person(work, name), by)

    timed.desk.do(assign)


def unseen(timed: TimedDesk, name: str, since: int = 0) -> list[str]:
    """What their pages have yet to show."""
    with timed.desk.reading() as work:
        return [each.about for each in own_telling.unseen(work, person(work, name).id, since)]


def notices(timed: TimedDesk) -> list[OwnNotice]:
    """All there are."""
    with timed.desk.reading() as work:
        return list(work.session.scalars(select(OwnNotice).order_by(OwnNotice.id)))


def test_who_has_chosen_nothing_is_told_in_the_page_of_everything(people: TimedDesk) -> None:
    give(people, people.promised(), "ada")
    assert unseen(people, "ada") == ["assigned"]
    assert unseen(people, "bruno") == []
    [notice] = notices(people)
    assert notice.alarm_at is None


def test_what_one_took_oneself_is_no_news(people: TimedDesk) -> None:
    give(people, people.promised(), "ada", by="agent:ada")
    assert notices(people) == []


def test_ada_hears_by_chat_once_with_company_and_where_to_go_and_no_number(
    people: TimedDesk, chat: tuple[Chat, str]
) -> None:
    heard, address = chat
    way(people, "ada", Kind.ADDRESS, address)
    key = people.promised()
    give(people, key, "ada")
    looked(people)
    looked(people)
    [said] = heard.heard
    assert "Yours now: caller without a code" in said
    assert f"/requests/{people.look_at(key).reference}" in said
    assert "+39" not in said


def test_bruno_hears_in_italian(people: TimedDesk, chat: tuple[Chat, str]) -> None:
    heard, address = chat
    way(people, "bruno", Kind.ADDRESS, address)
    give(people, people.promised(), "bruno")
    looked(people)
    assert "Ora \\u00e8 tua" in heard.heard[0]


def test_a_chat_that_is_away_is_tried_again_and_no_other_way_repeats_itself(
    people: TimedDesk, chat: tuple[Chat, str]
) -> None:
    heard, address = chat
    broken = way(people, "ada", Kind.ADDRESS, "json://127.0.0.1:9/?retry=0")
    way(people, "ada", Kind.ADDRESS, address)
    give(people, people.promised(), "ada")
    looked(people)
    assert len(heard.heard) == 1
    with people.desk.reading() as work:
        assert work.session.get_one(NoticeWay, broken).failed_at == MONDAY
    people.clock.forward(timedelta(seconds=20))
    looked(people)
    assert len(heard.heard) == 1
    assert notices(people)[0].tries == 2


def test_after_some_tries_it_is_given_up(people: TimedDesk) -> None:
    way(people, "ada", Kind.ADDRESS, "json://127.0.0.1:9/?retry=0", outside_hours=True)
    give(people, people.promised(), "ada")
    with people.desk.work() as work:
        held = work.session.scalars(select(Callback)).one()
        held.held_until = None
    for _ in range(8):
        looked(people)
        people.clock.forward(timedelta(minutes=11))
    assert notices(people)[0].alarm_at is None
    assert notices(people)[0].tries == own_telling.TRIES


def test_what_is_true_no_more_when_the_chat_is_back_is_not_told(
    people: TimedDesk, chat: tuple[Chat, str]
) -> None:
    heard, address = chat
    heard.is_away = True
    way(people, "ada", Kind.ADDRESS, address)
    key = people.promised()
    give(people, key, "ada")
    looked(people)
    with people.desk.work() as work:
        callback = work.held(Callback, key)
        assert callback
        callback.release(work, "agent:ada")
    heard.is_away = False
    people.clock.forward(timedelta(minutes=1))
    looked(people)
    assert heard.heard == []
    assert unseen(people, "ada") == []


def test_at_night_a_person_is_left_alone_unless_they_want_it(
    people: TimedDesk, chat: tuple[Chat, str]
) -> None:
    heard, address = chat
    way(people, "ada", Kind.ADDRESS, address)
    key = people.promised()
    people.clock.now = rome("2026-11-23 22:00")
    give(people, key, "ada")
    looked(people)
    assert heard.heard == []
    assert notices(people)[0].alarm_at == rome("2026-11-24 09:00")
    way(people, "bruno", Kind.ADDRESS, address, outside_hours=True)
    give(people, people.promised("CA2"), "bruno")
    looked(people)
    assert len(heard.heard) == 1


def test_time_tells_the_holder_and_nobody_else(people: TimedDesk) -> None:
    key = people.promised()
    people.promised("CA2")
    people.clock.now = AT_RISK - timedelta(minutes=5)
    give(people, key, "ada")
    for moment in (AT_RISK, LATE):
        people.clock.now = moment
        with people.desk.work() as work:
            callback = work.held(Callback, key)
            assert callback
            callback.held_until = None
            watch.ring_all(work, [key, key + 1])
    assert [each.about for each in notices(people)] == ["assigned", "at_risk", "late"]


def test_a_wished_time_is_told_of_a_little_before(people: TimedDesk) -> None:
    key = people.promised()
    with people.desk.work() as work:
        callback = work.held(Callback, key)
        assert callback
        callback.wish(work, rome("2026-11-23 16:00"))
    people.clock.now = rome("2026-11-23 15:40")
    give(people, key, "ada", by="agent:ada")
    assert unseen(people, "ada") == []
    people.clock.now = rome("2026-11-23 15:45")
    assert unseen(people, "ada") == ["wish_soon"]


def test_what_a_page_has_shown_it_does_not_show_again_nor_what_is_old(people: TimedDesk) -> None:
    give(people, people.promised(), "ada")
    assert unseen(people, "ada", since=notices(people)[0].id) == []
    people.clock.forward(timedelta(minutes=11))
    assert unseen(people, "ada") == []


def test_only_what_a_person_wants_to_hear_of_is_told(people: TimedDesk, chat: tuple[Chat, str]) -> None:
    heard, address = chat
    way(people, "ada", Kind.ADDRESS, address, about=["late"])
    way(people, "ada", Kind.PAGE, about=[])
    give(people, people.promised(), "ada")
    looked(people)
    assert heard.heard == []
    assert notices(people) == []


def test_who_leaves_is_told_nothing_and_their_addresses_are_gone(people: TimedDesk) -> None:
    way(people, "ada", Kind.ADDRESS, "json://127.0.0.1:9/secret")
    give(people, people.promised(), "ada")
    with people.desk.work() as work:
        staffing.leave(work, staffing.the_person(work, "ada"), "administrator")
    with people.desk.reading() as work:
        assert work.session.scalars(select(NoticeWay)).all() == []
        assert work.session.scalars(select(OwnNotice)).all() == []


def test_the_journal_still_verifies_and_old_notices_are_let_go(people: TimedDesk) -> None:
    key = people.promised()
    give(people, key, "ada")
    people.clock.forward(timedelta(days=8))
    assert people.desk.do(own_notice.forget_old) == 1
    with people.desk.reading() as work:
        lines = journal.lines(work.session, f"callback/{key}")
        assert all(line.digest == line.computed_digest() for line in lines)
