"""One caller's call: how far it has come, what was answered, which messages it was asked for."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.database import Alarmed, Base
from callbacks.phone_number import PhoneNumber, judge, read
from callbacks.policy import Policy
from callbacks.work import Work

UNHEARD_OF = timedelta(minutes=30)
"""After this long without word of its end a call is asked for at the carrier."""

SETTLES = timedelta(seconds=60)
"""How long after its end a call's recordings may still be announced before the carrier is asked."""


class Kind(StrEnum):
    """What a message, or its absence, is to the desk."""

    CALLBACK = "callback"
    """A Premium customer's message: the promise to ring."""
    SALES = "sales"
    """A message for Sales: kept and told, with no promise of the desk's."""
    TROUBLE = "trouble"
    """Recorded while something inside was broken, or from nobody we know: a person looks at it in time."""
    NO_MESSAGE = "no_message"
    """Passed the code and left no message: a person looks at it in time."""


class Call(Alarmed, Base):
    """Position in the conversation is (step, turn, tries); `takes` says what each Record, by turn, is for.

    `alarm_at` is when the carrier is to be asked how the call ended and what it recorded.
    """

    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_sid: Mapped[str] = mapped_column(String(64), unique=True)
    from_: Mapped[str] = mapped_column("from", String(64), default="")
    to: Mapped[str] = mapped_column(String(64), default="")
    verified: Mapped[bool] = mapped_column(default=False)
    """Whether the carrier vouches for the caller ID (STIR attestation A)."""
    language: Mapped[str] = mapped_column(String(8), default="")
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    swept_at: Mapped[datetime | None]
    step: Mapped[str] = mapped_column(String(40), default="")
    turn: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    wrong_codes: Mapped[int] = mapped_column(default=0)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    takes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscriptions.id"))
    extension_code_id: Mapped[int | None] = mapped_column(ForeignKey("extension_codes.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def asks_for_message(self, turn: int, kind: Kind) -> None:
        """Remember, before the caller hears the beep, what the recording of this turn will be for."""
        self.takes = {**self.takes, str(turn): kind.value}

    def take_of(self, turn: int | None) -> tuple[int, Kind]:
        """(turn, kind) of the recording asked for at this turn; without one, of the last asked for.

        A recording that no turn asked for was made on the trouble line.
        """
        asked = {int(key): Kind(value) for key, value in self.takes.items()}
        if turn is None and asked:
            turn = max(asked)
        return turn or 0, asked.get(turn or 0, self._kind_of_unasked())

    def _kind_of_unasked(self) -> Kind:
        """A caller who passed the code before the trouble began is owed the promise all the same.

        Not one whom the line had sent on to Sales: their message is for Sales.
        """
        if self.answers.get("left_for_sales"):
            return Kind.SALES
        return Kind.CALLBACK if self.extension_code_id else Kind.TROUBLE

    def ended(self, now: datetime) -> None:
        """The carrier says that it is over. Asked for recordings once more when they must have settled."""
        self.ended_at = self.ended_at or now
        if self.swept_at is None:
            self.alarm_at, self.claimed_until = now + SETTLES, None


def number_of(call: Call, policy: Policy) -> str | None:
    """The number the caller rang from, where the carrier gives it whole and the policy lets us call it."""
    number = read(call.from_) if call.from_.startswith("+") else None
    judged = judge(number, policy.numbers) if isinstance(number, PhoneNumber) else None
    return judged.e164 if isinstance(judged, PhoneNumber) else None


_OF_SID = (
    select(Call)
    .where(Call.call_sid == bindparam("call_sid"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
"""Written once: every turn of every call begins with it."""


def find(session: Session, call_sid: str) -> Call | None:
    """The call of this CallSid, if we have heard of it."""
    return session.scalar(select(Call).where(Call.call_sid == call_sid))


def held(work: Work, call_sid: str, from_: str = "", to: str = "") -> Call:
    """The call, kept from other hands until this work ends; begun where this is the first we hear of it.

    Any notice may be the first: two at once meet at the unique CallSid, and `Desk.do` repeats the loser.
    A call that begins here has no id yet: compare with the call itself, as in `Callback.call == call`.
    """
    call = work.session.scalar(_OF_SID, {"call_sid": call_sid})
    if call is None:
        call = Call(call_sid=call_sid, from_=from_[:64], to=to[:64], started_at=work.now)
        call.answers, call.takes, call.alarm_at = {}, {}, work.now + UNHEARD_OF
        call.turn = call.tries = call.wrong_codes = 0
        call.step = call.language = ""
        work.session.add(call)
    if from_ and not call.from_:
        call.from_, call.to = from_[:64], to[:64]
    return call
