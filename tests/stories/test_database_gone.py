"""The database goes while callers are on the line, in earnest: a real server, killed or frozen, and back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from callbacks import database
from callbacks.call import Kind
from callbacks.database import open_engine
from callbacks.message import MessageState
from callbacks.work import Desk
from exchange.phone import Call, Exchange
from exchange.server import serve
from launch.migrate import all_tables
from tests import postgres
from tests.databases import chosen
from tests.desk import ACCOUNT_SID, AUTH_TOKEN
from tests.people import ACME_PHONE, Cast, Clock
from tests.phone import Phone, heard, messages, requests
from worker.carrier import Carrier
from worker.clock import Clock as WorkerClock
from worker.queues import Queues
from worker.setup import Means
from worker.shelf import Shelf

TROUBLE = "Something is wrong on our side."
OTHER_PHONE = "+390212344501"


@pytest.fixture(scope="module")
def server(pytestconfig: pytest.Config) -> Iterator[postgres.Server]:
    """A PostgreSQL of these tests alone, which keeps what it has committed though it is killed."""
    if "postgresql" not in chosen(pytestconfig) or postgres.binaries() is None:
        pytest.skip("only with PostgreSQL")
    with postgres.server(durable=True) as made:
        yield made


@pytest.fixture
def engine(server: postgres.Server) -> Iterator[Engine]:
    """An empty desk's."""
    engine = open_engine(f"postgresql+psycopg://postgres@/postgres?host={server.folder}")
    all_tables().drop_all(engine)
    all_tables().create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def timed_side(desk: Desk, exchange: Exchange, tmp_path: Path) -> Iterator[WorkerClock]:
    """The clock, which has looked once, with the same exchange for a carrier."""
    with serve(exchange) as carrier:
        account = Carrier(ACCOUNT_SID, AUTH_TOKEN, carrier.url, waits=())
        means = Means(desk, account, Shelf(f"file://{tmp_path}/shelf"))
        made = WorkerClock(means, Queues("unix:///nowhere/valkey.sock"))
        looked(made)
        yield made


@pytest.fixture
def phone(exchange: Exchange, cast: Cast) -> Phone:
    """A telephone that does not mind a notice which nobody could keep."""
    return Phone(exchange, cast, [])


def looked(clock: WorkerClock) -> None:
    """All that is due now, done."""
    clock._begin()
    for _ in range(8):
        clock.look()
        assert clock.errands.settle(60)


def notices_answered(call: Call) -> set[int]:
    """All that the carrier still has to say of this call, said; and how it was answered."""
    before = len(call.webhooks)
    call.deliver_all()
    return {webhook.code for webhook in call.webhooks[before:]}


def test_callers_of_a_minute_without_a_database_lose_nothing(
    desk: Desk, clock: Clock, phone: Phone, timed_side: WorkerClock, server: postgres.Server
) -> None:
    """One is in the middle of a call, one rings in meanwhile; the carrier's notices come while it is away."""
    in_the_middle = phone.ring_with_code()
    in_the_middle.press("1")
    server.kill()
    in_the_middle.record(seconds=20)
    assert heard(in_the_middle).startswith("If you do not hear from us soon")
    newcomer = phone.ring(OTHER_PHONE)
    assert TROUBLE in heard(newcomer)
    newcomer.record(seconds=15)
    assert heard(newcomer).startswith("If you do not hear from us soon")
    for call in (in_the_middle, newcomer):
        assert call.state == "completed"
        assert 503 in notices_answered(call)
    with pytest.raises(Exception, match="connection"):
        requests(desk)
    server.start()
    assert requests(desk) == []
    clock.forward(timedelta(minutes=31))
    for _ in range(2):
        looked(timed_side)
    asked = {each.caller: each for each in requests(desk)}
    assert (len(requests(desk)), asked[ACME_PHONE].kind) == (2, Kind.CALLBACK)
    assert asked[OTHER_PHONE].kind == Kind.TROUBLE
    assert [each.state for each in messages(desk)] == [MessageState.OURS_ALONE] * 2


def test_a_database_that_says_nothing_leaves_the_caller_to_the_trouble_line_all_the_same(
    desk: Desk, clock: Clock, exchange: Exchange, timed_side: WorkerClock, server: postgres.Server
) -> None:
    """It is there and does not answer: the carrier gives up and asks the address that needs nothing."""
    exchange.web.seconds = 1.0  # Twilio's patience is 15 s
    server.freeze()
    call = exchange.ring(OTHER_PHONE)
    assert TROUBLE in heard(call)
    call.record(seconds=15)
    server.thaw()
    call.deliver_all()
    clock.forward(timedelta(minutes=31))
    for _ in range(2):
        looked(timed_side)
    (request,) = requests(desk)
    assert (request.kind, request.caller) == (Kind.TROUBLE, OTHER_PHONE)
    (message,) = messages(desk)
    assert message.state == MessageState.OURS_ALONE


def test_a_server_that_was_started_again_costs_nobody_an_answer(
    desk: Desk, engine: Engine, server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections that rested meanwhile are found to be cut before anybody is given one."""
    monkeypatch.setattr(database, "RESTED", 0.0)
    with engine.connect(), engine.connect(), engine.connect():
        pass
    server.kill()
    server.start()
    with desk.reading() as one, desk.reading() as another:
        assert one.session.scalar(text("SELECT 1")) == another.session.scalar(text("SELECT 1")) == 1
