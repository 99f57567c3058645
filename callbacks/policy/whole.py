"""The policy: all that a supervisor may change, read from policy.toml and checked whole before it holds."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from callbacks.errors import PolicyError
from callbacks.hours import OfficeHours
from callbacks.phone_number import PhoneNumber, read
from callbacks.policy.form import Reading, read_table
from callbacks.policy.lines import read as read_lines
from callbacks.policy.notices import NoticeAddress
from callbacks.policy.office import Office
from callbacks.policy.sense import check
from callbacks.policy.tables import (
    CallLines,
    Guards,
    Languages,
    Notices,
    Numbers,
    PolicyLines,
    PromiseLines,
    Retention,
    Ring,
    Sales,
)
from callbacks.promise import Targets

__all__ = ["NoticeAddress", "Policy", "Referral", "Topic"]


@dataclass(frozen=True)
class Referral:
    """A paid service that covers what support does not. `says`: language to words."""

    name: str
    says: Mapping[str, str]


@dataclass(frozen=True)
class Topic:
    """What a caller may call about: the key to press, the level that takes it, or the service it goes to."""

    name: str
    key: str
    level: int
    says: Mapping[str, str]
    referral: Referral | None
    called: Mapping[str, str] = field(default_factory=dict)
    """What the desk itself calls it, by language; where there is no word for it, its name."""


@dataclass(frozen=True)
class Policy:
    """What holds at the desk. One that exists is sound."""

    office: Office
    promise: PromiseLines
    numbers: Numbers
    sales: Sales
    languages: Languages
    call: CallLines
    topics: tuple[Topic, ...]
    referrals: Mapping[str, Referral]
    ring: Ring
    guards: Guards
    notices: Notices
    retention: Retention
    prompts: Mapping[str, str]
    text: str = field(default="", repr=False, compare=False)
    """As it was written."""

    @classmethod
    def load(cls, path: Path | str, environ: Mapping[str, str] = os.environ) -> Self:
        """The policy of a file; PolicyError names every fault in it, each with its line and the mend."""
        return cls.parse(text_of(path), Path(path).name, environ)

    @classmethod
    def parse(cls, text: str, name: str = "policy.toml", environ: Mapping[str, str] = os.environ) -> Self:
        """The policy in a text; PolicyError as for `load`. `environ` may hold addresses of notices."""
        lines = read_lines(text)
        reading = Reading(lines, environ, list(lines.faults), set(lines.broken))
        written = read_table(PolicyLines, lines.values, (), reading)
        check(written, reading)
        if reading.faults:
            faults = sorted(set(reading.faults))
            named = [f"{name} line {number}: {sentence}" for number, sentence in faults]
            raise PolicyError(named, reading.placed)
        return cls(**_settled(written), text=text)

    @cached_property
    def targets(self) -> Targets:
        """What a promise is made of."""
        return Targets(**vars(self.promise))

    @cached_property
    def office_hours(self) -> OfficeHours:
        """The office's working time."""
        return self.office.working_time(self.office.hours)

    @cached_property
    def sales_hours(self) -> OfficeHours:
        """Sales' working time: its own week, or the office's; holidays and closures are the office's."""
        return self.office.working_time(self.sales.hours) if self.sales.hours else self.office_hours


def text_of(path: Path | str) -> str:
    """What a policy file holds; PolicyError where it cannot be read."""
    path = Path(path)
    try:
        return path.read_bytes().decode()
    except OSError as refusal:
        raise PolicyError([f"{path} cannot be read: {refusal.strerror}; name one that can"]) from refusal
    except UnicodeDecodeError as refusal:
        number = refusal.object.count(b"\n", 0, refusal.start) + 1
        raise PolicyError([f"{path.name} line {number}: not UTF-8; save the file as UTF-8"]) from refusal


def _settled(written: PolicyLines) -> dict[str, Any]:
    """The tables as they hold: topics with their keys and referrals, and the numbers that are ours known."""
    referrals = {name: Referral(name, each.says) for name, each in written.referrals.items()}
    topics = tuple(
        Topic(each.name, str(key), each.level, each.says, referrals.get(each.referral or ""), each.called)
        for key, each in enumerate(written.topics, start=1)
    )
    ours = {written.numbers.support, written.sales.number, *map(read, written.languages.by_number)}
    numbers = replace(
        written.numbers,
        country=written.numbers.country or written.office.holidays.country,
        own=frozenset(number for number in ours if isinstance(number, PhoneNumber)),
    )
    whole = {each.name: getattr(written, each.name) for each in fields(written)}
    return whole | {"referrals": referrals, "topics": topics, "numbers": numbers}
