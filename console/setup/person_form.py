"""The form of a person at the desk: as it is filled in, and as it is read back, every fault by its field."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request

from callbacks.agent import Agent, Role
from callbacks.agent_phone import LIKE, read_agent_phone
from callbacks.errors import DeskError, Refused, Sentence
from callbacks.policy import Policy
from callbacks.shifts import Week, read_days, read_shifts
from callbacks.staffing import CHANGEABLE
from callbacks.wall_clock import WEEKDAYS
from console.catalogue import offered
from console.setup.hand import typed

LONGEST_NAME, LONGEST_SIGN_IN, MOST_DAYS = 120, 80, 366


@dataclass
class Form:
    """What was typed; `kept` as the desk keeps it, `faults` by field."""

    policy: Policy
    typed: dict[str, Any]
    kept: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, DeskError] = field(default_factory=dict)

    def read(self) -> "Form":
        """Every field, in the order in which they stand."""
        for name, look in (
            ("name", self._name), ("roles", self._roles), ("level", self._level),
            ("languages", self._languages), ("topics", self._topics),
            ("phone", self._phone), ("shifts", self._shifts),
            ("days_off", self._days_off),
        ):  # fmt: skip
            try:
                self.kept[name] = look()
            except Refused as refused:
                self.faults.setdefault(getattr(refused.args[0], "field", "") or name, refused)
        return self

    def sign_in(self) -> str:
        """One short word in lower case."""
        name = self.typed["sign_in"].strip().lower()
        if not (0 < len(name) <= LONGEST_SIGN_IN and name.isprintable() and len(name.split()) == 1):
            raise _fault("no_sign_in", "write one short word, like ada")
        return str(name)

    def _name(self) -> str:
        name = " ".join(self.typed["name"].split())
        if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
            raise _fault("no_name", "write a name of up to 120 signs, like Ada Rossi")
        return name

    def _roles(self) -> list[str]:
        roles = [role.value for role in Role if role.value in self.typed["roles"]]
        if not roles:
            raise _fault("no_role", "choose at least one role")
        return roles

    def _level(self) -> int:
        return 2 if self.typed["level"] == "2" else 1

    def _languages(self) -> list[str]:
        known = languages(self.policy)
        chosen = [each for each in dict.fromkeys(self.typed["languages"]) if each in known]
        if not chosen:
            raise _fault("no_tongue", "choose at least one language")
        return chosen

    def _topics(self) -> list[str]:
        return [topic.name for topic in self.policy.topics if topic.name in self.typed["topics"]]

    def _phone(self) -> str | None:
        text = self.typed["phone"].strip()
        phone = read_agent_phone(text, self.policy.numbers.country or "")
        if text and phone is None:
            raise _fault("no_phone", f"{{text!r}} cannot be rung; write it like {LIKE}", text)
        return phone

    def _shifts(self) -> Week:
        week: Week = {}
        for day in WEEKDAYS:
            text = self.typed["shifts"].get(day, "").strip()
            try:
                week |= read_shifts([f"{day} {text}"]) if text else {}
            except Refused as refused:
                if getattr(refused.args[0], "name", "") != "shifts_overlap":
                    words = "{text!r} is no shift; write it like 09:00-13:00 14:00-18:00"
                    refused = _fault("no_shift", words, text)
                raise Refused(refused.args[0].about(field=f"shift_{day}")) from None
        return week

    def _days_off(self) -> list[str]:
        days = re.split(r"[\s,;]+", self.typed["days_off"].strip())
        return read_days([day for day in days[:MOST_DAYS] if day])


def languages(policy: Policy) -> list[str]:
    """Those of the line, and those of the screens."""
    return list(dict.fromkeys([*policy.languages.offered, *offered()]))


def sent() -> dict[str, Any]:
    """The form as it came."""
    spoken = [typed("language"), *request.form.getlist("also")]
    plain = {name: typed(name) for name in ("sign_in", "name", "level", "phone", "days_off")}
    chosen = {name: request.form.getlist(name) for name in ("roles", "topics")}
    shifts = {day: typed(f"shift_{day}")[:400] for day in WEEKDAYS}
    return {**plain, **chosen, "languages": list(filter(None, spoken)), "shifts": shifts}


def filled(person: Agent) -> dict[str, Any]:
    """The form as it stands for this person."""
    week: Mapping[str, list[list[str]]] = person.shifts
    shifts = {day: " ".join("-".join(period) for period in week.get(day, ())) for day in WEEKDAYS}
    return {
        "sign_in": person.sign_in, "name": person.name, "level": str(person.level),
        "phone": person.phone or "",
        "days_off": "\n".join(person.days_off), "roles": person.roles, "topics": person.topics,
        "languages": person.languages, "shifts": shifts,
    }  # fmt: skip


def mark(person: Agent) -> str:
    """Short, and another where anything of the person is otherwise."""
    standing = {name: getattr(person, name) for name in sorted(CHANGEABLE)}
    return digest(json.dumps(standing, sort_keys=True))


def digest(text: str) -> str:
    """Tells of a text only whether it is the same."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _fault(name: str, words: str, text: str = "") -> Refused:
    return Refused(Sentence(name, words, {"text": text[:40]}))
