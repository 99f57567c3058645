"""Scripted calls asked for over HTTP, so that the command line rings through a running exchange."""

from flask import Blueprint, Response, jsonify, request

from exchange.live_box import LiveExchange
from exchange.pages import only_from_here
from exchange.rest import Plain, RefusedError
from exchange.script import Script, ScriptError
from exchange.scripted import Call


def scripts(exchange: LiveExchange) -> Blueprint:
    """The one address."""
    rooms = Blueprint("scripts", __name__)
    rooms.before_request(only_from_here)

    @rooms.post("/phone/scripts")
    def play() -> Response:
        asked = request.get_json()
        try:
            script = Script.read([str(word) for word in asked.get("acts", [])])
        except ScriptError as error:
            raise RefusedError(400, 20001, str(error)) from error
        from_, to = str(asked.get("from", "")), str(asked.get("to", ""))
        if asked.get("everywhere"):
            calls = script.everywhere(exchange, from_, to)
        else:
            calls = [script.play(exchange, from_, to, int(asked.get("gone_at", -1)))]
        return jsonify(calls=[told(call, number - 1) for number, call in enumerate(calls)])

    return rooms


def told(call: Call, gone_at: int) -> Plain:
    """A scripted call as plain values."""
    return {
        "sid": call.sid,
        "state": call.state,
        "verb": call.verb,
        "gone_at": gone_at,
        "heard": call.all_heard,
        "held": [notice.kind for notice in call.notices],
        "wrong": call.faults + call.missteps,
        "transcript": call.transcript(),
    }
