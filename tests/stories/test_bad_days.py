"""Bad days, told from the caller's side: what was promised is kept watch over, whatever dies in between."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from callbacks import database, seal
from callbacks.call import Kind
from callbacks.database import open_engine
from callbacks.message import MessageState
from callbacks.work import Desk
from exchange.phone import Call, Exchange
from exchange.server import serve
from tests.at_carrier import ACCOUNT, AtCarrier
from tests.desk import ACCOUNT_SID, AUTH_TOKEN, Served, phone_app
from tests.people import ACME_PHONE, Clock, make_desk
from tests.phone import Phone, messages, moves, requests, the_request
from tests.processes import Processes, environment, until
from tests.timed import OPENS, Sara, TimedDesk
from tests.valkey import Server
from worker.carrier import Carrier
from worker.clock import Clock as WorkerClock
from worker.queues import Queues
from worker.setup import Means
from worker.shelf import Shelf

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sara() -> Sara:
    """Who is told."""
    return Sara()


@pytest.fixture
def means(desk: Desk, exchange: Exchange, sara: Sara, tmp_path: Path) -> Iterator[Means]:
    """The timed side of the desk that callers ring, with the same exchange for a carrier."""
    with serve(exchange) as carrier:
        account = Carrier(ACCOUNT_SID, AUTH_TOKEN, carrier.url, waits=())
        yield Means(desk, account, Shelf(f"file://{tmp_path}/shelf"), (sara,))


@pytest.fixture
def lonely(means: Means) -> WorkerClock:
    """The clock, with no Redis and no worker anywhere."""
    return WorkerClock(means, Queues("unix:///nowhere/valkey.sock"))


@pytest.fixture
def gone(desk: Desk, served_desk: Served) -> Iterator[Callable[[bool], None]]:
    """Takes the database away under the phone line, and gives it back."""
    engine = open_engine("sqlite:////nowhere/at/all/desk.sqlite3")

    def turn(away: bool) -> None:
        served_desk.app = phone_app(replace(desk, engine=engine) if away else desk, served_desk.url)

    yield turn
    engine.dispose()


def looked(clock: WorkerClock) -> None:
    """All that is due now, done."""
    clock._begin()
    for _ in range(8):
        clock.look()
        assert clock.errands.settle(60)


def test_without_redis_a_caller_is_promised_watched_over_and_played_back(
    phone: Phone, desk: Desk, clock: Clock, lonely: WorkerClock, sara: Sara
) -> None:
    call = phone.leave_message()
    call.hang_up()
    call.deliver_all()
    looked(lonely)
    request = the_request(desk)
    assert messages(desk)[0].state == MessageState.OURS_ALONE
    assert request.closes is not None
    clock.now = request.closes + MINUTE
    looked(lonely)
    assert moves(desk, request)[-3:] == ["due", "at_risk", "late"]
    assert "A callback is late" in [notice.title for notice in sara.heard]


def test_a_message_left_while_the_database_was_gone_is_recovered_from_the_carrier(
    phone: Phone, desk: Desk, clock: Clock, lonely: WorkerClock, gone: Callable[[bool], None]
) -> None:
    looked(lonely)
    gone(True)
    call = phone.ring()
    call.record(seconds=15)
    call.notices.clear()
    gone(False)
    left_at = clock()
    clock.forward(10 * MINUTE)
    looked(lonely)
    request = the_request(desk)
    assert (request.kind, request.caller) == (Kind.TROUBLE, ACME_PHONE)
    assert request.received_at <= left_at + timedelta(seconds=15)
    assert messages(desk)[0].state == MessageState.OURS_ALONE


def test_a_premium_caller_of_whom_every_notice_is_lost_keeps_the_promise(
    phone: Phone, desk: Desk, clock: Clock, lonely: WorkerClock, gone: Callable[[bool], None]
) -> None:
    call = phone.ring_with_code()
    call.press("1")
    gone(True)
    call.record(seconds=20, then="hangup")
    call.notices.clear()
    left_at = clock()
    gone(False)
    clock.forward(31 * MINUTE)
    looked(lonely)
    request = the_request(desk)
    assert request.kind == Kind.CALLBACK
    assert left_at <= request.received_at <= left_at + MINUTE


def test_a_web_process_killed_between_any_two_webhooks_is_not_noticed(
    phone: Phone, desk: Desk, engine: Engine, clock: Clock, served_desk: Served
) -> None:
    def another_process() -> None:
        engine.dispose()
        served_desk.app = phone_app(make_desk(engine, clock), served_desk.url)

    call = phone.ring()
    acts: list[Callable[[], object]] = [
        lambda: call.press(f"{phone.cast.acme_code}#"),
        lambda: call.press("1"),
        lambda: call.record(seconds=20),
        call.silence,
        call.silence,
    ]
    for act in acts:
        another_process()
        act()
    another_process()
    call.deliver_all()
    assert call.state == "completed"
    assert len(requests(desk)) == len(messages(desk)) == 1


def test_a_desk_that_did_nothing_for_a_month_tells_the_truth_about_it(
    phone: Phone, desk: Desk, clock: Clock, lonely: WorkerClock
) -> None:
    calls: list[Call] = []
    for desk_phone in ("+390212344501", "+390212344502", "+390212344503"):
        calls.append(phone.leave_message(desk_phone))
        calls[-1].hang_up()
        calls[-1].deliver_all()
    clock.forward(timedelta(days=30))
    looked(lonely)
    for request in requests(desk):
        assert moves(desk, request).count("late") == 1
    with desk.reading() as work:
        assert seal.faults(work.session) == []


def test_a_database_locked_for_a_while_only_delays_the_clock(
    timed: TimedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_WAIT", 0.2)
    waiting = timed.promised()
    timed.clock.now = OPENS
    stopping, clock = threading.Event(), timed.clock_with()
    runs = threading.Thread(target=clock.run, args=(stopping,))
    sqlite = timed.desk.engine.dialect.name == "sqlite"
    other = timed.in_another_process().desk.engine
    with other.connect() as held:
        held.execute(text("SELECT 1" if sqlite else "LOCK TABLE callbacks, rounds IN ACCESS EXCLUSIVE MODE"))
        runs.start()
        stopping.wait(0.7)
        held.rollback()
    until(lambda: timed.marked(waiting) == [("due", OPENS)])
    stopping.set()
    runs.join(30)
    assert not runs.is_alive()


@pytest.fixture
def processes(database_url: str, redis_server: Server, tmp_path: Path) -> Iterator[Processes]:
    """The timed side as it runs in earnest, with the test's carrier."""
    made = Processes(environment(tmp_path, database_url, redis_server.url), tmp_path)
    yield made
    made.kill_all()


def test_everything_killed_at_once_and_started_again_catches_up(
    timed: TimedDesk, processes: Processes
) -> None:
    programs = (("worker",), ("worker.clock",))
    timed.clock.now = datetime.now(UTC)
    for words in programs:
        processes.start(*words)
    early = [timed.promised(f"CA{n}", left_at=timed.clock() - timedelta(days=30)) for n in range(30)]
    until(lambda: bool(timed.entries("due")), processes.said)
    processes.kill_all()
    late = [timed.promised(f"CB{n}", left_at=timed.clock() - timedelta(days=30)) for n in range(30)]
    for words in programs:
        processes.start(*words)
    until(lambda: len(timed.entries("solve_late")) == 60, processes.said)
    assert {len(timed.marked(key)) for key in early + late} == {4}


def test_a_worker_killed_while_it_fetches_leaves_the_message_to_the_next(
    timed: TimedDesk, carrier: AtCarrier, processes: Processes
) -> None:
    timed.clock.now = datetime.now(UTC)
    hangs, call = threading.Event(), carrier.call(timed.clock())
    recording = carrier.recording(call, timed.clock())
    whole = carrier.app

    def slow(environ: dict[str, str], start_response: object) -> object:
        hangs.wait(20)
        return whole(environ, start_response)  # type: ignore[arg-type]

    carrier.app = slow
    processes.environ |= {
        "TWILIO_ACCOUNT_SID": ACCOUNT[0], "TWILIO_AUTH_TOKEN": ACCOUNT[1], "TWILIO_API_BASE": carrier.url,
        "SECRET_KEY": "k" * 64, "PUBLIC_URL": "https://desk.example.com",
    }  # fmt: skip
    for words in (("worker", "errands"), ("worker.clock",)):
        processes.start(*words)
    waiting = timed.promised(call, recording=recording)
    until(lambda: any(recording in path for _method, path in carrier.requests), processes.said)
    processes.kill_all()
    hangs.set()
    timed.clock.now = datetime.now(UTC) + timedelta(minutes=3)
    clock = timed.clock_with()
    for _ in range(3):
        clock.look()
        assert clock.errands.settle(60)
    assert [line.move for line in timed.journal(waiting)].count("message_stored") == 1
    assert not carrier.has(recording)
