"""Text messages over REST: send one, look one up, list them."""

from flask import Blueprint, Response, jsonify, request

from exchange import texts
from exchange.box import API, Exchange
from exchange.records import MessageRecord
from exchange.rest import Plain, RefusedError, not_found, on_time, page, same, stamp


def messages(exchange: Exchange) -> Blueprint:
    """The addresses under Messages."""
    rooms = Blueprint("messages", __name__)

    @rooms.post("/Messages.json")
    def send() -> tuple[Response, int]:
        to, from_, body = (request.form.get(name, "").strip() for name in ("To", "From", "Body"))
        wrong = texts.refused(exchange, to, from_, body)
        if wrong:
            raise RefusedError(400, *wrong)
        return jsonify(shown(exchange, texts.send(exchange, to, from_, body))), 201

    @rooms.get("/Messages.json")
    def listed() -> Response:
        found = [one for one in list(exchange.store.messages.values())[::-1] if wanted(one)]
        return page("messages", found, lambda one: shown(exchange, one))

    @rooms.get("/Messages/<sid>.json")
    def one(sid: str) -> Response:
        message = exchange.store.messages.get(sid)
        if message is None:
            raise not_found(request.path)
        return jsonify(shown(exchange, message))

    return rooms


def wanted(message: MessageRecord) -> bool:
    """Whether a message passes the request's filters."""
    return same("To", message.to) and same("From", message.from_) and on_time("DateSent", message.made_at)


def shown(exchange: Exchange, message: MessageRecord) -> Plain:
    """A message as Twilio's API writes it."""
    uri = f"/{API}/Accounts/{exchange.account_sid}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": exchange.account_sid,
        "api_version": API,
        "messaging_service_sid": None,
        "body": message.body,
        "from": message.from_,
        "to": message.to,
        "direction": message.direction,
        "status": message.state,
        "num_segments": str(len(message.body) // 153 + 1),
        "num_media": "0",
        "error_code": message.error,
        "error_message": None,
        "price": None,
        "price_unit": "USD",
        "date_created": stamp(message.made_at),
        "date_sent": stamp(message.made_at),
        "date_updated": stamp(message.made_at),
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }
