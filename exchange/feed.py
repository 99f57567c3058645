"""What happens at one telephone number, in order, for whoever looks on."""

import threading
from collections import deque
from collections.abc import Iterator

Happening = dict[str, object]
KEPT = 2000


class Feed:
    """The happenings of one number; each has its own count, and listeners are counted."""

    def __init__(self, number: str = "", everyone: "Feed | None" = None) -> None:
        self._number, self._everyone = number, everyone
        self._listening = 0
        self._kept: deque[Happening] = deque(maxlen=KEPT)
        self._count = 0
        self._changed = threading.Condition()
        self._closed = False

    @property
    def count(self) -> int:
        return self._count

    @property
    def listeners(self) -> int:
        """Who looks at this number, alone or among all."""
        return self._listening + (self._everyone.listeners if self._everyone else 0)

    def put(self, kind: str, **more: object) -> None:
        """Something happened."""
        with self._changed:
            self._count += 1
            self._kept.append({"n": self._count, "kind": kind, **more})
            self._changed.notify_all()
        if self._everyone:
            self._everyone.put(kind, of=self._number, **more)

    def after(self, count: int, beat: float = 10.0) -> Iterator[list[Happening]]:
        """Happenings after a count, as they come; now and then an empty list, to see who still looks."""
        self._listening += 1
        try:
            while not self._closed:
                news = self._news(count, beat)
                count = int(str(news[-1]["n"])) if news else count
                yield news
        finally:
            self._listening -= 1

    def close(self) -> None:
        """Let all listeners go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _news(self, count: int, beat: float) -> list[Happening]:
        with self._changed:
            self._changed.wait_for(lambda: self._count > count or self._closed, beat)
            return [one for one in self._kept if int(str(one["n"])) > count]


class Feeds:
    """A feed for every number, and one in which all of them are told together."""

    def __init__(self) -> None:
        self.everyone = Feed()
        self._feeds: dict[str, Feed] = {}
        self._lock = threading.Lock()

    def of(self, number: str) -> Feed:
        with self._lock:
            return self._feeds.setdefault(number, Feed(number, self.everyone))

    def close(self) -> None:
        for feed in (self.everyone, *self._feeds.values()):
            feed.close()
