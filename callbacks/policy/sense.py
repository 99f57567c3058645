"""What the lines of a policy must mean together: rules in a table, skipped where lines are faulty."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import holidays
from holidays.registry import EntityLoader

from callbacks.errors import Sentence
from callbacks.policy.faults import fault
from callbacks.policy.form import Reading, near, or_list, shown
from callbacks.policy.lines import Path
from callbacks.policy.tables import PolicyLines

Found = Iterator[tuple[Path, Sentence]]
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
            words = "{name} has neither a date nor a rule; write from = 2026-12-24, or a rule"
            yield path, fault("no_days", words, name=shown(closure.name))
        if closure.from_ and closure.until and closure.until < closure.from_:
            words = "{until} is before from = {first}; write a later day"
            yield (*path, "until"), fault("until", words, until=closure.until, first=closure.from_)
        if closure.rule and not closure.from_ and _depends_on_start(closure.rule):
            words = "depends on where it begins; write from = its first day beside it"
            yield (*path, "rule"), fault("rule_begins", words)


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
            words = "{day} has two openings; join their hours in one"
            yield (*path, "date"), fault("two_openings", words, day=opening.date_)


def _holidays_are_known(written: PolicyLines, _reading: Reading) -> Found:
    known = [
        *EntityLoader.get_country_codes(include_aliases=True)
    ]  # names alone: loading them all takes a second
    path = ("office", "holidays")
    country, subdivision = written.office.holidays.country, written.office.holidays.subdivision
    if subdivision and not country:
        words = "{part} has no country; write country beside it"
        yield (*path, "subdivision"), fault("no_country", words, part=shown(subdivision))
    if country and country not in known:
        words, mend = "{country} has no list of public holidays; {mend}", near(country, known)
        yield (*path, "country"), fault("no_holidays", words, country=shown(country), mend=mend)
    elif country and subdivision and subdivision not in (parts := getattr(holidays, country).subdivisions):
        words, mend = "{part} is not a part of {country}; {mend}", near(subdivision, parts)
        said = fault("no_part", words, part=shown(subdivision), country=country, mend=mend)
        yield (*path, "subdivision"), said


def _office_opens(written: PolicyLines, _reading: Reading) -> Found:
    if written.office.closes_for_good(written.office.hours):
        words = "the office never opens again; let the closures end, or leave hours open"
        yield ("office", "closures"), fault("closed_for_good", words)


def _sales_open(written: PolicyLines, _reading: Reading) -> Found:
    if written.sales.hours and written.office.closes_for_good(written.sales.hours):
        words = "Sales never opens; leave hours that no closure takes"
        yield ("sales", "hours"), fault("sales_closed", words)


def _at_risk_within_window(written: PolicyLines, _reading: Reading) -> Found:
    if written.promise.at_risk >= written.promise.window:
        words = "is not shorter than the window; write a part of it, like 30m of 2h"
        yield ("promise", "at_risk"), fault("at_risk", words)


def _levels_ascend(written: PolicyLines, _reading: Reading) -> Found:
    if written.promise.solve_level_2 < written.promise.solve_level_1:
        words = "is shorter than solve_level_1; level 2 has the longer work, write more"
        yield ("promise", "solve_level_2"), fault("levels", words)


def _handled_after_opening(written: PolicyLines, _reading: Reading) -> Found:
    if written.promise.first_handling <= written.promise.opens_after:
        words = "is over before the window opens; write more than opens_after"
        yield ("promise", "first_handling"), fault("handling", words)


def _sales_apart(written: PolicyLines, _reading: Reading) -> Found:
    if written.sales.number == written.numbers.support:
        words = 'is the support number, and would ring in circles; write another, or ""'
        yield ("sales", "number"), fault("circles", words)


def _daily_limits_nest(written: PolicyLines, _reading: Reading) -> Found:
    if written.numbers.in_all_a_day < written.numbers.per_subscription_a_day:
        words = "is less than per_subscription_a_day; write at least as many"
        yield ("numbers", "in_all_a_day"), fault("less_in_all", words)


def _guards_nest(written: PolicyLines, _reading: Reading) -> Found:
    if written.guards.wrong_codes_in_all < written.guards.wrong_codes_per_caller:
        words = "is less than wrong_codes_per_caller; write at least as many"
        yield ("guards", "wrong_codes_in_all"), fault("less_codes_in_all", words)


def _silence_within_message(written: PolicyLines, _reading: Reading) -> Found:
    if written.call.message_silence >= written.call.message_limit:
        words = "is not shorter than message_limit; write seconds, like 10s"
        yield ("call", "message_silence"), fault("long_silence", words)


def _dialled_languages_are_offered(written: PolicyLines, _reading: Reading) -> Found:
    for number, language in written.languages.by_number.items():
        if language not in written.languages.offered:
            path = ("languages", "by_number", number)
            yield (
                path,
                fault(
                    "not_offered", "{language} is not offered; add it to offered", language=shown(language)
                ),
            )


def _prompts_name_a_language(written: PolicyLines, reading: Reading) -> Found:
    for sentence in written.prompts:
        language, _, rest = sentence.partition(".")
        if language not in written.languages.offered or not rest:
            quoted = ("prompts", sentence)
            path = quoted if quoted in reading.lines.places else ("prompts", language, rest)
            words = '{value} does not begin with an offered language; write it like "{first}.welcome"'
            first = written.languages.offered[0]
            yield path, fault("prompt_language", words, value=shown(sentence), first=first)


def _some_topic_is_ours(written: PolicyLines, reading: Reading) -> Found:
    topics = list(_each(written.topics, ("topics",), reading, "referral"))
    if topics and len(topics) == len(written.topics) and all(topic.referral for _, topic in topics):
        words = "all are referred to paid services; write at least one without referral"
        yield ("topics",), fault("all_referred", words)


def _topics_differ(written: PolicyLines, reading: Reading) -> Found:
    seen = Counter[str]()
    for path, topic in _each(written.topics, ("topics",), reading, "name"):
        seen[topic.name] += 1
        if seen[topic.name] > 1:
            words = "{name} is the name of two topics; rename one"
            yield (*path, "name"), fault("two_topics", words, name=shown(topic.name))


def _referrals_exist(written: PolicyLines, reading: Reading) -> Found:
    for path, topic in _each(written.topics, ("topics",), reading, "referral"):
        if topic.referral and topic.referral not in written.referrals:
            words, mend = "{name} is not among [referrals]; {mend}", near(topic.referral, written.referrals)
            yield (*path, "referral"), fault("no_referral", words, name=shown(topic.referral), mend=mend)


def _said_in_every_language(written: PolicyLines, reading: Reading) -> Found:
    topics = _each(written.topics, ("topics",), reading, "name", "says")
    said = [(path, topic.name, topic.says) for path, topic in topics]
    for name, referral in written.referrals.items() if reading.stands(("referrals",)) else ():
        if reading.is_sound(("referrals", name)):
            said.append((("referrals", name), name, referral.says))
    for path, name, says in said:
        if silent := [language for language in written.languages.offered if language not in says]:
            words, tongues = '{name} has no words in {languages}; add {first} = "…"', or_list(silent)
            said_of = fault("silent", words, name=shown(name), languages=tongues, first=silent[0])
            yield (*path, "says"), said_of


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
