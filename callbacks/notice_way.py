"""A way to tell one person of their own work: in the desk's pages, or out of the house."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from callbacks.database import Base


class Kind(StrEnum):
    """Where a notice goes. The first two are shown by the desk's own pages; the others leave the house."""

    PAGE = "page"
    BROWSER = "browser"
    ADDRESS = "address"
    TEXT = "text"


SHOWN = (Kind.PAGE, Kind.BROWSER)
GOES_OUT = (Kind.ADDRESS, Kind.TEXT)


class NoticeWay(Base):
    """One way to one person, and what goes by it. `address` may be a secret: it is never shown again."""

    __tablename__ = "notice_ways"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(500), default="")
    about: Mapped[list[str]] = mapped_column(default=list)
    sound: Mapped[bool] = mapped_column(default=False)
    outside_hours: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]

    def wants(self, about: str) -> bool:
        """Whether this goes by it."""
        return about in self.about
