"""What the timed side works with, composed once for each process."""

import os
from dataclasses import dataclass
from functools import cache

from callbacks import extension_code  # noqa: F401 - a table that others point to
from callbacks.work import Desk
from launch.desk import open_desk
from settings import Settings
from worker.carrier import Carrier
from worker.notices.channel import Channel, open_channels
from worker.shelf import Shelf


@dataclass(frozen=True)
class Means:
    """The desk and all that lies outside it; tests give their own.

    `channels` are given, or, where none are, those of the policy in force.
    """

    desk: Desk
    carrier: Carrier
    shelf: Shelf
    channels: tuple[Channel, ...] = ()
    public_url: str = ""

    def ways(self) -> tuple[Channel, ...]:
        """How people are told now."""
        return self.channels or open_channels(self.desk.policy.notices)


def compose(settings: Settings) -> Means:
    """Nothing is connected to yet: whatever is away now may be there when it is needed."""
    desk = open_desk(settings)
    account = (settings.twilio_account_sid, settings.twilio_auth_token)
    carrier = Carrier(*account, base=settings.twilio_api_base)
    return Means(desk, carrier, Shelf(settings.media_url), public_url=settings.public_url)


@cache
def means() -> Means:
    """This process's own, from its environment."""
    return compose(Settings.load(os.environ))
