"""Every request the desk makes of the carrier's REST interface, held against the carrier's own description.

tests/data/twilio_rest.json is drawn from Twilio's OpenAPI description (Apache License 2.0): the operations
the desk uses, with nothing but what a request may hold; `python -m tests.carrier_check DESCRIPTION` draws it.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import requests

from worker.line import Line

KEPT = Path(__file__).parent / "data" / "twilio_rest.json"
USED = (
    ("POST", "Calls.json"), ("GET", "Calls.json"), ("GET", "Calls/{Sid}.json"), ("POST", "Calls/{Sid}.json"),
    ("POST", "Messages.json"), ("GET", "Messages.json"), ("GET", "Recordings.json"),
    ("DELETE", "Recordings/{Sid}.json"),
)  # fmt: skip
ACCOUNT = "/2010-04-01/Accounts/{AccountSid}/"
TELLS = ("type", "format", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength")

seen: Counter[str] = Counter()
"""What was asked for in this run, by operation."""


def faults_in(method: str, url: str, params: Any = None, data: Any = None) -> list[str]:
    """What the carrier would not take, or not understand, of this request as it goes over the wire."""
    sent = requests.Request(method, url, params=params, data=data).prepare()
    path = unquote(urlsplit(sent.url or "").path)
    operation = next((each for each in _operations() if each["method"] == method and _fits(each, path)), None)
    if operation is None:
        return [f"{method} {path} is no operation of the carrier's that the desk is known to use"]
    seen[f"{method} {operation['path']}"] += 1
    body = sent.body.decode() if isinstance(sent.body, bytes) else sent.body or ""
    query = urlsplit(sent.url or "").query
    return [
        *_judged(operation["query"], parse_qsl(query, keep_blank_values=True), []),
        *_judged(operation["form"], parse_qsl(body, keep_blank_values=True), operation["needs"]),
    ]


def _judged(known: Mapping[str, Any], given: list[tuple[str, str]], needs: list[str]) -> Iterator[str]:
    counts = Counter(name for name, _ in given)
    yield from (f"{name} is missing" for name in needs if name not in counts)
    for name, value in given:
        if name not in known:
            yield f"{name} is no parameter of this operation"
            continue
        many = known[name].get("type") == "array"
        if counts[name] > 1 and not many:
            yield f"{name} is given {counts[name]} times"
        if fault := _fault(known[name]["items"] if many else known[name], value):
            yield f"{name}={value!r} {fault}"


def _fault(kind: Mapping[str, Any], value: str) -> str:
    """Why a value is not of its kind; empty where it is."""
    if "enum" in kind and value not in kind["enum"]:
        return f"is none of {kind['enum']}"
    if "pattern" in kind and not re.search(kind["pattern"].replace(HEX, r"\w+"), value):
        return f"does not look like {kind['pattern']}"
    if kind.get("type") == "integer":
        return _outside(kind, value)
    if kind.get("type") == "boolean" and value.lower() not in ("true", "false"):
        return "is neither true nor false"
    shape = SHAPES.get(kind.get("format", ""))
    return "" if shape is None or re.fullmatch(shape, value) else f"is no {kind['format']}"


def _outside(kind: Mapping[str, Any], value: str) -> str:
    if not re.fullmatch(r"-?\d+", value):
        return "is no whole number"
    inside = kind.get("minimum", -sys.maxsize) <= int(value) <= kind.get("maximum", sys.maxsize)
    return "" if inside else "is out of range"


HEX = "[0-9a-fA-F]{32}"
"""The rest of a SID after its two letters: the tests' own calls are called as they like."""

SHAPES = {
    "uri": r"https?://[^\s]+",
    "http-method": r"GET|POST",
    "phone-number": r"\+[1-9]\d{1,14}",
    "endpoint": r"\+[1-9]\d{1,14}|sip:.+|client:.+",
    "date-time": r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))?",
}


@cache
def _operations() -> list[dict[str, Any]]:
    operations: list[dict[str, Any]] = json.loads(KEPT.read_text())["operations"]
    return operations


def _fits(operation: Mapping[str, Any], path: str) -> bool:
    """By its form alone: tests name calls as they like."""
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", operation["path"].replace(".", "[.]")), path) is not None


@pytest.fixture(autouse=True)
def the_carrier_would_take_it(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test has the desk ask of the carrier is valid by the carrier's own description."""
    faults: list[str] = []
    send = Line.request

    def request(
        line: Line, method: str, url: str, params: Any = None, data: Any = None, *args: Any, **more: Any
    ) -> Any:
        faults.extend(f"{method} {url}: {fault}" for fault in faults_in(method.upper(), url, params, data))
        return send(line, method, url, params, data, *args, **more)

    monkeypatch.setattr(Line, "request", request)
    yield
    assert not faults


def drawn(description: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the description that tests need."""
    return {
        "of": f"{description['info']['title']} {description['info']['version']}",
        "licence": "Apache-2.0, https://www.apache.org/licenses/LICENSE-2.0.html",
        "drawn": "by tests/carrier_check.py: descriptions, answers and other operations are left out",
        "operations": [_operation(description, method, ACCOUNT + path) for method, path in USED],
    }


def _operation(description: Mapping[str, Any], method: str, path: str) -> dict[str, Any]:
    found = description["paths"][path][method.lower()]
    asked = [each for each in found.get("parameters", []) if each["in"] == "query"]
    content = found.get("requestBody", {}).get("content", {})
    form = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
    return {
        "method": method, "path": path, "needs": form.get("required", []),
        "query": {each["name"]: _kind(description, each["schema"]) | _in_words(each) for each in asked},
        "form": {name: _kind(description, each) for name, each in form.get("properties", {}).items()},
    }  # fmt: skip


def _in_words(parameter: Mapping[str, Any]) -> dict[str, str]:
    """Of what a list is searched by, the carrier says in words alone that it need not be a number."""
    return {"format": "endpoint"} if "SIP address" in parameter.get("description", "") else {}


def _kind(description: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _kind(description, description["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    kind = {name: schema[name] for name in TELLS if name in schema}
    return kind | ({"items": _kind(description, schema["items"])} if "items" in schema else {})


if __name__ == "__main__":
    KEPT.write_text(json.dumps(drawn(json.loads(Path(sys.argv[1]).read_text())), indent=1) + "\n")
