"""Staffing the desk: people join, change what they take and when they are there, and leave."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from callbacks import draft, journal, own_notice, presence, sign_in
from callbacks.agent import Agent, Presence, Role, by_sign_in
from callbacks.errors import NotFound, Refused, Sentence
from callbacks.work import Work

CHANGEABLE = frozenset({"name", "roles", "level", "languages", "topics", "phone", "shifts", "days_off"})
PERSONAL = frozenset({"name", "phone"})
"""Old and new of these hang beside the chain, so that a person can be forgotten."""


def the_person(work: Work, name: str) -> Agent:
    """Who signs in by this name, kept from other hands; NotFound where nobody does."""
    person = by_sign_in(work.session, name)
    held = work.held(Agent, person.id) if person else None
    if held is None:
        raise NotFound(f"nobody signs in as {name!r}: script/desk agent list tells who does")
    return held


def join(work: Work, person: Agent, by: str) -> None:
    """From now on this person works here. A name or phone that somebody has is refused."""
    taken = select(Agent.left_at).where(Agent.sign_in == person.sign_in)
    for left_at in work.session.scalars(taken):
        words = (
            "somebody who left was {name}: the journal still means them; choose another name"
            if left_at
            else "somebody signs in as {name} already: choose another name"
        )
        name = "name_was_taken" if left_at else "name_taken"
        raise Refused(Sentence(name, words, {"name": person.sign_in}))
    _refuse_a_phone_in_use(work, person, person.phone)
    person.created_at = work.now
    work.session.add(person)
    _write(work, "agent_added", by, person, roles=person.roles, level=person.level or 1)


def change(work: Work, person: Agent, said: Mapping[str, Any], by: str) -> None:
    """Put what was said in place of what was; the journal names what changed."""
    unknown = said.keys() - CHANGEABLE
    if unknown:
        raise ValueError(f"not to be changed here: {sorted(unknown)}")
    changed = {name: value for name, value in said.items() if getattr(person, name) != value}
    if "roles" in changed and Role.ADMINISTRATOR not in changed["roles"]:
        _refuse_to_lose_the_last_administrator(work, person)
    pairs = {name: [getattr(person, name), changed[name]] for name in sorted(changed)}
    if "phone" in changed:
        _refuse_a_phone_in_use(work, person, changed["phone"])
        person.phone_code = None  # it was for the phone before
    if not {*person.roles} <= {*changed.get("roles", person.roles)}:
        sign_in.end_all(work, person)  # whatever page is open was opened by the role they had
    for name, value in changed.items():
        setattr(person, name, value)
    if changed:
        _write_changed(work, person, pairs, by)


def new_password(work: Work, person: Agent, digest: str, by: str, but: str = "") -> None:
    """The password before it opens nothing, nor does any stay that it opened, but for the one of this key."""
    person.password_hash = digest
    sign_in.end_all(work, person, but)
    _write(work, "agent_password", by, person)


def leave(work: Work, person: Agent, by: str) -> None:
    """Gone for good: rung no more, signed out everywhere; what was assigned is back in the queue."""
    _refuse_to_lose_the_last_administrator(work, person)
    presence.change(work, person, Presence.AWAY, by)
    sign_in.end_all(work, person)
    draft.forget_of(work, person)
    own_notice.forget_of(work, person)
    person.left_at, person.phone_code = work.now, None
    _write(work, "agent_left", by, person)


def has_administrator(work: Work, but: Agent | None = None) -> bool:
    """Whether somebody, or somebody else, can set this desk up by its pages."""
    here = select(Agent.id, Agent.roles).where(Agent.left_at.is_(None))
    others = (roles for key, roles in work.session.execute(here) if but is None or key != but.id)
    return any(Role.ADMINISTRATOR in roles for roles in others)


def is_empty(work: Work) -> bool:
    """Whether nobody can sign in yet."""
    return work.session.scalar(select(Agent.id).where(Agent.left_at.is_(None)).limit(1)) is None


def _refuse_to_lose_the_last_administrator(work: Work, person: Agent) -> None:
    """Else nobody could set the desk up by its pages any more. Two who would each go take turns."""
    journal.hold(work, [journal.DESK])
    if person.is_any(Role.ADMINISTRATOR) and not has_administrator(work, but=person):
        words = "{name} is the only administrator: make somebody else one first"
        raise Refused(Sentence("last_administrator", words, {"name": person.name}))


def _refuse_a_phone_in_use(work: Work, person: Agent, phone: str | None) -> None:
    """One phone is one person: by it the desk knows who calls in."""
    same = select(Agent.sign_in).where(
        Agent.phone == phone, Agent.left_at.is_(None), Agent.id != (person.id or 0)
    )
    holder = work.session.scalar(same.limit(1)) if phone else None
    if holder:
        words = "{phone} is the phone of {holder} already: one phone is one person's"
        raise Refused(Sentence("phone_taken", words, {"phone": phone, "holder": holder}))


def _write_changed(work: Work, person: Agent, pairs: Mapping[str, list[Any]], by: str) -> None:
    """Old and new of each."""
    facts = {name: pair for name, pair in pairs.items() if name not in PERSONAL}
    personal = {name: pair for name, pair in pairs.items() if name in PERSONAL}
    journal.write(
        work, journal.DESK, "agent_changed", by,
        facts={"agent": person.sign_in, "changed": facts},
        personal={"changed": personal} if personal else None,
    )  # fmt: skip


def _write(work: Work, move: str, by: str, person: Agent, **facts: Any) -> None:
    journal.write(work, journal.DESK, move, by, facts={"agent": person.sign_in, **facts})
