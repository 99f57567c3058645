"""The caller calls again: which open request is theirs, and what becomes of it by their calling."""

from sqlalchemy import ColumnElement, Index, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from callbacks.call import Call, Kind, number_of
from callbacks.callback import CALLER, Callback
from callbacks.moves import Disposition, Move, State
from callbacks.phone_number import PhoneNumber, read
from callbacks.work import Work

SPEAKING = frozenset({State.TALKING, State.WRAP_UP})
"""While an agent talks about it, or has just done so, a request is the agent's: a caller begins another."""


OPEN = Callback.closed_at.is_(None)
Index("ix_callbacks_open", Callback.subscription_id, Callback.kind, sqlite_where=OPEN, postgresql_where=OPEN)
"""A caller waits for this look: it must not grow with what was ever closed."""


def of_caller(work: Work, call: Call) -> Callback | None:
    """The newest open request of this company that this telephone left or that will ring it.

    None of anybody else's: colleagues know the same code, and are told nothing of each other's requests.
    """
    phone = read(call.from_) if call.from_.startswith("+") else None
    if call.subscription_id is None or not isinstance(phone, PhoneNumber):
        return None
    theirs = {"subscription": call.subscription_id, "phone": phone.e164}
    with work.session.no_autoflush:  # nothing of this call bears on it
        newest = work.session.scalar(_OF_CALLER, theirs)
    return work.session.scalar(_open(Callback.id == newest)) if newest else None


def of_number(session: Session, number: str) -> Callback | None:
    """The newest open request that a text from this number can be about."""
    return _newest(session, or_(Callback.number == number, Callback.caller == number))


def called_again(work: Work, callback: Callback) -> None:
    """They are on the line about it: written once a call. What waited for them waits no longer."""
    callback.make(work, Move.SAME_AGAIN, CALLER)
    is_back(work, callback)


def is_back(work: Work, callback: Callback) -> None:
    """A request that waited for the customer goes on."""
    if callback.may(Move.RESUMED):
        callback.resume(work, CALLER)


def withdraw(work: Work, callback: Callback) -> None:
    """The caller wants no call any more. Who is being rung for it hears so on accepting."""
    if callback.may(Move.CLOSED):
        callback.close(work, Disposition.WITHDRAWN, CALLER)


def joined(work: Work, call: Call, turn: int) -> Callback | None:
    """The open request that the message of this turn belongs to; None where it makes one of its own.

    It was asked for as an addition, or asks for what this number has asked for already.
    """
    added = call.answers.get("adds", {}).get(str(turn))
    if added is not None:
        return work.session.scalar(_open(Callback.id == added))
    return _the_same(work, call)


def _the_same(work: Work, call: Call) -> Callback | None:
    """Same company, same number, same topic, still open. Two such callers at one instant take turns."""
    number, topic = call.answers.get("number") or number_of(call, work.policy), call.answers.get("topic")
    if call.subscription_id is None or number is None or topic is None:
        return None
    if work.session.get_bind().dialect.name == "postgresql":
        wanted = f"same/{call.subscription_id}/{number}/{topic}"
        work.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(wanted))))
    alike = (Callback.subscription_id == call.subscription_id, Callback.number == number)
    return _newest(work.session, *alike, Callback.topic == topic)


_OVER = (State.CLOSED, *SPEAKING)

_OF_CALLER = (
    select(Callback.id)
    .where(Callback.subscription_id == bindparam("subscription"), OPEN, Callback.kind == Kind.CALLBACK)
    .where(or_(Callback.number == bindparam("phone"), Callback.caller == bindparam("phone")))
    .where(Callback.state.not_in(_OVER))
    .order_by(Callback.id.desc())
    .limit(1)
)
"""Written once, and a look alone: mostly there is none, and the caller waits for it."""


def _newest(session: Session, *which: ColumnElement[bool]) -> Callback | None:
    return session.scalar(_open(*which).order_by(Callback.id.desc()).limit(1))


def _open(*which: ColumnElement[bool]) -> Select[Callback]:
    """Requests for a call that an outcome is still owed to, kept from other hands until the work ends."""
    chosen = select(Callback).where(
        *which, OPEN, Callback.kind == Kind.CALLBACK, Callback.state.not_in(_OVER)
    )
    return chosen.with_for_update(of=Callback).execution_options(populate_existing=True)
