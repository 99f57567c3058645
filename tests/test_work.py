"""A unit of work and a look: what each leaves behind."""

import pytest
from sqlalchemy import select, text

from callbacks.agent import Agent
from callbacks.work import Desk
from tests.people import Cast


def test_a_look_leaves_nothing_whatever_was_changed_in_it(desk: Desk, cast: Cast) -> None:
    with desk.reading() as work:
        for person in work.session.scalars(select(Agent)):
            person.name = "Nobody"
        names = work.rows(select(Agent.name), {})
        assert "Nobody" not in {row.name for row in names}
    with desk.reading() as work:
        assert "Nobody" not in set(work.session.scalars(select(Agent.name)))


def test_what_a_work_has_changed_shows_in_the_rows_it_reads(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        for person in work.session.scalars(select(Agent)):
            person.name = "Nobody"
        assert {row.name for row in work.rows(select(Agent.name), {})} == {"Nobody"}


def test_looks_do_not_make_postgresql_forget_what_it_has_prepared(desk: Desk, cast: Cast) -> None:
    if desk.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no server to forget")
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%agents.name%'")
    for _ in range(12):
        with desk.reading() as work:
            work.rows(select(Agent.name), {})
        with desk.work() as work:
            work.rows(select(Agent.name), {})
    with desk.reading() as work:
        assert work.session.scalar(prepared)
