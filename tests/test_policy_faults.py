"""What a supervisor may not write in policy.toml, and the words in which the desk says so."""

# ruff: noqa: E501 - a fault a row is easier to read than a fault on four lines

import re
import time

import pytest

from callbacks.errors import DeskError
from callbacks.policy import Policy
from tests.policies import SHIPPED, faults_of, with_line

TEN_FAULTS = """[office]
name = "Acme Support"
email = "support@example.com"
zone = "Europe/Roma"

[office.hours]
mon = [
    "9:00-25:00",
    "14:00-18:00",
]
tue = ["09:00-13:00", "12:00-18:00"]

[promis]
window = "2h"

[promise]
opens_after = "two hours"
at_risk = "0m"

[numbers]
support = "+1888"
allowed_countries = ["IT"]

[sales]
email = "sales@example.com"

[languages]
offered = ["en", "fr"]

[call]
tries = 9

[[topics]]
name = "delivery"
says = { en = "delivery" }

[[topics]]
name = "content"
says = { en = "content" }
referral = "nothing"

[notices]
to = ["env:CHAT_ADDRESS"]

[prompts
"en.welcome" = "https://example.com/a.wav"
"""


def test_ten_different_faults_are_all_named_in_one_start_each_with_its_line_and_the_mend() -> None:
    faults = faults_of(TEN_FAULTS)
    expected = [
        (4, "office.zone: 'Europe/Roma' is not a time zone; did you mean Europe/Rome"),
        (8, "office.hours.mon: '9:00-25:00' ends after 24:00; write times from 00:00 to 24:00, like \"09:00-13:00\""),
        (11, "office.hours.tue: '12:00-18:00' overlaps '09:00-13:00'; let it begin where that ends"),
        (13, "promis: unknown; did you mean promise"),
        (17, "promise.opens_after: 'two hours' is not a length of time; write it like \"2h\""),
        (18, "promise.at_risk: '0m' is out of range; write a length from \"1m\""),
        (21, "numbers.support: '+1888' is not a phone number (not valid); write + and country code"),
        (28, "languages.offered: 'fr' is not a language the desk speaks; known are en, it"),
        (31, "call.tries: 9 is out of range; write a whole number from 1 to 5"),
        (40, "topics.referral: 'nothing' is not among [referrals]"),
        (43, "notices.to: 'env:CHAT_ADDRESS' is not in the environment; set CHAT_ADDRESS, or leave this out"),
        (45, "'[prompts' cannot be read"),
    ]  # fmt: skip
    assert len(faults) == len(expected)
    for fault, (number, sentence) in zip(faults, expected, strict=True):
        assert fault.startswith(f"policy.toml line {number}: {sentence}")


def test_the_refusal_is_one_that_the_edge_knows_and_prints_a_fault_a_line() -> None:
    with pytest.raises(DeskError) as refusal:
        Policy.parse(TEN_FAULTS)
    assert str(refusal.value).splitlines() == faults_of(TEN_FAULTS)


ONE_FAULT = [
    ('name = "Acme Support" ', "name = 3 ", "office.name: 3 is not text; write it between double quotes"),
    ('name = "Acme Support" ', 'name = " " ', "office.name: is empty"),
    ('name = "Acme Support" ', 'name = "a\\u0000b" ', "office.name: 'a\\x00b' has signs that cannot be printed"),
    ('name = "Acme Support" ', f'name = "{"x" * 200}" ', "office.name: has 200 characters; write at most 80"),
    ('zone = "Europe/Rome"', 'zone = "Rome"', "office.zone: 'Rome' is not a time zone; did you mean Europe/Rome?"),
    ('zone = "Europe/Rome"', 'zone = "new york"', "office.zone: 'new york' is not a time zone; did you mean America/New"),
    ('zone = "Europe/Rome"', "zone = 1", "office.zone: 1 is not a time zone; write a name such as"),
    ('zone = "Europe/Rome"', 'zone = "../../etc/passwd"', "office.zone: '../../etc/passwd' is not a time zone"),
    ('email = "support@example.com"', 'email = "support"', "office.email: 'support' is not an e-mail address"),
    ('tue = ["09:00-13:00", "14:00-18:00"]', 'tue = "09:00-13:00"', "office.hours.tue: '09:00-13:00' is not a list"),
    ('tue = ["09:00-13:00", "14:00-18:00"]', "tue = [9]", "office.hours.tue: 9 is not a period"),
    ('tue = ["09:00-13:00", "14:00-18:00"]', 'tue = ["9-13"]', "office.hours.tue: '9-13' is not a period"),
    ('tue = ["09:00-13:00", "14:00-18:00"]', 'tue = ["09:60-13:00"]', "office.hours.tue: '09:60-13:00' has more than"),
    ('tue = ["09:00-13:00", "14:00-18:00"]', 'tue = ["24:00-08:00"]', "office.hours.tue: '24:00-08:00' begins after"),
    ('tue = ["09:00-13:00", "14:00-18:00"]', 'tue = ["09:00-09:00"]', "office.hours.tue: '09:00-09:00' ends as it"),
    ('tue = ["09:00-13:00", "14:00-18:00"]', 'tuesday = []', "office.hours.tuesday: unknown; did you mean tue or thu?"),
    ('country = "IT"', 'country = "ITA"', "office.holidays.country: 'ITA' is not a country (two capital letters); did"),
    ('country = "IT"', 'country = "=x"', "office.holidays.country: '=x' is not a country (two capital letters); write one like \"IT\""),
    ('country = "IT"', 'country = "AQ"', "office.holidays.country: 'AQ' is not a country"),
    ('subdivision = ""', 'subdivision = "BX"', "office.holidays.subdivision: 'BX' is not a part of IT; known are, among others, BA, BG"),
    ('window = "2h"', 'window = "0h"', "promise.window: '0h' is out of range; write a length from \"1m\""),
    ('window = "2h"', 'window = "-2h"', "promise.window: '-2h' is not a length of time"),
    ('window = "2h"', 'window = "1d"', "promise.window: '1d' is written in \"d\"; write it in s (seconds), m (min"),
    ('window = "2h"', "window = 2", "promise.window: 2 is not a length of time; write it like \"2h\""),
    ('at_risk = "30m"', 'at_risk = "2h"', "promise.at_risk: is not shorter than the window"),
    ('solve_level_2 = "32h"', 'solve_level_2 = "4h"', "promise.solve_level_2: is shorter than solve_level_1"),
    ('first_handling = "4h"', 'first_handling = "1h"', "promise.first_handling: is over before the window opens"),
    ("early_calls = true", 'early_calls = "yes"', "promise.early_calls: 'yes' is neither true nor false"),
    ('support = "+18889624587"', 'support = "888 9624587"', "numbers.support: '888 9624587' is not a phone number"),
    ('support = "+18889624587"', 'support = "+39892000"', "numbers.support: '+39892000' is not a phone number (premium)"),
    ('"IT", "SM"', '"IT", "IT"', "numbers.allowed_countries: 'IT' is written twice; leave one out"),
    ('"IT", "SM"', '"UK", "SM"', "numbers.allowed_countries: 'UK' is not a country (two capital letters); did you mean GB?"),
    ('"fixed_line", "mobile",', '"premium_rate",', "numbers.allowed_types: 'premium_rate' is not a type of number that"),
    ("per_subscription_a_day = 20", "per_subscription_a_day = 0", "numbers.per_subscription_a_day: 0 is out of range"),
    ("per_subscription_a_day = 20", "per_subscription_a_day = true", "numbers.per_subscription_a_day: true is not a who"),
    ("in_all_a_day = 500", "in_all_a_day = 5", "numbers.in_all_a_day: is less than per_subscription_a_day"),
    ('number = ""', 'number = "+18889624587"', "sales.number: is the support number, and would ring in circles"),
    ('offered = ["en", "it"]', 'offered = []', "languages.offered: is empty; name at least 1"),
    ('offered = ["en", "it"]', 'offered = "en"', "languages.offered: 'en' is not a list"),
    ('# "+390212345678" = "it"', '"+390212345678" = "de"', "languages.by_number.+390212345678: 'de' is not a language"),
    ('# "+390212345678" = "it"', '"39" = "it"', "languages.by_number.39: '39' is not a phone number"),
    ("tries = 3 ", "tries = 0 ", "call.tries: 0 is out of range; write a whole number from 1 to 5"),
    ('message_limit = "3m"', 'message_limit = "5h"', "call.message_limit: '5h' is out of range"),
    ('message_silence = "10s"', 'message_silence = "0s"', "call.message_silence: '0s' is out of range"),
    ('message_silence = "10s"', 'message_silence = "3m"', "call.message_silence: '3m' is out of range"),
    ('name = "access"', 'name = "delivery"', "topics.name: 'delivery' is the name of two topics; rename one"),
    ('name = "access"', 'name = "Sign in!"', "topics.name: 'Sign in!' is not a name; write small letters"),
    ("level = 2", "level = 3", "topics.level: 3 is out of range"),
    ('referral = "prepaid_hours"', 'referral = "prepaid"', "topics.referral: 'prepaid' is not among [referrals]; did you"),
    (', it = "Delivery Plus" }', " }", "referrals.delivery_plus.says: 'delivery_plus' has no words in it; add it"),
    (', it = "le API e le integrazioni" }', " }", "topics.says: 'integration' has no words in it; add it = "),
    ("wrong_codes_in_all = 200", "wrong_codes_in_all = 2", "guards.wrong_codes_in_all: is less than wrong_codes_per"),
    ('slow_down = "4s"', 'slow_down = "4h"', "guards.slow_down: '4h' is out of range"),
    ('to = ["log"]', 'to = ["sales@example.com"]', "notices.to: an address has no scheme; write \"log\", an Apprise"),
    ('to = ["log"]', "to = [7]", "notices.to: has something that is not text"),
    ('to = ["log"]', "to = []", "notices.to: is empty"),
    ('"hand_over",', '"handover",', "notices.about: 'handover' is not something the desk tells of; did you mean hand_over?"),
    ('recordings = "90d"', 'recordings = "90h"', "retention.recordings: '90h' is written in \"h\"; write it in d (days)"),
    ('recordings = "90d"', 'recordings = "0d"', "retention.recordings: '0d' is out of range"),
    ('# "en.welcome" = "https', '"en.welcome" = "http', "prompts.en.welcome: 'http://media.example.com/welcome-en.wav' is"),
    ('# "en.welcome" = "https', '"de.welcome" = "https', "prompts.de.welcome: 'de.welcome' does not begin with an off"),
    ('# "en.welcome" = "https', 'de.welcome = "https', "prompts.de.welcome: 'de.welcome' does not begin with an off"),
    ('# "en.welcome" = "https', 'en = "https', "prompts.en: 'en' does not begin with an offered language"),
    ("[call]", "[caller]", "caller: unknown; did you mean call"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), ONE_FAULT)
def test_a_supervisor_is_told_the_line_and_the_mend(old: str, new: str, sentence: str) -> None:
    text, number = with_line(old, new)
    faults = faults_of(text)
    assert len(faults) == 1, faults
    assert faults[0].startswith(f"policy.toml line {number}: {sentence}")
    assert "; " in faults[0], "no mend"


CALENDAR_FAULTS = [
    ('name = "a"', 1, "office.closures: 'a' has neither a date nor a rule; write from = 2026-12-24"),
    ("from = 2027-08-20", 1, "office.closures.name: is missing; add it"),
    ('name = "a"\nfrom = 2027-08-20\nuntil = 2027-08-09', 4, "office.closures.until: 2027-08-09 is before from"),
    ('name = "a"\nfrom = "2027-08-20"', 3, "office.closures.from: '2027-08-20' is not a date; write it without quotes"),
    ('name = "a"\nfrom = 2027-08-20T10:00:00', 3, "office.closures.from: datetime.datetime(2027, 8, 20"),
    ('name = "a"\nrule = "every monday"', 3, "office.closures.rule: 'every monday' is not a rule; write an RFC 5545"),
    ('name = "a"\nrule = "FREQ=HOURLY"', 3, "office.closures.rule: 'FREQ=HOURLY' needs one FREQ of YEARLY"),
    ('name = "a"\nrule = "FREQ=YEARLY;FREQ=DAILY"', 3, "office.closures.rule: 'FREQ=YEARLY;FREQ=DAILY' needs one FREQ"),
    ('name = "a"\nrule = "FREQ=WEEKLY;BYDAY=XX"', 3, "office.closures.rule: 'FREQ=WEEKLY;BYDAY=XX' is not a rule ("),
    ('name = "a"\nrule = "FREQ=WEEKLY;BYNIGHT=1"', 3, "office.closures.rule: 'FREQ=WEEKLY;BYNIGHT=1' is not a rule ("),
    ('name = "a"\nrule = "FREQ=DAILY;BYHOUR=14"', 3, "office.closures.rule: 'FREQ=DAILY;BYHOUR=14' has hours in it"),
    ('name = "a"\nrule = "FREQ=DAILY;INTERVAL=0"', 3, "office.closures.rule: 'FREQ=DAILY;INTERVAL=0' counts out of range"),
    ('name = "a"\nrule = "FREQ=DAILY;INTERVAL=9999"', 3, "office.closures.rule: 'FREQ=DAILY;INTERVAL=9999' counts out"),
    ('name = "a"\nrule = "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"', 3, "office.closures.rule: 'FREQ=DAILY;BYMONTH=2;BYMON"),
    ('name = "a"\nrule = "FREQ=WEEKLY"', 3, "office.closures.rule: depends on where it begins; write from"),
    ('name = "a"\nrule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"', 3, "office.closures.rule: depends on where it begins"),
    ('name = "a"\nrule = "FREQ=DAILY"', 1, "office.closures: the office never opens"),
    ('name = "a"\nrule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"', 1, "office.closures: the office never opens"),
    ('name = "a"\nrule = "FREQ=DAILY"\nhours = ["08:00-20:00"]', 1, "office.closures: the office never opens"),
    ('name = "a"\nfrom = 2026-01-01\nuntil = 2900-01-01', 1, "office.closures: the office never opens"),
    ('name = "a"\nfrom = 2027-01-01\nhours = ["9:00-25:00"]', 4, "office.closures.hours: '9:00-25:00' ends after 24:00"),
    ('name = "a"\nfrom = 2027-01-01\nreason = "x"', 4, "office.closures.reason: unknown; known are from, hours, name"),
]  # fmt: skip


@pytest.mark.parametrize(("closure", "line", "sentence"), CALENDAR_FAULTS)
def test_a_closure_that_cannot_be_meant_is_refused(closure: str, line: int, sentence: str) -> None:
    began = time.monotonic()
    faults = faults_of(f"{SHIPPED}[[office.closures]]\n{closure}\n")
    assert len(faults) == 1, faults
    assert faults[0].startswith(f"policy.toml line {SHIPPED.count(chr(10)) + line}: {sentence}")
    assert time.monotonic() - began < 5, "a rule kept the desk from starting"


@pytest.mark.parametrize(
    "closure",
    [
        "from = 2026-01-01\nuntil = 2035-01-01",
        'rule = "FREQ=DAILY;UNTIL=20281231"',
        'rule = "FREQ=DAILY;COUNT=900"\nfrom = 2026-12-01',
        'rule = "FREQ=DAILY"\nuntil = 2029-06-30',
        'rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH"',
        'rule = "FREQ=DAILY"\nhours = ["09:00-13:00"]',
        "from = 2027-03-01",
    ],
)
def test_a_closure_that_ends_or_leaves_some_hours_is_taken_however_long_it_is(closure: str) -> None:
    assert not faults_of(f'{SHIPPED}[[office.closures]]\nname = "Works"\n{closure}\n')


def test_a_night_shift_may_not_run_into_the_next_mornings_hours() -> None:
    text, number = with_line('fri = ["09:00-13:00", "14:00-18:00"]', 'sun = ["22:00-10:00"]')
    monday = SHIPPED[: SHIPPED.index("mon = ")].count("\n") + 1
    [fault] = faults_of(text)
    assert (
        fault
        == f"policy.toml line {monday}: office.hours.mon: overlaps the night of sun; end sun before mon begins"
    )
    assert not faults_of(text.replace("22:00-10:00", "22:00-09:00"))
    assert number > monday


def test_a_week_that_never_opens_is_refused_where_it_is_written() -> None:
    text = re.sub(r"^(mon|tue|wed|thu|fri) = \[.*?\]", r"\1 = []", SHIPPED, flags=re.MULTILINE)
    line = SHIPPED[: SHIPPED.index("[office.hours]")].count("\n") + 1
    assert faults_of(text) == [
        f'policy.toml line {line}: office.hours: never opens; write at least one day, like mon = ["09:00-13:00"]'
    ]


def test_a_sixth_topic_is_one_too_many() -> None:
    sixth = '[[topics]]\nname = "six"\nsays = { en = "six", it = "sei" }\n'
    [fault] = faults_of(SHIPPED + sixth)
    assert fault.startswith(
        f"policy.toml line {SHIPPED.count(chr(10)) + 1}: topics: there are 6, and at most 5 may be"
    )


def test_some_topic_must_be_the_desks_own() -> None:
    text = re.sub(r"^level = \d", 'referral = "full_service"', SHIPPED, flags=re.MULTILINE)
    [fault] = faults_of(text)
    assert "topics: all are referred to paid services" in fault


def test_two_openings_of_one_date_are_refused() -> None:
    opening = '[[office.openings]]\nname = "Launch"\ndate = 2026-11-28\nhours = ["09:00-13:00"]\n'
    [fault] = faults_of(SHIPPED + opening + opening)
    assert fault.endswith("office.openings.date: 2026-11-28 has two openings; join their hours in one")


def test_sales_that_could_never_answer_is_refused() -> None:
    closure = '[[office.closures]]\nname = "a"\nrule = "FREQ=WEEKLY;BYDAY=MO"\n[sales.hours]\nmon = ["09:00-13:00"]\n'
    [fault] = faults_of(SHIPPED + closure)
    assert "sales.hours: Sales never opens" in fault


def test_what_may_be_secret_is_not_repeated_in_a_fault() -> None:
    text, _ = with_line('to = ["log"]', 'to = ["xoxb-very-secret"]')
    assert "very-secret" not in "".join(faults_of(text))
    text, _ = with_line('to = ["log"]', 'to = ["env:CHAT"]')
    assert "very-secret" not in "".join(faults_of(text, CHAT="very-secret"))
