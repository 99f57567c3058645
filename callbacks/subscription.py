"""A company's subscription: its plan, how long it runs, and what that entitles a caller to."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.database import Base


class Plan(StrEnum):
    """What was bought. Standard has email support only."""

    STANDARD = "standard"
    PREMIUM = "premium"


class Entitlement(StrEnum):
    """What a caller with this subscription is owed today."""

    PREMIUM = "premium"
    STANDARD = "standard"
    LAPSED = "lapsed"


class Standing(StrEnum):
    """Whether a subscription runs on a day, and if not, why."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    TO_COME = "to_come"
    ENDED = "ended"


class Subscription(Base):
    """`contract_speed` is in e-mails an hour; `starts_on` and `ends_on` are office dates, both included."""

    __tablename__ = "subscriptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    company: Mapped[str] = mapped_column(String(200), unique=True)
    plan: Mapped[str] = mapped_column(String(20))
    contract_speed: Mapped[int | None]
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    suspended_at: Mapped[datetime | None]
    languages: Mapped[list[str]]
    contacts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime]

    def entitlement(self, today: date) -> Entitlement:
        """What a caller is owed on this date of the office."""
        if self.standing(today) is not Standing.ACTIVE:
            return Entitlement.LAPSED
        return Entitlement.PREMIUM if self.plan == Plan.PREMIUM else Entitlement.STANDARD

    def standing(self, today: date) -> Standing:
        """Whether it runs on this date of the office."""
        if self.suspended_at is not None:
            return Standing.SUSPENDED
        if today < self.starts_on:
            return Standing.TO_COME
        return Standing.ENDED if self.ends_on is not None and self.ends_on < today else Standing.ACTIVE


def by_company(session: Session, company: str) -> Subscription | None:
    """The subscription of the company so named."""
    return session.scalar(select(Subscription).where(Subscription.company == company))
