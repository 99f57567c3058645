"""A recording in place of a sentence: played to callers from an address that nobody can guess."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from callbacks.errors import PolicyError
from callbacks.policy import Policy
from callbacks.work import Desk
from ivr import Line, sound_line
from tests.desk import Served, phone_app
from tests.people import POLICY_FILE
from tests.phone import Phone

NAME = "0123456789abcdef0123456789abcdef.wav"
KEPT = f"kept:{NAME}"


def test_callers_hear_the_recording_in_place_of_the_voice(
    desk: Desk, served_desk: Served, phone: Phone
) -> None:
    recorded = replace(
        desk.policy, prompts={"en.welcome": KEPT, "en.goodbye": "https://sound.example/bye.wav"}
    )
    served_desk.app = phone_app(replace(desk, policy=recorded), served_desk.url)
    call = phone.ring()
    assert f"{served_desk.url}/prompt/{NAME}" in call.heard
    assert "Acme Support." not in call.heard
    call.hang_up()


@pytest.fixture
def sounds(desk: Desk, tmp_path: Path) -> Flask:
    """The addresses that the carrier fetches sounds from."""
    folder = tmp_path / "recordings" / "prompts"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(b"RIFF and so on")
    (tmp_path / "recordings" / "private.wav").write_bytes(b"a message")
    app = Flask("sounds", static_folder=None)
    line = Line("AC", "token", "https://desk.example", f"file://{tmp_path}/recordings")
    app.register_blueprint(sound_line(desk, line))
    return app


def test_the_carrier_fetches_it_without_a_word(sounds: Flask) -> None:
    answer = sounds.test_client().get(f"/prompt/{NAME}", buffered=True)
    assert answer.data == b"RIFF and so on"
    assert answer.mimetype in ("audio/wav", "audio/x-wav")
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    ["0" * 32 + ".wav", "private.wav", "..%2Fprivate.wav", NAME.upper(), f"{NAME}.exe", "٣" * 32 + ".wav"],
)
def test_nothing_else_is_fetched(sounds: Flask, name: str) -> None:
    assert sounds.test_client().get(f"/prompt/{name}").status_code == 404


@pytest.mark.parametrize(
    "written", ["kept:x.wav", "kept:../private.wav", f"kept:{NAME}x", "http://a.example/x.wav"]
)
def test_the_policy_takes_no_other_name(written: str) -> None:
    text = POLICY_FILE.read_text() + f'"en.welcome" = "{written}"\n'
    with pytest.raises(PolicyError, match="https address"):
        Policy.parse(text, environ={})
    sound = POLICY_FILE.read_text() + f'"en.welcome" = "{KEPT}"\n'
    assert Policy.parse(sound, environ={}).prompts["en.welcome"] == KEPT
