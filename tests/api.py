"""The API in tests: a program with a token, asking the app without a server."""

from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from flask import Flask
from flask.testing import FlaskClient

from callbacks import call as calls
from callbacks import intake, token
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.intake import Recording
from callbacks.subscription import by_company
from callbacks.token import Scope
from callbacks.work import Desk, Work
from tests.people import ACME_PHONE

BASE = "/api/v1"


@dataclass
class Program:
    """Another program, with its token; `ask` is any request, `act` a POST about one callback.

    Both give the test client's response, with its `json` as whatever it is.
    """

    client: FlaskClient
    shown: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.shown}", **self.headers, **more.pop("headers", {})}
        return self.client.open(BASE + path, method=method, headers=headers, **more)

    def act(self, reference: str, name: str, headers: Any = (), **body: Any) -> Any:
        return self.ask(f"/callbacks/{reference}/{name}", "POST", json=body, headers=dict(headers))


def program(app: Flask, desk: Desk, name: str = "crm", *scopes: Scope) -> Program:
    """A program that was given a token with these scopes; with both where none is named."""
    with desk.work() as work:
        shown = token.make(work, name, scopes or tuple(Scope))
    return Program(app.test_client(), shown)


def ask(desk: Desk, company: str = "Acme", kind: Kind = Kind.CALLBACK, sid: str = "CA1") -> Callback:
    """Somebody of this company leaves a message now, in a call of this sid, from a phone of their own."""
    phone = ACME_PHONE if sid == "CA1" else f"+39021234{crc32(sid.encode()) % 10_000:04}"

    def take(work: Work) -> Callback:
        known = by_company(work.session, company)
        assert known is not None
        call = calls.held(work, sid, phone, "+18889624587")
        call.subscription_id, call.language = known.id, "en"
        call.answers = {"number": phone, "topic": "delivery"}
        call.asks_for_message(3, kind)
        callback = intake.take_message(work, call, 3, Recording(f"RE{sid}", "https://carrier.example/1", 23))
        callback.told_caller(work, "We will call you back.")
        return callback

    return desk.do(take)
