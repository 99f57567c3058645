"""What presses is found by indexes, and is what a look at every request finds."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from callbacks import pressing, queue
from callbacks.agent import Agent, Presence
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.crew import Crew
from callbacks.moves import State
from callbacks.outlook import Standing, outlook, usual_length, what_next
from callbacks.pressing import NEEDED, Pressing
from callbacks.work import Desk, Work
from tests.people import Cast, Clock, rome
from tests.screens import Visitor, ask
from tests.test_board import plain
from tests.test_reason import change, move, ready

MANY = 60


@pytest.fixture
def crowd(desk: Desk, cast: Cast, clock: Clock) -> Iterator[Work]:
    """All sorts of requests at all sorts of moments, and a dozen people who take some of them each."""
    dice = random.Random(20261123)
    for number in range(MANY):
        clock.forward(timedelta(seconds=1))
        ask(desk, number=f"+39021234{number:04}")
    with desk.work() as work:
        for callback in work.session.scalars(select(Callback)):
            _disguise(callback, dice, work.now)
        work.session.add_all(_person(number, dice) for number in range(12))
    with desk.reading() as work:
        yield work


def _disguise(callback: Callback, dice: random.Random, now: datetime) -> None:
    callback.kind = dice.choice([Kind.CALLBACK] * 5 + [Kind.TROUBLE, Kind.NO_MESSAGE, Kind.SALES])
    callback.state = dice.choice([State.WAITING] * 4 + [State.PAUSED, State.ASSIGNED, State.CLOSED])
    callback.for_person = dice.choice([None] * 5 + ["missed"])
    callback.level, callback.language = dice.choice([1, 1, 2]), dice.choice(["en", "it", "de"])
    callback.closes = now + timedelta(minutes=dice.randint(-200, 300))
    callback.opens = callback.closes - timedelta(hours=2)
    callback.at_risk_from = callback.closes - timedelta(minutes=30)
    callback.ring_from = dice.choice([now, now, None])
    callback.first_rang_at = dice.choice([None, None, callback.opens])
    callback.solve_by_level_1 = now + timedelta(minutes=dice.randint(-300, 300))
    callback.solve_by_level_2 = now + timedelta(minutes=dice.randint(-300, 300))


def _person(number: int, dice: random.Random) -> Agent:
    shifts = dice.choice(
        [{}, {"mon": [["09:00", "12:30"], ["14:00", "18:00"]]}, {"tue": [["09:00", "18:00"]]}]
    )
    return Agent(
        sign_in=f"agent{number}", name=f"Agent {number}", level=dice.choice([1, 2]), shifts=shifts,
        languages=dice.choice([["en"], ["it"], ["en", "it"]]), phone=f"+3902555{number:05}",
        presence=dice.choice([Presence.READY, Presence.READY, Presence.AWAY]),
        created_at=rome("2026-01-01"),
    )  # fmt: skip


def _all(work: Work) -> list[Callback]:
    return [each for each in work.session.scalars(select(Callback)) if each.is_open]


def _is_odd(callback: Callback) -> bool:
    return bool(callback.kind != Kind.CALLBACK or callback.number is None or callback.for_person)


def _ids(rows: Iterable[Callback | Pressing]) -> set[int]:
    return {row.id for row in rows}


def test_each_part_is_what_a_look_at_every_request_finds(crowd: Work) -> None:
    everything, now = _all(crowd), crowd.now
    unrung = [each for each in everything if each.first_rang_at is None]
    late = {each.id for each in unrung if each.closes and each.closes < now and each.kind != Kind.SALES}
    in_time = {each.id for each in unrung if each.closes and each.closes >= now and not _is_odd(each)}
    odd = {each.id for each in everything if _is_odd(each) and each.kind != Kind.SALES} - late
    rung = [each for each in everything if each.first_rang_at and each.state != State.PAUSED]
    unsolved = {
        each.id
        for each in rung
        if each.promise and each.promise.solve_by(each.level) < now and not _is_odd(each)
    }
    assert all((late, in_time, odd, unsolved))
    assert _ids(pressing.late(crowd, MANY)) == late
    assert _ids(pressing.in_time(crowd, MANY)) == in_time
    assert _ids(pressing.to_decide(crowd, MANY)) == odd
    assert _ids(pressing.unsolved(crowd, MANY)) == unsolved


def test_the_first_few_of_a_part_are_the_first_of_all(crowd: Work) -> None:
    for part in (pressing.late, pressing.in_time, pressing.to_decide, pressing.unsolved):
        assert part(crowd, 3) == part(crowd, MANY)[:3]


def test_the_counts_are_the_backlogs(crowd: Work) -> None:
    counts, backlog = pressing.counts(crowd), queue.backlog(crowd.session, crowd.now)
    names = ("late", "at_risk", "due", "early")
    assert [getattr(counts, name) for name in names] == [getattr(backlog, name) for name in names]
    assert counts.late + counts.at_risk + counts.due + counts.early > MANY / 4


def test_who_is_alike_is_asked_as_one_and_each_begins_when_they_would_be_asked_one_by_one(
    crowd: Work,
) -> None:
    crew, length = Crew.of(crowd), usual_length(crowd)
    rows = crowd.session.execute(select(*NEEDED).where(Callback.state != State.CLOSED)).all()
    found = outlook(crew, rows, length)
    assert found == _one_by_one(crew, rows, length)
    assert len(found) > MANY / 5


def _one_by_one(crew: Crew, rows: Iterable[Pressing], length: timedelta) -> dict[int, datetime]:
    free = {
        each.agent.id: each.now if each.agent.presence == Presence.READY else each.begins
        for each in crew.members
    }
    starts: dict[int, datetime] = {}
    for row in sorted(rows, key=lambda row: (row.closes, row.id)):
        if row.ring_from is None or row.number is None or row.for_person:
            continue
        begins = [
            (max(stretch.start, since), each.agent.id)
            for each in crew.takers(row)
            if each.agent.phone and (since := free[each.agent.id])
            for stretch in each.duty
            if since < stretch.end and max(stretch.start, since) <= crew.last_start(row, stretch.end)
        ]
        if begins:
            starts[row.id], taker = min(begins)
            free[taker] = starts[row.id] + length
    return starts


def _another(desk: Desk, clock: Clock, number: int) -> Callback:
    clock.forward(timedelta(seconds=1))
    return ask(desk, number=f"+39021234459{number}")


@pytest.mark.usefixtures("cast")
def test_where_what_is_late_fills_the_list_nobody_looks_further(desk: Desk, clock: Clock) -> None:
    late = [_another(desk, clock, number) for number in range(3)]
    clock.forward(timedelta(seconds=1))
    person = ask(desk, number=None)
    clock.set("2026-11-23 17:40")
    with desk.reading() as work:
        crew = Crew.of(work)
        short, whole = what_next(work, crew, 2), what_next(work, crew, 4)
        assert [line.callback.id for line in short.lines] == [late[0].id, late[1].id]
        assert {line.standing for line in short.lines} == {Standing.LATE}
        assert short.more is None
        assert [line.callback.id for line in whole.lines] == [*(each.id for each in late), person.id]
        assert whole.more == 0


@pytest.mark.usefixtures("cast")
def test_what_is_below_the_list_is_counted_where_it_was_looked_at(desk: Desk, clock: Clock) -> None:
    for number in range(3):
        _another(desk, clock, number)  # nobody can ring them: each will be late
    with desk.reading() as work:
        found = what_next(work, Crew.of(work), 2)
        assert [line.standing for line in found.lines] == [Standing.WILL_BE_LATE] * 2
        assert found.more == 1


def test_the_wall_says_that_there_are_more_than_it_lists(sara: Visitor, desk: Desk, clock: Clock) -> None:
    change(desk, "ada", phone="+390255512301")
    ready(desk, "ada")
    for number in range(6):
        callback = _another(desk, clock, number)
        move(desk, callback, lambda work, held: setattr(held, "closes", work.now - timedelta(minutes=1)))
    page = plain(sara.open("/wall?screen=big").text)
    assert "late 6 at risk 0" in page
    assert "and more below these: the counts above are of all" in page
    assert "more below these" not in plain(sara.open("/wall").text)
