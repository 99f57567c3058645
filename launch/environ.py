"""The environment as one reads it: each variable, or the file that stands for it, judged by a rule."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

MAKE_A_KEY = "python3 -c 'import secrets; print(secrets.token_hex(32))'"

Kept = TypeVar("Kept")


class Reading:
    """One pass over the environment, gathering faults instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def text(self, name: str) -> str | None:
        """The variable's text, or the content of the file that NAME_FILE names; None where not given."""
        path = self.environ.get(f"{name}_FILE", "").strip()
        if not path:
            return self.environ.get(name, "").strip() or None
        try:
            return Path(path).read_text().strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def read(self, name: str, default: Kept, rule: Callable[[str], Kept]) -> Kept:
        """What the rule makes of the variable; a ValueError of the rule becomes a fault with its name."""
        self._check_file(name)
        text = self.text(name)
        if text is None:
            return default
        try:
            return rule(text)
        except ValueError as fault:
            self.faults.append(f"{name} {fault}")
            return default

    def _check_file(self, name: str) -> None:
        path = self.environ.get(f"{name}_FILE", "").strip()
        if path and self.environ.get(name, "").strip():
            self.faults.append(f"{name} and {name}_FILE are both set: keep one of them")
        elif path and not os.access(path, os.R_OK):
            self.faults.append(f"{name}_FILE names {path}, which cannot be read: mend the path or its rights")


# Rules: each raises ValueError with what is wrong and how to mend it.


def tcp_port(text: str) -> int:
    """A TCP port."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536):
        raise ValueError("is no port: give a whole number from 1 to 65535")
    return int(text)


def count(text: str) -> int:
    """How many of something: 1 to 256."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= 256):
        raise ValueError("is no such number: give a whole number from 1 to 256")
    return int(text)


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words, in any case."""

    def rule(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"is none of {', '.join(words)}")
        return text.lower()

    return rule


def web_address(text: str) -> str:
    """An address without a slash at its end."""
    if not re.fullmatch(r"https?://([\w.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?(/[^?#\s]*)?", text):
        raise ValueError("is no web address: write it like https://desk.example.com")
    return text.rstrip("/")


def issuer(text: str) -> str:
    """Who lets people in is spoken to by TLS alone; another program of this machine may go without."""
    address = web_address(text)
    if address.startswith("http:") and not re.match(r"http://(127\.0\.0\.1|localhost)[:/]", address + "/"):
        raise ValueError("must begin with https://: who lets people in is spoken to by TLS alone")
    return address


def existing_file(text: str) -> Path:
    """A file that is there, by its whole path."""
    if not Path(text).is_file():
        raise ValueError(f"names {text}, which is no file: mend the path")
    return Path(text).absolute()


def account_sid(text: str) -> str:
    """Twilio's name of an account."""
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", text):
        raise ValueError("is no account: it is AC and 32 hexadecimal digits; copy it from Twilio's console")
    return text


def number(text: str) -> str:
    """A phone number with its country code."""
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", text):
        raise ValueError("is no phone number: write it with country code, like +18889624587")
    return text


def long_enough(text: str) -> str:
    """A secret that nobody guesses."""
    if len(text) < 32:
        raise ValueError(f"is shorter than 32 characters: make one with {MAKE_A_KEY}")
    return text


def database(text: str) -> str:
    """SQLite or PostgreSQL, whichever way it is written."""
    scheme, _, rest = text.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.strip("/") and ":memory:" not in rest:
        return text
    raise ValueError("must begin with postgresql+psycopg:// or name a file as in sqlite:////srv/desk.sqlite3")


def redis(text: str) -> str:
    """Where a Redis listens."""
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return text


def storage(text: str) -> str:
    """A place that fsspec knows."""
    if not re.match(r"[a-z0-9+]{2,}://.", text):
        raise ValueError("is no storage address: write file:///srv/recordings or s3://bucket/folder")
    return text
