"""Topics: what callers may call about, by key, and who takes it: a level, or a paid service by its words."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from callbacks.policy.editing import Changes, differences
from callbacks.policy.lines import Path
from console.room import Room
from console.setup.rules.fields import TEXT, Field, Form
from console.setup.rules.page import Sheet, Subject

MOST = 5
MORE = 1
"""Empty rows in which to write one more service."""


class Topics(Subject):
    """Five rows of topics, and a row for each service and one more. A row without a name is taken out."""

    name, template = "rules_topics", "setup/rules/topics.html"

    def fields(self, values: Mapping[str, Any]) -> Sequence[Field]:
        """A field for each thing said of a topic or a service."""
        return [*_topic_fields(values), *_service_fields(values)]

    def changes(self, values: Mapping[str, Any], form: Form) -> Changes:
        """Single words where the rows are those there were; else the whole list anew."""
        was, services_were = list(values.get("topics", [])), dict(values.get("referrals", {}))
        languages, services = _languages(values), _services(values, form)
        topics = [_topic(number, languages, form) for number in range(MOST)]
        wanted = [topic for topic in topics if topic["name"]]
        changes: dict[Path, Any] = dict(differences(services_were, services, ("referrals",)))
        if [each["name"] for each in was] != [each["name"] for each in wanted]:
            return changes | {
                ("topics",): [{k: v for k, v in each.items() if v not in ("", {})} for each in wanted]
            }
        for number, (before, after) in enumerate(zip(was, wanted, strict=True)):
            full = {"level": 1, "referral": ""} | before
            for said in ("says", "called"):
                after[said] = _unseen_words(before, said, languages) | after[said]
            if not after["called"]:
                after.pop("called")
            if "level" not in after:
                full.pop("level")
            changes |= differences(full, after, ("topics", number))
        return changes

    def more(self, room: Room, sheet: Sheet) -> dict[str, Any]:
        """What the rows are made of."""
        del room
        return {"languages": _languages(sheet.values), "most": MOST, "services": _rows(sheet.values),
                "names": sorted(sheet.values.get("referrals", {}))}  # fmt: skip


def _unseen_words(topic: Mapping[str, Any], said: str, languages: Sequence[str]) -> dict[str, str]:
    """Words in languages that are not offered now stay for the day they are."""
    return {each: words for each, words in topic.get(said, {}).items() if each not in languages}


def _languages(values: Mapping[str, Any]) -> list[str]:
    offered = values.get("languages", {}).get("offered", [])
    return [each for each in offered if isinstance(each, str)]


def _topic_fields(values: Mapping[str, Any]) -> Iterator[Field]:
    topics = values.get("topics", [])
    for number in range(MOST):
        topic = topics[number] if number < len(topics) else {}
        takes = topic.get("referral") or str(topic.get("level", 1))
        yield Field(("topics", number, "name"), TEXT, "")
        yield Field(("topics", number, "takes"), TEXT, takes)
        for name, language in product(("called", "says"), _languages(values)):
            yield Field(("topics", number, name, language), TEXT, "")


def _rows(values: Mapping[str, Any]) -> range:
    return range(len(values.get("referrals", {})) + MORE)


def _service_fields(values: Mapping[str, Any]) -> Iterator[Field]:
    """By their place in the list: their names are the policy's keys, and may be changed."""
    known = list(values.get("referrals", {}).items())
    for number in _rows(values):
        name, service = known[number] if number < len(known) else ("", {})
        yield Field(("service", number, "name"), TEXT, name)
        for language in _languages(values):
            yield Field(
                ("service", number, "says", language), TEXT, service.get("says", {}).get(language, "")
            )


def _topic(number: int, languages: list[str], form: Form) -> dict[str, Any]:
    typed = {name: form.get(f"topics.{number}.{name}", "").strip() for name in ("name", "takes")}
    topic: dict[str, Any] = {"name": typed["name"], "says": {}, "called": {}}
    for said, language in product(("says", "called"), languages):
        if words := form.get(f"topics.{number}.{said}.{language}", "").strip():
            topic[said][language] = words
    if typed["takes"] in {"1", "2"}:
        return topic | {"level": int(typed["takes"]), "referral": ""}
    return topic | {"referral": typed["takes"]}


def _services(values: Mapping[str, Any], form: Form) -> dict[str, Any]:
    services: dict[str, Any] = {}
    for number in _rows(values):
        name = form.get(f"service.{number}.name", "").strip()
        said = {each: form.get(f"service.{number}.says.{each}", "").strip() for each in _languages(values)}
        if name:
            services[name] = {"says": {each: words for each, words in said.items() if words}}
    return services
