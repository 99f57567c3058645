"""One command starts the desk, starts again what dies, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from launch import ground, plan, sessions, valkey
from launch.child import Program
from launch.supervisor import StartError
from settings import Settings
from tests.launched import BROKEN, PARENT, STEADY, STUBBORN, is_gone, launched, number_in


def test_a_program_that_is_killed_is_started_again() -> None:
    with launched({"web": STEADY}) as desk:
        first = number_in(desk.hear("here"))
        os.kill(first, signal.SIGKILL)
        desk.hear("web was ended by SIGKILL; starting it again in 0.25 s")
        second = number_in(desk.hear("here"))
        assert second != first
        assert desk.end() == 0


def test_what_a_killed_program_left_running_ends_before_it_is_started_again() -> None:
    with launched({"web": PARENT}) as desk:
        grandchild = number_in(desk.hear("grandchild"))
        os.kill(number_in(desk.hear("here")), signal.SIGKILL)
        desk.hear("grandchild")
        assert is_gone(grandchild)
        desk.end()


def test_ctrl_c_stops_all_in_the_order_given_and_leaves_nothing() -> None:
    with launched({"web": PARENT, "worker": STEADY, "clock": STEADY}) as desk:
        ids = [number_in(desk.hear("grandchild"))] + [number_in(desk.hear("here")) for _ in range(3)]
        assert desk.end(signal.SIGINT) == 0
        desk.hear("all stopped")
        assert all(is_gone(pid, within=0.1) for pid in ids)


def test_a_program_that_will_not_stop_is_ended() -> None:
    with launched({"web": STUBBORN}) as desk:
        pid = number_in(desk.hear("here"))
        began = time.monotonic()
        assert desk.end() == 0
        assert is_gone(pid, within=0.1)
        assert time.monotonic() - began < 20


def test_a_supervisor_killed_outright_leaves_nothing_behind() -> None:
    with launched({"web": PARENT, "worker": STUBBORN}) as desk:
        ids = [number_in(desk.hear("grandchild"))] + [number_in(desk.hear("here")) for _ in range(2)]
        desk.end(signal.SIGKILL)
        assert all(is_gone(pid) for pid in ids)


def test_a_program_that_never_comes_up_stops_the_start_and_is_named() -> None:
    with launched({"clock": STEADY, "web": BROKEN}) as desk:
        pid = number_in(desk.hear("here"))
        desk.hear("no such luck")
        desk.hear("web ended 3 times before it was ready")
        assert desk.runner.wait(30) == 1
        assert is_gone(pid, within=0.1)


def test_a_port_that_is_taken_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        settings = Settings.load({"VAR_FOLDER": str(tmp_path), "PORT": str(port)})
        with pytest.raises(StartError, match=rf"Port {port} is taken: .* PORT={port + 1} script/start"):
            ground.check_ports(settings)


def test_a_second_start_from_the_same_folder_is_told_of_the_first(tmp_path: Path) -> None:
    with (
        ground.hold(tmp_path),
        pytest.raises(StartError, match=f"already runs from here \\(pid {os.getpid()}\\)"),
    ):
        ground.hold(tmp_path)
    ground.hold(tmp_path).close()


def test_the_exchange_sees_no_account_in_its_environment_and_no_token_among_its_words(tmp_path: Path) -> None:
    settings = Settings.load({"VAR_FOLDER": str(tmp_path)})
    program = plan.exchange(settings, "+18889624587")
    assert not [name for name in program.environ if name.startswith("TWILIO_")]
    assert settings.twilio_auth_token not in " ".join(program.command)
    assert program.environ["EXCHANGE_AUTH_TOKEN"] == settings.twilio_auth_token


def test_the_embedded_store_answers_and_remembers_after_it_was_killed(tmp_path: Path) -> None:
    settings = Settings.load({"VAR_FOLDER": str(tmp_path)})
    for name in (None, b"Ada"):
        program = plan.store(settings)
        assert program is not None
        with _running(program) as pid, redis.Redis.from_url(settings.redis_url) as store:
            assert store.get("agent") == name
            store.set("agent", "Ada")
            time.sleep(0.01)
            os.kill(pid, signal.SIGKILL)
    assert not valkey.answers(tmp_path / "valkey.sock")


@contextmanager
def _running(program: Program) -> Iterator[int]:
    """A program on its own, without a supervisor."""
    with subprocess.Popen(program.command, start_new_session=True) as runner:
        give_up = time.monotonic() + 10
        while not program.ready() and time.monotonic() < give_up:
            time.sleep(0.01)
        yield runner.pid
        sessions.kill(runner.pid)
