"""Closing the office for a day or some hours: what it would mean for those who wait, before it is done.

No promise is rewritten by it: each stays as it was told, and is kept or broken as if nobody had closed.
"""

import hashlib
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from callbacks import policy_book, text_words, texting, what_if
from callbacks.callback import Callback
from callbacks.errors import Refused
from callbacks.hours import OfficeHours, OutOfReach
from callbacks.policy.editing import GONE, value_at
from callbacks.policy_book import Hand
from callbacks.what_if import Differing
from callbacks.work import Work

LISTED = ("office", "closures")


class Shut(StrEnum):
    """How much of the window that was promised would fall into the closure."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"
    """The window stays open; under the new calendar it would only have been a later one."""


class NothingCloses(Refused):
    """The office does not work then anyway."""


class Overtaken(Refused):
    """Since the preview was made others have asked, or were rung: it is to be looked at again."""


@dataclass(frozen=True)
class Touched:
    """One whose window would have been another; `told` is what they should hear, in their language."""

    callback: Callback
    opens: datetime
    closes: datetime
    shut: Shut
    told: str
    may_text: bool


@dataclass(frozen=True)
class Preview:
    """`mark` changes when anything of it does. `lost` is the working time that would be closed."""

    touched: tuple[Touched, ...]
    looked_at: int
    is_all: bool
    lost: timedelta

    @property
    def mark(self) -> str:
        lines = [f"{each.callback.id}/{each.opens}/{each.closes}/{each.shut}" for each in self.touched]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def preview(work: Work, closure: dict[str, Any]) -> Preview:
    """What this closure would mean; PolicyError where it is none, NothingCloses where it closes nothing."""
    policy = work.judge.read(_with(work, closure))
    lost = _lost(work.hours, policy.office_hours, closure["from"], closure.get("until") or closure["from"])
    if not lost:
        raise NothingCloses("the office does not work then anyway")
    then = replace(work, policy=policy)
    found = what_if.would_differ(work, policy)
    _with_companies(work, [each.callback.id for each in found.differing])
    touched = tuple(_touched(then, each, work.hours) for each in found.differing)
    return Preview(touched, found.looked_at, found.is_all, lost)


def close(
    work: Work, closure: dict[str, Any], hand: Hand, mark: str, to_text: Collection[str]
) -> tuple[list[Touched], list[Touched]]:
    """Close it, and text those named by their reference: (texted, still to be rung by a person).

    Overtaken where the preview that was looked at is true no more.
    """
    found = preview(work, closure)
    if found.mark != mark:
        raise Overtaken("others have asked since, or were rung: look again")
    policy_book.add_closure(work, closure, hand)
    texted, to_ring = [], []
    for each in found.touched:
        if each.may_text and each.callback.reference in to_text:
            occasion = text_words.expected(each.opens, each.closes)
            texting.plan(work, each.callback, text_words.CLOSURE, occasion)
            texted.append(each)
        else:
            to_ring.append(each)
    return texted, to_ring


def _with_companies(work: Work, ids: Collection[int]) -> None:
    """Read whose each is in one go: they are shown by name, after the work has ended."""
    whose = select(Callback).where(Callback.id.in_(ids)).options(joinedload(Callback.subscription))
    work.session.scalars(whose).all()


def _with(work: Work, closure: dict[str, Any]) -> str:
    """The policy's text with one closure more."""
    _, text = policy_book.current(work)
    there = value_at(tomllib.loads(text), LISTED)
    place = 0 if there is GONE else len(there)
    given = {key: value for key, value in closure.items() if value not in (None, "", [], ())}
    return policy_book.would_be(work, {(*LISTED, place): given})


def _lost(now: OfficeHours, then: OfficeHours, first: date, last: date) -> timedelta:
    """The working time of these days that there would be no more; none that no calendar reaches."""
    try:
        start = datetime.combine(first, time(), now.zone)
        end = datetime.combine(last + timedelta(days=1), time(), now.zone)
        return now.between(start, end) - then.between(start, end)
    except (OutOfReach, OverflowError):
        return timedelta(0)


def _touched(then: Work, differing: Differing, hours: OfficeHours) -> Touched:
    callback = differing.callback
    occasion = text_words.expected(differing.opens, differing.closes)
    told = text_words.body(then, callback, text_words.CLOSURE, occasion) or ""
    may_text = bool(told) and texting.may_text(then, callback.number)
    shut = _shut(callback, hours, then.hours)
    return Touched(callback, differing.opens, differing.closes, shut, told, may_text)


def _shut(callback: Callback, now: OfficeHours, then: OfficeHours) -> Shut:
    assert callback.opens is not None  # noqa: S101 - only promises are looked at
    assert callback.closes is not None  # noqa: S101
    before, after = (hours.between(callback.opens, callback.closes) for hours in (now, then))
    if after >= before:
        return Shut.NONE
    return Shut.PART if after else Shut.WHOLE
