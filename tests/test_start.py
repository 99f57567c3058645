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


def test_a_fresh_clone_answers_a_call_after_one_command(clone: Path) -> None:
    """Within a minute on a machine that has nothing else to do: `script/bench machine` prints it."""
    with started(clone, clone.parent / "home") as desk:
        taken = desk.wait_for("Ctrl-C stops it all.", within=300)
        assert "<Gather" in desk.ring()
        for word in ("Ringback is ready", desk.url, "sara", "Acme"):
            assert word in desk.printed
        assert desk.stop() == 0
    assert not living_in(clone)
    print(f"first start: {taken:.1f} s")


def test_a_second_start_finds_everything_as_it_was_and_answers(clone: Path) -> None:
    """How quick it is, `script/bench machine` prints."""
    with started(clone, clone.parent / "home") as desk:
        desk.wait_for("Ctrl-C stops it all.", within=120)
        first = desk.printed
        assert desk.stop() == 0
    with started(clone, clone.parent / "home") as desk:
        desk.wait_for("Ctrl-C stops it all.", within=120)
        assert _secrets(desk.printed) == _secrets(first)
        assert "<Gather" in desk.ring()
        desk.stop()


def test_whatever_is_killed_comes_back_and_the_next_call_is_answered(clone: Path) -> None:
    with started(clone, clone.parent / "home") as desk:
        desk.wait_for("the clock runs", within=120)
        for pid in desk.descendants()[1:]:
            if "guardian" not in Path(f"/proc/{pid}/cmdline").read_text():
                os.kill(pid, signal.SIGKILL)
        desk.wait_for("the clock runs", within=120)
        give_up = time.monotonic() + 60
        while not _answers(desk.ring) and time.monotonic() < give_up:
            time.sleep(0.1)
        assert "<Gather" in desk.ring()
        desk.stop()
    assert not living_in(clone)


def test_a_supervisor_that_is_killed_leaves_no_process(clone: Path) -> None:
    with started(clone, clone.parent / "home") as desk:
        desk.wait_for("the clock runs", within=120)
        desk.runner.kill()
    give_up = time.monotonic() + 60
    while living_in(clone) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not living_in(clone)


TEN_FAULTS = {
    'zone = "Europe/Rome"': 'zone = "Europe/Roma"',
    'mon = ["09:00-13:00", "14:00-18:00"]': 'mon = ["9-25"]',
    'country = "IT"': 'country = "Italy"',
    'opens_after = "2h"': 'opens_after = "soon"',
    'window = "2h"': 'window = "-2h"',
    'support = "+18889624587"': 'support = "12"',
    'offered = ["en", "it"]': 'offered = ["en", "xx"]',
    "tries = 3": "tries = 0",
    "level = 2": "level = 7",
    'recordings = "90d"': 'recordings = "never"',
}
"""A line of the policy, and how somebody spoilt it."""


def test_ten_faults_of_a_policy_stop_the_start_and_are_all_named_with_their_lines(clone: Path) -> None:
    text = (clone / "policy.toml").read_text()
    for line, spoilt in TEN_FAULTS.items():
        assert line in text
        text = text.replace(line, spoilt, 1)
    broken = clone.parent / "policy.toml"
    broken.write_text(text)
    with started(clone, clone.parent / "home", POLICY_FILE=str(broken)) as desk:
        desk.wait_for("not started", within=120)
        assert desk.runner.wait(60) == 1
    where = {spoilt: 1 + text[: text.index(spoilt)].count("\n") for spoilt in TEN_FAULTS.values()}
    named = desk.printed
    assert [spoilt for spoilt, line in where.items() if f"policy.toml line {line}: " not in named] == []
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
