"""What one turn has to go by: the call, its request, and what the caller has just answered."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callbacks import intake
from callbacks.call import Call
from callbacks.callback import Callback
from callbacks.intake import Recording
from callbacks.wording import Words
from callbacks.work import Work


@dataclass(frozen=True)
class Answer:
    """What the carrier brought. All of it may be empty: that is silence."""

    digits: str = ""
    speech: str = ""
    recording: Recording | None = None
    dialled: str = ""
    bridged: bool = True
    seconds: int | None = None


@dataclass(frozen=True)
class Hearing:
    """One call within one unit of work."""

    work: Work
    call: Call
    spoken_in: str | None = None
    """Where one sentence is in another language than the call."""
    found: dict[int, Callback | None] = field(default_factory=dict)
    """The session forgets what nobody holds, and would look for it again."""

    @property
    def language(self) -> str:
        """The language the caller is spoken to in."""
        return self.spoken_in or self.call.language

    @property
    def words(self) -> Words:
        """The words of that language."""
        return Words.of(self.language)

    @property
    def callback(self) -> Callback | None:
        """The request this call has left, if it has come that far."""
        key = self.known("callback")
        if key and key not in self.found:
            self.found[key] = self.work.session.get(Callback, key)
        return self.found[key] if key else None

    def known(self, name: str) -> Any:
        """What an earlier answer was; None where there was none."""
        return self.call.answers.get(name)

    def remember(self, **answers: Any) -> None:
        """Keep answers for later turns; None forgets one."""
        kept = {**self.call.answers, **answers}
        kept = {name: value for name, value in kept.items() if value is not None}
        if kept != self.call.answers:  # else the call would be written for nothing
            self.call.answers = kept

    def takes(self, recording: Recording | None, turn: int | None = None) -> Callback:
        """Take the message this turn asked for."""
        turn = self.call.turn if turn is None else turn
        return intake.take_message(self.work, self.call, turn, recording)

    def local(self, moment: datetime) -> datetime:
        """The moment by the office's clock."""
        return moment.astimezone(self.work.policy.office.zone)
