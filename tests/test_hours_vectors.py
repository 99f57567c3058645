"""Working time agrees with every case in tests/vectors."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from callbacks.hours import OfficeHours

VECTORS = Path(__file__).parent / "vectors"
CASES = [
    case for name in ("edges", "random") for case in json.loads((VECTORS / f"hours-{name}.json").read_text())
]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def answer(hours: OfficeHours, op: str, asked: dict[str, Any]) -> object:
    match op:
        case "add":
            return hours.add(moment(asked["t"]), timedelta(seconds=asked["seconds"]))
        case "between":
            return hours.between(moment(asked["from"]), moment(asked["to"])).total_seconds()
        case "is_open":
            return hours.is_open(moment(asked["t"]))
        case "next_open":
            return hours.opening(moment(asked["t"]))
    raise AssertionError(op)


@pytest.mark.parametrize("op", ["add", "between", "is_open", "next_open"])
def test_working_time_agrees_with_every_case_worked_out_elsewhere(op: str) -> None:
    cases = [case for case in CASES if case["op"] == op]
    wrong = [case["id"] for case in cases if not agrees(case)]
    assert cases
    assert not wrong


def agrees(case: dict[str, Any]) -> bool:
    expected = case["expected"]
    wanted = moment(expected) if isinstance(expected, str) else expected
    return answer(OfficeHours.from_table(**case["schedule"]), case["op"], case["input"]) == wanted
