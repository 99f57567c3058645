"""Who holds a key, asked for at every page and by every page that listens."""

from callbacks import sign_in
from callbacks.sign_in import SignIn
from callbacks.work import Desk


def stay_of(desk: Desk, key: str) -> SignIn | None:
    """The stay that this key opens now; that its browser was heard of is written down now and then."""
    with desk.reading() as work:
        stay = sign_in.stay(work.session, key, work.now)
        is_late = stay is not None and sign_in.is_to_be_noted(stay, work.now)
    if stay is not None and is_late:
        desk.do(lambda work: sign_in.seen(work, stay.id))
    return stay
