"""Letting go of what the policy keeps no longer: the sound from the shelf, then its traces."""

from datetime import datetime
from functools import partial

from callbacks import draft, laid_file, own_notice, retention, sign_in
from callbacks.message import Message
from worker.setup import Means
from worker.shelf import NotKept


def erase_what_is_old(means: Means, _looked_until: datetime) -> datetime:
    """All that may go by now. Stopped anywhere, the next round goes on from there."""
    while (old := _old_recordings(means)) and _erase(means, old):
        pass
    after: int | None = 0
    while after is not None:
        after = means.desk.do(partial(retention.erase_personal, after=after))
    while means.desk.do(retention.erase_calls):
        pass
    means.desk.do(sign_in.forget_old)
    means.desk.do(draft.forget_old)
    means.desk.do(laid_file.forget_old)
    means.desk.do(own_notice.forget_old)
    return means.desk.clock()


def _old_recordings(means: Means) -> list[Message]:
    with means.desk.reading() as work:
        return retention.old_recordings(work)


def _erase(means: Means, old: list[Message]) -> bool:
    """The sound goes first: a trace without sound is erased next time, a sound without trace never."""
    for message in old:
        try:
            if message.path:
                means.shelf.erase(message.path)
        except OSError as fault:
            raise NotKept(f"a recording cannot be erased: {fault}") from fault
        means.desk.do(partial(retention.recording_erased, message_id=message.id))
    return True
