"""The carrier's REST side: how a call stands, what it recorded, the sound of it, and deleting it there."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any
from urllib.parse import quote, urljoin

import requests
from twilio.rest import Client

from callbacks.intake import Recording
from callbacks.sweep import AtCarrier
from worker.line import PATIENCE, WAITS, CarrierAway, Line, NotThere, asked, check, reached
from worker.outgoing import Outgoing
from worker.sound import LARGEST, Sound, sound_of

API = "https://api.twilio.com"
WHOLE = 60.0
"""Seconds that all of a recording may take."""

OVER = {"completed", "busy", "failed", "no-answer", "canceled"}
NO_SOUND = {"absent", "failed", "deleted"}
REDIRECTS = 3


@dataclass(frozen=True)
class Recorded:
    """A recording as the carrier lists it; until it is settled there is nothing to fetch."""

    recording: Recording
    call_sid: str
    made_at: datetime
    settled: bool


class Carrier(Outgoing):
    """One account. `base` stands in for every address of the carrier: an exchange, a proxy."""

    def __init__(
        self, account_sid: str, auth_token: str, base: str | None = None, waits: Sequence[float] = WAITS
    ) -> None:
        self._account = (account_sid, auth_token)
        self._line = Line(base, waits)

    @cached_property
    def _client(self) -> Any:
        return Client(*self._account, http_client=self._line)

    def call(self, call_sid: str) -> AtCarrier:
        """How this call stands, and what it recorded."""
        call = asked(self._client.calls(_safe(call_sid)).fetch)
        found = self._listed(call_sid=call_sid)
        return AtCarrier(
            call_sid=call_sid, from_=str(call._from or ""), to=str(call.to or ""),
            inbound=str(call.direction or "inbound").startswith("inbound"),
            over=call.status in OVER, settled=all(each.settled for each in found),
            recordings=tuple(each.recording for each in found if each.settled),
        )  # fmt: skip

    def recorded_since(self, moment: datetime) -> list[Recorded]:
        """Every message recorded on this account since then."""
        return [each for each in self._listed(date_created_after=moment) if each.made_at >= moment]

    @contextmanager
    def sound(self, recording_sid: str, address: str) -> Iterator[Sound]:
        """The sound of a recording, while it arrives. Credentials go to the carrier's own hosts alone."""
        url = self._media_address(recording_sid, address)
        with requests.Session() as session:
            for _ in range(REDIRECTS):
                reply = reached(partial(
                    session.get, url, auth=self._account, stream=True, timeout=PATIENCE, allow_redirects=False
                ))  # fmt: skip
                if not reply.is_redirect:
                    break
                url = self._followed(reply)
            with reply:
                check(reply.status_code, f"recording {recording_sid}")
                yield sound_of(reply.headers, _chunks(reply))

    def delete(self, recording_sid: str) -> None:
        """Gone there; that it was gone already is as good."""
        try:
            asked(self._client.recordings(_safe(recording_sid)).delete)
        except NotThere:
            return

    def _listed(self, **which: Any) -> list[Recorded]:
        """What was recorded otherwise than by Record (a whole call, a conference) is no message."""
        listed = asked(lambda: self._client.recordings.list(**which))
        return [
            asked(partial(self._recorded, each))
            for each in listed
            if each.source in (None, "", "RecordVerb") and each.call_sid and each.status not in NO_SOUND
        ]

    def _recorded(self, listed: Any) -> Recorded:
        """As our intake takes it: a message was left when its recording ended."""
        seconds = int(listed.duration) if str(listed.duration or "").isdigit() else None
        made_at = listed.start_time or listed.date_created
        left_at = made_at + timedelta(seconds=seconds or 0)
        settled = listed.status in (None, "", "completed")
        return Recorded(
            Recording(listed.sid, self._address(listed.sid), seconds, left_at),
            listed.call_sid, made_at, settled,
        )  # fmt: skip

    def _address(self, recording_sid: str) -> str:
        return f"{API}/2010-04-01/Accounts/{self._account[0]}/Recordings/{_safe(recording_sid)}"

    def _media_address(self, recording_sid: str, address: str) -> str:
        """Where the sound is. A recording's address is a request's parameter: a strange one is not used."""
        known = self._line.is_carriers(address)
        return self._line.reached_at(address if known else self._address(recording_sid))

    def _followed(self, reply: requests.Response) -> str:
        address = urljoin(reply.url, reply.headers.get("Location", ""))
        if not self._line.is_carriers(address):
            raise CarrierAway("the carrier sends us to a strange host for a recording")
        return self._line.reached_at(address)


def _chunks(reply: requests.Response) -> Iterator[bytes]:
    """The body, within our patience and hardly larger than any message can be."""
    give_up, size = time.monotonic() + WHOLE, 0
    chunks = reply.iter_content(65536)
    while size <= LARGEST and (chunk := reached(lambda: next(chunks, b""))):
        size += len(chunk)
        if time.monotonic() > give_up:
            raise CarrierAway("a recording comes too slowly")
        yield chunk


def _safe(sid: str) -> str:
    """A SID came in a request; it must not lead to another path."""
    return sid if re.fullmatch(r"[A-Za-z0-9]{1,64}", sid) else quote(sid, safe="")
