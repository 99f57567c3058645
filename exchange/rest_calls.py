"""Calls over REST: place one, look one up, list them, hang one up or send it elsewhere."""

import re
from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, request

from exchange.box import API, Exchange
from exchange.grammar import URL
from exchange.order import Order
from exchange.records import CallRecord
from exchange.rest import Plain, RefusedError, not_found, on_time, page, same, stamp

DIALABLE = re.compile(r"\+[1-9]\d{6,14}|sips?:\S+|client:\S+")
UNKNOWN = (
    "phone_number_sid", "forwarded_from", "caller_name", "group_sid", "trunk_sid", "queue_time", "annotation",
    "price", "price_unit",
)  # fmt: skip
ENDED = ("completed", "canceled", "busy", "failed", "no-answer")


def calls(exchange: Exchange) -> Blueprint:
    """The addresses under Calls."""
    rooms = Blueprint("calls", __name__)

    @rooms.post("/Calls.json")
    def place() -> tuple[Response, int]:
        to, from_, order = placing(exchange, request.form)
        return jsonify(shown(exchange, exchange.place(from_, to, order))), 201

    @rooms.get("/Calls.json")
    def listed() -> Response:
        found = [call for call in list(exchange.store.calls.values())[::-1] if wanted(call)]
        return page("calls", found, lambda call: shown(exchange, call))

    @rooms.get("/Calls/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(shown(exchange, call_of(exchange, sid)))

    @rooms.post("/Calls/<sid>.json")
    def change(sid: str) -> Response:
        steer(exchange, call_of(exchange, sid), request.form)
        return jsonify(shown(exchange, call_of(exchange, sid)))

    return rooms


def call_of(exchange: Exchange, sid: str) -> CallRecord:
    call = exchange.store.calls.get(sid)
    if call is None:
        raise not_found(request.path)
    return call


def wanted(call: CallRecord) -> bool:
    """Whether a call passes the request's filters."""
    return (
        same("To", call.to)
        and same("From", call.from_)
        and same("Status", call.state)
        and same("ParentCallSid", call.parent)
        and on_time("StartTime", call.started_at or call.made_at)
        and on_time("EndTime", call.ended_at)
    )


def placing(exchange: Exchange, form: Mapping[str, str]) -> tuple[str, str, Order]:
    """Whom to ring and from which number, judged as Twilio judges it."""
    to, from_ = form.get("To", "").strip(), form.get("From", "").strip()
    if not to:
        raise RefusedError(400, 21201, "No 'To' number is specified")
    if not from_:
        raise RefusedError(400, 21213, "No 'From' number is specified")
    if not DIALABLE.fullmatch(to) or to == "+15005550001":
        raise RefusedError(400, 21211, f"The phone number you are attempting to call, {to}, is not valid.")
    if from_ not in exchange.numbers and not from_.startswith("client:"):
        raise RefusedError(
            400, 21210, f"The source phone number provided, {from_}, is not yet verified for your account."
        )
    return to, from_, order_of(form)


def order_of(form: Mapping[str, str]) -> Order:
    url, document = form.get("Url", ""), form.get("Twiml", "").encode()
    if not document and (not url.startswith(("http://", "https://")) or URL(url)):
        raise RefusedError(400, 21205, "Url is not a valid URL")
    moments = request.form.getlist("StatusCallbackEvent") or ["completed"]
    fallback, detects = form.get("FallbackUrl", ""), form.get("AsyncAmdStatusCallback", "")
    return Order(
        url,
        form.get("Method", "POST"),
        document,
        (fallback, form.get("FallbackMethod", "POST")) if fallback else None,
        (form.get("StatusCallback", ""), form.get("StatusCallbackMethod", "POST")),
        frozenset(word for moment in moments for word in moment.split()),
        (detects, form.get("AsyncAmdStatusCallbackMethod", "POST")) if detects else None,
        float(form.get("Timeout", 60)) if form.get("Timeout", "60").isdigit() else 60.0,
    )


def steer(exchange: Exchange, call: CallRecord, form: Mapping[str, str]) -> None:
    """Hang a call up, or send it elsewhere; what has ended cannot be sent anywhere."""
    carried = exchange.carried.get(call.sid)
    state, url, document = form.get("Status", ""), form.get("Url", ""), form.get("Twiml", "").encode()
    if state and state not in ("completed", "canceled"):
        raise RefusedError(400, 21202, f"Call status may be set to completed or canceled, not {state}")
    if call.state in ENDED or carried is None:
        if url or document:
            raise RefusedError(400, 21220, "Call is not in-progress. Cannot redirect.")
    elif state:
        carried.end_from_outside()
    elif url or document:
        carried.go_on_with(url, form.get("Method", "POST"), document)


def shown(exchange: Exchange, call: CallRecord) -> Plain:
    """A call as Twilio's API writes it."""
    uri = f"/{API}/Accounts/{exchange.account_sid}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "account_sid": exchange.account_sid,
        "api_version": API,
        "date_created": stamp(call.made_at),
        "date_updated": stamp(call.ended_at or call.started_at or call.made_at),
        "parent_call_sid": call.parent,
        "from": call.from_,
        "from_formatted": call.from_,
        "to": call.to,
        "to_formatted": call.to,
        "direction": call.direction,
        "status": call.state,
        "start_time": stamp(call.started_at or call.made_at),
        "end_time": stamp(call.ended_at),
        "duration": None if call.seconds is None else str(call.seconds),
        "answered_by": call.answered_by,
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    } | dict.fromkeys(UNKNOWN)
