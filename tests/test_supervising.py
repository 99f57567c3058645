"""What a supervisor does with a request: give, put back, change the level, cancel; and what stays."""

from collections.abc import Callable

import pytest

from callbacks import handling, journal
from callbacks.callback import Callback
from callbacks.dial import Leg, live_of
from callbacks.errors import Refused
from callbacks.moves import Disposition, Move, State
from callbacks.statement import recount, statement
from callbacks.supervising import Already, BeingRung, cancel, change_level, crew, give, to_queue
from callbacks.work import Desk, Work
from tests.people import Cast, Clock
from tests.screens import ask
from tests.test_reason import change, person

SARA = "agent:sara"
ACTS: dict[str, Callable[[Work, Callback], None]] = {
    "give": lambda work, held: give(work, held, person(work, "bruno"), SARA, "he knows them"),
    "to_queue": lambda work, held: to_queue(work, held, SARA, "Ada is ill"),
    "level": lambda work, held: change_level(work, held, 2, SARA, "an old case"),
    "cancel": lambda work, held: cancel(work, held, Disposition.WITHDRAWN, SARA, "they wrote a mail"),
}


@pytest.fixture
def asked(desk: Desk, cast: Cast) -> Callback:
    """Acme asks, and Ada has taken it."""
    callback = ask(desk)
    act(desk, callback, lambda work, held: held.assign(work, person(work, "ada"), "agent:ada"))
    return callback


def act(desk: Desk, callback: Callback, how: Callable[[Work, Callback], object]) -> Callback:
    with desk.work() as work:
        held = work.held(Callback, callback.id)
        assert held is not None
        how(work, held)
    with desk.reading() as work:
        return work.session.get_one(Callback, callback.id)


def told(desk: Desk, callback: Callback) -> list[tuple[str, str, dict[str, object]]]:
    """Who made which move with which facts, since Ada took it."""
    with desk.reading() as work:
        lines = journal.lines(work.session, callback.subject)
        taken = next(line.seq for line in lines if line.move == Move.ASSIGNED)
        return [
            (line.by, line.move, {**line.facts, **(line.personal.body if line.personal else {})})
            for line in lines
            if line.seq > taken
        ]


@pytest.mark.parametrize("name", ACTS)
def test_no_act_touches_what_was_promised(desk: Desk, asked: Callback, name: str) -> None:
    before = asked.promise
    assert act(desk, asked, ACTS[name]).promise == before


def test_given_to_bruno_it_is_brunos_and_the_journal_tells_by_whom_and_why(
    desk: Desk, asked: Callback
) -> None:
    after = act(desk, asked, ACTS["give"])
    with desk.reading() as work:
        assert after.agent_id == person(work, "bruno").id
    assert after.state == State.ASSIGNED
    lines = told(desk, asked)
    assert [(by, move) for by, move, _ in lines] == [
        (SARA, Move.NOTED), (SARA, Move.RELEASED), (SARA, Move.ASSIGNED),
    ]  # fmt: skip
    assert lines[0][2]["text"] == "he knows them"
    assert (lines[1][2]["was"], lines[2][2]["agent"]) == ("ada", "bruno")


def test_it_cannot_be_given_to_who_has_it(desk: Desk, asked: Callback) -> None:
    with pytest.raises(Already):
        act(desk, asked, lambda work, held: give(work, held, person(work, "ada"), SARA))


def test_back_in_the_queue_it_is_nobodys(desk: Desk, asked: Callback) -> None:
    after = act(desk, asked, ACTS["to_queue"])
    assert (after.agent_id, after.state, after.held_until) == (None, State.WAITING, None)
    with pytest.raises(Already):
        act(desk, asked, ACTS["to_queue"])


def test_up_a_level_moves_the_solve_target_and_takes_it_from_who_is_too_junior(
    desk: Desk, asked: Callback
) -> None:
    after = act(desk, asked, ACTS["level"])
    assert (after.level, after.agent_id) == (2, None)
    assert told(desk, asked)[0] == (
        SARA, Move.LEVEL_CHANGED, {"level": 2, "was": 1, "text": "an old case"},
    )  # fmt: skip


def test_down_again_it_stays_with_who_has_it(desk: Desk, asked: Callback) -> None:
    act(desk, asked, ACTS["level"])
    act(desk, asked, ACTS["give"])
    after = act(desk, asked, lambda work, held: change_level(work, held, 1, SARA))
    with desk.reading() as work:
        assert (after.level, after.agent_id) == (1, person(work, "bruno").id)
    with pytest.raises(Already):
        act(desk, asked, lambda work, held: change_level(work, held, 1, SARA))


def test_a_wish_stays_a_wish_when_the_level_changes(desk: Desk, asked: Callback, clock: Clock) -> None:
    before = act(
        desk, asked, lambda work, held: held.wish(work, work.hours.add(work.now, work.policy.ring.sits))
    )
    assert act(desk, asked, ACTS["level"]).ring_from == before.ring_from


def test_the_statement_agrees_with_its_recount_after_the_level_changed(desk: Desk, asked: Callback) -> None:
    act(desk, asked, ACTS["level"])
    act(desk, asked, lambda work, held: held.reached(work, "agent:bruno"))
    act(desk, asked, lambda work, held: held.close(work, Disposition.SOLVED, "agent:bruno"))
    with desk.reading() as work:
        told = statement(work, "Acme", work.now.date())
        assert told.totals == recount(work, "Acme", work.now.date())
        assert told.lines[0].level == 2


def test_cancelled_it_is_closed_with_a_reason(desk: Desk, asked: Callback) -> None:
    after = act(desk, asked, ACTS["cancel"])
    assert (after.state, after.disposition) == (State.CLOSED, Disposition.WITHDRAWN)
    assert [move for _, move, _ in told(desk, asked)] == [Move.NOTED, Move.CLOSED]


@pytest.mark.parametrize(
    ("disposition", "why"), [(Disposition.WITHDRAWN, "  "), (Disposition.SOLVED, "because")]
)
def test_nothing_is_cancelled_without_a_word_nor_called_solved(
    desk: Desk, asked: Callback, disposition: Disposition, why: str
) -> None:
    with pytest.raises(Refused):
        act(desk, asked, lambda work, held: cancel(work, held, disposition, SARA, why))
    assert told(desk, asked) == []


@pytest.mark.parametrize("name", ACTS)
def test_while_a_telephone_rings_for_it_it_is_left_alone(desk: Desk, asked: Callback, name: str) -> None:
    change(desk, "ada", phone="+390255512301")
    act(desk, asked, lambda work, held: handling.ring_agent(work, held, person(work, "ada")))
    before = told(desk, asked)
    with pytest.raises(BeingRung):
        act(desk, asked, ACTS[name])
    assert told(desk, asked) == before


@pytest.mark.parametrize("name", ["give", "to_queue", "cancel"])
def test_a_talk_whose_outcome_is_owed_is_over_with_it(desk: Desk, asked: Callback, name: str) -> None:
    change(desk, "ada", phone="+390255512301")

    def talk(work: Work, held: Callback) -> None:
        dial = handling.ring_agent(work, held, person(work, "ada"))
        held.reached(work, "agent:ada")
        dial.leg = Leg.WRAP_UP

    act(desk, asked, talk)
    act(desk, asked, ACTS[name])
    with desk.reading() as work:
        assert live_of(work.session, asked) is None


@pytest.mark.parametrize("name", ACTS)
def test_what_is_closed_stays_closed(desk: Desk, asked: Callback, name: str) -> None:
    act(desk, asked, ACTS["cancel"])
    with pytest.raises(Already):
        act(desk, asked, ACTS[name])


def test_who_may_take_it_stands_before_the_others(desk: Desk, asked: Callback) -> None:
    with desk.reading() as work:
        fit, others = crew(work, work.session.get_one(Callback, asked.id))
        assert ([each.name for each in fit], [each.name for each in others]) == (["Sara"], ["Bruno"])
