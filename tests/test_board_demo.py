"""A desk to try is filled once, tells the same at every start, and has something of everything."""

import stat

import pytest

from callbacks import extension_code, queue, seal
from callbacks.agent import by_sign_in
from callbacks.moves import State
from callbacks.subscription import Entitlement
from callbacks.work import Desk
from launch.demo import Demo, fill
from settings import Settings
from tests.people import Clock
from tests.screens import CHEAP, Visitor, make_screens


@pytest.fixture
def demo(desk: Desk, settings: Settings) -> Demo:
    """What the first start printed."""
    return fill(desk, settings, CHEAP)


def test_a_second_start_finds_it_as_it_was(desk: Desk, settings: Settings, demo: Demo) -> None:
    with desk.reading() as work:
        before = [callback.reference for callback in queue.all_open(work)]
    assert fill(desk, settings, CHEAP) == demo
    with desk.reading() as work:
        assert [callback.reference for callback in queue.all_open(work)] == before


def test_codes_and_passwords_are_kept_for_our_eyes_alone(settings: Settings, demo: Demo) -> None:
    assert stat.S_IMODE((settings.var / "demo.json").stat().st_mode) == 0o600


def test_its_codes_open_the_line_as_each_plan_says(desk: Desk, demo: Demo) -> None:
    owed = {"Acme": Entitlement.PREMIUM, "Bolt": Entitlement.STANDARD, "Cobalt": Entitlement.LAPSED}
    with desk.work() as work:
        for company, entitlement in owed.items():
            code = extension_code.find(work, demo["codes"][company])
            assert code
            assert code.subscription.company == company
            assert code.subscription.entitlement(work.now.date()) == entitlement


def test_its_people_may_sign_in(desk: Desk, demo: Demo) -> None:
    with desk.reading() as work:
        ada = by_sign_in(work.session, "ada")
    assert ada
    assert CHEAP.is_right(ada.password_hash, demo["sign_ins"]["ada"])


@pytest.mark.parametrize(
    "now",
    ["2026-11-23 12:10", "2026-11-23 15:51", "2026-11-28 03:00", "2026-12-25 15:00", "2027-03-28 02:30"],
)
def test_whenever_it_is_started_every_state_is_on_the_board(
    desk: Desk, settings: Settings, clock: Clock, now: str
) -> None:
    clock.set(now)
    fill(desk, settings, CHEAP)
    with desk.reading() as work:
        counts = queue.backlog(work.session, work.now)
        assert seal.faults(work.session) == []
        assert all(getattr(counts, name) for name in ("late", "at_risk", "due", "early"))
        assert all(getattr(counts, name) for name in ("to_ring", "rung", "to_look_at", "for_sales"))
        with_somebody = any(callback.state == State.ASSIGNED for callback in queue.to_ring(work))
        assert with_somebody == work.hours.is_open(work.now)


def test_its_messages_can_be_heard(desk: Desk, settings: Settings, demo: Demo) -> None:
    visitor = Visitor(make_screens(desk, settings))
    assert visitor.sign_in("ada", demo["sign_ins"]["ada"]).status_code == 302
    with desk.reading() as work:
        message = queue.to_ring(work)[0].messages[0]
        reference = queue.to_ring(work)[0].reference
    sound = visitor.open(f"/requests/{reference}/messages/{message.id}")
    assert sound.data.startswith(b"RIFF")


def test_nobody_is_woken_by_what_was_made_up(desk: Desk, demo: Demo) -> None:
    from callbacks.journal import Entry

    with desk.reading() as work:
        assert work.session.query(Entry).filter(Entry.alarm_at.is_not(None)).count() == 0
