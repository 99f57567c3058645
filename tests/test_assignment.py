"""Who gets which callback next: least working time left first, and never more than free agents."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callbacks import agent as agents
from callbacks import assignment, handling, watch
from callbacks.agent import Agent, Presence
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.moves import Move, State
from callbacks.work import Desk, Work
from tests.people import Cast, Clock, rome


def ready(work: Work, *sign_ins: str) -> list[Agent]:
    """These agents sit at their phones, the first idle longest."""
    people = [agents.by_sign_in(work.session, sign_in) for sign_in in sign_ins]
    found = [person for person in people if person is not None]
    for minutes, person in enumerate(found):
        person.presence, person.phone = Presence.READY, f"+3902123400{person.id:02d}"
        person.idle_since = work.now - timedelta(hours=1) + timedelta(minutes=minutes)
    work.session.flush()
    return found


def asked(work: Work, name: str, at: str, **facts: object) -> Callback:
    """A request received then, of a caller who speaks English and asks about delivery."""
    callback = Callback(
        reference=name, kind=Kind.CALLBACK, state=State.WAITING, language="en", topic="delivery", level=1,
        number="+390212344587", messages=[], misses=0, passed_by=[],
    )  # fmt: skip
    callback.promised(work, rome(at))
    for key, value in facts.items():
        setattr(callback, key, value)
    work.session.add(callback)
    work.session.flush()
    return callback


def matched(work: Work) -> list[tuple[str, str]]:
    return [(dial.callback.reference, dial.agent.sign_in) for dial in assignment.assign_due(work)]


def test_the_least_working_time_left_is_rung_first_whatever_came_first(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        ready(work, "ada")
        asked(work, "early", "2026-11-23 09:05").wish(work, rome("2026-11-23 12:05"))
        asked(work, "later", "2026-11-23 09:10")
        assert matched(work) == [("later", "ada")]


def test_never_more_callbacks_in_the_air_than_free_agents(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        ready(work, "ada", "sara")
        for number in range(5):
            asked(work, f"ask{number}", f"2026-11-23 09:0{number}")
        assert matched(work) == [("ask0", "ada"), ("ask1", "sara")]
    with desk.work() as work:
        assert matched(work) == []


def test_a_wished_time_is_never_rung_early(desk: Desk, cast: Cast, clock: Clock) -> None:
    with desk.work() as work:
        ready(work, "ada")
        asked(work, "wish", "2026-11-23 09:00").wish(work, rome("2026-11-23 16:30"))
        assert matched(work) == []
    clock.set("2026-11-23 16:30")
    with desk.work() as work:
        assert matched(work) == [("wish", "ada")]


@pytest.mark.parametrize(
    ("facts", "taker"),
    [
        ({"level": 2, "language": "it"}, "bruno"),
        ({"language": "it"}, "ada"),
        ({"level": 2}, "sara"),
        ({"language": "de"}, None),
    ],
)
def test_who_may_take_it_by_level_and_language(
    desk: Desk, cast: Cast, facts: dict[str, object], taker: str | None
) -> None:
    with desk.work() as work:
        ready(work, "ada", "bruno", "sara")
        asked(work, "ask", "2026-11-23 09:00", **facts)
        assert matched(work) == ([("ask", taker)] if taker else [])


def test_an_agent_with_topics_takes_no_others(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        ada, _sara = ready(work, "ada", "sara")
        ada.topics = ["integration"]
        asked(work, "ask", "2026-11-23 09:00")
        assert matched(work) == [("ask", "sara")]


def test_who_is_away_busy_or_off_shift_is_not_rung(desk: Desk, cast: Cast, clock: Clock) -> None:
    with desk.work() as work:
        ada, bruno, sara = ready(work, "ada", "bruno", "sara")
        ada.presence, bruno.presence = Presence.AWAY, Presence.BUSY
        sara.shifts = {"mon": [["14:00", "18:00"]]}
        asked(work, "ask", "2026-11-23 09:00", language="it")
        assert matched(work) == []
    clock.set("2026-11-23 14:00")
    with desk.work() as work:
        assert matched(work) == [("ask", "sara")]


def test_who_passed_gets_it_again_only_if_nobody_else_can(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        ada, _sara = ready(work, "ada", "sara")
        asked(work, "ask", "2026-11-23 09:00", passed_by=[ada.id])
        assert matched(work) == [("ask", "sara")]
    with desk.work() as work:
        asked(work, "ask2", "2026-11-23 09:01", passed_by=[ada.id])
        assert matched(work) == [("ask2", "ada")], "Sara is on a dial"


def test_the_agent_who_had_this_company_last_gets_it_if_free(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        _ada, sara = ready(work, "ada", "sara")
        before = asked(work, "before", "2026-11-20 09:00", subscription_id=1)
        before.state, before.agent, before.first_reached_at = State.CLOSED, sara, rome("2026-11-20 10:00")
        asked(work, "ask", "2026-11-23 09:00", subscription_id=1)
        assert matched(work) == [("ask", "sara")]


def test_no_new_dial_in_the_last_minutes_of_a_shift_unless_it_would_be_late(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    clock.set("2026-11-23 17:55")
    with desk.work() as work:
        ready(work, "ada")
        asked(work, "tomorrow", "2026-11-23 16:00")
        assert matched(work) == []
        asked(work, "tonight", "2026-11-23 13:30")
        assert matched(work) == [("tonight", "ada")]


def test_a_miss_waits_its_pause_and_then_keeps_its_place(desk: Desk, cast: Cast, clock: Clock) -> None:
    with desk.work() as work:
        (ada,) = ready(work, "ada")
        first = asked(work, "first", "2026-11-23 09:00")
        asked(work, "second", "2026-11-23 09:30")
        dial = handling.ring_agent(work, first, ada)
        dial.take(work.now)
        dial.placed("CA1")
        handling.accepted(work, dial)
        handling.customer_leg_over(work, dial, "busy", None, bridged=False)
    clock.set("2026-11-23 12:21")
    with desk.work() as work:
        assert matched(work) == [("first", "ada")]


def test_an_agent_who_sits_on_a_callback_for_twenty_working_minutes_loses_it(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    with desk.work() as work:
        (ada,) = ready(work, "ada")
        callback = asked(work, "ask", "2026-11-23 09:00")
        callback.assign(work, ada, "agent:ada")
        assert callback.held_until == rome("2026-11-23 12:30")
    clock.set("2026-11-23 12:30")
    with desk.work() as work:
        assert Move.RELEASED in watch.ring(work, callback.id)
        assert matched(work) == [("ask", "ada")]


def test_an_owner_whose_shift_ends_loses_it_to_who_is_there(desk: Desk, cast: Cast, clock: Clock) -> None:
    """At the shift's very end, though she has not sat on it for twenty minutes; it keeps its place."""
    with desk.work() as work:
        (ada,) = ready(work, "ada")
        ada.shifts = {"mon": [["09:00", "12:22"]]}
        asked(work, "other", "2026-11-23 09:01")
        hers = asked(work, "hers", "2026-11-23 09:00")
        hers.assign(work, ada, "agent:ada")
        assert hers.held_until == rome("2026-11-23 12:22")
    clock.set("2026-11-23 12:21")
    with desk.work() as work:
        assert Move.RELEASED not in watch.ring(work, hers.id)
    clock.set("2026-11-23 12:22")
    with desk.work() as work:
        assert watch.ring(work, hers.id) == [Move.RELEASED]
        callback = work.session.get_one(Callback, hers.id)
        assert (callback.state, callback.agent_id, callback.closes) == (State.WAITING, None, hers.closes)
        assert matched(work) == []  # whoever goes home is rung no more
        ready(work, "sara")
        assert matched(work) == [("hers", "sara")]


def test_a_day_off_that_begins_at_midnight_ends_an_owners_shift_too(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    """What is taken in the shift's last minutes is with others by the morning."""
    clock.set("2026-11-23 17:50")
    with desk.work() as work:
        (ada,) = ready(work, "ada")
        ada.days_off = ["2026-11-24"]
        hers = asked(work, "hers", "2026-11-23 17:30")
        hers.assign(work, ada, "agent:ada")
        assert hers.held_until == rome("2026-11-23 18:00")
    clock.set("2026-11-24 09:00")
    with desk.work() as work:
        assert Move.RELEASED in watch.ring(work, hers.id)
        ready(work, "sara")
        assert matched(work) == [("hers", "sara")]


def test_nothing_but_a_promise_is_rung_by_itself(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        ready(work, "ada")
        for kind in (Kind.SALES, Kind.NO_MESSAGE, Kind.TROUBLE):
            asked(work, kind.value, "2026-11-23 09:00", kind=kind)
        asked(work, "no number", "2026-11-23 09:00", number=None)
        assert matched(work) == []


def test_early_calls_can_be_forbidden(desk: Desk, cast: Cast, clock: Clock) -> None:
    promise = replace(desk.policy.promise, early_calls=False)
    desk = replace(desk, policy=replace(desk.policy, promise=promise))
    with desk.work() as work:
        ready(work, "ada")
        asked(work, "ask", "2026-11-23 12:00")
        assert matched(work) == []
    clock.set("2026-11-23 15:00")
    with desk.work() as work:
        assert matched(work) == [("ask", "ada")]
