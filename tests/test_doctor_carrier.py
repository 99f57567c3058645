"""The doctor asks the carrier what our number does there, and says exactly what to put where."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from callbacks.work import Desk
from console.doctor import findings
from console.room import Room
from exchange.phone import Exchange
from exchange.server import serve
from settings import Settings
from tests.desk import ACCOUNT_SID, AUTH_TOKEN, SUPPORT, exchange_for
from tests.people import Cast, Clock
from tests.screens import CHEAP

OURS = "https://desk.example.com"


@pytest.fixture
def number(clock: Clock) -> Iterator[Exchange]:
    """An account whose number asks our desk, served as the carrier's REST side."""
    exchange = exchange_for(OURS, clock)
    with serve(exchange):
        yield exchange
    exchange.close()


def told(desk: Desk, var: Path, number: Exchange, **more: str) -> list[str]:
    """What the doctor finds about the carrier."""
    environ = {
        "VAR_FOLDER": str(var),
        "SECRET_KEY": "k" * 32,
        "PUBLIC_URL": OURS,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_NUMBER": SUPPORT,
        "TWILIO_API_BASE": number.base_url,
    }
    settings = Settings.load({**environ, **more})
    room = Room(desk, settings, CHEAP, lambda _engine: True)
    return [f"{each.weight}: {each.says}" for each in findings(room) if each.about == "Twilio"]


def test_a_number_that_asks_us_is_well(desk: Desk, cast: Cast, number: Exchange, tmp_path: Path) -> None:
    assert told(desk, tmp_path, number) == []


def test_each_wrong_address_is_named_with_what_to_put_there(
    desk: Desk, cast: Cast, number: Exchange, tmp_path: Path
) -> None:
    number.voice_url, number.fallback_url = "https://demo.twilio.com/welcome/voice/", ""
    assert told(desk, tmp_path, number) == [
        f'fault: of {SUPPORT}: "A call comes in" leads to https://demo.twilio.com/welcome/voice/; '
        f"put {OURS}/ivr/call (HTTP POST) there",
        f'fault: of {SUPPORT}: "Primary handler fails" is empty; put {OURS}/ivr/fallback (HTTP POST) there',
    ]


def test_a_number_that_the_account_has_not_is_told(
    desk: Desk, cast: Cast, number: Exchange, tmp_path: Path
) -> None:
    (fault,) = told(desk, tmp_path, number, TWILIO_NUMBER="+18005550199")
    assert "the account has no number +18005550199" in fault


def test_a_token_that_is_wrong_is_told_and_so_is_a_carrier_that_is_away(
    desk: Desk, cast: Cast, number: Exchange, tmp_path: Path
) -> None:
    (wrong,) = told(desk, tmp_path, number, TWILIO_AUTH_TOKEN="t" * 32)
    assert wrong.startswith("fault: does not let us look (401): check TWILIO_ACCOUNT_SID")
    (away,) = told(desk, tmp_path, number, TWILIO_API_BASE="http://127.0.0.1:9")
    assert away == "advice: cannot be reached from here: ConnectionError"


def test_in_a_demo_nobody_is_asked(desk: Desk, cast: Cast, settings: Settings) -> None:
    room = Room(desk, replace(settings, twilio_api_base="http://127.0.0.1:9"), CHEAP, lambda _engine: True)
    assert not [each for each in findings(room) if each.about == "Twilio"]
