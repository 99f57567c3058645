"""What a caller does, written as words for the command line: press:1234# record:20,hangup notices:twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from exchange.box import Exchange
from exchange.errors import BadTwimlError, CallOverError, WrongMomentError
from exchange.scripted import Call

Act = Callable[[Call, str], object]


def _record(call: Call, told: str) -> None:
    seconds, _, then = told.partition(",")
    call.record(float(seconds or 10), then=then or "#")


def _notices(call: Call, told: str) -> None:
    order = -1 if "reversed" in told else 1
    for notice in list(call.notices)[::order]:
        notice.deliver(times=2 if "twice" in told else 1)


def _notice(call: Call, told: str) -> None:
    kind, _, times = told.partition(",")
    for notice in [one for one in call.notices if one.kind == kind]:
        notice.deliver(int(times or 1))


def _drop(call: Call, kind: str) -> None:
    call.notices[:] = [one for one in call.notices if kind and one.kind != kind]


ACTS: Mapping[str, tuple[Act, str]] = {
    "press": (Call.press, "press:1234#       press keys, one after the other"),
    "say": (Call.speak, "say:tomorrow      speak where speech is listened for"),
    "silence": (lambda call, _: call.silence(), "silence           do nothing until the wait is over"),
    "record": (_record, "record:20,hangup  speak for 20 s, then press a key (#), hangup or silence"),
    "hangup": (lambda call, _: call.hang_up(), "hangup            put the receiver down"),
    "dial": (
        Call.dial_result,
        "dial:busy         how dialling others ends: completed, busy, no-answer, failed",
    ),
    "lose": (lambda call, _: call.lose_reply(), "lose              lose the answer to the next request"),
    "resend": (
        lambda call, n: call.resend(int(n or -1)),
        "resend:0          send the first webhook once more",
    ),
    "notice": (_notice, "notice:recording,2  deliver a notice of this kind, twice"),
    "notices": (_notices, "notices:reversed,twice  deliver all that are held"),
    "drop": (_drop, "drop:ended        lose a notice of this kind (drop alone: all)"),
}
AFTER = {"resend", "notice", "notices", "drop"}  # these make sense once the call is over


class ScriptError(Exception):
    """A word that is no act."""


@dataclass(frozen=True, slots=True)
class Script:
    """A caller's acts in order."""

    acts: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, words: Sequence[str]) -> "Script":
        """Read acts; raises ScriptError naming what is no act."""
        acts = []
        for word in words:
            name, _, told = word.partition(":")
            if name not in ACTS:
                raise ScriptError(f'"{word}" is no act; acts are {", ".join(ACTS)}')
            acts.append((name, told))
        return cls(tuple(acts))

    def play(self, exchange: Exchange, from_: str, to: str, gone_at: int = -1) -> Call:
        """Ring and act; a caller who has gone does nothing more, but notices still go out."""
        call = exchange.ring(from_, to, hangs_up_at=gone_at, quiet=True)
        for name, told in self.acts:
            if call.line.over and name not in AFTER:
                continue
            try:
                ACTS[name][0](call, told)
            except (CallOverError, WrongMomentError, BadTwimlError, ValueError) as error:
                call.note(f"{name}:{told} was not possible: {error}")
                call.missteps.append(f"{name}: {error}")
        return call

    def everywhere(self, exchange: Exchange, from_: str, to: str) -> list[Call]:
        """Play the script once to its end, and once for each moment at which the caller may be gone."""
        whole = self.play(exchange, from_, to)
        return [whole, *(self.play(exchange, from_, to, moment) for moment in range(whole.moments))]
