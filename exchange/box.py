"""The exchange: one account with its numbers, the addresses it asks, its calls and what it keeps."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from exchange import crowd, texts
from exchange.line import Line
from exchange.order import Order
from exchange.people import Others, Person
from exchange.plan import Plan
from exchange.progress import Progress
from exchange.records import CallRecord, Clock, MessageRecord, new_sid, now
from exchange.store import Store
from exchange.trouble import Trouble
from exchange.web import Web

if TYPE_CHECKING:
    from exchange.connection import Connection
    from exchange.manner import Manner
    from exchange.scripted import Call
    from exchange.webhook import Webhook

    Driver = Callable[["Exchange", CallRecord, Line], Connection]

API = "2010-04-01"
MOST_CARRIED = 5000


class Exchange(Others):
    """A telephone exchange. `strict` refuses documents that Twilio would take with a warning.

    With a `plan`, things go wrong as it draws them; `people` says who is at which number.
    """

    def __init__(
        self,
        account_sid: str = "",
        auth_token: str = "",
        *,
        voice_url: str = "",
        fallback_url: str = "",
        status_url: str = "",
        message_url: str = "",
        numbers: Iterable[str] = ("+18005550100",),
        folder: Path | str | None = None,
        base_url: str = "http://127.0.0.1:5050",
        clock: Clock = now,
        strict: bool = True,
        web: Web | None = None,
        plan: Plan | None = None,
    ) -> None:
        self.account_sid = account_sid or new_sid("AC")
        self.auth_token = auth_token or new_sid("")
        self.voice_url, self.fallback_url = voice_url, fallback_url
        self.status_url, self.message_url = status_url, message_url
        self.numbers = tuple(numbers)
        self.base_url = base_url.rstrip("/")
        self.clock, self.strict = clock, strict
        self.store = Store(Path(folder) if folder else None)
        self.web = web or Web(self.auth_token)
        self.carried: dict[str, Connection] = {}
        self.outgoing: list[Call] = []
        self.orders: dict[str, Order] = {}  # of outgoing calls that nobody has answered yet
        self.driver: Driver | None = None
        self.troubles: deque[Trouble] = deque()
        self.opted_out: set[str] = set()
        self.plan = plan
        self.people: dict[str, Person] = {}

    def ring(self, from_: str, to: str = "", **manner: "Unpack[Manner]") -> "Call":
        """Ring one of the exchange's numbers with a scripted telephone."""
        from exchange.phone import Phone  # noqa: PLC0415 - the telephone knows the exchange, which only hands it out

        return Phone(self).ring(from_, to, **manner)

    def place(self, from_: str, to: str, order: Order) -> CallRecord:
        """Ring a number on the account's behalf; a script finds the call in `outgoing`."""
        from exchange.scripted import Call  # noqa: PLC0415 - as above

        record = self.new_call(from_, to, "outbound-api")
        line = self.line_for(record, order.params)
        line.state, line.fallback = "queued", order.fallback
        line.progress = Progress(*order.told, order.moments)
        self.orders[record.sid] = order
        call = (self.driver or Call)(self, record, line)
        if isinstance(call, Call):
            self.outgoing.append(call)
        call.ring_out()
        return record

    def at(self, number: str) -> Person:
        """Who answers there, or does not."""
        known = self.people.get(number)
        return known or (self.plan.person(number) if self.plan else Person())

    def run_until_quiet(self) -> None:
        """All whose phones ring do what they do, notices arrive as planned, until nothing is left."""
        crowd.run(self)

    def deliver(self) -> None:
        """Send the notices in hand: in order, or late, twice and never where the plan says so."""
        crowd.deliver(self)

    def rings(self, number: str) -> list[datetime]:
        """When this number was rung, so far."""
        calls = list(self.store.calls.values())
        return [call.made_at for call in calls if call.to == number and call.direction != "inbound"]

    def text(self, from_: str, body: str, to: str = "") -> "Webhook | None":
        """Somebody writes a message to one of the exchange's numbers."""
        return texts.receive(self, from_, to or self.numbers[0], body)

    def heard_of(self, message: MessageRecord) -> None:
        """A message came or went; the live exchange shows it."""

    def remember(self, call: "Connection") -> None:
        """Have a call at hand for those who ask after it; the oldest that are over are let go."""
        self.carried[call.sid] = call
        if len(self.carried) > MOST_CARRIED:
            for sid in [sid for sid, one in self.carried.items() if one.line.over][: MOST_CARRIED // 2]:
                self.carried.pop(sid, None)

    def recording_url(self, sid: str) -> str:
        return f"{self.base_url}/{API}/Accounts/{self.account_sid}/Recordings/{sid}"

    def new_call(self, from_: str, to: str, direction: str, parent: str | None = None) -> CallRecord:
        return CallRecord(new_sid("CA"), from_, to, direction, self.clock(), parent=parent)

    def line_for(self, record: CallRecord, more: Mapping[str, str | None], *, leg: bool = False) -> Line:
        """A line with the parameters that every request about the call carries; None leaves one out."""
        facts: dict[str, str | None] = {
            "CallSid": record.sid,
            "AccountSid": self.account_sid,
            "From": record.from_,
            "To": record.to,
            "Caller": record.from_,
            "Called": record.to,
            "Direction": record.direction,
            "ApiVersion": API,
        }
        facts |= {"ParentCallSid": record.parent} | dict(more)
        kept = {name: value for name, value in facts.items() if value is not None}
        inbound = record.direction == "inbound"
        return Line(
            kept,
            fallback=(self.fallback_url, "POST") if inbound else None,
            progress=Progress(self.status_url) if inbound else None,
            leg=leg,
            strict=self.strict,
        )

    def close(self) -> None:
        """Close files and connections."""
        self.store.close()
        self.web.close()
