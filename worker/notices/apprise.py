"""Notices by Apprise: mail, chat and some 170 other services, each by its address."""

import hashlib

from apprise import Apprise

from worker.notices.notice import Notice


class AppriseChannel:
    """The address holds secrets, so its name is made from the scheme and a digest."""

    def __init__(self, address: str) -> None:
        self._address = address
        scheme = address.partition("://")[0]
        self.name = f"{scheme}-{hashlib.sha256(address.encode()).hexdigest()[:12]}"

    def send(self, notice: Notice) -> bool:
        """False where the service did not take it, or where Apprise does not know the address."""
        service = Apprise()
        return bool(
            service.add(self._address) and service.notify(title=notice.title, body="\n".join(notice.lines))
        )
