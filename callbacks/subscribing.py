"""Subscriptions and codes taken up, changed, suspended, rotated; each act leaves its line in the journal."""

import difflib
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from callbacks import extension_code, journal
from callbacks.errors import NotFound, Refused, Sentence
from callbacks.extension_code import ExtensionCode, Given
from callbacks.subscription import Subscription, by_company
from callbacks.terms import Terms
from callbacks.work import Work


def add(work: Work, terms: Terms, by: str, digits: int = extension_code.USUAL) -> Given:
    """Take up a company and make its first code."""
    if taken := namesake(work.session, terms.company):
        words = "{company} has a subscription already; rotate its code, or change it by an import"
        raise Refused(Sentence("company_taken", words, {"company": taken}))
    subscription = take_up(work, terms)
    _journal(work, "subscription_added", by, subscription, plan=subscription.plan)
    return _give(work, subscription, terms.label, digits)


def take_up(work: Work, terms: Terms) -> Subscription:
    """A new subscription on these terms, without a code yet."""
    subscription = Subscription(**_begun(work, terms))
    work.session.add(subscription)
    return subscription


def take_up_many(work: Work, all_terms: Sequence[Terms]) -> list[int]:
    """The numbers of new subscriptions on these terms, in their order: thousands in a second or two."""
    rows = [_begun(work, terms) for terms in all_terms]
    numbered = insert(Subscription).returning(Subscription.id, sort_by_parameter_order=True)
    return list(work.session.scalars(numbered, rows)) if rows else []


def change(work: Work, subscription: Subscription, terms: Terms) -> None:
    """Put a subscription on these terms. One that is suspended and stays so keeps the day it happened."""
    for name, value in _kept(terms).items():
        setattr(subscription, name, value)
    if terms.suspended != (subscription.suspended_at is not None):
        subscription.suspended_at = work.now if terms.suspended else None


def _begun(work: Work, terms: Terms) -> dict[str, Any]:
    suspended_at = work.now if terms.suspended else None
    begun = {"company": terms.company, "created_at": work.now, "suspended_at": suspended_at}
    return begun | _kept(terms)


def _kept(terms: Terms) -> dict[str, Any]:
    """What a subscription keeps of its terms as they are written."""
    return {
        "plan": terms.plan, "contract_speed": terms.contract_speed,
        "starts_on": terms.starts_on, "ends_on": terms.ends_on,
        "languages": terms.languages, "contacts": terms.contacts,
    }  # fmt: skip


def suspend(work: Work, company: str, by: str, *, lift: bool = False) -> Subscription:
    """Callers of a suspended subscription are sent to Sales, until it is lifted."""
    subscription = named(work.session, company)
    if (subscription.suspended_at is None) is lift:
        words = "{company} is not suspended" if lift else "{company} is already suspended"
        name = "not_suspended" if lift else "suspended_already"
        raise Refused(Sentence(name, words, {"company": subscription.company}))
    subscription.suspended_at = None if lift else work.now
    _journal(work, "subscription_resumed" if lift else "subscription_suspended", by, subscription)
    return subscription


def labelled(work: Work, company: str, label: str) -> ExtensionCode:
    """The company's code under this label, kept from other hands."""
    subscription = named(work.session, company)
    live = extension_code.live_codes(work.session, subscription, work.now)
    found = [code for code in live if code.label == label]
    if len(found) != 1:
        labels = ", ".join(sorted(repr(code.label) for code in live)) or "none"
        raise Refused(
            f"{subscription.company} has {len(found) or 'no'} codes labelled {label!r}; its labels: {labels}"
        )
    work.session.refresh(found[0], with_for_update={"of": ExtensionCode})
    return found[0]


def rotate(
    work: Work,
    company: str,
    by: str,
    *,
    label: str | None = None,
    grace: timedelta = timedelta(0),
    digits: int = extension_code.USUAL,
) -> Given:
    """A new code in place of the one so labelled; the old opens the line until the grace is over."""
    subscription = named(work.session, company)
    live = extension_code.live_codes(work.session, subscription, work.now)
    old = [code for code in live if label is None or code.label == label]
    if len(old) > 1 and label is None:
        labels = ", ".join(sorted(repr(code.label) for code in old))
        raise Refused(f"{subscription.company} has {len(old)} codes; say which by its label: {labels}")
    if label is not None and live and not old:
        raise Refused(
            f"{subscription.company} has no code labelled {label!r}; make one more, or name another"
        )
    for code in old:
        code.retire(work.now + grace)
    kept_label = old[0].label if old else label or ""
    _journal(work, "code_rotated", by, subscription, label=kept_label, grace=str(grace))
    return _give(work, subscription, kept_label, digits)


def one_more(work: Work, company: str, by: str, label: str, digits: int = extension_code.USUAL) -> Given:
    """Another code beside those there are, under a label of its own."""
    subscription = named(work.session, company)
    if any(code.label == label for code in extension_code.live_codes(work.session, subscription, work.now)):
        words = "{company} has a code labelled {label!r}; rotate it, or choose another label"
        raise Refused(Sentence("label_taken", words, {"company": subscription.company, "label": label}))
    _journal(work, "code_made", by, subscription, label=label)
    return _give(work, subscription, label, digits)


def named(session: Session, company: str) -> Subscription:
    """The company's subscription, kept from other hands; NotFound tells whose names are near."""
    found = by_company(session, namesake(session, company) or company)
    if found is None:
        known = companies(session)
        near = difflib.get_close_matches(company.casefold()[:200], known, n=3, cutoff=0.6)
        mend = f"did you mean {' or '.join(known[name] for name in near)}?" if near else "list them to see"
        raise NotFound(f"no subscription of {company[:80]!r}; {mend}")
    session.refresh(found, with_for_update=True)
    return found


def namesake(session: Session, company: str) -> str | None:
    """The company we know by this name, capitals aside."""
    return companies(session).get(unicodedata.normalize("NFC", company).casefold())


def companies(session: Session) -> dict[str, str]:
    """The names of all companies, by how they read without capitals: in every script, as databases cannot."""
    return {name.casefold(): name for name in session.scalars(select(Subscription.company))}


def listed(work: Work) -> Sequence[tuple[Subscription, list[ExtensionCode]]]:
    """Every subscription by name, each with the codes that open the line now."""
    codes: dict[int, list[ExtensionCode]] = {}
    for code in work.session.scalars(select(ExtensionCode).where(extension_code.is_live(work.now))):
        codes.setdefault(code.subscription_id, []).append(code)
    found = work.session.scalars(select(Subscription).order_by(Subscription.company))
    return [(subscription, codes.get(subscription.id, [])) for subscription in found]


def today(work: Work) -> date:
    """The date in the office."""
    return work.now.astimezone(work.policy.office.zone).date()


def _give(work: Work, subscription: Subscription, label: str, digits: int) -> Given:
    return Given(subscription.company, label, extension_code.make(work, subscription, label, digits))


def _journal(work: Work, move: str, by: str, subscription: Subscription, **facts: str) -> None:
    journal.write(work, journal.DESK, move, by, facts={"company": subscription.company, **facts})
