"""The tables of policy.toml: every line a supervisor may write, with its kind, its bounds and its default."""

# ruff: noqa: RUF009 - `line` makes a dataclass field, which is the default meant

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from callbacks import phone_number
from callbacks.phone_number import PhoneNumber
from callbacks.policy.faults import fault
from callbacks.policy.form import line, list_of, map_of, table
from callbacks.policy.hours import Week, week
from callbacks.policy.kinds import (
    duration,
    email_address,
    flag,
    flattened,
    number_dialled,
    one_of,
    optional,
    phone,
    recording,
    text,
    whole,
)
from callbacks.policy.notices import NoticeAddress, notice_address
from callbacks.policy.office import Office, country_code

ABOUT = (
    "at_risk", "late", "solve_late", "trouble", "sales", "guessing", "hand_over", "for_person",
    "wrap_up_overdue", "set_away", "weekly", "carrier_keeps",
)  # fmt: skip
"""What somebody can be told of."""


def _told_of() -> frozenset[str]:
    return frozenset(ABOUT)


WORDS = Path(__file__).parents[1] / "words"


@cache
def spoken() -> frozenset[str]:
    """The languages the desk has words in."""
    return frozenset(words.stem for words in WORDS.glob("*.toml"))


topic_name = text(
    longest=60, like="delivery", pattern=r"[a-z][a-z0-9_]*",
    mend=fault("no_name", "is not a name; write small letters and _"),
)  # fmt: skip
language_code = one_of(spoken, what=fault("a_language", "a language the desk speaks"))
words = map_of(
    language_code,
    text(like="a problem with delivery"),
    what=fault("a_said", 'says = {{ en = "delivery", it = "consegne" }}'),
)
host = text(
    longest=253,
    like="chat.example.lan",
    pattern=r"[A-Za-z0-9][A-Za-z0-9._:-]*",
    mend=fault("no_host", 'is not a host; write it like "chat.example.lan"'),
)
working = duration("1m", "2000h", like="2h")
days_kept = duration("1d", "3650d", like="90d", units="d")


@dataclass(frozen=True)
class PromiseLines:
    """What callers are promised, in working time."""

    opens_after: timedelta = line(working, "2h")
    window: timedelta = line(working, "2h")
    first_handling: timedelta = line(working, "4h")
    solve_level_1: timedelta = line(working, "8h")
    solve_level_2: timedelta = line(working, "32h")
    at_risk: timedelta = line(working, "30m")
    early_calls: bool = line(flag, True)


@dataclass(frozen=True)
class Numbers:
    """Our number, and whom the desk may call. `own` are the numbers that are ours: never called back."""

    support: PhoneNumber = line(phone)
    country: str | None = line(optional(country_code), "")
    allowed_countries: tuple[str, ...] = line(
        list_of(country_code, what=fault("countries", 'countries like "IT"'), least=1)
    )
    allowed_types: tuple[str, ...] = line(
        list_of(
            one_of(
                lambda: phone_number.CALLABLE_TYPES,
                what=fault("a_type", "a type of number that is ever called"),
            ),
            what=fault("types", 'types like "mobile"'),
            least=1,
        ),
        ["fixed_line", "mobile", "fixed_line_or_mobile", "voip"],
    )
    per_subscription_a_day: int = line(whole(1, 10_000), 20)
    in_all_a_day: int = line(whole(1, 1_000_000), 500)
    own: frozenset[PhoneNumber] = frozenset()


@dataclass(frozen=True)
class Sales:
    """Where callers without Premium go. Without a number Sales takes messages only."""

    number: PhoneNumber | None = line(optional(phone), "")
    email: str = line(email_address)
    hours: Week | None = line(optional(week), "")


@dataclass(frozen=True)
class Languages:
    """What is spoken: the first offered where nothing else decides. `by_number`: dialled -> language."""

    offered: tuple[str, ...] = line(
        list_of(language_code, what=fault("languages", 'languages like "en"'), least=1)
    )
    key_at_welcome: bool = line(flag, True)
    by_number: Mapping[str, str] = line(
        map_of(number_dialled, language_code, what=fault("a_dialled", '"+390212345678" = "it"')), {}
    )
    voices: Mapping[str, str] = line(
        map_of(
            language_code,
            text(
                longest=60,
                pattern=r"[\w.-]+",
                mend=fault("no_voice", 'is not a voice; write it like "Polly.Joanna-Neural"'),
            ),
            what=fault("a_voice", 'en = "Polly.Joanna-Neural"'),
        ),
        {},
    )


@dataclass(frozen=True)
class CallLines:
    """How a call goes: tries at each question, waits, and the message. Twilio records at most four hours."""

    tries: int = line(whole(1, 5), 3)
    message_limit: timedelta = line(duration("5s", "4h", like="3m"), "3m")
    message_silence: timedelta = line(duration("1s", "2m", like="10s"), "10s")
    key_wait: timedelta = line(duration("1s", "60s", like="5s"), "5s")
    confirm_wait: timedelta = line(duration("1s", "60s", like="4s"), "4s")
    item_without_message: bool = line(flag, True)


@dataclass(frozen=True)
class ReferralLines:
    """A paid service as written."""

    says: Mapping[str, str] = line(words)


@dataclass(frozen=True)
class TopicLines:
    """A topic as written: a level takes it, or a paid service by its name."""

    name: str = line(topic_name)
    says: Mapping[str, str] = line(words)
    called: Mapping[str, str] = line(words, {})
    level: int = line(whole(1, 2), 1)
    referral: str | None = line(optional(topic_name), "")


@dataclass(frozen=True)
class Ring:
    """How callbacks are rung. `sits`, `cut_off`, `pauses`, `later` are working time, the rest wall-clock."""

    offer_lapses: timedelta = line(duration("10s", "10m", like="2m"), "2m")
    sits: timedelta = line(working, "20m")
    cut_off: timedelta = line(working, "10m")
    attempts: int = line(whole(1, 10), 3)
    pauses: tuple[timedelta, ...] = line(
        list_of(working, what=fault("pauses", 'pauses like "10m"'), least=1), ["10m", "60m", "120m"]
    )
    short_talk: timedelta = line(duration("1s", "60s", like="10s"), "10s")
    wrap_up: timedelta = line(duration("30s", "60m", like="5m"), "5m")
    later: timedelta = line(working, "30m")
    rings_for: timedelta = line(duration("10s", "60s", like="25s"), "25s")
    breather: timedelta = line(duration("0s", "10m", like="15s"), "15s")
    unanswered: int = line(whole(1, 20), 3)


@dataclass(frozen=True)
class Guards:
    """Wrong extension codes an hour, past which answers get slower. Nobody is ever locked out."""

    wrong_codes_per_caller: int = line(whole(1, 1000), 10)
    wrong_codes_in_all: int = line(whole(1, 100_000), 200)
    slow_down: timedelta = line(duration("1s", "30s", like="4s"), "4s")


@dataclass(frozen=True)
class Notices:
    """Who is told, and of what. `inside` are hosts of the house that people may name for themselves."""

    to: tuple[NoticeAddress, ...] = line(
        list_of(notice_address, what=fault("addresses_like", 'addresses like "log"'), least=1), ["log"]
    )
    about: tuple[str, ...] = line(
        list_of(
            one_of(_told_of, what=fault("a_telling", "something the desk tells of")),
            what=fault("tellings", 'names like "late"'),
        ),
        list(ABOUT),
    )
    outside_office_hours: bool = line(flag, False)
    inside: tuple[str, ...] = line(list_of(host, what=fault("hosts", 'hosts like "chat.example.lan"')), [])


@dataclass(frozen=True)
class Retention:
    """How long things are kept, in wall-clock days."""

    recordings: timedelta = line(days_kept, "90d")
    personal: timedelta = line(days_kept, "365d")
    calls: timedelta = line(days_kept, "365d")


@dataclass(frozen=True)
class PolicyLines:
    """The whole file as written."""

    office: Office = line(table(Office))
    promise: PromiseLines = line(table(PromiseLines), {})
    numbers: Numbers = line(table(Numbers))
    sales: Sales = line(table(Sales))
    languages: Languages = line(table(Languages))
    call: CallLines = line(table(CallLines), {})
    topics: tuple[TopicLines, ...] = line(
        list_of(table(TopicLines), what=fault("topics", "[[topics]]"), least=1, most=5)
    )
    referrals: Mapping[str, ReferralLines] = line(
        map_of(topic_name, table(ReferralLines), what=fault("tables", "tables")), {}
    )
    ring: Ring = line(table(Ring), {})
    guards: Guards = line(table(Guards), {})
    notices: Notices = line(table(Notices), {})
    retention: Retention = line(table(Retention), {})
    prompts: Mapping[str, str] = line(flattened(recording), {})
