"""What a supervisor does with a request: gives it to somebody, puts it back, changes its level, cancels it.

No act touches what was promised, and each is refused while a telephone rings for it.
"""

from sqlalchemy import select

from callbacks import attempt
from callbacks import dial as dials
from callbacks.agent import Agent, Role
from callbacks.assignment import may_take
from callbacks.callback import Callback
from callbacks.errors import Refused
from callbacks.moves import Disposition, Move
from callbacks.work import Work

CANCELS = (
    Disposition.WITHDRAWN, Disposition.HANDLED, Disposition.WRONG_NUMBER, Disposition.UNREACHABLE,
    Disposition.OUT_OF_SCOPE,
)  # fmt: skip
"""How a request may end that nobody is to ring any more."""


class BeingRung(Refused):
    """While a telephone rings for it, or people talk, it stays with whom it is."""


class Already(Refused):
    """It stands so already."""


def crew(work: Work, callback: Callback) -> tuple[list[Agent], list[Agent]]:
    """Those who may take it, and the others whom a supervisor may ask all the same; without who has it."""
    here = select(Agent).where(Agent.left_at.is_(None), Agent.id != (callback.agent_id or 0))
    people = [
        agent
        for agent in work.session.scalars(here.order_by(Agent.name))
        if agent.is_any(Role.AGENT, Role.SUPERVISOR)
    ]
    fit = [agent for agent in people if may_take(agent, callback)]
    return fit, [agent for agent in people if agent not in fit]


def give(work: Work, callback: Callback, to: Agent, by: str, why: str = "") -> None:
    """From now on this one has it, whoever had it before. Whether they may take it, the supervisor judges."""
    if callback.agent_id == to.id:
        raise Already(f"{to.sign_in} has callback {callback.reference} already")
    _refuse_while_rung(work, callback)
    _say_why(work, callback, by, why)
    if callback.may(Move.RELEASED):
        callback.release(work, by, was=_holder(callback))
    attempt.outcome_known(work, callback)
    callback.assign(work, to, by)


def to_queue(work: Work, callback: Callback, by: str, why: str = "") -> None:
    """Back into its old place in the queue, from whoever has it."""
    _refuse_while_rung(work, callback)
    if callback.agent_id is None or not callback.may(Move.RELEASED):
        raise Already(f"nobody has callback {callback.reference}")
    _say_why(work, callback, by, why)
    callback.release(work, by, was=_holder(callback))
    attempt.outcome_known(work, callback)


def change_level(work: Work, callback: Callback, level: int, by: str, why: str = "") -> None:
    """The other level from now on, up or down: its solve target moves, the promised window never does.

    Who has it and does not take this level lets go of it.
    """
    if level not in (1, 2):
        raise ValueError(f"there is no level {level}")
    if callback.level == level:
        raise Already(f"callback {callback.reference} is at level {level} already")
    _refuse_while_rung(work, callback)
    before, callback.level, callback.passed_by = callback.level, level, []
    callback.make(work, Move.LEVEL_CHANGED, by, level=level, was=before, personal=_text(why))
    if callback.agent is not None and callback.agent.level < level and callback.may(Move.RELEASED):
        callback.release(work, by, was=_holder(callback), why="level")
        attempt.outcome_known(work, callback)
    callback.rearm()


def cancel(work: Work, callback: Callback, disposition: Disposition, by: str, why: str) -> None:
    """Nobody is to ring it any more, and the journal says why."""
    if disposition not in CANCELS:
        raise Refused(f"{disposition} does not cancel a callback")
    if not why.strip():
        raise Refused(f"say why callback {callback.reference} is cancelled")
    _refuse_while_rung(work, callback)
    if not callback.is_open:
        raise Already(f"callback {callback.reference} is closed")
    _say_why(work, callback, by, why)
    callback.close(work, disposition, by, cancelled=True, was=_holder(callback))
    attempt.outcome_known(work, callback)


def _refuse_while_rung(work: Work, callback: Callback) -> None:
    """A closed one has no move left; one on a live dial has its own end coming within minutes."""
    if not callback.is_open:
        raise Already(f"callback {callback.reference} is closed")
    dial = dials.live_of(work.session, callback)
    if dial is not None and not dial.owes_outcome:
        raise BeingRung(f"{dial.agent.sign_in} is on the telephone about callback {callback.reference}")


def _say_why(work: Work, callback: Callback, by: str, why: str) -> None:
    if why.strip():
        callback.note(work, why.strip(), by)


def _text(why: str) -> dict[str, str] | None:
    return {"text": why.strip()} if why.strip() else None


def _holder(callback: Callback) -> str | None:
    return callback.agent.sign_in if callback.agent else None
