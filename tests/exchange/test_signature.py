"""Requests are signed as Twilio signs them."""

import pytest

from exchange.signature import sign

FIELDS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}


def test_the_example_of_twilios_own_libraries() -> None:
    signed = sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", FIELDS.items())
    assert signed == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("url", "as_if"),
    [
        ("https://desk.example:8443/call", "https://desk.example/call"),
        ("https://anna:secret@desk.example/call", "https://desk.example/call"),
        ("https://desk.example/call#rc=2", "https://desk.example/call"),
        ("http://desk.example:8080/call#rc=2", "http://desk.example:8080/call"),
    ],
)
def test_what_is_not_part_of_the_signed_address(url: str, as_if: str) -> None:
    assert sign("12345", url, FIELDS.items()) == sign("12345", as_if, FIELDS.items())


def test_over_http_the_port_is_signed() -> None:
    assert sign("12345", "http://desk.example:80/call") != sign("12345", "http://desk.example/call")
