"""At the day's closing the supervisor hears once what is open, what is at risk tomorrow, and why."""

import pytest

from callbacks import hand_over
from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.round import begin
from callbacks.work import Desk, Work
from tests.people import Cast, Clock, fill, rome
from tests.ringing import at_their_phones, wants_to_be_rung
from tests.timed import TimedDesk
from worker import rounds


def asked(work: Work, reference: str, closes: str, **facts: object) -> Callback:
    callback = wants_to_be_rung(work, reference)
    callback.closes = rome(closes)
    for name, value in facts.items():
        setattr(callback, name, value)
    return callback


def test_what_is_at_risk_tomorrow_says_why(desk: Desk, cast: Cast, clock: Clock) -> None:
    clock.set("2026-11-23 18:00")
    with desk.work() as work:
        at_their_phones(work, "ada")
        asked(work, "late", "2026-11-23 17:00")
        asked(work, "missed", "2026-11-24 09:20", for_person="missed")
        asked(work, "soon", "2026-11-24 09:30")
        asked(work, "german", "2026-11-24 11:00", language="de")
        asked(work, "fine", "2026-11-24 12:00")
        asked(work, "rung", "2026-11-23 17:00", first_rang_at=work.now)
        work.session.flush()
        assert hand_over.at_risk_tomorrow(work) == [
            ["late", "late"], ["missed", "for_person"], ["soon", "soon"], ["german", "nobody"],
        ]  # fmt: skip


def test_who_is_off_tomorrow_cannot_take_it(desk: Desk, cast: Cast, clock: Clock) -> None:
    clock.set("2026-11-23 18:00")
    with desk.work() as work:
        at_their_phones(work, "ada")
        ada = by_sign_in(work.session, "ada")
        assert ada
        ada.days_off = ["2026-11-24"]
        asked(work, "ask", "2026-11-24 12:00")
        work.session.flush()
        assert hand_over.at_risk_tomorrow(work) == [["ask", "nobody"]]


@pytest.mark.parametrize(
    ("after", "closing"),
    [
        ("2026-11-23 09:30", "2026-11-23 18:00"),
        ("2026-11-23 13:30", "2026-11-23 18:00"),
        ("2026-11-23 18:00", "2026-11-24 18:00"),
        ("2026-11-27 18:00", "2026-11-30 18:00"),
    ],
)
def test_lunch_ends_no_working_day(desk: Desk, after: str, closing: str) -> None:
    assert hand_over.days_closing(desk.policy.office_hours, rome(after)) == rome(closing)


def test_the_supervisor_hears_it_once_at_the_closing_itself(timed: TimedDesk) -> None:
    fill(timed.desk)
    timed.promised()
    timed.desk.do(lambda work: begin(work, rounds.EVERY))
    clock = timed.clock_with()
    for at in ("09:31", "12:00", "13:00", "15:00", "17:59", "18:00", "18:05", "20:00"):
        timed.clock.set(f"2026-11-23 {at}")
        for _ in range(3):
            clock.look()
            assert clock.errands.settle(60)
    told = [notice for notice in timed.sara.heard if notice.about == "hand_over"]
    assert [notice.title for notice in told] == ["Handed over for tomorrow"]
    assert told[0].lines[0] == "1 open, 1 at risk tomorrow"
    (entry,) = timed.entries("hand_over")
    assert entry.at == rome("2026-11-23 18:00")


def test_a_desk_that_slept_over_the_closing_hands_over_in_the_morning(desk: Desk) -> None:
    hours = desk.policy.office_hours
    slept, woke = rome("2026-11-20 12:00"), rome("2026-11-24 08:00")
    assert hand_over.last_closing(hours, slept, woke) == rome("2026-11-23 18:00")
    assert hand_over.last_closing(hours, rome("2026-11-23 18:00"), woke) is None
