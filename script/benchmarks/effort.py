"""What a call costs its caller: words heard before the beep, keys pressed, and the webhooks it takes."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from callbacks.database import open_engine
from exchange.phone import Call, Exchange
from launch.migrate import upgrade
from tests.desk import exchange_for, phone_app, served
from tests.people import ACME_PHONE, Cast, Clock, fill, make_desk

MOST_WORDS = 60
"""Before the beep, for the shortest call of a Premium caller."""

Row = dict[str, Any]
Caller = Callable[[Call], None]

PATHS: dict[str, tuple[str, Caller]] = {
    "the shortest call": (ACME_PHONE, lambda call: _message(call, then="hangup")),
    "heard to its end": (ACME_PHONE, lambda call: _message(call, then="#")),
    "another number": (ACME_PHONE, lambda call: _pressing(call, "2", "0236575900#", "1")),
    "a withheld number": ("anonymous", lambda call: _pressing(call, "0236575900#", "1")),
    "a half-day by key": (ACME_PHONE, lambda call: _pressing(call, "", "3", "1")),
    "a date by keys": (ACME_PHONE, lambda call: _pressing(call, "", "3", "9", "25111500", "1")),
}


def run() -> list[Row]:
    """One row a path and language, over real calls; `good` where the shortest keeps to its words."""
    return [_row(name, language, key) for language, key in (("en", "1"), ("it", "2")) for name in PATHS]


def _row(name: str, language: str, key: str) -> Row:
    """A desk for each: a caller who calls again about what is open hears something else."""
    with _line() as (exchange, cast):
        return _measured(exchange, cast, name, language, key)


def _measured(exchange: Exchange, cast: Cast, name: str, language: str, key: str) -> Row:
    caller, act = PATHS[name]
    call = exchange.ring(caller)
    if key == "2":
        call.press("2#")
    call.press(f"{cast.acme_code}#")
    call.press("1")
    words = len(" ".join(_to_this_caller(call, language)).split())
    act(call)
    while not call.line.over:
        call.silence()
    keys = sum(len(webhook.fields.get("Digits", "").replace("hangup", "")) for webhook in call.webhooks)
    webhooks = len([webhook for webhook in call.webhooks if webhook.kind in {"document", "last"}])
    row = {
        "name": f"{name}, {language}",
        "unit": "words before the beep",
        "ours": words,
        "webhooks": webhooks,
    }
    return row | {"keys": keys, "good": words <= MOST_WORDS}


def _to_this_caller(call: Call, language: str) -> list[str]:
    """What a caller hears who presses nothing before the end; an Italian's first words are English ones."""
    said = call.all_heard
    welcomes = [place for place, text in enumerate(said) if text.startswith("Acme Support")]
    return said if language == "en" else said[welcomes[-1] :]


def _message(call: Call, then: str = "#") -> None:
    call.record(seconds=20, then=then)


def _pressing(call: Call, *answers: str) -> None:
    """A message, then these answers; an empty one is silence."""
    _message(call)
    for answer in answers:
        if answer:
            call.press(answer)
        else:
            call.silence()


@contextmanager
def _line() -> Iterator[tuple[Exchange, Cast]]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'desk.sqlite3'}"
        upgrade(url)
        engine, clock = open_engine(url), Clock()
        desk = make_desk(engine, clock)
        cast = fill(desk)
        with served(lambda address: phone_app(desk, address)) as place:
            exchange = exchange_for(place.url, clock)
            yield exchange, cast
            exchange.close()
        engine.dispose()


def main() -> None:
    """Print the table."""
    for row in run():
        print(f"{row['name']:28} {row['ours']:3} words {row['webhooks']:3} webhooks {row['keys']:3} keys")


if __name__ == "__main__":
    main()
