"""What the lines of a policy must mean together: rules in a table, skipped where lines are faulty."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import holidays
from holidays.registry import EntityLoader

from callbacks.policy.form import Reading, near, or_list, shown
from callbacks.policy.lines import Path
from callbacks.policy.tables import PolicyLines

Found = Iterator[tuple[Path, str]]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Rule:
    """Something that lines must agree on: those it reads, which must be sound, and what it finds.

    A rule about a list of tables looks `within` it, at those of them that are sound.
    """

    reads: tuple[str, ...]
    look: Callable[[PolicyLines, Reading], Found]
    within: str = ""


def check(written: PolicyLines, reading: Reading) -> None:
    """Note what every rule finds."""
    for rule in RULES:
        around = tuple(filter(None, rule.within.split(".")))
        if reading.stands(around) and reading.is_sound(*(tuple(place.split(".")) for place in rule.reads)):
            for path, sentence in list(rule.look(written, reading)):
                reading.fault(path, sentence)


def _each(items: Iterable[Item], path: Path, reading: Reading, *lines: str) -> Iterator[tuple[Path, Item]]:
    """The items of a list of tables that are sound, in the lines named or wholly."""
    for number, item in enumerate(items if reading.stands(path) else ()):
        here = (*path, number)
        if reading.is_sound(*((*here, line) for line in lines)) if lines else reading.is_sound(here):
            yield here, item


def _closures_have_days(written: PolicyLines, reading: Reading) -> Found:
    for path, closure in _each(written.office.closures, ("office", "closures"), reading):
        if not closure.rule and not closure.from_:
            name = shown(closure.name)
            yield path, f"{name} has neither a date nor a rule; write from = 2026-12-24, or a rule"
        if closure.from_ and closure.until and closure.until < closure.from_:
            yield (*path, "until"), f"{closure.until} is before from = {closure.from_}; write a later day"
        if closure.rule and not closure.from_ and _depends_on_start(closure.rule):
            yield (*path, "rule"), "depends on where it begins; write from = its first day beside it"


def _depends_on_start(rule: str) -> bool:
    """Whether the rule alone does not say which days: every second week from which, weekly on which day."""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    skips = int(parts.get("INTERVAL", "1")) > 1 or "COUNT" in parts
    return skips or (parts["FREQ"] != "DAILY" and not any(part.startswith("BY") for part in parts))


def _openings_are_single(written: PolicyLines, reading: Reading) -> Found:
    seen = Counter[date]()
    for path, opening in _each(written.office.openings, ("office", "openings"), reading, "date"):
        seen[opening.date_] += 1
        if seen[opening.date_] > 1:
            yield (*path, "date"), f"{opening.date_} has two openings; join their hours in one"


def _holidays_are_known(written: PolicyLines, _reading: Reading) -> Found:
    known = [
        *EntityLoader.get_country_codes(include_aliases=True)
    ]  # names alone: loading them all takes a second
    path = ("office", "holidays")
    country, subdivision = written.office.holidays.country, written.office.holidays.subdivision
    if subdivision and not country:
        yield (*path, "subdivision"), f"{shown(subdivision)} has no country; write country beside it"
    if country and country not in known:
        yield (*path, "country"), f"{shown(country)} has no list of public holidays; {near(country, known)}"
    elif country and subdivision and subdivision not in (parts := getattr(holidays, country).subdivisions):
        mend = near(subdivision, parts)
        yield (*path, "subdivision"), f"{shown(subdivision)} is not a part of {country}; {mend}"


def _office_opens(written: PolicyLines, _reading: Reading) -> Found:
    if written.office.closes_for_good(written.office.hours):
        yield (
            ("office", "closures"),
            "the office never opens again; let the closures end, or leave hours open",
        )


def _sales_open(written: PolicyLines, _reading: Reading) -> Found:
    if written.sales.hours and written.office.closes_for_good(written.sales.hours):
        yield ("sales", "hours"), "Sales never opens; leave hours that no closure takes"


def _at_risk_within_window(written: PolicyLines, _reading: Reading) -> Found:
    if written.promise.at_risk >= written.promise.window:
        yield ("promise", "at_risk"), "is not shorter than the window; write a part of it, like 30m of 2h"


def _levels_ascend(written: PolicyLines, _reading: Reading) -> Found:
    if written.promise.solve_level_2 < written.promise.solve_level_1:
        yield (
            ("promise", "solve_level_2"),
            "is shorter than solve_level_1; level 2 has the longer work, write more",
        )


def _handled_after_opening(written: PolicyLines, _reading: Reading) -> Found:
    if written.promise.first_handling <= written.promise.opens_after:
        yield ("promise", "first_handling"), "is over before the window opens; write more than opens_after"


def _sales_apart(written: PolicyLines, _reading: Reading) -> Found:
    if written.sales.number == written.numbers.support:
        yield ("sales", "number"), 'is the support number, and would ring in circles; write another, or ""'


def _daily_limits_nest(written: PolicyLines, _reading: Reading) -> Found:
    if written.numbers.in_all_a_day < written.numbers.per_subscription_a_day:
        yield ("numbers", "in_all_a_day"), "is less than per_subscription_a_day; write at least as many"


def _guards_nest(written: PolicyLines, _reading: Reading) -> Found:
    if written.guards.wrong_codes_in_all < written.guards.wrong_codes_per_caller:
        yield ("guards", "wrong_codes_in_all"), "is less than wrong_codes_per_caller; write at least as many"


def _silence_within_message(written: PolicyLines, _reading: Reading) -> Found:
    if written.call.message_silence >= written.call.message_limit:
        yield ("call", "message_silence"), "is not shorter than message_limit; write seconds, like 10s"


def _dialled_languages_are_offered(written: PolicyLines, _reading: Reading) -> Found:
    for number, language in written.languages.by_number.items():
        if language not in written.languages.offered:
            path = ("languages", "by_number", number)
            yield path, f"{shown(language)} is not offered; add it to offered"


def _prompts_name_a_language(written: PolicyLines, reading: Reading) -> Found:
    for sentence in written.prompts:
        language, _, rest = sentence.partition(".")
        if language not in written.languages.offered or not rest:
            quoted = ("prompts", sentence)
            path = quoted if quoted in reading.lines.places else ("prompts", language, rest)
            mend = f'write it like "{written.languages.offered[0]}.welcome"'
            yield path, f"{shown(sentence)} does not begin with an offered language; {mend}"


def _some_topic_is_ours(written: PolicyLines, reading: Reading) -> Found:
    topics = list(_each(written.topics, ("topics",), reading, "referral"))
    if topics and len(topics) == len(written.topics) and all(topic.referral for _, topic in topics):
        yield ("topics",), "all are referred to paid services; write at least one without referral"


def _topics_differ(written: PolicyLines, reading: Reading) -> Found:
    seen = Counter[str]()
    for path, topic in _each(written.topics, ("topics",), reading, "name"):
        seen[topic.name] += 1
        if seen[topic.name] > 1:
            yield (*path, "name"), f"{shown(topic.name)} is the name of two topics; rename one"


def _referrals_exist(written: PolicyLines, reading: Reading) -> Found:
    for path, topic in _each(written.topics, ("topics",), reading, "referral"):
        if topic.referral and topic.referral not in written.referrals:
            mend = near(topic.referral, written.referrals)
            yield (*path, "referral"), f"{shown(topic.referral)} is not among [referrals]; {mend}"


def _said_in_every_language(written: PolicyLines, reading: Reading) -> Found:
    topics = _each(written.topics, ("topics",), reading, "name", "says")
    said = [(path, topic.name, topic.says) for path, topic in topics]
    for name, referral in written.referrals.items() if reading.stands(("referrals",)) else ():
        if reading.is_sound(("referrals", name)):
            said.append((("referrals", name), name, referral.says))
    for path, name, says in said:
        if silent := [language for language in written.languages.offered if language not in says]:
            yield (*path, "says"), f'{shown(name)} has no words in {or_list(silent)}; add {silent[0]} = "…"'


RULES = (
    Rule((), _closures_have_days, within="office.closures"),
    Rule((), _openings_are_single, within="office.openings"),
    Rule(("office.holidays",), _holidays_are_known),
    Rule(("office",), _office_opens),
    Rule(("office", "sales.hours"), _sales_open),
    Rule(("promise.at_risk", "promise.window"), _at_risk_within_window),
    Rule(("promise.solve_level_1", "promise.solve_level_2"), _levels_ascend),
    Rule(("promise.first_handling", "promise.opens_after"), _handled_after_opening),
    Rule(("sales.number", "numbers.support"), _sales_apart),
    Rule(("numbers.per_subscription_a_day", "numbers.in_all_a_day"), _daily_limits_nest),
    Rule(("guards.wrong_codes_per_caller", "guards.wrong_codes_in_all"), _guards_nest),
    Rule(("call.message_limit", "call.message_silence"), _silence_within_message),
    Rule(("languages.offered", "languages.by_number"), _dialled_languages_are_offered),
    Rule(("languages.offered",), _prompts_name_a_language, within="prompts"),
    Rule((), _some_topic_is_ours, within="topics"),
    Rule((), _topics_differ, within="topics"),
    Rule(("referrals",), _referrals_exist, within="topics"),
    Rule(("languages.offered",), _said_in_every_language),
)
