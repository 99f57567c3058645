"""Which policy holds now, known in every process within a second, at the cost of one question a second."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from callbacks.database import look
from callbacks.errors import PolicyError
from callbacks.policy import Policy
from callbacks.policy_version import NEWEST, PolicyVersion

if TYPE_CHECKING:
    from callbacks.work import Desk

LOOKS = 1.0
"""Seconds for which what was seen is believed."""

log = logging.getLogger("policy")


@dataclass(frozen=True)
class Judge:
    """Reads policies as this place does: with its environment, and what other rooms must find in them."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    checks: tuple[Callable[[Policy], None], ...] = ()

    def read(self, text: str, name: str = "policy.toml") -> Policy:
        """The policy of this text; PolicyError names every fault."""
        policy = Policy.parse(text, name, self.environ)
        for check in self.checks:
            check(policy)
        return policy


class PolicyInForce:
    """The newest version that is sound. One that this release cannot read never stops the phone.

    Where no version is kept yet, `begun_by` gives the policy: the file's. A database that is away leaves in
    force what is at hand.
    """

    def __init__(
        self,
        engine: Engine,
        begun_by: Callable[[], Policy],
        judge: Judge | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.judge = judge or Judge()
        self.unsound: PolicyError | None = None
        """What is wrong with the newest version, where an older one holds in its place."""
        self._engine, self._ticks = engine, ticks
        self._one_looks = threading.Lock()
        self._number, self._looked_at = 0, float("-inf")
        found = self._look()
        self.at_hand: Policy = found or begun_by()

    def now(self) -> Policy:
        """The policy in force."""
        if self._is_old():
            with self._one_looks:
                if self._is_old():
                    self.at_hand = self._look() or self.at_hand
        return self.at_hand

    def look_again(self) -> None:
        """Believe nothing that was seen before."""
        self._looked_at = float("-inf")

    def _is_old(self) -> bool:
        return self._ticks() - self._looked_at > LOOKS

    def _look(self) -> Policy | None:
        """The newest sound version, where there is a newer one than we know."""
        try:
            with look(self._engine) as session:
                newest = session.scalar(NEWEST) or 0
                found = self._newer(session) if newest > self._number else None
        except SQLAlchemyError as fault:
            if not _is_not_laid_out(fault):
                log.warning("which policy holds cannot be asked: %s", type(fault).__name__)
            found, newest = None, self._number
        self._looked_at, self._number = self._ticks(), newest
        return found

    def _newer(self, session: Session) -> Policy | None:
        """The newest version first; one at fault is named, and the one before it tried."""
        self.unsound = None
        for number, text in _newest_first(session, self._number):
            try:
                return self.judge.read(text, f"version {number} of the policy,")
            except PolicyError as fault:
                self.unsound = self.unsound or fault
                log.error("version %s of the policy cannot be used, one before it holds: %s", number, fault)  # noqa: TRY400
        if not self._number and self.unsound:
            raise self.unsound
        return None


def _is_not_laid_out(fault: SQLAlchemyError) -> bool:
    """A new database has no such table yet, and so no version: nothing is amiss."""
    return isinstance(fault, DBAPIError) and PolicyVersion.__tablename__ in str(fault.orig)


def _newest_first(session: Session, after: int) -> Iterator[tuple[int, str]]:
    numbers = select(PolicyVersion.number).where(PolicyVersion.number > after)
    for number in session.scalars(numbers.order_by(PolicyVersion.number.desc())).all():
        yield number, session.scalars(select(PolicyVersion.text).filter_by(number=number)).one()


class InForce:
    """A desk's field: set to a policy, or to a `PolicyInForce`; read, it is the policy that holds."""

    @overload
    def __get__(self, desk: None, kind: type["Desk"]) -> "InForce": ...
    @overload
    def __get__(self, desk: "Desk", kind: type["Desk"]) -> Policy: ...
    def __get__(self, desk: "Desk | None", kind: type["Desk"]) -> "Policy | InForce":
        if desk is None:
            raise AttributeError("a desk has no policy of its own accord")
        given = self.given_to(desk)
        return given.now() if isinstance(given, PolicyInForce) else given

    def __set__(self, desk: "Desk", given: "Policy | PolicyInForce") -> None:
        vars(desk)["policy"] = given

    @staticmethod
    def given_to(desk: Any) -> "Policy | PolicyInForce":
        """What the desk was made with."""
        given: Policy | PolicyInForce = vars(desk)["policy"]
        return given
