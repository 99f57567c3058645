"""A channel: one way to tell somebody, and which of them the policy wants."""

from typing import Protocol

from callbacks.policy.tables import Notices
from worker.notices.apprise import AppriseChannel
from worker.notices.log import LogChannel
from worker.notices.notice import Notice

__all__ = ["Channel", "open_channels"]


class Channel(Protocol):
    """`name` is kept with what was told, so it holds no secret."""

    @property
    def name(self) -> str: ...

    def send(self, notice: Notice) -> bool:
        """Whether it was told; False, or any exception, is a reason to try again."""
        ...


def open_channels(notices: Notices) -> tuple[Channel, ...]:
    """The policy's, each once."""
    addresses = dict.fromkeys(each.address for each in notices.to)
    return tuple(map(channel_to, addresses))


def channel_to(address: str) -> Channel:
    """The one that tells this address."""
    return LogChannel() if address == "log" else AppriseChannel(address)
