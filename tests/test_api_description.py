"""The API does what its description says, whatever is sent: schemathesis makes up what to send."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from sqlalchemy import Engine

from callbacks import token
from callbacks.token import Scope
from callbacks.work import Desk
from console.api import api
from console.api.bearer import Paces
from console.api.pace import Pace
from console.passwords import Passwords
from console.room import Room
from settings import Settings
from tests.api import BASE, ask
from tests.people import Cast

EXAMPLES = 8
"""For each operation and each way of making up what is sent."""

OUR_REFUSALS = ["2xx", "404", "409", "412"]
"""What fits may yet be refused: no such reference, a move that may not be made, a stale look."""

BAD_REQUESTS = ["400", "401", "404", "405", "406", "409", "412", "413", "415", "422"]

OPERATIONS = (
    "search", "look", "journal", "listen", "assign", "release", "dial", "note", "rang", "reached", "wrap-up",
    "resume", "presence", "be",
)  # fmt: skip

PEOPLE = ("presence", "be")
"""Those of them that are about somebody of the desk."""


@pytest.fixture
def described(desk: Desk, cast: Cast, settings: Settings) -> Any:
    """The API of a desk with a request, to a program that nobody slows down."""
    never = Pace(10**9, 1, desk.clock)
    app = Flask("described", static_folder=None)
    room = Room(desk, settings, Passwords(), is_current)
    app.register_blueprint(api(room, Paces(never, never)))
    return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", app, config=_config())


def is_current(_engine: Engine) -> bool:
    """As after every migration."""
    return True


def _config() -> SchemathesisConfig:
    accepted, rejected = {"expected-statuses": OUR_REFUSALS}, {"expected-statuses": BAD_REQUESTS}
    checks = {"positive_data_acceptance": accepted, "negative_data_rejection": rejected}
    return SchemathesisConfig.from_dict({"checks": checks})


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_it_answers_as_described(described: Any, desk: Desk, name: str, mode: GenerationMode) -> None:
    reference = ask(desk).reference
    with desk.work() as work:
        shown = token.make(work, "tester", tuple(Scope))
    operation = described.find_operation_by_id(name)
    one = {"sign_in": "ada"} if name in PEOPLE else {"reference": reference}
    for known in (one, None) if name != "search" else (None,):
        made = operation.as_strategy(mode, path_parameters=known)
        _try(made, lambda case: case.call_and_validate(headers={"Authorization": f"Bearer {shown}"}))


def _try(made: Any, send: Callable[[Any], object]) -> None:
    """So many of them, the same at each run."""

    @trials(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=made)
    def each(case: Any) -> None:
        send(case)

    each()


def test_every_operation_is_tried(described: Any) -> None:
    drawn = {found.ok().definition.raw["operationId"] for found in described.get_all_operations()}
    assert drawn == set(OPERATIONS)
