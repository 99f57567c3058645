"""The way out of a line: what it asks, tells and plays, each with the parameters that Twilio sends along."""

import math
from collections.abc import Mapping
from urllib.parse import urljoin

from exchange.effects import Ask, Effect, Heard, Tell
from exchange.progress import Progress


class Outlet:
    """Collects effects until they are drained."""

    def __init__(self, facts: Mapping[str, str], state: str, progress: Progress | None) -> None:
        self.facts = dict(facts)
        self.state = state
        self.progress = progress
        self.seconds = 0.0  # how long the call has lasted; whoever drives the line counts them
        self.url = ""  # of the document being carried out
        self.asking: Ask | None = None
        self._out: list[Effect] = []

    def hear(self, sound: Heard) -> None:
        self._out.append(sound)

    def put(self, effect: Effect) -> None:
        self._out.append(effect)

    def absolute(self, url: str) -> str:
        return urljoin(self.url, url.strip()) if url.strip() else self.url

    def ask(self, url: str, method: str, more: Mapping[str, str], *, last: bool = False) -> None:
        asked = Ask(self.absolute(url), method or "POST", self.fields(more), last)
        if not last:
            self.asking = asked
        self._out.append(asked)

    def tell(self, kind: str, url: str, method: str, more: Mapping[str, str], *, bare: bool = False) -> None:
        fields = dict(more) if bare else self.fields(more)
        self._out.append(Tell(kind, self.absolute(url), method or "POST", fields))

    def fields(self, more: Mapping[str, str]) -> dict[str, str]:
        return self.facts | {"CallStatus": self.state} | dict(more)

    def report(self, moment: str) -> None:
        """Tell the call's progress where somebody asked to be told of this moment."""
        if self.progress and moment in self.progress.moments:
            more = {"CallbackSource": "call-progress-events", "SequenceNumber": str(self.progress.count())}
            if moment == "completed":
                length = str(math.ceil(self.seconds)) if self.state == "completed" else "0"
                more |= {"CallDuration": length, "Duration": str(math.ceil(self.seconds / 60))}
            self.tell(moment if moment != "completed" else "ended", *self.progress.where, more)

    def _drain(self) -> list[Effect]:
        out, self._out = self._out, []
        return out
