"""Orders in which callbacks might be rung: the desk's own, two plain ones, and one considered."""

from collections.abc import Mapping

from sqlalchemy import case

from callbacks.assignment import RINGING_ORDER, Ordering
from callbacks.callback import Callback

_ANY = RINGING_ORDER.order_by(None)
_RUNG = case((Callback.first_rang_at.is_(None), 0), else_=1)

ORDERINGS: Mapping[str, Ordering] = {
    "least time left (ours)": RINGING_ORDER,
    "first come, first served": _ANY.order_by(Callback.received_at, Callback.id),
    "newest first": _ANY.order_by(Callback.received_at.desc(), Callback.id.desc()),
}

CONSIDERED: Mapping[str, Ordering] = {
    "not yet rung, then ours": _ANY.order_by(_RUNG, Callback.closes, Callback.received_at)
}
"""Not what the desk does: fewer first rings late, and longer waits for those whom a ring did not reach."""
