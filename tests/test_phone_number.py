"""Which numbers the desk takes for a callback, however they are written, and which it never calls."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.phone_number import NotCallable, PhoneNumber, Reason, fold_digits, judge, read
from tests.policies import policy_with


def said_of(text: str, *countries: str) -> str:
    """The E.164 that was understood, or why there is none."""
    answer = read(text, *countries)
    return answer.e164 if isinstance(answer, PhoneNumber) else answer.reason


@pytest.mark.parametrize(
    ("keyed", "understood"),
    [
        ("0212345678", "+390212345678"),
        ("0212345678#", "+390212345678"),
        ("347 123 4567", "+393471234567"),
        ("(02) 1234-5678", "+390212345678"),
        ("02/1234.5678", "+390212345678"),
        ("+39 02 1234 5678", "+390212345678"),
        ("00442079460958", "+442079460958"),
        ("011442079460958", "+442079460958"),
        ("0112345678", "+390112345678"),  # Turin, not the way out of North America
        ("00 1 212 555 1234", "+12125551234"),
        ("393471234567", "+393471234567"),
        ("٠٢١٢٣٤٥٦٧٨", "+390212345678"),
        ("०२१२३४५६७८", "+390212345678"),
        ("０２１２３４５６７８", "+390212345678"),
        ("＋39０２１２３４５６７８", "+390212345678"),
    ],
)
def test_an_italian_caller_may_key_what_they_would_dial(keyed: str, understood: str) -> None:
    assert said_of(keyed, "IT") == understood


def test_an_american_caller_of_an_italian_office_may_key_ten_digits() -> None:
    assert said_of("2125551234", "IT", "US") == "+12125551234"
    assert said_of("2125551234", "IT") == Reason.NOT_VALID
    assert said_of("0039 02 1234 5678", "US") == "+390212345678"


@pytest.mark.parametrize(
    "caller_id",
    ["", " ", "anonymous", "Anonymous", "unknown", "Restricted", "RESTRICTED", "unavailable", "private",
     "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"],
)  # fmt: skip
def test_a_withheld_caller_id_is_never_a_number(caller_id: str) -> None:
    assert said_of(caller_id, "IT") == Reason.WITHHELD


def test_an_american_number_with_the_digits_of_a_withheld_one_is_still_a_number() -> None:
    assert said_of("7378742833", "US") == "+17378742833"


@pytest.mark.parametrize(
    ("text", "country", "reason"),
    [
        ("112", "IT", Reason.SHORT),
        ("118", "IT", Reason.SHORT),
        ("911", "US", Reason.SHORT),
        ("1500", "IT", Reason.SHORT),
        ("9", "IT", Reason.SHORT),
        ("892000", "IT", Reason.PREMIUM),
        ("899123456", "IT", Reason.PREMIUM),
        ("+39899123456", "IT", Reason.PREMIUM),
        ("19005551234", "US", Reason.PREMIUM),
        ("+88161234567", "IT", Reason.SATELLITE),
        ("+870773111632", "IT", Reason.SATELLITE),
        ("0088212345678", "IT", Reason.SATELLITE),
        ("+883510000000", "IT", Reason.SATELLITE),
        ("+80012345678", "IT", Reason.NOT_VALID),  # of no country
        ("+979123456789", "IT", Reason.PREMIUM),
        ("0212", "IT", Reason.NOT_VALID),
        ("1-800-FLOWERS", "US", Reason.NOT_VALID),
        ("sip:ada@example.com", "IT", Reason.NOT_VALID),
        ("client:bruno", "IT", Reason.NOT_VALID),
        ("+39 02 1234 5678 x12", "IT", Reason.NOT_VALID),
        ("02\x001234 5678", "IT", Reason.NOT_VALID),
        ("²²²²²²²²²", "IT", Reason.NOT_VALID),
        ("+", "IT", Reason.NOT_VALID),
        ("++390212345678", "IT", Reason.NOT_VALID),
        ("3" * 10_000, "IT", Reason.NOT_VALID),
        ("٣" * 10_000, "IT", Reason.NOT_VALID),
    ],
)
def test_what_no_policy_may_allow_is_refused_with_its_reason(text: str, country: str, reason: Reason) -> None:
    assert said_of(text, country) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("+12642350000", Reason.COUNTRY_NOT_ALLOWED),  # Anguilla: looks like a call within the United States
        ("+18765551234", Reason.COUNTRY_NOT_ALLOWED),  # Jamaica
        ("+7 495 123 45 67", Reason.COUNTRY_NOT_ALLOWED),
        ("+39199123456", Reason.TYPE_NOT_ALLOWED),
        ("+393471234567", None),
        ("+390212345678", None),
        ("+12125551234", None),
        ("+18889624587", Reason.OWN_NUMBER),
        ("+390287654321", Reason.OWN_NUMBER),
        ("+18005551234", Reason.TYPE_NOT_ALLOWED),
    ],
)
def test_the_policy_says_whom_to_call_by_where_a_number_really_is(text: str, reason: Reason | None) -> None:
    policy = policy_with('number = ""', 'number = "+390287654321"')
    number = read(text)
    assert isinstance(number, PhoneNumber)
    assert judge(number, policy.numbers) == (NotCallable(reason) if reason else number)


def test_two_ways_of_writing_one_number_are_one_number() -> None:
    assert read("02 1234 5678", "IT") == read("+390212345678")
    assert len({read("02 1234 5678", "IT"), read("+390212345678")}) == 1


def test_a_number_is_shown_whole_only_where_that_is_asked_for() -> None:
    number = read("+390212344587")
    assert isinstance(number, PhoneNumber)
    assert number.tail == "4587"
    assert number.masked == "…4587"
    assert repr(number) == "PhoneNumber(…4587)"
    assert str(number) == "+390212344587"
    assert number.written("IT") == "02 1234 4587"
    assert number.written("US") == "+39 02 1234 4587"


def test_the_desk_can_tell_in_which_zone_a_number_rings() -> None:
    milan, toll_free = read("+390212345678"), read("+18889624587")
    assert isinstance(milan, PhoneNumber)
    assert isinstance(toll_free, PhoneNumber)
    assert [zone.key for zone in milan.zones()] == ["Europe/Rome"]
    assert len(toll_free.zones()) != 1


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["IT", "US", "GB"]))
def test_whatever_is_announced_is_a_number_or_a_reason(text: str, country: str) -> None:
    assert said_of(text, country)


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789+ *#", max_size=18))
def test_whatever_is_keyed_that_is_understood_reads_back_as_itself(keyed: str) -> None:
    number = read(keyed, "IT")
    if isinstance(number, PhoneNumber):
        assert read(number.e164) == number
        assert read(number.written("IT"), "IT") == number


@pytest.mark.parametrize("keyed", ["0039", "0010", "00", "0000", "0119", "01139"])
def test_a_way_out_of_the_country_and_nothing_behind_it_is_no_number(keyed: str) -> None:
    for country in ("IT", "US", "DE"):
        assert isinstance(read(keyed, country), NotCallable)


@given(st.text())
def test_digits_of_every_script_are_the_same_digits(text: str) -> None:
    folded = fold_digits(text)
    assert all(sign in string.digits for sign in folded if sign.isdecimal())
    assert fold_digits(folded) == folded
