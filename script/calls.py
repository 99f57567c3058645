"""Every call there can be, over HTTP: `script/calls [--every] [--everywhere]` says how many."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from callbacks.database import open_engine
from callbacks.work import Desk
from launch.migrate import upgrade
from tests.desk import exchange_for, phone_app, served
from tests.every_call import Walk
from tests.people import Clock, fill, make_desk


def main() -> int:
    """0 where every call left what it should; else what went wrong is printed."""
    words = argparse.ArgumentParser("script/calls", description=__doc__)
    words.add_argument("--every", action="store_true", help="every ending of every call: half an hour")
    words.add_argument(
        "--everywhere",
        action="store_true",
        help="each language and withheld numbers from the first word on",
    )
    words.add_argument(
        "--database", default="", help="an empty database; a new SQLite file where none is named"
    )
    asked = words.parse_args()
    began = time.monotonic()
    with _desk(asked.database) as (desk, clock):
        walk = drive(desk, clock, asked.every, asked.everywhere, lambda said: print(said, file=sys.stderr))
    print(
        f"{walk.driven} calls through {len(walk.places)} places, {walk.webhooks} webhooks,"
        f" {time.monotonic() - began:.0f} s, {len(walk.wrong)} wrong"
    )
    print(*walk.wrong[:20], sep="\n")
    return 1 if walk.wrong else 0


def drive(
    desk: Desk,
    clock: Clock,
    every: bool = False,
    everywhere: bool = False,
    tell: Callable[[str], object] = lambda _progress: None,
) -> Walk:
    """Walk every place, and hang up there."""
    cast = fill(desk)
    with served(lambda url: phone_app(desk, url)) as place:
        exchange = exchange_for(place.url, clock)
        walk = Walk(desk, exchange, cast, every, everywhere, tell)
        walk.walk()
        exchange.close()
    return walk


@contextmanager
def _desk(url: str) -> Iterator[tuple[Desk, Clock]]:
    """A desk whose clock stands still, on the database named."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        url = url or f"sqlite:///{folder}/calls.sqlite3"
        upgrade(url)
        engine, clock = open_engine(make_url(url).render_as_string(hide_password=False)), Clock()
        yield make_desk(engine, clock), clock
        engine.dispose()


if __name__ == "__main__":
    raise SystemExit(main())
