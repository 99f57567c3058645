"""A desk whose phones ring: callers, agents and customers over one exchange, the clock in the test's hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callbacks.work import Desk
from exchange.server import serve
from tests.complaints.line import Line
from tests.desk import ACCOUNT_SID, AUTH_TOKEN, SUPPORT, Served
from tests.people import Clock
from tests.phone import Phone
from tests.ringing import Switchboard
from tests.timed import Sara
from worker.carrier import Carrier
from worker.setup import Means
from worker.shelf import Shelf


@pytest.fixture
def exchange(served_desk: Served, clock: Clock) -> Iterator[Switchboard]:
    """Callers ring the desk by it, and the desk rings agents and customers."""
    url = f"{served_desk.url}/ivr"
    made = Switchboard(
        ACCOUNT_SID, AUTH_TOKEN, numbers=[SUPPORT], clock=clock, voice_url=f"{url}/call",
        status_url=f"{url}/ended", fallback_url=f"{url}/fallback", message_url=f"{url}/message",
    )  # fmt: skip
    made.placed = []
    with serve(made):
        yield made
    made.close()


@pytest.fixture
def means(desk: Desk, exchange: Switchboard, served_desk: Served, tmp_path: Path) -> Means:
    """The timed side, which tells Sara."""
    carrier = Carrier(ACCOUNT_SID, AUTH_TOKEN, exchange.base_url, waits=())
    return Means(desk, carrier, Shelf(f"file://{tmp_path}/shelf"), (Sara(),), served_desk.url)


@pytest.fixture
def line(phone: Phone, exchange: Switchboard, means: Means, clock: Clock) -> Line:
    """The desk as its callers and agents know it: by telephone."""
    return Line(means.desk, clock, exchange, means, phone=phone)
