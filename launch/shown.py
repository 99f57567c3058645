"""What a start prints: each program's lines under its name, and one block of what to do first."""

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

COLOURS = {
    "web": 36,
    "worker": 33,
    "clock": 35,
    "exchange": 32,
    "valkey": 34,
    "launch": 37,
    "prepare": 37,
    "rehearsal": 34,
}
WIDTH = max(len(name) for name in COLOURS)
Row = tuple[str, str, str]


class Screen:
    """Lines go out at once; a screen that has gone away is no reason to fall over."""

    def __init__(self, out: TextIO | None = None, as_json: bool = False) -> None:
        self._out = out or sys.stdout
        self._as_json = as_json
        self._colour = self._out.isatty() and "NO_COLOR" not in os.environ

    def line(self, name: str, text: str) -> None:
        """A program's line under its name; for machines an object a line, whoever wrote it."""
        if not self._as_json:
            self._write(f"{self._paint(COLOURS.get(name, 37), name.ljust(WIDTH))} │ {text}")
        elif text.startswith("{"):
            self._write(text)
        else:
            moment = datetime.now(UTC).isoformat()
            self._write(json.dumps({"timestamp": moment, "level": "info", "logger": name, "event": text}))

    def block(self, title: str, rows: Sequence[Row], close: str) -> None:
        """A title, rows of name, thing and remark, and a closing sentence; for machines the title alone."""
        if self._as_json:
            self.line("launch", title)
            return
        names, things = (max(len(row[part]) for row in rows) for part in (0, 1))
        body = [
            "   ".join(
                self._paint(*part) for part in ((2, name.ljust(names)), (1, thing.ljust(things)), (2, remark))
            )
            for name, thing, remark in rows
        ]
        for row in ["", self._paint(1, title), "", *body, "", self._paint(2, close), ""]:
            self._write(f"  {row}".rstrip())

    def _paint(self, colour: int, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colour and text else text

    def _write(self, text: str) -> None:
        try:
            self._out.write(text + "\n")
            self._out.flush()
        except (OSError, ValueError):
            self._out = open(os.devnull, "w")  # noqa: SIM115 - stands in until the end


def spaced(number: str) -> str:
    """A number as one dials it: +1 888 962 4587."""
    found = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", number)
    return f"+1 {found[1]} {found[2]} {found[3]}" if found else number


def welcome(facts: Mapping[str, Any], desk: str, phone: str | None) -> list[Row]:
    """The rows of the block: where the desk is and who signs in, where the phone is and its codes."""
    demo = facts.get("demo", {})
    rows = [("Desk", desk, ""), *_pairs("Sign in", demo.get("sign_ins", {}))]
    if phone:
        rows += [("", "", ""), ("Telephone", phone, f"ring {spaced(facts['number'])}")]
        rows += _pairs("Code", {company: f"{code} #" for company, code in demo.get("codes", {}).items()})
    return rows


def _pairs(name: str, pairs: Mapping[str, str]) -> list[Row]:
    """A row for each pair, the first under the name."""
    width = max(map(len, pairs), default=0)
    names = [name, *[""] * len(pairs)]
    return [(names[place], f"{left.ljust(width)}   {pairs[left]}", "") for place, left in enumerate(pairs)]
