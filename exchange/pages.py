"""The telephone in the browser: its page, what it asks for, and what it is told."""

import json
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, render_template, request

from exchange import shown
from exchange.live import LiveCall
from exchange.live_box import LiveExchange
from exchange.page_words import language_for, words_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "media-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def pages(exchange: LiveExchange) -> Blueprint:
    """The page and its addresses."""
    rooms = Blueprint(
        "phone", __name__, template_folder="page", static_folder="page", static_url_path="/page"
    )
    rooms.before_request(only_from_here)
    rooms.after_request(harden)

    @rooms.get("/")
    def telephone() -> str:
        return page_of(exchange)

    @rooms.get("/phone/feed")
    def feed() -> Response:
        number = request.args.get("number", "")
        after = request.headers.get("Last-Event-ID") or request.args.get("after") or ""
        return Response(stream(exchange, number, after), mimetype="text/event-stream")

    @rooms.get("/phone/messages")
    def messages() -> Response:
        return jsonify(messages_of(exchange, request.args.get("number", "")))

    @rooms.post("/phone/messages")
    def write() -> tuple[str, int]:
        asked = request.get_json()
        exchange.text(str(asked["from"]), str(asked["body"])[:1600], str(asked.get("to", "")))
        return "", 204

    return rooms


def page_of(exchange: LiveExchange) -> str:
    """The telephone's page in its reader's language."""
    language = language_for(request.args.get("lang", ""), request.accept_languages)
    return render_template(
        "phone.html", numbers=exchange.numbers, held=exchange.held,
        language=language, words=words_of(language),
    )  # fmt: skip


def messages_of(exchange: LiveExchange, number: str) -> list[shown.Plain]:
    """The last messages to and from a number."""
    kept = list(exchange.store.messages.values())
    return [shown.message(one) for one in kept if number in (one.from_, one.to)][-200:]


def only_from_here() -> None:
    """Refuse other sites' pages: nobody who merely visits one shall place calls here."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        abort(403)
    # A page elsewhere can make its own name point at this machine, but not an address or localhost.
    name = urlsplit(f"//{request.host}").hostname or ""
    if name != "localhost" and not _is_address(name):
        abort(403)


def _is_address(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def harden(answer: Response) -> Response:
    """Let the page load and ask nothing but its own."""
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()"
    answer.headers.setdefault("Cache-Control", "no-cache")
    return answer


def ringing(exchange: LiveExchange) -> list[shown.Plain]:
    """The calls that nobody has answered yet, as they were told when they came to be."""
    calls = [call for call in exchange.carried.values() if isinstance(call, LiveCall)]
    waiting = [call for call in calls if call.line.state in ("queued", "ringing") and not call.ours]
    return [
        {"kind": "call", "of": call.number, "call": call.sid, "state": call.line.state, **call.facing()}
        for call in waiting
    ]


def stream(exchange: LiveExchange, number: str, after: str) -> Iterator[str]:
    """A number's happenings, or everybody's, as server-sent events; first of all, whose phone rings now."""
    feed = exchange.feeds.of(number) if number else exchange.feeds.everyone
    # A count from before a restart is higher than any of this feed's.
    begin = min(int(after), feed.count) if after.isdigit() else feed.count
    yield "retry: 500\n\n"
    if not number and not after:
        yield "".join(f"data: {json.dumps(one)}\n\n" for one in ringing(exchange))
    for news in feed.after(begin):
        yield "".join(f"id: {one['n']}\ndata: {json.dumps(one)}\n\n" for one in news) or ": still here\n\n"
