"""A subscription's terms changed by hand, its codes replaced and ended: by its number, and seen before."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from callbacks import extension_code, journal, subscribing
from callbacks.errors import NotFound, Refused, Sentence
from callbacks.extension_code import ExtensionCode, Given
from callbacks.subscription import Plan, Subscription
from callbacks.terms import Terms
from callbacks.work import Work

PERSONAL = ("contacts",)
"""What hangs beside the journal's chain: it is about people."""


class Overtaken(Refused):
    """Somebody else changed it since it was shown."""


def terms_of(subscription: Subscription) -> Terms:
    """The terms as they stand."""
    return Terms(
        company=subscription.company, plan=Plan(subscription.plan), starts_on=subscription.starts_on,
        ends_on=subscription.ends_on, contract_speed=subscription.contract_speed,
        suspended=subscription.suspended_at is not None, languages=list(subscription.languages),
        contacts=list(subscription.contacts),
    )  # fmt: skip


def fields(terms: Terms) -> dict[str, str]:
    """The terms as people write them, field by field; `Reading.terms` reads them back."""
    return {
        "company": terms.company,
        "plan": terms.plan.value,
        "contract_speed": str(terms.contract_speed or ""),
        "from": terms.starts_on.isoformat(),
        "until": terms.ends_on.isoformat() if terms.ends_on else "",
        "state": "suspended" if terms.suspended else "active",
        "languages": " ".join(terms.languages),
        "contacts": " | ".join(
            ", ".join(filter(None, (each.get("name"), each.get("phone"), each.get("email"))))
            for each in terms.contacts
        ),
    }


def differences(old: Terms, new: Terms) -> dict[str, list[str]]:
    """What is otherwise, field by field: as it was, as it is."""
    before, after = fields(old), fields(new)
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def mark(terms: Terms) -> str:
    """Short, and another where anything is otherwise: a form carries it, to tell whether it is stale."""
    written = json.dumps(fields(terms), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def amend(work: Work, subscription: Subscription, terms: Terms, seen: str, by: str) -> dict[str, list[str]]:
    """Put it on these terms and tell what changed. `seen` is the mark of the terms on the screen."""
    old = terms_of(subscription)
    if mark(old) != seen:
        raise Overtaken(Sentence("overtaken", "somebody else changed it meanwhile; look again, then decide"))
    taken = subscribing.namesake(work.session, terms.company)
    if taken and taken != subscription.company:
        words = "{company} has a subscription already; choose another name"
        raise Refused(Sentence("company_taken", words, {"company": taken}, field="company"))
    changed = differences(old, terms)
    if changed:
        subscription.company = terms.company
        subscribing.change(work, subscription, terms)
        write_changed(work, old.company, changed, by)
    return changed


def write_changed(work: Work, company: str, changed: Mapping[str, list[str]], by: str) -> None:
    """The line of the journal: old and new of each field, what is about people beside the chain."""
    told = {name: pair for name, pair in changed.items() if name not in PERSONAL}
    personal: dict[str, Any] = {name: pair for name, pair in changed.items() if name in PERSONAL}
    journal.write(
        work, journal.DESK, "subscription_changed", by,
        facts={"company": company, "changed": told},
        personal={"changed": personal} if personal else None,
    )  # fmt: skip


def replace(
    work: Work, code: ExtensionCode, by: str, grace: timedelta, digits: int = extension_code.USUAL
) -> Given:
    """A new code in place of this one, which opens the line until the grace is over.

    One that was replaced before is refused: so a form that is sent twice makes one code.
    """
    if code.retired_at is not None:
        words = "this code was replaced or ended already; what came after it cannot be shown again"
        raise Refused(Sentence("code_replaced", words))
    code.retire(work.now + grace)
    facts = {"company": code.subscription.company, "label": code.label, "grace": str(grace)}
    journal.write(work, journal.DESK, "code_rotated", by, facts=facts)
    made = extension_code.make(work, code.subscription, code.label, digits)
    return Given(code.subscription.company, code.label, made)


def revoke(work: Work, code: ExtensionCode, by: str) -> None:
    """From now on it opens nothing, and none comes in its place."""
    if code.retired_at is not None and code.retired_at <= work.now:
        raise Refused(Sentence("code_ended", "this code opens nothing any more"))
    code.retire(work.now)
    facts = {"company": code.subscription.company, "label": code.label}
    journal.write(work, journal.DESK, "code_revoked", by, facts=facts)


def suspend_code(work: Work, code: ExtensionCode, by: str, *, lift: bool = False) -> None:
    """To whoever keys it, it is as if there were no such code, until it is taken up again."""
    if code.retired_at is not None and code.retired_at <= work.now:
        raise Refused(Sentence("code_ended", "this code opens nothing any more"))
    if (code.suspended_at is None) is lift:
        words = "this code is not suspended" if lift else "this code is suspended already"
        raise Refused(Sentence("code_not_suspended" if lift else "code_suspended_already", words))
    code.suspended_at = None if lift else work.now
    facts = {"company": code.subscription.company, "label": code.label}
    journal.write(work, journal.DESK, "code_resumed" if lift else "code_suspended", by, facts=facts)


def held_code(work: Work, subscription: Subscription, key: int) -> ExtensionCode:
    """The subscription's code so numbered, kept from other hands."""
    wanted = select(ExtensionCode).where(ExtensionCode.id == key).with_for_update(of=ExtensionCode)
    code = work.session.scalar(wanted.execution_options(populate_existing=True))
    if code is None or code.subscription_id != subscription.id:
        raise NotFound(f"{subscription.company} has no such code")
    return code
