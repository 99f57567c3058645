"""A stranger types one command: the desk comes up, answers, stops, and comes up again as it was."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.started import fresh_clone, living_in, started

pytestmark = [pytest.mark.full, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone, beside an empty home."""
    return fresh_clone(tmp_path_factory.mktemp("stranger"))


def test_a_fresh_clone_answers_a_call_within_a_minute_of_one_command(clone: Path) -> None:
    with started(clone, clone.parent / "home") as desk:
        taken = desk.wait_for("Ctrl-C stops it all.", within=60)
        assert "<Gather" in desk.ring()
        for word in ("Ringback is ready", desk.url, "sara", "Acme"):
            assert word in desk.printed
        assert desk.stop() == 0
    assert not living_in(clone)
    print(f"first start: {taken:.1f} s")


def test_a_second_start_finds_everything_as_it_was_and_is_quick(clone: Path) -> None:
    with started(clone, clone.parent / "home") as desk:
        desk.wait_for("Ctrl-C stops it all.", within=15)
        first = desk.printed
        assert desk.stop() == 0
    with started(clone, clone.parent / "home") as desk:
        desk.wait_for("Ctrl-C stops it all.", within=15)
        assert _secrets(desk.printed) == _secrets(first)
        desk.stop()


def test_whatever_is_killed_comes_back_and_the_next_call_is_answered(clone: Path) -> None:
    with started(clone, clone.parent / "home") as desk:
        desk.wait_for("the clock runs", within=120)
        for pid in desk.descendants()[1:]:
            if "guardian" not in Path(f"/proc/{pid}/cmdline").read_text():
                os.kill(pid, signal.SIGKILL)
        desk.wait_for("the clock runs", within=120)
        give_up = time.monotonic() + 20
        while not _answers(desk.ring) and time.monotonic() < give_up:
            time.sleep(0.1)
        assert "<Gather" in desk.ring()
        desk.stop()
    assert not living_in(clone)


def test_a_supervisor_that_is_killed_leaves_no_process(clone: Path) -> None:
    with started(clone, clone.parent / "home") as desk:
        desk.wait_for("the clock runs", within=120)
        desk.runner.kill()
    give_up = time.monotonic() + 10
    while living_in(clone) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not living_in(clone)


def test_a_policy_with_faults_stops_the_start_and_names_them_all(clone: Path) -> None:
    broken = clone.parent / "policy.toml"
    text = (clone / "policy.toml").read_text()
    broken.write_text(text.replace('"09:00-13:00"', '"9-25"').replace("Europe/Rome", "Europe/Roma"))
    with started(clone, clone.parent / "home", POLICY_FILE=str(broken)) as desk:
        desk.wait_for("not started", within=120)
        assert desk.runner.wait(10) == 1
    assert "Europe/Roma" in desk.printed
    assert desk.printed.count("9-25") >= 5
    assert not living_in(clone)


def _secrets(printed: str) -> list[str]:
    """The codes and passwords of the block."""
    block = printed[printed.index("Sign in") : printed.index("Ctrl-C stops it all.")]
    return [line.split()[-1] for line in block.splitlines() if "http" not in line and line.strip()]


def _answers(ring: "object") -> bool:
    assert callable(ring)
    try:
        return "<Gather" in ring()
    except OSError:
        return False
