"""What the carrier sent, made safe to use: anything may be missing, repeated, oversized, of another kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from flask import Request

from callbacks.intake import Recording
from ivr.hearing import Answer

LONGEST = 500
LONGEST_SID = 64
LAST_TURN = 1_000_000
OVER = {"completed", "busy", "failed", "no-answer", "canceled"}


@dataclass(frozen=True)
class Parameters:
    """One request's form; of a repeated parameter the first counts."""

    form: Mapping[str, str]

    @classmethod
    def of(cls, request: Request) -> "Parameters":
        """What this request brings."""
        return cls(request.form.to_dict())

    def text(self, name: str, longest: int = LONGEST) -> str:
        """The value without signs that a database refuses, and no longer than it can hold."""
        value = self.form.get(name, "")[:longest]
        if not value.isprintable():
            value = "".join(sign for sign in value if sign.isprintable())
        return value.strip()

    @property
    def call_sid(self) -> str | None:
        return self._sid("CallSid")

    @property
    def is_over(self) -> bool:
        """Whether the carrier says that the call has ended."""
        return self.text("CallStatus") in OVER

    @property
    def is_vouched_for(self) -> bool:
        """Only this attestation says that the caller may use the number."""
        return self.text("StirVerstat") == "TN-Validation-Passed-A"

    def answer(self) -> Answer:
        """What the caller did; nothing of it given is silence."""
        recording = self.recording()
        return Answer(
            digits=self.text("Digits", 40),
            speech=self.text("SpeechResult"),
            recording=recording,
            dialled=self.text("DialCallStatus"),
            bridged=self.text("DialBridged").lower() != "false",
            seconds=self.seconds("DialCallDuration"),
        )

    def recording(self) -> Recording | None:
        """The recording told of, if there is one: where nothing was kept, the carrier names no address."""
        sid, url = self._sid("RecordingSid"), self.text("RecordingUrl")
        if sid is None or not url or self.text("RecordingStatus") in {"absent", "failed"}:
            return None
        return Recording(sid, url, self._whole("RecordingDuration"), self._left_at())

    def _left_at(self) -> datetime | None:
        """When the message was finished, where the carrier says when it was begun."""
        begun, seconds = self.text("RecordingStartTime"), self._whole("RecordingDuration")
        if not begun or seconds is None:
            return None
        try:
            moment = parsedate_to_datetime(begun)
            return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)) + timedelta(
                seconds=seconds
            )
        except (ValueError, OverflowError):
            return None

    def seconds(self, name: str) -> int | None:
        """A whole number of seconds; None where there is none to rely on."""
        return self._whole(name)

    def _sid(self, name: str) -> str | None:
        sid = self.text(name, LONGEST)
        return sid if sid.isascii() and sid.isalnum() and len(sid) <= LONGEST_SID else None

    def _whole(self, name: str) -> int | None:
        text = self.text(name, 10)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
