"""Serves an exchange over HTTP: Twilio's REST addresses, in this process."""

import threading
from dataclasses import dataclass

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from exchange.box import API, Exchange
from exchange.live_box import LiveExchange
from exchange.pages import pages
from exchange.pages_calls import acts
from exchange.pages_scripts import scripts
from exchange.rest import guard
from exchange.rest_calls import calls
from exchange.rest_messages import messages
from exchange.rest_numbers import numbers
from exchange.rest_recordings import recordings

MOST_UPLOAD = 64 * 1024 * 1024


def make_app(exchange: Exchange) -> Flask:
    """The web application of an exchange."""
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = MOST_UPLOAD
    guard(app, exchange)
    for room in (calls(exchange), messages(exchange), numbers(exchange), recordings(exchange)):
        app.register_blueprint(room, url_prefix=f"/{API}/Accounts/{exchange.account_sid}")
    if isinstance(exchange, LiveExchange):
        app.register_blueprint(pages(exchange))
        app.register_blueprint(acts(exchange))
        app.register_blueprint(scripts(exchange))
    return app


class Quiet(WSGIRequestHandler):
    """Answers without a line in the log, over connections that stay open."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@dataclass(slots=True)
class Served:
    """An exchange being served; `url` is what TWILIO_API_BASE is to be."""

    url: str
    server: BaseWSGIServer
    thread: threading.Thread

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(exchange: Exchange, port: int = 0, host: str = "127.0.0.1") -> Served:
    """Serve in a thread; port 0 takes any free one. Recording addresses then point here."""
    server = make_server(host, port, make_app(exchange), threaded=True, request_handler=Quiet)
    exchange.base_url = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    return Served(exchange.base_url, server, thread)
