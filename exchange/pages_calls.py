"""What a telephone in the browser does with its calls."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, request

from exchange.live import LiveCall
from exchange.live_box import LiveExchange
from exchange.pages import harden, only_from_here
from exchange.sound import wav_seconds

KEYS = set("0123456789*#")
Asked = Mapping[str, object]

ACTS: Mapping[str, Callable[[LiveCall, Asked], None]] = {
    "keys": lambda call, asked: call.press("".join(key for key in str(asked.get("keys", "")) if key in KEYS)),
    "speech": lambda call, asked: call.speak(str(asked.get("text", ""))[:1000]),
    "heard": lambda call, asked: call.heard_out(int(str(asked.get("sound", 0)))),
    "hangup": lambda call, _: call.hang_up(),
    "answer": lambda call, _: call.answer(),
    "decline": lambda call, _: call.refuse("busy"),
    "dial": lambda call, asked: call.decide_dial(str(asked.get("outcome", "no-answer"))),
}


def acts(exchange: LiveExchange) -> Blueprint:
    """The addresses of a call's acts."""
    rooms = Blueprint("acts", __name__, url_prefix="/phone/calls")
    rooms.before_request(only_from_here)
    rooms.after_request(harden)

    @rooms.post("")
    def ring() -> Response:
        asked = request.get_json()
        params = {"StirVerstat": "TN-Validation-Passed-A"} if asked.get("verified") else {}
        call = exchange.ring_live(str(asked["from"]).strip(), str(asked.get("to", "")).strip(), params)
        return jsonify(sid=call.sid)

    @rooms.post("/<sid>/<act>")
    def act(sid: str, act: str) -> tuple[str, int]:
        done = ACTS.get(act) or abort(404)
        done(call_of(exchange, sid), request.get_json(silent=True) or {})
        return "", 204

    @rooms.post("/<sid>/recording")
    def recording(sid: str) -> tuple[str, int]:
        call_of(exchange, sid).recorded(uploaded(), request.args.get("ended_by", "")[:6])
        return "", 204

    @rooms.get("/<sid>/sounds/<int:number>")
    def sound(sid: str, number: int) -> Response:
        return played(exchange, call_of(exchange, sid), number)

    return rooms


def call_of(exchange: LiveExchange, sid: str) -> LiveCall:
    call = exchange.carried.get(sid)
    return call if isinstance(call, LiveCall) else abort(404)


def uploaded() -> bytes | None:
    """The WAV file that came with the request; None where nothing came."""
    wav = request.get_data() or None
    try:
        _ = wav_seconds(wav) if wav else 0
    except ValueError:
        abort(415)
    return wav


def played(exchange: LiveExchange, call: LiveCall, number: int) -> Response:
    """What a Play plays, fetched for the browser, which may ask nobody else."""
    known = 0 < number <= len(call.sounds) and call.sounds[number - 1].kind == "play"
    url = call.line.absolute(call.sounds[number - 1].text) if known else ""
    found = exchange.fetch_sound(url) if urlsplit(url).scheme in ("http", "https") else None
    return Response(found[0], mimetype=found[1]) if found else abort(404)
