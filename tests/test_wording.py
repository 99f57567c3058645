"""How windows, moments and numbers are said to a caller, in English and in Italian."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.promise import Promise
from callbacks.wording import Words
from tests.promises import EXAMPLES, TARGETS
from tests.rome import DESK, ROME, at

ENGLISH, ITALIAN = Words.of("en"), Words.of("it")
NOW = at("2026-11-23 09:30")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_window_of_every_worked_example_is_said_in_both_languages(name: str) -> None:
    example = EXAMPLES[name]
    promise = example.promise()
    said = [
        words.window(promise.opens, promise.closes, promise.received, ROME, DESK)
        for words in (ENGLISH, ITALIAN)
    ]
    assert said == [example.english, example.italian]


@pytest.mark.parametrize(
    ("opens", "closes", "english", "italian"),
    [
        (
            "2026-11-23 14:30",
            "2026-11-23 16:30",
            "between 2:30 and 4:30 this afternoon",
            "tra le 14 e 30 e le 16 e 30 di oggi pomeriggio",
        ),
        (
            "2026-11-23 10:00",
            "2026-11-23 12:00",
            "between 10 and noon this morning",
            "tra le 10 e mezzogiorno di questa mattina",
        ),
        (
            "2026-11-24 09:30",
            "2026-11-24 11:30",
            "tomorrow between 9:30 and 11:30 AM",
            "domani tra le 9 e 30 e le 11 e 30",
        ),
        (
            "2026-12-14 10:05",
            "2026-12-14 13:00",
            "on Monday, December 14 between 10:05 AM and 1 PM",
            "lunedì 14 dicembre tra le 10 e 5 e le 13",
        ),
        (
            "2026-11-25 16:30",
            "2026-11-26 09:30",
            "Wednesday between 4:30 and 6 PM, or Thursday by 9:30 AM",
            "mercoledì tra le 16 e 30 e le 18, oppure giovedì entro le 9 e 30",
        ),
        (
            "2026-11-25 12:30",
            "2026-11-26 09:30",
            "Wednesday between 12:30 and 1 PM, between 2 and 6 PM, or Thursday by 9:30 AM",
            "mercoledì tra le 12 e 30 e le 13, tra le 14 e le 18, oppure giovedì entro le 9 e 30",
        ),
        (
            "2026-11-24 09:00",
            "2026-11-27 18:00",
            "between tomorrow at 9 AM and Friday at 6 PM",
            "da domani alle 9 a venerdì alle 18",
        ),
    ],
)
def test_a_window_is_said_as_a_person_would(opens: str, closes: str, english: str, italian: str) -> None:
    for words, said in ((ENGLISH, english), (ITALIAN, italian)):
        assert words.window(at(opens), at(closes), NOW, ROME, DESK) == said


def test_a_half_of_less_than_a_minute_is_not_said() -> None:
    opens = at("2026-11-23 16:00")
    assert (
        ENGLISH.window(opens, at("2026-11-24 09:00:20"), NOW, ROME, DESK) == "between 4 and 6 this afternoon"
    )


def test_a_night_window_is_said_without_naming_a_part_of_the_day() -> None:
    said = ITALIAN.window(at("2026-11-24 00:00"), at("2026-11-24 01:00"), at("2026-11-24 00:00"), ROME)
    assert said == "oggi tra mezzanotte e l'una"
    said = ENGLISH.window(at("2026-11-23 22:00"), at("2026-11-24 00:00"), NOW, ROME)
    assert said == "between 10 and midnight this evening"


def test_a_caller_abroad_hears_whose_clock_it_is() -> None:
    window = (at("2026-11-24 09:30"), at("2026-11-24 11:30"), NOW, ROME, DESK)
    assert ENGLISH.window(*window, named=True) == "tomorrow between 9:30 and 11:30 AM, Rome time"
    assert ITALIAN.window(*window, named=True) == "domani tra le 9 e 30 e le 11 e 30, ora di Roma"


def test_a_window_can_be_said_by_the_caller_s_own_clock() -> None:
    window = (at("2026-11-24 15:30"), at("2026-11-24 17:30"), NOW, ZoneInfo("America/New_York"), DESK)
    assert ENGLISH.window(*window) == "tomorrow between 9:30 and 11:30 AM"


def test_a_message_shows_dates_since_it_is_read_later() -> None:
    window = (at("2026-11-23 16:30"), at("2026-11-24 09:30"), NOW, ROME, DESK)
    assert ENGLISH.window_short(*window) == "Mon, Nov 23, 4:30-6 PM; Tue, Nov 24, 9-9:30 AM"
    assert ITALIAN.window_short(*window) == "lun 23 nov, 16:30-18:00; mar 24 nov, 09:00-09:30"


@pytest.mark.parametrize(
    ("moment", "english", "italian"),
    [
        ("2026-11-23 15:00", "today at 3 PM", "oggi alle 15"),
        ("2026-11-22 12:00", "yesterday at noon", "ieri a mezzogiorno"),
        ("2026-11-24 13:05", "tomorrow at 1:05 PM", "domani alle 13 e 5"),
        ("2026-11-25 01:30", "on Wednesday at 1:30 AM", "mercoledì all'una e 30"),
        ("2026-11-30 09:00", "on Monday, November 30 at 9 AM", "lunedì 30 novembre alle 9"),
        (
            "2027-12-24 00:00",
            "on Friday, December 24, 2027 at midnight",
            "venerdì 24 dicembre 2027 a mezzanotte",
        ),
    ],
)
def test_a_moment_is_said_from_where_the_listener_stands(moment: str, english: str, italian: str) -> None:
    assert ENGLISH.moment(at(moment), NOW, ROME) == english
    assert ITALIAN.moment(at(moment), NOW, ROME) == italian


@pytest.mark.parametrize(
    ("moment", "english", "italian"),
    [
        ("2026-11-23 14:00", "this afternoon", "oggi pomeriggio"),
        ("2026-11-24 09:00", "tomorrow morning", "domani mattina"),
        ("2026-11-25 14:00", "on Wednesday afternoon", "mercoledì pomeriggio"),
    ],
)
def test_a_half_day_can_be_offered(moment: str, english: str, italian: str) -> None:
    assert ENGLISH.half_day(at(moment), NOW, ROME) == english
    assert ITALIAN.half_day(at(moment), NOW, ROME) == italian


def test_numbers_are_read_digit_by_digit() -> None:
    assert ENGLISH.digits("4587") == "4 5 8 7"
    assert ENGLISH.digits("+39 02-٤") == "3 9 0 2 4"
    assert ENGLISH.number_tail("+390212344587") == "4 5 8 7"
    assert ENGLISH.reference("482913") == "4 8 2, 9 1 3"


@pytest.mark.parametrize(
    ("minutes", "english", "italian"),
    [
        (90, "1 hour and 30 minutes", "1 ora e 30 minuti"),
        (1, "1 minute", "1 minuto"),
        (-120, "2 hours", "2 ore"),
        (0, "0 minutes", "0 minuti"),
    ],
)
def test_a_duration_is_said_in_hours_and_minutes(minutes: int, english: str, italian: str) -> None:
    assert ENGLISH.duration(timedelta(minutes=minutes)) == english
    assert ITALIAN.duration(timedelta(minutes=minutes)) == italian


def test_the_languages_are_those_with_a_catalogue() -> None:
    assert Words.offered() == ("en", "it")
    with pytest.raises(LookupError, match="offered are en, it"):
        Words.of("../en")


@settings(max_examples=150, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([ENGLISH, ITALIAN]),
)
def test_no_caller_ever_hears_utc_or_digits_run_together(received: datetime, words: Words) -> None:
    promise = Promise.given(received, DESK, TARGETS)
    said = words.window(promise.opens, promise.closes, received, ROME, DESK)
    assert "UTC" not in said
    assert "{" not in said
    assert not re.search(r"\d{3}", said)
