"""Why nothing is happening with a request: one reason, from people, shifts, calls, wishes and misses."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from callbacks import handling
from callbacks.agent import Agent, Presence, by_sign_in
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.crew import Crew
from callbacks.dial import Outcome, live_of
from callbacks.outlook import Next, Standing, what_next
from callbacks.reason import Mend, Reason, reasons
from callbacks.work import Desk, Work
from tests.people import Cast, Clock, rome
from tests.screens import ask

PHONES = {"ada": "+390255512301", "bruno": "+390255512302"}
NINE_TO_SIX = ["09:00", "18:00"]


@pytest.fixture(autouse=True)
def _phones(desk: Desk, cast: Cast) -> None:
    """Ada and Bruno can be rung; both are away until a test says otherwise."""
    for name, phone in PHONES.items():
        change(desk, name, phone=phone)


def change(desk: Desk, name: str, **what: Any) -> None:
    with desk.work() as work:
        person = by_sign_in(work.session, name)
        assert person is not None
        for each, value in what.items():
            setattr(person, each, value)


def ready(desk: Desk, *names: str) -> None:
    for name in names:
        change(desk, name, presence=Presence.READY)


def move(desk: Desk, callback: Callback, how: Callable[[Work, Callback], object]) -> None:
    with desk.work() as work:
        held = work.held(Callback, callback.id)
        assert held is not None
        how(work, held)


def person(work: Work, name: str) -> Agent:
    found = by_sign_in(work.session, name)
    assert found is not None
    return found


def why(desk: Desk, callback: Callback) -> Reason:
    with desk.reading() as work:
        return reasons(Crew.of(work), [work.session.get_one(Callback, callback.id)])[callback.id]


def to_do(desk: Desk) -> Sequence[Next]:
    with desk.reading() as work:
        return what_next(work, Crew.of(work)).lines


# --- reasons ---


def test_nobody_on_shift_speaks_it_until_two(desk: Desk) -> None:
    change(desk, "ada", languages=["it"], presence=Presence.READY)
    change(desk, "bruno", languages=["en"], shifts={"mon": [["14:00", "18:00"]]})
    reason = why(desk, ask(desk))
    assert (reason.name, reason.facts["language"]) == ("shift_language", "en")
    assert reason.facts["until"] == rome("2026-11-23 14:00")
    assert reason.mend is Mend.FETCH


def test_a_day_off_is_no_shift(desk: Desk) -> None:
    change(desk, "bruno", languages=["it"])
    change(desk, "ada", presence=Presence.READY, days_off=["2026-11-23", "2026-11-24"])
    reason = why(desk, ask(desk))
    assert reason.name == "shift_language"
    assert reason.facts["until"] == rome("2026-11-25 09:00")


def test_nobody_at_the_desk_has_the_level(desk: Desk) -> None:
    change(desk, "bruno", level=1)
    callback = ask(desk)
    move(desk, callback, lambda work, held: held.escalate(work, "agent:ada"))
    assert why(desk, callback).name == "desk_level"
    assert why(desk, callback).mend is Mend.STAFF


def test_each_has_one_half_and_nobody_both(desk: Desk) -> None:
    callback = ask(desk)
    move(desk, callback, lambda work, held: held.escalate(work, "agent:ada"))
    assert why(desk, callback).name == "desk_together"  # Bruno is level 2 and speaks no English


def test_everybody_who_may_is_on_a_call(desk: Desk) -> None:
    ready(desk, "ada")
    rung, waiting = ask(desk), ask(desk, "Bolt", number="+390212344590")
    with desk.work() as work:
        handling.ring_agent(work, work.session.get_one(Callback, rung.id), person(work, "ada"))
    assert why(desk, rung) == Reason("being_rung", Mend.WAIT, {"name": "Ada"})
    reason = why(desk, waiting)
    assert (reason.name, reason.facts["count"], reason.facts["names"]) == ("on_calls", 1, ["Ada"])


@pytest.mark.parametrize("presence", [Presence.BUSY, Presence.AWAY])
def test_who_may_take_it_is_busy_or_away(desk: Desk, presence: Presence) -> None:
    change(desk, "ada", presence=presence)
    ready(desk, "bruno")
    reason = why(desk, ask(desk))
    assert (reason.name, reason.facts["names"]) == (f"all_{presence}", ["Ada"])
    assert reason.mend is Mend.ASK


def test_one_is_busy_the_other_away(desk: Desk) -> None:
    change(desk, "ada", presence=Presence.BUSY)
    change(desk, "bruno", languages=["en"])
    reason = why(desk, ask(desk))
    assert (reason.name, reason.facts["idle"]) == ("mixed", ["Ada", "Bruno"])


def test_who_may_take_it_has_no_phone(desk: Desk) -> None:
    change(desk, "ada", phone=None, presence=Presence.READY)
    assert why(desk, ask(desk)) == Reason("no_phone", Mend.STAFF, {"names": ["Ada"]})


def test_the_caller_asked_for_half_past_three(desk: Desk) -> None:
    ready(desk, "ada")
    callback = ask(desk)
    move(desk, callback, lambda work, held: held.wish(work, rome("2026-11-23 15:30")))
    reason = why(desk, callback)
    assert (reason.name, reason.facts["at"]) == ("wish", rome("2026-11-23 15:30"))


def test_the_next_try_after_two_misses(desk: Desk, clock: Clock) -> None:
    ready(desk, "ada")
    callback = ask(desk)
    for _ in range(2):
        move(desk, callback, lambda work, held: held.assign(work, person(work, "ada"), "agent:ada"))
        move(desk, callback, lambda work, held: held.missed(work, "agent:ada"))
    reason = why(desk, callback)
    assert (reason.name, reason.facts["count"]) == ("missed", 2)
    assert reason.facts["at"] == rome("2026-11-23 14:10")  # 60 working minutes over lunch


def test_after_the_last_miss_a_person_decides(desk: Desk) -> None:
    callback = ask(desk)
    for _ in range(3):
        move(desk, callback, lambda work, held: held.assign(work, person(work, "ada"), "agent:ada"))
        move(desk, callback, lambda work, held: held.missed(work, "agent:ada"))
    assert why(desk, callback) == Reason("person_missed", Mend.DECIDE, {"count": 3})


@pytest.mark.parametrize(
    ("kind", "number", "name"),
    [
        (Kind.TROUBLE, None, "person_trouble"),
        (Kind.NO_MESSAGE, "+390212344587", "person_no_message"),
        (Kind.SALES, "+390212344587", "person_sales"),
        (Kind.CALLBACK, None, "person_no_number"),
    ],
)
def test_what_the_desk_never_rings_by_itself(desk: Desk, kind: Kind, number: str | None, name: str) -> None:
    assert why(desk, ask(desk, None if kind is Kind.SALES else "Acme", kind, number=number)).name == name


def test_the_carrier_did_not_take_it(desk: Desk) -> None:
    ready(desk, "ada")
    callback = ask(desk)
    with desk.work() as work:
        held = work.session.get_one(Callback, callback.id)
        handling.ring_agent(work, held, person(work, "ada"))
        dial = live_of(work.session, held)
        assert dial is not None
        handling.not_placed(work, dial)
        assert dial.outcome == Outcome.NOT_PLACED
    assert (why(desk, callback).name, why(desk, callback).mend) == ("carrier", Mend.MACHINE)


def test_it_sits_with_ada(desk: Desk) -> None:
    callback = ask(desk)
    move(desk, callback, lambda work, held: held.assign(work, person(work, "ada"), "agent:ada"))
    reason = why(desk, callback)
    assert (reason.name, reason.facts["name"], reason.mend) == ("held", "Ada", Mend.HURRY)


def test_the_outcome_is_owed(desk: Desk) -> None:
    callback = ask(desk)
    move(desk, callback, lambda work, held: held.assign(work, person(work, "ada"), "agent:ada"))
    move(desk, callback, lambda work, held: held.reached(work, "agent:ada"))
    assert why(desk, callback) == Reason("no_outcome", Mend.OUTCOME, {"name": "Ada"})


def test_it_waits_for_the_customer(desk: Desk) -> None:
    callback = ask(desk)
    move(desk, callback, lambda work, held: held.pause(work, "agent:ada"))
    assert why(desk, callback).name == "customer"


def test_the_office_is_closed(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 20:00")
    assert why(desk, callback) == Reason("closed", Mend.WAIT, {"at": rome("2026-11-24 09:00")})


def test_a_call_is_not_begun_in_the_last_minutes_of_a_shift(desk: Desk, clock: Clock) -> None:
    ready(desk, "ada")
    clock.set("2026-11-23 17:55")
    assert why(desk, ask(desk)).name == "shift_ends"


def test_it_comes_next_and_where_it_does_not_something_stands_still(desk: Desk, clock: Clock) -> None:
    ready(desk, "ada")
    callback = ask(desk)
    assert why(desk, callback) == Reason("next", Mend.WAIT, {"names": ["Ada"]})
    clock.forward(timedelta(minutes=2))
    assert (why(desk, callback).name, why(desk, callback).mend) == ("still", Mend.MACHINE)


# --- what to do next ---


def standings(desk: Desk) -> list[tuple[int, Standing]]:
    return [(each.callback.id, each.standing) for each in to_do(desk)]


def test_late_comes_before_what_will_be_late_before_what_is_at_risk(desk: Desk, clock: Clock) -> None:
    ready(desk, "ada")
    late = ask(desk)  # closes 17:10
    clock.set("2026-11-23 12:15")
    at_risk = ask(desk, number="+390212344591")  # closes 17:15
    nobody = ask(desk, "Bolt", number="+390212344592")
    move(desk, nobody, lambda _work, held: setattr(held, "language", "de"))
    clock.set("2026-11-23 17:12")
    assert standings(desk) == [
        (late.id, Standing.LATE), (at_risk.id, Standing.WILL_BE_LATE), (nobody.id, Standing.WILL_BE_LATE),
    ]  # fmt: skip
    ready(desk, "bruno")
    change(desk, "bruno", languages=["en"])
    assert standings(desk)[-1] == (at_risk.id, Standing.AT_RISK)


def test_what_is_well_is_not_on_the_list(desk: Desk) -> None:
    ready(desk, "ada")
    ask(desk)
    assert standings(desk) == []


def test_with_one_person_the_third_of_three_at_once_will_be_late(desk: Desk, clock: Clock) -> None:
    asked = []
    for caller in range(3):
        asked.append(ask(desk, number=f"+39021234459{caller}"))
        clock.forward(timedelta(seconds=1))
    ready(desk, "ada")
    clock.set("2026-11-23 17:00")  # all close at 17:10; the first two begin at 17:00 and 17:06
    assert standings(desk) == [
        (asked[2].id, Standing.WILL_BE_LATE),
        (asked[0].id, Standing.AT_RISK),
        (asked[1].id, Standing.AT_RISK),
    ]
    assert next(iter(to_do(desk))).starts == rome("2026-11-23 17:12")


def test_who_is_away_counts_again_from_the_next_shift(desk: Desk) -> None:
    callback = ask(desk)
    change(desk, "bruno", languages=["en"], shifts={"tue": [["09:00", "18:00"]]})
    change(desk, "ada", shifts={"mon": [["09:00", "13:00"]], "tue": [["09:00", "13:00"]]})
    assert standings(desk) == [(callback.id, Standing.WILL_BE_LATE)]  # Ada is away, Bruno comes tomorrow
    change(desk, "ada", shifts={"mon": [["09:00", "13:00"], ["16:00", "17:00"]]})
    assert standings(desk) == []  # she is back at four, in time for 17:10


def test_what_only_a_person_can_go_on_with_will_be_late(desk: Desk) -> None:
    ready(desk, "ada")
    callback = ask(desk, number=None)
    assert standings(desk) == [(callback.id, Standing.WILL_BE_LATE)]
    rung = ask(desk)
    for _ in range(3):
        move(desk, rung, lambda work, held: held.rang(work, "agent:ada", "no_answer"))
        move(desk, rung, lambda work, held: held.assign(work, person(work, "ada"), "agent:ada"))
        move(desk, rung, lambda work, held: held.missed(work, "agent:ada"))
    assert standings(desk)[-1] == (rung.id, Standing.DECIDE)
