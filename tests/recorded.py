"""A recording that a caller left, on its way from the carrier to the shelf."""

from pathlib import Path

import pytest

from callbacks.message import Message, by_recording
from tests.at_carrier import AtCarrier, a_while_ago
from tests.timed import TimedDesk
from worker import recordings


@pytest.fixture
def left(timed: TimedDesk, carrier: AtCarrier) -> str:
    """The SID of a recording that a caller has left, and that the desk has heard of."""
    call = carrier.call(a_while_ago(timed))
    sid = carrier.recording(call, a_while_ago(timed))
    timed.promised(call, recording=sid)
    return sid


def message(timed: TimedDesk, sid: str) -> Message:
    """The desk's message of this recording."""
    with timed.desk.reading() as work:
        found = by_recording(work.session, sid)
    assert found is not None
    return found


def step(timed: TimedDesk, sid: str) -> Message:
    """What is next for it, done."""
    recordings.next_step(timed.means, [message(timed, sid).id])
    return message(timed, sid)


def stored(timed: TimedDesk) -> list[Path]:
    """Every file on the shelf."""
    return [path for path in timed.shelf.rglob("*") if path.is_file()]


def deletes_nothing(carrier: AtCarrier, status: str = "403 So") -> None:
    """It answers everything else as before."""
    whole = carrier.app

    def app(environ: dict[str, str], start_response: object) -> object:
        if environ["REQUEST_METHOD"] != "DELETE":
            return whole(environ, start_response)  # type: ignore[arg-type]
        start_response(status, [("Content-Length", "0")])  # type: ignore[operator]
        return [b""]

    carrier.app = app
