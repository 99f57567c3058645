"""Agents at their phones: who never answers is set away, and who has just hung up is left to breathe."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from callbacks import agent as agents
from callbacks import handling, journal, presence
from callbacks.agent import Agent, Presence
from callbacks.callback import Callback
from callbacks.errors import Refused
from callbacks.moves import Disposition, State
from callbacks.work import Desk
from tests.people import Cast, Clock
from tests.policies import policy_with
from tests.ringing import PHONES, Ringing, at_their_phones, ringing_desk, wants_to_be_rung


@pytest.fixture
def ringing(desk: Desk, cast: Cast, clock: Clock, tmp_path: Path) -> Iterator[Ringing]:
    """Ada sits at her phone and four callers wait to be rung."""
    with ringing_desk(desk, clock, tmp_path) as made:
        with desk.work() as work:
            at_their_phones(work, "ada")
            for number in range(4):
                wants_to_be_rung(work, f"48291{number}", f"+39021234458{number}")
        yield made


def person(ringing: Ringing, sign_in: str) -> Agent:
    with ringing.desk.reading() as work:
        found = agents.by_sign_in(work.session, sign_in)
        assert found
        return found


def lets_it_ring(ringing: Ringing) -> None:
    """The phone that rings now rings out."""
    ringing.look()
    call = ringing.ringing()
    call.refuse("no-answer")
    call.deliver_all()


def set_away(ringing: Ringing) -> list[dict[str, object]]:
    with ringing.desk.reading() as work:
        return [line.facts for line in journal.lines(work.session, journal.DESK) if line.move == "set_away"]


def test_who_lets_three_offers_in_a_row_ring_is_set_away_and_the_supervisor_is_to_be_told(
    ringing: Ringing,
) -> None:
    for _ in range(2):
        lets_it_ring(ringing)
    assert person(ringing, "ada").presence == Presence.READY
    lets_it_ring(ringing)
    assert person(ringing, "ada").presence == Presence.AWAY
    assert set_away(ringing) == [{"agent": "ada", "presence": "away", "why": "unanswered"}]
    with ringing.desk.reading() as work:
        (line,) = [each for each in journal.lines(work.session, journal.DESK) if each.move == "set_away"]
    assert line.alarm_at is not None
    ringing.later(minutes=5)
    assert len(ringing.dials()) == 3, "nobody is offered anything any more"


def test_a_mailbox_that_picks_up_three_times_is_nobody_at_the_phone(ringing: Ringing) -> None:
    for _ in range(3):
        ringing.look()
        call = ringing.ringing()
        call.pick_up()
        call.hang_up()
        call.deliver_all()
    assert person(ringing, "ada").presence == Presence.AWAY


def test_one_key_of_the_agents_begins_the_count_anew(ringing: Ringing) -> None:
    for key in ("3", "9"):
        for _ in range(2):
            lets_it_ring(ringing)
        ringing.look()
        call = ringing.ringing()
        call.pick_up()
        call.press(key)
        call.deliver_all()
    assert person(ringing, "ada").presence == Presence.READY
    assert person(ringing, "ada").unanswered == 0


def test_who_says_that_they_are_back_is_offered_callbacks_again(ringing: Ringing) -> None:
    for _ in range(3):
        lets_it_ring(ringing)
    with ringing.desk.work() as work:
        ada = agents.by_sign_in(work.session, "ada")
        assert ada
        presence.change(work, ada, Presence.READY, "agent:ada")
    lets_it_ring(ringing)
    assert person(ringing, "ada").presence == Presence.READY


def test_who_cannot_be_rung_lets_go_of_what_was_assigned(ringing: Ringing) -> None:
    with ringing.desk.work() as work:
        ada = agents.by_sign_in(work.session, "ada")
        assert ada
        ada.phone = "+15005550001"
        last = work.session.scalars(select(Callback).order_by(Callback.id.desc())).first()
        assert last
        last.assign(work, ada, "agent:ada")
    ringing.look()
    assert set_away(ringing)[0]["why"] == "carrier says 21211"
    with ringing.desk.reading() as work:
        assert {each.state for each in work.session.scalars(select(Callback))} == {State.WAITING}


def talks(ringing: Ringing) -> None:
    """Ada takes what rings, talks for two minutes and says how it ended."""
    ringing.look()
    call = ringing.ringing()
    call.pick_up()
    call.press("1")
    call.answer().silence()
    call.talk(120)
    call.dial_over()
    call.press("1")
    call.deliver_all()


def test_after_a_talk_and_its_outcome_an_agent_has_a_breather(ringing: Ringing) -> None:
    talks(ringing)
    ringing.look()
    assert len(ringing.dials()) == 1
    ringing.later(seconds=14)
    assert len(ringing.dials()) == 1
    ringing.later(seconds=1)
    assert ringing.ringing().facts.to == PHONES["ada"]


def test_an_outcome_given_later_begins_the_breather_anew(ringing: Ringing) -> None:
    ringing.look()
    call = ringing.ringing()
    call.pick_up()
    call.press("1")
    call.answer().silence()
    call.talk(120)
    call.dial_over()
    call.hang_up()
    call.deliver_all()
    ringing.clock.forward(timedelta(seconds=10))
    with ringing.desk.work() as work:
        ada = agents.by_sign_in(work.session, "ada")
        callback = work.session.scalars(select(Callback).where(Callback.state == State.WRAP_UP)).one()
        assert ada
        handling.wrap_up(work, callback, Disposition.SOLVED, "agent:ada")
    ringing.later(seconds=14)
    assert len(ringing.dials()) == 1
    ringing.later(seconds=1)
    assert len(ringing.dials()) == 2


def test_an_offer_that_came_to_nothing_needs_no_breather(ringing: Ringing) -> None:
    lets_it_ring(ringing)
    ringing.look()
    assert len(ringing.dials()) == 2


def test_a_desk_may_do_without_the_breather(desk: Desk, cast: Cast, clock: Clock, tmp_path: Path) -> None:
    hurried = Desk(
        desk.engine, policy_with('breather = "15s"', 'breather = "0s" '), desk.code_key, desk.clock
    )
    with ringing_desk(hurried, clock, tmp_path) as ringing:
        with desk.work() as work:
            at_their_phones(work, "ada")
            for number in range(2):
                wants_to_be_rung(work, f"48291{number}", f"+39021234458{number}")
        talks(ringing)
        ringing.look()
        assert len(ringing.dials()) == 2


def test_who_is_on_a_call_is_not_rung_and_whoever_asks_is_told_so(ringing: Ringing) -> None:
    ringing.look()
    with ringing.desk.work() as work:
        ada = agents.by_sign_in(work.session, "ada")
        sara = agents.by_sign_in(work.session, "sara")
        first, second = work.session.scalars(select(Callback).order_by(Callback.id).limit(2))
        assert ada
        assert sara
        with pytest.raises(Refused, match="Ada is on a call already"):
            handling.ring_agent(work, second, ada, "agent:ada")
        with pytest.raises(Refused, match="482910 is on a call already"):
            handling.ring_agent(work, first, sara, "agent:sara")
    assert len(ringing.dials()) == 1
