"""A person says where they are told: what is no address is refused, and a secret is never shown again."""

import re

import pytest
from sqlalchemy import select

from callbacks import journal
from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.notice_way import NoticeWay
from callbacks.own_notice import OwnNotice
from callbacks.work import Desk
from tests.screens import Visitor, ask, token

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
"""Apprise looks for an old module of Python's when it loads its services."""

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
HOSTILE = '"><script>alert(1)</script>'


def add(visitor: Visitor, typed: str) -> str:
    """Add an address; what one then reads."""
    page = visitor.open("/account/notices")
    answer = visitor.send("/account/notices/ways", address=typed, csrf_token=token(page))
    return answer.text if answer.status_code == 409 else visitor.open("/account/notices").text


def ways(desk: Desk) -> list[NoticeWay]:
    """All that anybody has chosen."""
    with desk.reading() as work:
        return list(work.session.scalars(select(NoticeWay).order_by(NoticeWay.id)))


def lines(desk: Desk) -> list[journal.Entry]:
    """What the journal has of it."""
    with desk.reading() as work:
        return [each for each in journal.lines(work.session, journal.DESK) if each.move.startswith("notice")]


def choose(visitor: Visitor, **ticked: object) -> None:
    """Tick these, and keep them."""
    page = visitor.open("/account/notices")
    visitor.send("/account/notices", csrf_token=token(page), **ticked)


def test_a_secret_is_kept_and_never_shown_again(ada: Visitor, desk: Desk) -> None:
    page = add(ada, SLACK)
    assert "slack://…" in page
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in page
    assert ways(desk)[0].address == SLACK
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in str([(each.facts, each.personal) for each in lines(desk)])
    assert lines(desk)[-1].facts == {"agent": "ada", "way": "slack://…"}


def test_a_mobile_is_told_by_text(ada: Visitor, desk: Desk) -> None:
    assert "…4567" in add(ada, "+39 335 123 4567")
    assert (ways(desk)[0].kind, ways(desk)[0].address) == ("text", "+393351234567")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("hello", "No text can be sent to that number"),
        ("+390212344587", "No text can be sent to that number"),
        ("json://127.0.0.1:6379/", "sends to chat and mail alone"),
        ("file:///etc/passwd", "sends to chat and mail alone"),
        ("syslog://", "is neither a mobile number nor an address"),
        ("ntfy://localhost/topic", "leads into the house"),
        ("ntfy://127.0.0.1/topic", "leads into the house"),
        ("ntfys://169.254.169.254/topic", "leads into the house"),
        ("ntfy://[::1]/topic", "leads into the house"),
        ("ntfy://10.1.2.3/topic", "leads into the house"),
        ("ntfy://[::ffff:192.168.1.1]/topic", "leads into the house"),
        ("slack://nothing", "is written otherwise"),
        (f"{SLACK},json://localhost", "is written otherwise"),
        (f"{SLACK} json://localhost", "is neither a mobile number nor an address"),
        ("slack://" + "x" * 9000, "is neither a mobile number nor an address"),
        (f"slack://{HOSTILE}", "neither a mobile number nor an address|is written otherwise"),
        ("\x00", "No text can be sent to that number"),
    ],
)
def test_what_is_no_address_is_refused_in_one_sentence(
    ada: Visitor, desk: Desk, typed: str, why: str
) -> None:
    page = add(ada, typed)
    assert re.search(why, page)
    assert "<script>alert" not in page
    assert ways(desk) == []


def test_the_same_twice_and_too_many_are_refused(ada: Visitor, desk: Desk) -> None:
    add(ada, SLACK)
    assert "is there already" in add(ada, SLACK)
    for number in range(4):
        add(ada, f"ntfy://topic-{number}")
    assert len(ways(desk)) == 5
    page = ada.open("/account/notices")
    again = ada.send("/account/notices/ways", address="ntfy://more", csrf_token=token(page))
    assert "There are 5 already" in again.text


def test_what_is_ticked_is_wanted_and_the_rest_is_not(ada: Visitor, desk: Desk) -> None:
    add(ada, SLACK)
    number = ways(desk)[0].id
    choose(
        ada, **{"page": ["late", "nonsense"], f"address{number}": ["late"], f"address{number}-night": "on"}
    )
    page, out = sorted(ways(desk), key=lambda way: way.kind != "page")[:2]
    assert (page.about, page.sound) == (["late"], False)
    assert (out.about, out.outside_hours) == (["late"], True)
    choose(ada, **{"page": [], "page-sound": "on", "browser": ["offered"]})
    told = {way.kind: (way.about, way.sound) for way in ways(desk)}
    assert told == {"page": ([], True), "browser": (["offered"], False), "address": ([], False)}


def test_the_journal_keeps_what_was_chosen_before_and_after(ada: Visitor, desk: Desk) -> None:
    choose(ada, page=["late", "at_risk"])
    choose(ada, **{"page": ["late"], "page-sound": "on"})
    line = lines(desk)[-1]
    assert (line.by, line.facts["changed"]) == (
        "agent:ada",
        {"page": [["at_risk", "late"], ["late", "sound"]]},
    )
    assert line.personal is not None
    assert line.personal.body == {"address": "127.0.0.1"}


def test_what_changes_nothing_writes_nothing(ada: Visitor, desk: Desk) -> None:
    choose(ada, page=["late"])
    before = len(lines(desk))
    choose(ada, page=["late"])
    assert len(lines(desk)) == before


def test_a_test_is_on_its_way_by_that_address_alone(ada: Visitor, desk: Desk) -> None:
    add(ada, SLACK)
    page = ada.open("/account/notices")
    number = ways(desk)[0].id
    assert ada.send(f"/account/notices/ways/{number}/test", csrf_token=token(page)).status_code == 302
    with desk.reading() as work:
        [notice] = work.session.scalars(select(OwnNotice)).all()
        assert (notice.about, notice.way_id, notice.alarm_at) == ("test", number, work.now)
    assert ada.open("/account/notices/new").json == []


@pytest.mark.parametrize("what", ["test", "remove"])
def test_what_is_somebody_elses_is_not_there(ada: Visitor, bruno: Visitor, desk: Desk, what: str) -> None:
    add(ada, SLACK)
    page = bruno.open("/account/notices")
    assert "<code>slack" not in page.text
    path = f"/account/notices/ways/{ways(desk)[0].id}/{what}"
    assert bruno.send(path, csrf_token=token(page)).status_code == 404
    assert len(ways(desk)) == 1


def test_removed_it_is_gone(ada: Visitor, desk: Desk) -> None:
    add(ada, SLACK)
    page = ada.open("/account/notices")
    ada.send(f"/account/notices/ways/{ways(desk)[0].id}/remove", csrf_token=token(page))
    assert ways(desk) == []
    assert lines(desk)[-1].move == "notice_way_removed"


def test_without_our_token_nothing_is_chosen(ada: Visitor, desk: Desk) -> None:
    for path in ("/account/notices", "/account/notices/ways"):
        assert ada.send(path, page="late", address=SLACK).status_code == 400
    assert ways(desk) == []


def test_a_page_hears_what_is_new_in_the_readers_words(ada: Visitor, desk: Desk) -> None:
    callback: Callback = ask(desk)
    with desk.work() as work:
        held = work.held(Callback, callback.id)
        somebody = by_sign_in(work.session, "ada")
        assert held
        assert somebody
        held.assign(work, somebody, "agent:sara")
    [told] = ada.open("/account/notices/new").json or []
    assert (told["title"], told["page"], told["sound"], told["browser"]) == ("Yours now", True, False, False)
    assert told["who"] == "Acme · delivery · today 15:10–17:10"
    assert told["to"] == f"/requests/{callback.reference}"
    assert ada.open(f"/account/notices/new?since={told['id']}").json == []


@pytest.mark.parametrize("since", ["", "-1", "x", "9" * 400, "٣", "0' OR 1=1"])
def test_whatever_a_page_says_it_has_seen_is_answered(ada: Visitor, since: str) -> None:
    assert ada.client.get("/account/notices/new", query_string={"since": since}).status_code == 200


def test_the_page_in_italian(bruno: Visitor) -> None:
    assert "Dove mi avvisate" in bruno.open("/account/notices").text
