"""Assignment by several clocks at once, and beside years of closed callbacks."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, event, insert, select, text

from callbacks import assignment, free_agent, journal
from callbacks.agent import Agent, Presence
from callbacks.callback import Callback
from callbacks.database import open_engine
from callbacks.dial import Dial
from callbacks.moves import Move, State
from callbacks.work import Desk, Work
from tests.people import Clock
from tests.ringing import wants_to_be_rung

CLOCKS, AGENTS, CALLBACKS, ROUNDS = 4, 12, 30, 6


@pytest.fixture
def clocks(desk: Desk) -> Iterator[list[Desk]]:
    """The desk as several processes have it, each with a connection of its own."""
    url = desk.engine.url.render_as_string(hide_password=False)
    desks = [replace(desk, engine=open_engine(url)) for _ in range(CLOCKS)]
    yield desks
    for each in desks:
        each.engine.dispose()


def people(work: Work, many: int) -> None:
    """At their phones, the first idle longest."""
    for number in range(many):
        work.session.add(
            Agent(
                sign_in=f"agent{number}", name=f"Agent {number}", languages=["en"], topics=[], shifts={},
                days_off=[], phone=f"+39021234{number:04d}", presence=Presence.READY, created_at=work.now,
                idle_since=work.now - timedelta(hours=1) + timedelta(minutes=number),
            )
        )  # fmt: skip


def test_clocks_that_look_at_one_moment_assign_no_callback_and_no_agent_twice(
    desk: Desk, clocks: list[Desk], clock: Clock
) -> None:
    with desk.work() as work:
        people(work, AGENTS)
        for number in range(CALLBACKS):
            wants_to_be_rung(work, f"{number:06d}", f"+39347{1000000 + number}")
    for _ in range(ROUNDS):
        _look_at_once(clocks)
        with desk.reading() as work:
            live = list(work.session.scalars(select(Dial).where(Dial.live.is_(True))))
        assert Counter(dial.agent_id for dial in live).most_common(1)[0][1] == 1
        assert Counter(dial.callback_id for dial in live).most_common(1)[0][1] == 1
        assert len(live) == min(AGENTS, CALLBACKS)
        with desk.work() as work:
            for dial in work.session.scalars(select(Dial).where(Dial.live.is_(True))):
                dial.live, dial.callback.state = None, State.WAITING


def _look_at_once(clocks: list[Desk]) -> None:
    ready = Barrier(len(clocks))

    def look(desk: Desk) -> int:
        ready.wait(60)
        return sum(len(desk.do(lambda work: assignment.assign_due(work, limit=2))) for _ in range(AGENTS))

    with ThreadPoolExecutor(len(clocks)) as pool:
        assert sum(pool.map(look, clocks)) == AGENTS


def test_whom_another_hand_is_about_to_ring_is_left_to_it_and_nobody_waits(
    desk: Desk, clocks: list[Desk]
) -> None:
    if desk.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with desk.work() as work:
        people(work, 2)
        for number in range(2):
            wants_to_be_rung(work, f"{number:06d}", f"+39347{1000000 + number}")
    with clocks[0].work() as one:
        match = assignment.next_match(one, free_agent.free_agents(one))
        assert match is not None
        assert (match.callback.reference, match.agent.sign_in) == ("000000", "agent0")
        with clocks[1].work() as other:
            (dial,) = assignment.assign_due(other)
            assert (dial.callback.reference, dial.agent.sign_in) == ("000001", "agent1")


def test_what_somebody_writes_about_at_this_instant_is_left_to_them_and_nobody_waits(
    desk: Desk, clocks: list[Desk]
) -> None:
    if desk.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with desk.work() as work:
        people(work, 2)
        for number in range(2):
            wants_to_be_rung(work, f"{number:06d}", f"+39347{1000000 + number}")
        first = work.session.scalars(select(Callback).where(Callback.reference == "000000")).one()
    with clocks[0].work() as writing:
        journal.write(writing, first.subject, Move.NOTED, "agent:ada")
        with clocks[1].work() as work:
            assert [dial.callback.reference for dial in assignment.assign_due(work)] == ["000001"]
    with clocks[1].work() as work:
        assert [dial.callback.reference for dial in assignment.assign_due(work)] == ["000000"]
    with desk.reading() as work:
        lines = journal.lines(work.session, first.subject)
        assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
        assert all(line.digest == line.computed_digest() for line in lines)


def test_one_assignment_asks_the_database_seven_times_however_many_are_free(desk: Desk) -> None:
    with desk.work() as work:
        people(work, AGENTS)
        for number in range(CALLBACKS):
            wants_to_be_rung(work, f"{number:06d}", f"+39347{1000000 + number}")
    asked: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
    with desk.work() as work:
        assert len(assignment.assign_due(work, limit=1)) == 1
    assert len(asked) == 7, "\n\n".join(asked)


def test_what_was_closed_over_the_years_is_not_looked_at(desk: Desk) -> None:
    with desk.work() as work:
        people(work, 2)
        callback = wants_to_be_rung(work)
        subscribed = {"subscription_id": None, "state": "closed", "first_reached_at": work.now}
        columns = [column.name for column in Callback.__table__.columns if column.name != "id"]
        row = {name: getattr(callback, name) for name in columns} | subscribed
        work.session.execute(insert(Callback), [row | {"reference": f"b{n}"} for n in range(3000)])
    with desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    with desk.work() as work:
        plan = _plan(desk.engine, work)
        assert any(f"ix_callbacks_{name}" in plan for name in ("to_ring", "state_closes")), plan
        assert [dial.callback.reference for dial in assignment.assign_due(work)] == ["482913"]


def _plan(engine: Engine, work: Work) -> str:
    """How the database goes about finding what to ring next."""
    kinds = ((1, ("en",)),)
    lite = engine.dialect.name == "sqlite"
    asked = assignment._waiting(assignment.RINGING_ORDER, kinds, 0, 5).params(now=work.now)
    written = str(asked.compile(engine, compile_kwargs={"literal_binds": True}))
    return str(work.session.execute(text(("EXPLAIN QUERY PLAN " if lite else "EXPLAIN ") + written)).all())
