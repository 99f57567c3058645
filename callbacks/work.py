"""Desk and Work: one transaction, at one moment, under one policy."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Engine, Row, Select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from callbacks.database import Base, look
from callbacks.errors import PolicyError
from callbacks.hours import OfficeHours
from callbacks.policy import Policy
from callbacks.policy_in_force import InForce, Judge, PolicyInForce

Kept = TypeVar("Kept", bound=Base)
Columns = TypeVarTuple("Columns")
Result = TypeVar("Result")

FROM = "the address it is done from"
"""Where a session keeps that, for the lines that are written."""

ATTEMPTS = 4
"""How often a unit of work is tried when two hands meet on one row."""


@dataclass(frozen=True)
class Work:
    """What one unit of work knows: the open transaction, the moment it happens at, the policy in force."""

    session: Session
    now: datetime
    policy: Policy
    code_key: bytes = field(repr=False)
    judge: Judge = field(default=Judge(), repr=False)
    """Reads a policy's text as this place does, with every check."""

    @property
    def hours(self) -> OfficeHours:
        """The office's working time under the policy in force."""
        return self.policy.office_hours

    def rows(self, question: Select[*Columns], asked: Mapping[str, Any]) -> Sequence[Row[*Columns]]:
        """Rows and no entities, for what is asked many times a second. What has changed is written first."""
        if self.session.autoflush:
            self.session.flush()
        return self.session.connection().execute(question, asked).all()

    def held(self, kind: type[Kept], key: int) -> Kept | None:
        """The row, read afresh and kept from other hands until this work ends."""
        return self.session.get(kind, key, with_for_update=True, populate_existing=True)


@dataclass(frozen=True)
class Desk:
    """The desk as the rooms get it: where facts are kept, which policy holds, which clock is true.

    It is given one policy for good, or a `PolicyInForce`; who asks for `policy` has the one that holds now.
    """

    engine: Engine
    policy: InForce = InForce()  # noqa: RUF009 - a descriptor, and no default: the desk must be given one
    code_key: bytes = field(repr=False)  # type: ignore[misc] # as if the policy had a default
    clock: Callable[[], datetime]  # type: ignore[misc]
    where: Callable[[], str] = field(default=str, init=False)
    """From where somebody does what is done now; nothing where nobody does, or the phone is the place."""

    def told_from(self, where: Callable[[], str]) -> "Desk":
        """The same desk, in a room that knows from where people act."""
        return self._but(where=where)

    def kept_at(self, engine: Engine) -> "Desk":
        """A desk under the same policy whose facts are kept elsewhere."""
        return self._but(engine=engine)

    def _but(self, **changed: Any) -> "Desk":
        """A copy, which goes on asking which policy holds: `replace` would give it that of this moment."""
        other = copy(self)
        for name, value in changed.items():
            object.__setattr__(other, name, value)
        return other

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Commits at the end; anything raised inside rolls all of it back. No network inside."""
        where = self.where()
        info = {FROM: where} if where else {}
        with Session(self.engine, expire_on_commit=False, info=info) as session, session.begin():
            yield self._work(session)

    def do(self, act: Callable[[Work], Result]) -> Result:
        """One unit of work, done again where another hand got there first: both then see what stands."""
        for _ in range(ATTEMPTS - 1):
            with suppress(IntegrityError, StaleDataError), self.work() as work:
                return act(work)
        with self.work() as work:
            return act(work)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A look that writes nothing, and so never waits for a writer."""
        with look(self.engine) as session:
            yield self._work(session)

    @property
    def policy_at_hand(self) -> Policy:
        """What this process knew last, without a look at the database."""
        given = InForce.given_to(self)
        return given.at_hand if isinstance(given, PolicyInForce) else given

    @property
    def unsound_policy(self) -> PolicyError | None:
        """What is wrong with the newest version, where an older one holds in its place."""
        given = InForce.given_to(self)
        return given.unsound if isinstance(given, PolicyInForce) else None

    def look_again(self) -> None:
        """The policy has just changed: this process looks before the next work."""
        given = InForce.given_to(self)
        if isinstance(given, PolicyInForce):
            given.look_again()

    def _work(self, session: Session) -> Work:
        given = InForce.given_to(self)
        judge = given.judge if isinstance(given, PolicyInForce) else Judge()
        return Work(session, self.clock(), self.policy, self.code_key, judge)
