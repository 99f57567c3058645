"""The clock: sees what is due, never early, hands it out once, and does it itself where nobody else will."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import update

from callbacks.callback import Callback
from callbacks.database import open_engine
from callbacks.round import Round, begin, by_name
from tests.timed import AT_RISK, CLOSES, LATE, MONDAY, OPENS, SOLVE_BY, TimedDesk
from tests.valkey import Server
from worker.clock import Clock
from worker.sources import ALARMS

INSTANT = timedelta.resolution


@pytest.fixture
def lonely(timed: TimedDesk) -> Clock:
    """A clock without any Redis."""
    return timed.clock_with()


def test_a_caller_is_due_at_the_very_instant_and_not_before(timed: TimedDesk, lonely: Clock) -> None:
    waiting = timed.promised()
    timed.clock.now = OPENS - INSTANT
    assert lonely.look() == OPENS
    assert timed.marked(waiting) == []
    timed.clock.now = OPENS
    lonely.look()
    assert timed.marked(waiting) == [("due", OPENS)]


def test_a_caller_nobody_rings_is_due_at_risk_late_and_unsolved_each_once(
    timed: TimedDesk, lonely: Clock
) -> None:
    waiting = timed.promised()
    for moment in (OPENS, AT_RISK, CLOSES, LATE, SOLVE_BY):
        timed.clock.now = moment
        lonely.look()
        lonely.look()
    assert timed.marked(waiting) == [
        ("due", OPENS), ("at_risk", AT_RISK), ("late", LATE), ("solve_late", SOLVE_BY),
    ]  # fmt: skip


def test_what_a_stopped_clock_missed_is_dated_when_it_became_true(timed: TimedDesk, lonely: Clock) -> None:
    waiting = timed.promised()
    timed.clock.now = SOLVE_BY + timedelta(days=3)
    lonely.look()
    assert [at for _move, at in timed.marked(waiting)] == [OPENS, AT_RISK, LATE, SOLVE_BY]
    assert {line.written_at for line in timed.journal(waiting)[1:]} == {timed.clock.now}


def test_a_message_found_a_day_late_is_marked_late_when_it_was(timed: TimedDesk, lonely: Clock) -> None:
    timed.clock.now = MONDAY
    waiting = timed.promised(left_at=MONDAY - timedelta(days=3))
    lonely.look()
    assert [move for move, _at in timed.marked(waiting)] == ["due", "at_risk", "late", "solve_late"]


def test_the_clock_says_when_to_look_next(timed: TimedDesk, lonely: Clock) -> None:
    assert lonely.look() is None
    timed.promised()
    assert lonely.look() == OPENS
    timed.clock.now = OPENS
    assert lonely.look() == OPENS
    assert lonely.look() == AT_RISK


def test_more_callers_than_one_batch_holds_are_all_marked_in_one_look(
    timed: TimedDesk, lonely: Clock
) -> None:
    for number in range(120):
        timed.promised(f"CA{number}")
    timed.clock.now = OPENS
    lonely.look()
    assert len(timed.entries("due")) == 120


def test_two_clocks_mark_each_caller_once(timed: TimedDesk) -> None:
    waiting = [timed.promised(f"CA{number}") for number in range(40)]
    timed.clock.now = LATE
    clocks = [timed.clock_with(means=timed.in_another_process()) for _ in range(2)]
    with ThreadPoolExecutor(2) as hands:
        for looked in [hands.submit(clock.look) for clock in clocks for _ in range(3)]:
            looked.result(60)
    assert [timed.marked(key) for key in waiting] == [
        [("due", OPENS), ("at_risk", AT_RISK), ("late", LATE)]
    ] * 40


def test_a_worker_that_listens_gets_the_alarm(timed: TimedDesk, redis_server: Server) -> None:
    timed.promised()
    clock = timed.clock_with(redis_server.url)
    with redis_server.connection() as redis:
        listener = _listener(redis)
        timed.clock.now = OPENS
        clock.look()
        assert len(Queue(ALARMS, connection=redis)) == 1
        assert timed.entries("due") == []
        listener.register_death()  # type: ignore[no-untyped-call]


def test_an_alarm_handed_out_and_never_rung_is_rung_by_the_clock(
    timed: TimedDesk, redis_server: Server
) -> None:
    waiting = timed.promised()
    clock = timed.clock_with(redis_server.url)
    with redis_server.connection() as redis:
        listener = _listener(redis)
        timed.clock.now = OPENS
        clock.look()
        timed.clock.forward(timedelta(seconds=1))
        clock.look()
        assert timed.marked(waiting) == []
        timed.clock.forward(timedelta(seconds=1))
        clock.look()
        assert timed.marked(waiting) == [("due", OPENS)]
        listener.register_death()  # type: ignore[no-untyped-call]


def test_a_worker_that_let_an_alarm_lapse_is_not_trusted_with_the_next(
    timed: TimedDesk, redis_server: Server
) -> None:
    first, clock = timed.promised(), timed.clock_with(redis_server.url)
    with redis_server.connection() as redis:
        listener = _listener(redis)
        timed.clock.now = OPENS
        clock.look()
        timed.clock.forward(timedelta(seconds=2))
        clock.look()
        timed.clock.now = AT_RISK
        clock.look()
        assert [move for move, _ in timed.marked(first)] == ["due", "at_risk"]
        listener.register_death()  # type: ignore[no-untyped-call]


def test_with_redis_emptied_after_an_alarm_was_handed_out_nobody_is_forgotten(
    timed: TimedDesk, redis_server: Server
) -> None:
    waiting, clock = timed.promised(), timed.clock_with(redis_server.url)
    with redis_server.connection() as redis:
        _listener(redis)
        timed.clock.now = OPENS
        clock.look()
        redis_server.empty()
        timed.clock.forward(timedelta(seconds=2))
        clock.look()
    assert timed.marked(waiting) == [("due", OPENS)]


def test_nobody_listens_so_the_clock_rings(timed: TimedDesk, redis_server: Server) -> None:
    waiting = timed.promised()
    timed.clock.now = OPENS
    timed.clock_with(redis_server.url).look()
    assert timed.marked(waiting) == [("due", OPENS)]


def test_one_callback_that_cannot_be_rung_keeps_no_other_waiting(timed: TimedDesk, lonely: Clock) -> None:
    broken, sound = timed.promised("CA1"), timed.promised("CA2")
    with timed.desk.work() as work:
        work.session.execute(update(Callback).where(Callback.id == broken).values(closes=None))
    timed.clock.now = OPENS
    lonely.look()
    assert timed.marked(sound) == [("due", OPENS)]
    assert timed.look_at(broken).claimed_until == OPENS + timedelta(minutes=1)


def test_a_round_is_begun_once_by_two_clocks_and_comes_again(timed: TimedDesk) -> None:
    for _ in range(2):
        timed.desk.do(lambda work: begin(work, {"seal": timedelta(hours=1)}))
    clock = timed.clock_with()
    clock.look()
    assert clock.errands.settle(60)
    assert _round(timed, "seal").alarm_at == MONDAY + timedelta(hours=1)


def test_a_clock_outlives_a_database_that_is_away_for_a_while(timed: TimedDesk) -> None:
    timed.promised()
    timed.clock.now = OPENS
    gone = replace(timed.desk, engine=open_engine("sqlite:////nowhere/desk.sqlite3"))
    stopping, clock = threading.Event(), timed.clock_with(means=replace(timed.means, desk=gone))
    runs = threading.Thread(target=clock.run, args=(stopping,))
    runs.start()
    stopping.wait(0.3)
    clock._means = timed.means
    _until(lambda: bool(timed.entries("due")))
    stopping.set()
    runs.join(30)
    assert not runs.is_alive()


def test_a_look_that_stumbles_over_anything_at_all_does_not_end_the_clock(timed: TimedDesk) -> None:
    waiting, whole = timed.promised(), timed.means
    timed.clock.now = OPENS
    stopping, clock = threading.Event(), timed.clock_with()
    clock._means = replace(whole, desk=None)  # type: ignore[arg-type]
    runs = threading.Thread(target=clock.run, args=(stopping,))
    runs.start()
    stopping.wait(0.1)
    clock._means = whole
    _until(lambda: timed.marked(waiting) == [("due", OPENS)])
    stopping.set()
    runs.join(30)
    assert not runs.is_alive()


def _listener(redis: object) -> SimpleWorker:
    """A worker that is known to listen, and never does anything."""
    worker = SimpleWorker([ALARMS], connection=redis, serializer=JSONSerializer)  # type: ignore[arg-type]
    worker.register_birth()  # type: ignore[no-untyped-call]
    return worker


def _round(timed: TimedDesk, name: str) -> Round:
    with timed.desk.reading() as work:
        found = by_name(work.session, name)
    assert found is not None
    return found


def _until(comes_true: object) -> None:
    """Wait for another thread, and not for ever."""
    patience = threading.Event()
    for _ in range(1200):
        if comes_true():  # type: ignore[operator]
            return
        patience.wait(0.05)
    raise AssertionError("it did not come true")
