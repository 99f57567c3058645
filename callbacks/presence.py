"""An agent's presence: by whom it is set, what it lets go of, and the personal code that sets it by phone."""

import hmac
import secrets
from datetime import datetime, time, timedelta

from sqlalchemy import bindparam, or_, select

from callbacks import extension_code, journal
from callbacks.agent import Agent, Presence
from callbacks.call import Kind
from callbacks.callback import DESK, Callback
from callbacks.extension_code import ExtensionCode
from callbacks.moves import State
from callbacks.work import Work

HIDDEN = "•••"
"""A code as the journal tells of it: that there was one, or there is."""

LOOKS_AT = 200
"""So many of the day's callbacks are looked at: nobody rings more in a day."""


def change(work: Work, agent: Agent, presence: Presence, by: str) -> None:
    """From now on the agent is ready, busy or away; who goes away lets go of what was assigned."""
    if agent.presence != presence:
        agent.presence, agent.presence_since = presence, work.now
        facts = {"agent": agent.sign_in, "presence": presence.value}
        journal.write(work, journal.DESK, "presence", by, facts=facts)
        if presence is Presence.READY:
            agent.idle_since, agent.unanswered = work.now, 0
    if presence is Presence.AWAY:
        let_go(work, agent)


def set_away(work: Work, agent: Agent, why: str) -> None:
    """The desk takes an agent off the phone whom it cannot rouse; the supervisor is told."""
    agent.presence, agent.presence_since = Presence.AWAY, work.now
    facts = {"agent": agent.sign_in, "presence": Presence.AWAY.value, "why": why}
    journal.write(work, journal.DESK, "set_away", DESK, facts=facts)
    let_go(work, agent)


def let_go(work: Work, agent: Agent) -> list[Callback]:
    """What was assigned to the agent is back in the queue, each in its old place."""
    held = select(Callback).where(Callback.agent_id == agent.id, Callback.state == State.ASSIGNED)
    assigned = list(work.session.scalars(held.with_for_update(of=Callback)))
    for callback in assigned:
        callback.release(work, "desk", agent=agent.sign_in, why="away")
    return assigned


def new_code(work: Work, agent: Agent, by: str = "administrator") -> str:
    """A personal code of six digits, shown this once; the one before it opens nothing any more."""
    while True:
        code = "".join(secrets.choice("0123456789") for _ in range(extension_code.USUAL))
        digest = extension_code.digest_of(work.code_key, code)
        taken = work.session.scalar(select(ExtensionCode.id).where(ExtensionCode.digest == digest))
        if taken is None and not extension_code.is_trivial(code):
            break
    changed = {"phone_code": [HIDDEN if agent.phone_code else None, HIDDEN]}
    agent.phone_code = digest
    facts = {"agent": agent.sign_in, "changed": changed}
    journal.write(work, journal.DESK, "agent_code", by, facts=facts)
    return code


_OF_PHONE = (
    select(Agent.id, Agent.phone_code)
    .where(Agent.phone == bindparam("phone"), Agent.left_at.is_(None), Agent.phone_code.is_not(None))
    .limit(1)
)
"""Written once, and a look alone: every caller who types a code is taken for one of us first."""


def of_code(work: Work, phone: str, typed: str) -> Agent | None:
    """The agent whose registered phone this is, where the code typed is theirs: neither alone will do."""
    digest = extension_code.digest_of(work.code_key, extension_code.digits_of(typed))
    found = work.session.execute(_OF_PHONE, {"phone": phone}).first() if phone else None
    if found is None or not hmac.compare_digest(found.phone_code, digest):
        return None
    return work.session.get(Agent, found.id)


def of_the_day(work: Work, agent: Agent) -> list[Callback]:
    """What is to be rung until tonight that is the agent's, or that the agent may take; soonest first."""
    ready = (Callback.state == State.WAITING) & Callback.ring_from.is_not(None)
    open_ones = (
        select(Callback)
        .where(Callback.kind == Kind.CALLBACK, Callback.ring_from < _tonight(work))
        .where(or_(ready, (Callback.agent_id == agent.id) & (Callback.state == State.ASSIGNED)))
        .order_by(Callback.closes, Callback.id)
        .limit(LOOKS_AT)
    )
    found = work.session.scalars(open_ones)
    return [each for each in found if each.agent_id == agent.id or _may_take(agent, each)]


def _may_take(agent: Agent, callback: Callback) -> bool:
    return agent.skills.suffice(callback.level, callback.language, callback.topic)


def _tonight(work: Work) -> datetime:
    zone = work.hours.zone
    return datetime.combine(work.now.astimezone(zone).date() + timedelta(days=1), time(0), zone)
