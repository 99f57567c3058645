"""What the exchange keeps: calls, recordings and messages, named as Twilio names them."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def new_sid(kind: str) -> str:
    """A new name: two letters and 32 hexadecimal digits."""
    return kind + secrets.token_hex(16)


@dataclass(slots=True)
class CallRecord:
    """One call, or one leg of one."""

    sid: str
    from_: str
    to: str
    direction: str  # inbound, outbound-api, outbound-dial
    made_at: datetime
    state: str = "queued"
    parent: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: int | None = None
    answered_by: str | None = None


@dataclass(slots=True)
class RecordingRecord:
    """One recording; until it is ready the carrier has no audio for it."""

    sid: str
    call_sid: str
    made_at: datetime
    seconds: int
    source: str  # RecordVerb, DialVerb
    ready: bool = True
    absent: bool = False


@dataclass(slots=True)
class MessageRecord:
    """One text message, in or out."""

    sid: str
    from_: str
    to: str
    body: str
    direction: str  # inbound, outbound-api, outbound-reply
    made_at: datetime
    state: str = "delivered"
    error: int | None = None


Record = CallRecord | RecordingRecord | MessageRecord
KINDS: dict[str, type[Record]] = {"CA": CallRecord, "RE": RecordingRecord, "SM": MessageRecord}


def as_plain(record: Record) -> dict[str, object]:
    """A record as JSON can hold it."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(record).items()
    }


def from_plain(plain: dict[str, object]) -> Record:
    """A record from what `as_plain` made of it."""
    kind = KINDS[str(plain["sid"])[:2]]
    values = {
        name: datetime.fromisoformat(value) if name.endswith("_at") and isinstance(value, str) else value
        for name, value in plain.items()
    }
    return kind(**values)  # type: ignore[arg-type]
