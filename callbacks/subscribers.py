"""Subscriptions looked through by name, plan and standing, a page at a time; and the use of one's codes."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from callbacks.call import Call
from callbacks.callback import Callback
from callbacks.errors import NotFound
from callbacks.extension_code import ExtensionCode, opens
from callbacks.guard import CodeTry
from callbacks.subscribing import today
from callbacks.subscription import Plan, Standing, Subscription
from callbacks.work import Work

A_PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Which are looked for; whatever is None is not asked about."""

    words: str = ""
    plan: Plan | None = None
    standing: Standing | None = None
    page: int = 1


@dataclass(frozen=True)
class Found:
    """One page of them, and how many there are in all; `codes` counts those that open the line, by id."""

    subscriptions: Sequence[Subscription]
    codes: Mapping[int, int]
    count: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // A_PAGE))


@dataclass(frozen=True)
class CodeUse:
    """A code as its subscription's page shows it; `wrong_since` counts those who keyed it after its end."""

    code: ExtensionCode
    is_live: bool
    wrong_since: int


def look(work: Work, wanted: Wanted) -> Found:
    """Those that are wanted, by name: capitals and accents aside, in every script, as databases cannot."""
    rows = work.session.execute(select(Subscription.id, Subscription.company).where(*_asked(work, wanted)))
    folded = sorted((folded_name(name), key) for key, name in rows)
    words = folded_name(wanted.words).split()
    keys = [key for name, key in folded if all(word in name for word in words)]
    page = min(max(wanted.page, 1), max(1, -(-len(keys) // A_PAGE)))
    shown = keys[(page - 1) * A_PAGE : page * A_PAGE]
    by_id = {
        each.id: each for each in work.session.scalars(select(Subscription).where(Subscription.id.in_(shown)))
    }
    return Found([by_id[key] for key in shown], _live(work, shown), len(keys), page)


def folded_name(name: str) -> str:
    """As it is looked for: without capitals and accents."""
    if name.isascii():
        return name.lower()
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def known(session: Session, key: int) -> Subscription:
    """The subscription so numbered; NotFound where there is none."""
    found = session.get(Subscription, key)
    if found is None:
        raise NotFound(f"no subscription has the number {key}")
    return found


def codes_of(work: Work, subscription: Subscription) -> list[CodeUse]:
    """Its codes, those that open the line first, then the newest; wrong tries are those callers made."""
    codes = work.session.scalars(
        select(ExtensionCode)
        .where(ExtensionCode.subscription_id == subscription.id)
        .order_by(ExtensionCode.id.desc())
    ).all()
    digests = [code.digest for code in codes]
    tries = (
        select(CodeTry.digest, func.count())
        .where(CodeTry.digest.in_(digests), CodeTry.right.is_(False))
        .group_by(CodeTry.digest)
    )
    wrong: dict[str, int] = dict(work.session.execute(tries).all()) if digests else {}
    uses = [
        CodeUse(code, code.retired_at is None or code.retired_at > work.now, wrong.get(code.digest, 0))
        for code in codes
    ]
    return sorted(uses, key=lambda use: not use.is_live)


def wrong_tries(work: Work, subscription: Subscription) -> int:
    """Wrong codes in calls that turned out to be this company's, as long as calls are kept."""
    theirs = select(ExtensionCode.digest).where(ExtensionCode.subscription_id == subscription.id)
    calls = (
        select(CodeTry.call_id)
        .join(Call, Call.id == CodeTry.call_id)
        .where(CodeTry.digest.in_(theirs), CodeTry.right.is_(True))
    )
    wrong = select(func.count()).where(CodeTry.right.is_(False), CodeTry.call_id.in_(calls))
    return work.session.scalar(wrong) or 0


LAST, MOST = 5, 500
"""Requests that a subscription's page shows by itself, and where all are asked for."""


def requests_of(work: Work, subscription: Subscription, limit: int = LAST) -> list[Callback]:
    """What it asked last, the newest first."""
    asked = select(Callback).where(Callback.subscription_id == subscription.id)
    return list(work.session.scalars(asked.order_by(Callback.received_at.desc()).limit(limit)))


def how_many_requests(work: Work, subscription: Subscription) -> int:
    """That it ever made."""
    asked = select(func.count(Callback.id)).where(Callback.subscription_id == subscription.id)
    return work.session.scalar(asked) or 0


def _asked(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.plan is not None:
        asked.append(Subscription.plan == wanted.plan)
    if wanted.standing is not None:
        asked += _standing(wanted.standing, today(work))
    return asked


def _standing(standing: Standing, day: date) -> list[ColumnElement[bool]]:
    """`Subscription.standing`, as the database asks it."""
    if standing is Standing.SUSPENDED:
        return [Subscription.suspended_at.is_not(None)]
    ended = Subscription.ends_on.is_not(None) & (Subscription.ends_on < day)
    held = [Subscription.suspended_at.is_(None)]
    if standing is Standing.TO_COME:
        return [*held, Subscription.starts_on > day]
    if standing is Standing.ENDED:
        return [*held, Subscription.starts_on <= day, ended]
    runs_on = or_(Subscription.ends_on.is_(None), Subscription.ends_on >= day)
    return [*held, Subscription.starts_on <= day, runs_on]


def _live(work: Work, keys: Sequence[int]) -> dict[int, int]:
    counted = (
        select(ExtensionCode.subscription_id, func.count())
        .where(ExtensionCode.subscription_id.in_(keys), opens(work.now))
        .group_by(ExtensionCode.subscription_id)
    )
    return dict(work.session.execute(counted).all())
