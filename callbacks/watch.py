"""What the mere passing of time has made due: written once, dated when it became true."""

from callbacks.callback import DESK, Callback
from callbacks.work import Work


def ring(work: Work, callback_id: int) -> list[str]:
    """Write what time has made true of this callback since it was last watched, and set the next alarm.

    The truth is computed afresh, so that an alarm handed out twice, late, or by two clocks writes nothing twice.
    Returns the moves written.
    """
    callback = work.held(Callback, callback_id)
    if callback is None:
        return []
    came_true = [(move, at) for move, at in callback.marks() if callback.watched_until < at <= work.now]
    for move, at in sorted(came_true, key=lambda mark: mark[1]):
        callback.make(work, move, DESK, at=at)
    callback.watched_until = max(callback.watched_until, work.now)
    callback.rearm()
    return [move.value for move, _at in came_true]
