"""A small company that answers its telephone with TwiML, and an exchange that rings it."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from exchange.phone import Exchange
from exchange.server import Quiet, Served, serve

SID, TOKEN = "AC" + "5" * 32, "a-token-of-the-tests"
ANNA = "+390212345678"


class Company:
    """Answers each address with the document a test has laid there."""

    def __init__(self) -> None:
        self.documents: dict[str, str | Response | Callable[[], str]] = {}
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.url = ""

    def says(self, path: str, inside: str) -> None:
        self.documents[path] = f"<?xml version='1.0'?><Response>{inside}</Response>"

    def answer(self, path: str) -> Response:
        self.asked.append(
            ("/" + path, request.form.to_dict() or request.args.to_dict(), dict(request.headers))
        )
        document = self.documents.get("/" + path)
        if isinstance(document, Response):
            return document
        found = document() if document and not isinstance(document, str) else document
        return Response(found or "", 200 if found else 404, mimetype="text/xml")


@pytest.fixture(scope="session")
def served_company() -> Iterator[Company]:
    company = Company()
    app = Flask(__name__)
    app.add_url_rule("/<path:path>", "answer", company.answer, methods=["GET", "POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    company.url = f"http://127.0.0.1:{server.server_port}"
    yield company
    server.shutdown()
    server.server_close()


@pytest.fixture
def company(served_company: Company) -> Company:
    served_company.documents.clear()
    served_company.asked.clear()
    return served_company


@pytest.fixture
def exchange(company: Company) -> Iterator[Exchange]:
    box = Exchange(
        SID,
        TOKEN,
        voice_url=company.url + "/call",
        fallback_url=company.url + "/fallback",
        status_url=company.url + "/ended",
        message_url=company.url + "/message",
        numbers=["+18005550100"],
    )
    yield box
    box.close()


@pytest.fixture
def rest(exchange: Exchange) -> Iterator[Served]:
    with serve(exchange) as served:
        yield served
