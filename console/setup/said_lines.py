"""Lines of the policy file as their reader says them, on the pages that tell what was changed."""

import re
import tomllib
from collections.abc import Iterable

from console.setup.said_values import SaidValues

LINE = re.compile(r"(\[\[?)([^\]]*)\]\]? ?(.*)", re.DOTALL)
PAIR = re.compile(r'"?([^"=]+?)"?\s*=\s*(.*)', re.DOTALL)


class SaidLines:
    """`+ The week · Monday: 09:00-13:00`, of `+ [office.hours] mon = ["09:00-13:00"]`."""

    def __init__(self, values: SaidValues) -> None:
        self.values, self.words = values, values.words

    def said(self, lines: Iterable[str]) -> list[str]:
        """All that say something: a bracket that closes a list does not."""
        return [f"{line[:1]} {said}" for line in lines if (said := self._line(line[2:]))]

    def _line(self, line: str) -> str:
        found = LINE.fullmatch(line)
        if found is None:
            return line
        table, rest = found[2], found[3]
        if not rest:
            return self._table(table) if found[1] == "[[" else ""
        pair = PAIR.fullmatch(rest)
        if pair is None:
            piece = self._value("", rest)
            return f"{self._table(table)} · {piece}" if piece else ""
        return f"{self._table(table)} · {self._name(table, pair[1])}: {self._value(pair[1], pair[2])}"

    def _value(self, name: str, written: str) -> str:
        """A value as TOML has it; of one that goes over several lines, what stands in this one."""
        for whole in (written, f"[{written}]", f"{written}]"):
            try:
                value = tomllib.loads(f"said = {whole}")["said"]
            except tomllib.TOMLDecodeError:
                continue
            if name or whole == written:
                return self.values.whole(name, value) if whole == written or value else "…"
            return self.values.whole("about", value)
        return "" if written in ("]", "],") else written

    def _table(self, table: str) -> str:
        first, _, last = table.partition(".")
        names = f"setting.table.{table}", f"rules.table.{table.replace('.', '_')}", f"rules.table.{last}"
        found = next((self.words.say(each) for each in names if self.words.knows(each)), "")
        if found or not self.words.knows(f"setting.table.{first}"):
            return found or table
        return f"{self.words.say(f'setting.table.{first}')} · {last}"

    def _name(self, table: str, key: str) -> str:
        inside = "setting.inside", "rules.day", "rules.language"
        names = [f"{place}.{key}" for place in (f"setting.line.{table}", f"rules.line.{table}", *inside)]
        return next((self.words.say(each) for each in names if self.words.knows(each)), key)
