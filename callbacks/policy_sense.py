"""What the lines of a policy must mean together: rules in a table, skipped where lines are faulty."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from holidays.utils import list_supported_countries

from callbacks.policy_form import Reading, near, or_list, shown
from callbacks.policy_lines import Path
from callbacks.policy_tables import PolicyLines

Found = Iterator[tuple[Path, str]]


@dataclass(frozen=True)
class Rule:
    """Something two or more lines must agree on: where it reads, and what it finds."""

    reads: tuple[str, ...]
    look: Callable[[PolicyLines], Found]


def check(written: PolicyLines, reading: Reading) -> None:
    """Note what every rule finds."""
    for rule in RULES:
        if reading.is_sound(*(tuple(place.split(".")) for place in rule.reads)):
            for path, sentence in list(rule.look(written)):
                reading.fault(path, sentence)


def _closures_have_days(written: PolicyLines) -> Found:
    for number, closure in enumerate(written.office.closures):
        path = ("office", "closures", number)
        if not closure.rule and not closure.from_:
            yield (
                path,
                f"{shown(closure.name)} has neither a date nor a rule; write from = 2026-12-24, or a rule",
            )
        if closure.from_ and closure.until and closure.until < closure.from_:
            yield (
                (*path, "until"),
                f"{closure.until} is before from = {closure.from_}; write the later one here",
            )
        if closure.until and not closure.from_ and not closure.rule:
            yield (*path, "until"), "has no from; write from = the first day beside it"
        if closure.rule and not closure.from_ and _depends_on_start(closure.rule):
            yield (*path, "rule"), "depends on where it begins; write from = its first day beside it"


def _depends_on_start(rule: str) -> bool:
    """Whether the rule alone does not say which days: every second week from which, weekly on which day."""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    skips = int(parts.get("INTERVAL", "1")) > 1 or "COUNT" in parts
    return skips or (parts["FREQ"] != "DAILY" and not any(part.startswith("BY") for part in parts))


def _openings_are_single(written: PolicyLines) -> Found:
    seen = Counter[object]()
    for number, opening in enumerate(written.office.openings):
        seen[opening.date_] += 1
        if seen[opening.date_] > 1:
            yield (
                ("office", "openings", number, "date"),
                f"{opening.date_} has two openings; join their hours in one",
            )


def _holidays_are_known(written: PolicyLines) -> Found:
    known = list_supported_countries()
    path = ("office", "holidays")
    country, subdivision = written.office.holidays.country, written.office.holidays.subdivision
    if subdivision and not country:
        yield (*path, "subdivision"), f"{shown(subdivision)} has no country; write country beside it"
    if country and country not in known:
        yield (*path, "country"), f"{shown(country)} has no list of public holidays; {near(country, known)}"
    elif country and subdivision and subdivision not in known[country]:
        mend = near(subdivision, known[country])
        yield (*path, "subdivision"), f"{shown(subdivision)} is not a part of {country}; {mend}"


def _office_opens(written: PolicyLines) -> Found:
    try:
        written.office.working_time(written.office.hours)
    except ValueError as refusal:
        yield (
            ("office", "closures"),
            f"the office never opens ({refusal}); let the closures end, or leave hours open",
        )


def _sales_open(written: PolicyLines) -> Found:
    try:
        written.office.working_time(written.sales.hours or written.office.hours)
    except ValueError as refusal:
        yield ("sales", "hours"), f"Sales never opens ({refusal}); leave hours that no closure takes"


def _at_risk_within_window(written: PolicyLines) -> Found:
    if written.promise.at_risk >= written.promise.window:
        yield ("promise", "at_risk"), "is not shorter than the window; write a part of it, like 30m of 2h"


def _levels_ascend(written: PolicyLines) -> Found:
    if written.promise.solve_level_2 < written.promise.solve_level_1:
        yield (
            ("promise", "solve_level_2"),
            "is shorter than solve_level_1; level 2 has the longer work, write more",
        )


def _handled_after_opening(written: PolicyLines) -> Found:
    if written.promise.first_handling <= written.promise.opens_after:
        yield ("promise", "first_handling"), "is over before the window opens; write more than opens_after"


def _sales_apart(written: PolicyLines) -> Found:
    if written.sales.number == written.numbers.support:
        yield ("sales", "number"), 'is the support number, and would ring in circles; write another, or ""'


def _limits_nest(written: PolicyLines) -> Found:
    if written.numbers.in_all_a_day < written.numbers.per_subscription_a_day:
        yield ("numbers", "in_all_a_day"), "is less than per_subscription_a_day; write at least as many"
    if written.guards.wrong_codes_in_all < written.guards.wrong_codes_per_caller:
        yield ("guards", "wrong_codes_in_all"), "is less than wrong_codes_per_caller; write at least as many"


def _silence_within_message(written: PolicyLines) -> Found:
    if written.call.message_silence >= written.call.message_limit:
        yield ("call", "message_silence"), "is not shorter than message_limit; write seconds, like 10s"


def _languages_are_offered(written: PolicyLines) -> Found:
    offered = written.languages.offered
    for number, language in written.languages.by_number.items():
        if language not in offered:
            yield ("languages", "by_number", number), f"{shown(language)} is not offered; add it to offered"
    for sentence in written.prompts:
        language, dot, rest = sentence.partition(".")
        if not dot or not rest or language not in offered:
            mend = f'write it like "{offered[0]}.welcome"'
            yield ("prompts", sentence), f"does not begin with an offered language; {mend}"


def _some_topic_is_ours(written: PolicyLines) -> Found:
    if all(topic.referral for topic in written.topics):
        yield ("topics",), "all are referred to paid services; write at least one without referral"


def _topics_differ(written: PolicyLines) -> Found:
    seen = Counter[str]()
    for number, topic in enumerate(written.topics):
        seen[topic.name] += 1
        if seen[topic.name] > 1:
            yield ("topics", number, "name"), f"{shown(topic.name)} is the name of two topics; rename one"


def _referrals_exist(written: PolicyLines) -> Found:
    for number, topic in enumerate(written.topics):
        if topic.referral and topic.referral not in written.referrals:
            mend = near(topic.referral, written.referrals)
            yield ("topics", number, "referral"), f"{shown(topic.referral)} is not among [referrals]; {mend}"


def _said_in_every_language(written: PolicyLines) -> Found:
    said: list[tuple[Path, str, set[str]]] = [
        (("topics", number, "says"), topic.name, set(topic.says))
        for number, topic in enumerate(written.topics)
    ]
    said += [(("referrals", name, "says"), name, set(each.says)) for name, each in written.referrals.items()]
    for path, name, languages in said:
        if silent := [language for language in written.languages.offered if language not in languages]:
            yield path, f'{shown(name)} has no words in {or_list(silent)}; add {silent[0]} = "…"'


RULES = (
    Rule(("office.closures",), _closures_have_days),
    Rule(("office.openings",), _openings_are_single),
    Rule(("office.holidays",), _holidays_are_known),
    Rule(("office",), _office_opens),
    Rule(("office", "sales.hours"), _sales_open),
    Rule(("promise.at_risk", "promise.window"), _at_risk_within_window),
    Rule(("promise.solve_level_1", "promise.solve_level_2"), _levels_ascend),
    Rule(("promise.first_handling", "promise.opens_after"), _handled_after_opening),
    Rule(("sales.number", "numbers.support"), _sales_apart),
    Rule(("numbers.per_subscription_a_day", "numbers.in_all_a_day"), _limits_nest),
    Rule(("call.message_limit", "call.message_silence"), _silence_within_message),
    Rule(("languages.offered", "languages.by_number", "prompts"), _languages_are_offered),
    Rule(("topics.*.referral",), _some_topic_is_ours),
    Rule(("topics.*.name",), _topics_differ),
    Rule(("topics.*.referral", "referrals"), _referrals_exist),
    Rule(("topics.*.says", "topics.*.name", "referrals", "languages.offered"), _said_in_every_language),
)
