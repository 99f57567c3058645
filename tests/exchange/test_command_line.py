"""The telephone on the command line rings through a running exchange."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from exchange import dial
from exchange.__main__ import main
from exchange.live_box import LiveExchange
from exchange.server import Served, serve
from tests.exchange.conftest import SID, TOKEN, Company


@pytest.fixture
def served(company: Company) -> Iterator[Served]:
    box = LiveExchange(
        SID,
        TOKEN,
        voice_url=company.url + "/call",
        fallback_url=company.url + "/fallback",
        status_url=company.url + "/ended",
    )
    with serve(box) as served:
        yield served
    box.close()


@pytest.fixture
def mailbox(company: Company) -> Company:
    company.says("/call", "<Gather action='/code'><Say>The code?</Say></Gather>")
    company.says("/code", "<Record action='/kept' recordingStatusCallback='/sound'/>")
    company.says("/kept", "<Say>Goodbye.</Say>")
    company.says("/sound", "")
    company.says("/ended", "")
    return company


def test_a_script_leaves_a_message_and_its_notices_come_twice_and_backwards(
    served: Served, mailbox: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    acts = ["press:1234#", "record:20,hangup", "notices:reversed,twice"]
    assert dial.main(["--exchange", served.url, *acts]) == 0
    told = capsys.readouterr().out
    assert "The code?" in told
    assert "caller recorded 20 s, then hangup" in told
    paths = [path for path, *_ in mailbox.asked]
    assert paths == ["/call", "/code", "/kept", "/ended", "/ended", "/sound", "/sound"]


def test_one_script_is_tried_with_the_caller_gone_at_every_moment(
    served: Served, mailbox: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    acts = ["press:1234#", "record:20", "notices"]
    assert dial.main(["--exchange", served.url, "--everywhere", "--json", *acts]) == 0
    calls = json.loads(capsys.readouterr().out)["calls"]
    assert [call["verb"] for call in calls] == ["ended"] * len(calls)
    asked = [sum(f"/{name} ->" in call["transcript"] for name in ("call", "code", "kept")) for call in calls]
    assert asked == [3, 1, 1, 1, 2, 2, 3, 3, 3]


def test_an_unknown_act_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert dial.main(["dance"]) == 2
    assert '"dance" is no act' in capsys.readouterr().err


def test_faults_of_the_company_are_shown(
    served: Served, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.says("/call", "<Gather numdigits='4'/>")
    company.says("/fallback", "<Hangup/>")
    assert dial.main(["--exchange", served.url]) == 1
    assert "numdigits is not an attribute" in capsys.readouterr().out


def test_the_exchange_does_not_stand_beside_twilio(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", SID)
    assert main(["--voice-url", "http://127.0.0.1/call"]) == 1
    assert "does not run where TWILIO_ACCOUNT_SID is set" in capsys.readouterr().err


def test_told_to_stop_it_stops_without_a_word(mailbox: Company) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    command = [sys.executable, "-m", "exchange", "--port", "0", "--voice-url", mailbox.url + "/call"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as program:
        assert program.stdout
        assert "The exchange is open: http://127.0.0.1:" in program.stdout.readline()
        program.terminate()
        out, err = program.communicate(timeout=60)
    assert (out, err, program.returncode) == ("", "", 0)
