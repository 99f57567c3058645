"""The kinds of step a conversation is made of, and what an answer may lead to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from callbacks.call import Kind
from ivr.hearing import Answer, Hearing


@dataclass(frozen=True)
class On:
    """The answer does: to the next step of this line. `say` names a sentence spoken before it."""

    say: str = ""


@dataclass(frozen=True)
class Again:
    """The answer does not do: one more try, or where giving up leads."""

    say: str = ""


@dataclass(frozen=True)
class Repeat:
    """The same question once more; it costs no try."""


@dataclass(frozen=True)
class Go:
    """By way of one of the step's `goes`, to another line or another step."""

    way: str
    say: str = ""


@dataclass(frozen=True)
class Back:
    """By way of one of the step's `goes`, to a question asked before: one more try of that one."""

    way: str
    say: str = ""


Verdict = On | Again | Repeat | Go | Back
Judge = Callable[[Hearing, Answer], Verdict]
"""What an answer means. It may change what the call and its request know; it decides nothing else."""


class Wait(StrEnum):
    """How long to wait for keys, by the policy's two lengths."""

    NEEDED = "key_wait"
    CONFIRM = "confirm_wait"


@dataclass(frozen=True)
class Keys:
    """What a question listens for. `most` keys end it at once, # ends it sooner; speech where it is taken."""

    most: int | None = 1
    speech: bool = False
    wait: Wait = Wait.NEEDED


@dataclass(frozen=True)
class Instead:
    """Another step to take where this one makes no sense."""

    where: Callable[[Hearing], bool]
    to: str


@dataclass(frozen=True)
class Step:
    """Prompts are one a try, the last repeats; each is the names of sentences, parted by blanks.

    `goes` maps the ways of the judge to steps. `says` are the sentences that it may put before the next step.
    `arrive` is done when a caller comes here. What a `kept` step says is kept in the request's journal.
    """

    name: str
    prompts: tuple[str, ...]
    goes: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    says: tuple[str, ...] = field(default=(), kw_only=True)
    instead: Instead | None = field(default=None, kw_only=True)
    arrive: Callable[[Hearing], None] | None = field(default=None, kw_only=True)
    kept: bool = field(default=False, kw_only=True)

    def sentences(self, tries: int) -> list[str]:
        """The names of what is said at this try."""
        return self.prompts[min(tries, len(self.prompts) - 1)].split()

    def leads_to(self) -> list[str]:
        """Every step that this one names."""
        return [*self.goes.values(), *([self.instead.to] if self.instead else [])]


@dataclass(frozen=True)
class Asked(Step):
    """A step that waits for something, and the judge of it."""

    judge: Judge


@dataclass(frozen=True)
class Ask(Asked):
    """A question, answered by keys or speech. Silence is posted too, and judged like a wrong key."""

    keys: Keys = field(kw_only=True)
    gives_up: str = field(kw_only=True)

    def leads_to(self) -> list[str]:
        return [*super().leads_to(), self.gives_up]


@dataclass(frozen=True)
class Take(Asked):
    """Records a message of this kind."""

    kind: Kind = field(kw_only=True)


@dataclass(frozen=True)
class Connect(Asked):
    """Connects the caller to Sales."""


@dataclass(frozen=True)
class Through(Asked):
    """Connects the caller to the agent who was ringing them."""


@dataclass(frozen=True)
class Say(Step):
    """Says something and goes on without waiting for an answer."""

    to: str = field(kw_only=True)

    def leads_to(self) -> list[str]:
        return [*super().leads_to(), self.to]


@dataclass(frozen=True)
class End(Step):
    """Says something and hangs up."""
