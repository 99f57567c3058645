"""What a supervisor may write in policy.toml, and what it means."""

import re
from datetime import UTC, datetime, timedelta

from callbacks.policy import Policy
from callbacks.policy.form import declared_lines
from callbacks.policy.office import ClosureLines, Holidays, Office, OpeningLines
from callbacks.policy.tables import (
    CallLines,
    Guards,
    Languages,
    Notices,
    Numbers,
    PolicyLines,
    PromiseLines,
    ReferralLines,
    Retention,
    Ring,
    Sales,
    TopicLines,
)
from tests.policies import ROOT, SHIPPED, with_line


def test_the_policy_that_ships_is_sound_and_is_the_users_own_desk() -> None:
    policy = Policy.load(ROOT / "policy.toml")
    assert policy.office.name == "Acme Support"
    assert policy.office.zone.key == "Europe/Rome"
    assert policy.numbers.support.e164 == "+18889624587"
    assert policy.languages.offered == ("en", "it")
    assert policy.targets.opens_after == policy.targets.window == timedelta(hours=2)
    assert policy.targets.solve_level_2 == timedelta(hours=32)
    assert policy.notices.to[0].address == "log"
    assert policy.retention.recordings == timedelta(days=90)


def test_its_office_opens_on_monday_and_is_closed_on_an_italian_holiday() -> None:
    hours = Policy.load(ROOT / "policy.toml").office_hours
    assert hours.opening(datetime(2026, 11, 28, 11, tzinfo=UTC)) == datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert not hours.is_open(datetime(2026, 12, 8, 10, tzinfo=UTC))


def test_topics_have_the_keys_of_their_order_and_the_service_they_are_referred_to() -> None:
    policy = Policy.load(ROOT / "policy.toml")
    assert [(topic.key, topic.name) for topic in policy.topics] == [
        ("1", "delivery"), ("2", "access"), ("3", "integration"), ("4", "content"), ("5", "strategy"),
    ]  # fmt: skip
    assert policy.topics[2].level == 2
    assert policy.topics[0].referral is None
    assert policy.topics[3].referral is policy.referrals["prepaid_hours"]
    assert policy.topics[3].referral.says["en"] == "Pre-Paid Hours"


def test_sales_keeps_the_offices_hours_unless_it_has_its_own() -> None:
    policy = Policy.parse(SHIPPED)
    assert policy.sales_hours is policy.office_hours
    own = Policy.parse(SHIPPED + '\n[sales.hours]\nmon = ["10:00-11:00"]\n')
    assert own.sales_hours.is_open(datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
    assert not own.sales_hours.is_open(datetime(2026, 11, 24, 9, 30, tzinfo=UTC))


def test_our_own_numbers_are_known_as_ours() -> None:
    text = SHIPPED.replace('number = ""', 'number = "+390287654321"')
    text = text.replace('# "+390212345678" = "it"', '"+390212345678" = "it"')
    policy = Policy.parse(text)
    assert {number.e164 for number in policy.numbers.own} == {
        "+18889624587",
        "+390287654321",
        "+390212345678",
    }
    assert policy.languages.by_number == {"+390212345678": "it"}
    assert policy.numbers.country == "IT"


def test_closures_and_openings_change_the_calendar() -> None:
    policy = Policy.parse(
        SHIPPED
        + """
[[office.closures]]
name = "Summer closure"
from = 2027-08-09
until = 2027-08-20
[[office.closures]]
name = "Christmas Eve afternoon"
rule = "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"
hours = ["14:00-18:00"]
[[office.openings]]
name = "Launch Saturday"
date = 2026-11-28
hours = ["09:00-13:00"]
"""
    )
    hours = policy.office_hours
    assert not hours.is_open(datetime(2027, 8, 10, 8, tzinfo=UTC))
    assert hours.is_open(datetime(2026, 12, 24, 9, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 12, 24, 14, tzinfo=UTC))
    assert hours.is_open(datetime(2026, 11, 28, 9, tzinfo=UTC))


def test_a_recording_in_place_of_the_voice_may_be_named_with_or_without_quotes() -> None:
    address = "https://media.example.com/w.wav"
    quoted = Policy.parse(f'{SHIPPED}"en.welcome" = "{address}"\n')
    plain = Policy.parse(f'{SHIPPED}en.welcome = "{address}"\nit.goodbye = "{address}"\n')
    assert quoted.prompts == {"en.welcome": address}
    assert plain.prompts == {"en.welcome": address, "it.goodbye": address}


def test_an_address_of_the_environment_is_found_and_never_shown() -> None:
    text, _ = with_line('to = ["log"]', 'to = ["log", "env:CHAT", "mailtos://me:secret@example.com"]')
    notices = Policy.parse(text, environ={"CHAT": "slack://token/secret"}).notices
    assert [each.address for each in notices.to][1:] == [
        "slack://token/secret",
        "mailtos://me:secret@example.com",
    ]
    assert [each.written for each in notices.to] == ["log", "env:CHAT", "mailtos://…"]
    assert "secret" not in repr(notices)
    assert [str(each) for each in notices.to] == ["log", "env:CHAT", "mailtos://…"]


def test_lines_left_out_have_the_defaults_of_the_rules() -> None:
    short = "\n".join(
        [
            "[office]", 'name = "Bolt"', 'email = "help@bolt.example"', 'zone = "Europe/Rome"',
            'hours.mon = ["09:00-13:00"]', "[numbers]", 'support = "+18889624587"',
            'allowed_countries = ["IT"]', "[sales]", 'email = "sales@bolt.example"',
            "[languages]", 'offered = ["en"]',
            "[[topics]]", 'name = "all"', 'says.en = "anything"',
        ]
    )  # fmt: skip
    policy = Policy.parse(short)
    assert policy.call.tries == 3
    assert policy.call.message_limit == timedelta(minutes=3)
    assert policy.guards.slow_down == timedelta(seconds=4)
    assert policy.numbers.allowed_types == ("fixed_line", "mobile", "fixed_line_or_mobile", "voip")
    assert policy.targets.at_risk == timedelta(minutes=30)
    assert policy.sales.number is None


def test_every_line_a_supervisor_may_write_is_explained() -> None:
    pages = (ROOT / "docs" / "policy.md").read_text()
    sections = dict(
        re.findall(r"^## `\[+([a-z_.]+)\]+`.*?\n(.*?)(?=^## |\Z)", pages, re.MULTILINE | re.DOTALL)
    )
    tables: dict[str, type] = {
        "office": Office, "office.holidays": Holidays, "office.closures": ClosureLines,
        "office.openings": OpeningLines, "promise": PromiseLines, "numbers": Numbers, "sales": Sales,
        "languages": Languages, "call": CallLines, "topics": TopicLines, "referrals": ReferralLines,
        "ring": Ring, "guards": Guards, "notices": Notices, "retention": Retention,
    }  # fmt: skip
    for name, table in tables.items():
        for line in declared_lines(table):
            explained = f"| `{line}` |" in sections.get(name, "") or f"{name}.{line}" in sections
            assert explained, f"docs/policy.md does not explain {line} in its section [{name}]"
    assert set(declared_lines(PolicyLines)) <= {name.split(".")[0] for name in sections}
