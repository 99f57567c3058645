"""What the mere passing of time has made due: written once, dated when it became true."""

from collections.abc import Collection

from sqlalchemy import select

from callbacks import journal, own_notice
from callbacks.callback import DESK, Callback
from callbacks.moves import Move
from callbacks.work import Work


def ring(work: Work, callback_id: int) -> list[str]:
    """Write what time has made true of this callback. Returns the moves written."""
    return ring_all(work, [callback_id])


def ring_all(work: Work, ids: Collection[int]) -> list[str]:
    """Write what time has made true of these callbacks since last watched, and set their next alarms.

    The truth is computed afresh, so that an alarm handed out twice, late, or by two clocks writes nothing
    twice. They are held in one order: two hands with the same callbacks wait for each other, never for ever.
    """
    return [move for callback in held(work, ids) for move in _ring(work, callback)]


def held(work: Work, ids: Collection[int]) -> list[Callback]:
    """These callbacks and their chains, kept from other hands until this work ends."""
    chosen = select(Callback).where(Callback.id.in_(ids)).order_by(Callback.id).with_for_update(of=Callback)
    found = list(work.session.scalars(chosen.execution_options(populate_existing=True)))
    journal.hold(work, [callback.subject for callback in found])
    return found


def _ring(work: Work, callback: Callback) -> list[str]:
    came_true = [(move, at) for move, at in callback.marks() if callback.watched_until < at <= work.now]
    for move, at in sorted(came_true, key=lambda mark: mark[1]):
        if move is Move.RELEASED:
            callback.release(work, DESK, at=at, why="held too long")
        else:
            own_notice.marked(work, callback, callback.make(work, move, DESK, at=at))
    callback.watched_until = max(callback.watched_until, work.now)
    callback.rearm()
    return [move.value for move, _at in came_true]
