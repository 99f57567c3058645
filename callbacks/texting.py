"""Texts to customers: what is sent once, to whom it may be sent, and who wants none."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from callbacks import text_words
from callbacks.call import Call, Kind, number_of
from callbacks.callback import DESK, Callback
from callbacks.database import Alarmed, Base
from callbacks.moves import Move, State
from callbacks.phone_number import PhoneNumber, judge, read
from callbacks.work import Work

AHEAD = timedelta(minutes=15)
"""How long before a wished time the customer is reminded, in working time where the office is closed then."""

SETTLES = timedelta(seconds=90)
"""After this long a text that the carrier does not know was never taken."""

AGAIN, TRIES = timedelta(minutes=1), 5
"""Between two tries of a text that was surely not taken, and how many there are."""

TEXTABLE = frozenset({"mobile", "fixed_line_or_mobile"})
OPTED_OUT = 21610
"""The carrier's word for a recipient who wants no more texts."""

MOVES = {
    text_words.CONFIRMATION: Move.CONFIRMED, text_words.REMINDER: Move.REMINDED,
    text_words.WE_TRIED: Move.TOLD_CALLER, text_words.CLOSURE: Move.TOLD_CALLER,
}  # fmt: skip


class TextState(StrEnum):
    """How far a text has come."""

    TO_SEND = "to_send"
    ASKED = "asked"
    SENT = "sent"
    DROPPED = "dropped"
    """What it would have said was true no more, or the number takes none."""


class Text(Alarmed, Base):
    """One text: `occasion` makes it the only one of its kind. Number and body go once it is settled."""

    __tablename__ = "texts"
    __table_args__ = (UniqueConstraint("callback_id", "kind", "occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callbacks.id"))
    kind: Mapped[str] = mapped_column(String(20))
    occasion: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(20), default=TextState.TO_SEND)
    number: Mapped[str | None] = mapped_column(String(64))
    body: Mapped[str | None] = mapped_column(String(1600))
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None]
    text_sid: Mapped[str | None] = mapped_column(String(64))
    callback: Mapped[Callback] = relationship()

    def settled(self, state: TextState, text_sid: str | None = None) -> None:
        """Nothing more is due."""
        self.state, self.text_sid = state, text_sid
        self.number = self.body = self.alarm_at = self.claimed_until = None

    def again(self, moment: datetime) -> None:
        """It was surely not taken."""
        self.state, self.alarm_at, self.claimed_until = TextState.TO_SEND, moment, None


class TextOptOut(Base):
    """A number that wants no texts, by its own word or the carrier's."""

    __tablename__ = "text_opt_outs"

    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(40))


# --- who may be sent to ---


def opt_out(work: Work, number: str, why: str = "stop") -> None:
    """No more texts to this E.164 number."""
    if work.session.get(TextOptOut, number) is None:
        work.session.add(TextOptOut(number=number, since=work.now, why=why))
        work.session.flush()


def opt_in(work: Work, number: str) -> None:
    """The number wants texts again."""
    found = work.session.get(TextOptOut, number)
    if found is not None:
        work.session.delete(found)
        work.session.flush()


def may_text(work: Work, number: str | None) -> bool:
    """Whether texts reach this number, the policy lets us send them, and nobody said stop."""
    found = read(number) if number else None
    judged = judge(found, work.policy.numbers) if isinstance(found, PhoneNumber) else None
    if not isinstance(judged, PhoneNumber) or judged.type not in TEXTABLE:
        return False
    return work.session.get(TextOptOut, judged.e164) is None


# --- what is to be sent ---


def after_call(work: Work, call: Call) -> None:
    """The call is over: its requests are confirmed, and wishes that it made or moved are reminded of."""
    own = select(Callback).where(Callback.call_id == call.id, Callback.kind == Kind.CALLBACK)
    for callback in work.session.scalars(own):
        plan(work, callback, text_words.CONFIRMATION)
    for callback in open_of(work.session, number_of(call, work.policy)):
        remind(work, callback)


def remind(work: Work, callback: Callback) -> None:
    """Plan the reminder of a wished time, where there is still time for one."""
    if callback.wished_for is None or callback.opens is None or callback.first_rang_at is not None:
        return
    at = reminder_time(work, callback.opens)
    if at > work.now:
        plan(work, callback, text_words.REMINDER, callback.opens.isoformat(), at)


def we_tried(work: Work, callback: Callback) -> None:
    """The last attempt was missed; the customer may ring us or answer."""
    plan(work, callback, text_words.WE_TRIED, str(callback.misses))


def plan(work: Work, callback: Callback, kind: str, occasion: str = "", at: datetime | None = None) -> None:
    """Have it sent then, once for each occasion; nothing where the number takes no texts."""
    same = select(Text.id).where(
        Text.callback_id == callback.id, Text.kind == kind, Text.occasion == occasion
    )
    if may_text(work, callback.number) and work.session.scalar(same) is None:
        work.session.add(
            Text(callback_id=callback.id, kind=kind, occasion=occasion, alarm_at=at or work.now, tries=0)
        )


def reminder_time(work: Work, opens: datetime) -> datetime:
    """A quarter of a working hour before: so it is never sent at night, but before the office last closed."""
    left = AHEAD
    for start, end in work.hours.periods(opens, "before"):
        if end - start >= left:
            return end - left
        left -= end - start
    return opens - AHEAD


def open_of(session: Session, number: str | None) -> list[Callback]:
    """The open requests that ring this number."""
    if number is None:
        return []
    found = select(Callback).where(Callback.number == number, Callback.state != State.CLOSED)
    return list(session.scalars(found.order_by(Callback.id)))


# --- sending ---


def take(work: Work, text_id: int) -> Text | None:
    """Take the right to send this text; committed before the carrier is asked, so nobody sends it twice."""
    text = work.held(Text, text_id)
    if text is None or text.state != TextState.TO_SEND:
        return None
    said = text_words.body(work, text.callback, text.kind, text.occasion)
    if said is None or not may_text(work, text.callback.number) or text.tries >= TRIES:
        text.settled(TextState.DROPPED)
        return None
    text.state, text.asked_at, text.tries = TextState.ASKED, work.now, text.tries + 1
    text.number, text.body = text.callback.number, said
    text.alarm_at, text.claimed_until = work.now + SETTLES, None
    return text


def sent(work: Work, text_id: int, text_sid: str | None) -> None:
    """The carrier has taken it; None: looked up, and it has not."""
    text = work.held(Text, text_id)
    if text is None or text.state != TextState.ASKED:
        return
    if text_sid is None:
        text.again(work.now)
        return
    move, said = MOVES[text.kind], text.body
    text.settled(TextState.SENT, text_sid)
    if text.callback.may(move):
        text.callback.make(
            work,
            move,
            DESK,
            by_text=text.kind,
            text=text_sid,
            personal={"text": said, "to": text.callback.number},
        )


def refused(work: Work, text_id: int, code: int | None) -> None:
    """The carrier did not take it, and said so."""
    text = work.held(Text, text_id)
    if text is None or text.state != TextState.ASKED:
        return
    if code == OPTED_OUT and text.number:
        opt_out(work, text.number, str(code))
    if code is None or code == 20429:
        text.again(work.now + AGAIN)
    else:
        text.settled(TextState.DROPPED)


def unanswered(work: Work, text_id: int) -> None:
    """The carrier is away, so whether it was taken stays unknown: asked again later."""
    text = work.held(Text, text_id)
    if text is not None and text.state == TextState.ASKED:
        text.alarm_at, text.claimed_until = max(work.now, (text.asked_at or work.now) + SETTLES) + AGAIN, None
