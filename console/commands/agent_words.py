"""What an administrator types of a person, read as the desk keeps it."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from callbacks.agent_phone import LIKE, read_agent_phone
from callbacks.errors import Refused
from callbacks.policy import Policy
from callbacks.shifts import read_days, read_shifts
from console.catalogue import FIRST, Catalogue
from console.password_rules import weakness
from console.passwords import LONGEST, SHORTEST, new_password


def as_kept(policy: Policy, said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an Agent that something was said of; a word that stands for none makes them empty."""
    kept: dict[str, Any] = {name: said[name] for name in ("name", "level") if said.get(name)}
    if said.get("roles"):
        kept["roles"] = list(dict.fromkeys(said["roles"]))
    if said.get("languages"):
        kept["languages"] = list(dict.fromkeys(language.lower() for language in said["languages"]))
    if said.get("phone") is not None:
        kept["phone"] = _phone(said["phone"], policy.numbers.country or "")
    readers: tuple[tuple[str, str, Callable[[Sequence[str]], Any]], ...] = (
        ("topics", "all", lambda words: _topics(policy, words)),
        ("shifts", "office", read_shifts),
        ("days_off", "none", read_days),
    )
    for name, nothing, reader in readers:
        if words := said.get(name):
            kept[name] = reader(() if tuple(words) == (nothing,) else words)
    return kept


def sign_in_of(text: str) -> str:
    """One short word in lower case."""
    name = text.strip().lower()
    if not (0 < len(name) <= 80 and name.isprintable() and not any(sign.isspace() for sign in name)):
        raise Refused(f"{text!r} is no name to sign in with: write one short word, like ada")
    return name


def password_of(names: Iterable[str], *, typed: bool) -> tuple[str, str]:
    """A password, and what is shown of it: nothing of a typed one, which is refused where easily guessed."""
    if typed:
        password = sys.stdin.readline().rstrip("\n")
        if weak := weakness(password, names):
            words = Catalogue.of(FIRST)
            raise Refused(words.say(f"password.{weak}", shortest=SHORTEST, longest=LONGEST))
        return password, ""
    made = new_password()
    return made, f"\npassword: {made}"


def _topics(policy: Policy, words: Sequence[str]) -> list[str]:
    known = [topic.name for topic in policy.topics]
    for word in words:
        if word not in known:
            raise Refused(f"{word!r} is no topic of the policy; it knows {', '.join(known)}")
    return [name for name in known if name in words]


def _phone(text: str, country: str) -> str | None:
    phone = read_agent_phone(text, country)
    if text.strip() and phone is None:
        raise Refused(f"{text!r} is no phone number that can be rung: write it like {LIKE}")
    return phone
