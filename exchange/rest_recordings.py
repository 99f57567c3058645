"""Recordings over REST: list them, look one up, fetch its sound, delete it."""

from flask import Blueprint, Response, jsonify, request

from exchange.box import API, Exchange
from exchange.records import RecordingRecord
from exchange.rest import Plain, not_found, on_time, page, same, stamp


def recordings(exchange: Exchange) -> Blueprint:
    """The addresses under Recordings, and those of one call."""
    rooms = Blueprint("recordings", __name__)

    @rooms.get("/Recordings.json")
    @rooms.get("/Calls/<call>/Recordings.json")
    def listed(call: str = "") -> Response:
        found = [one for one in list(exchange.store.recordings.values())[::-1] if wanted(one, call)]
        return page("recordings", found, lambda one: shown(exchange, one))

    @rooms.get("/Recordings/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(shown(exchange, recording_of(exchange, sid)))

    @rooms.get("/Recordings/<sid>")
    @rooms.get("/Recordings/<sid>.wav")
    @rooms.get("/Recordings/<sid>.mp3")
    def sound(sid: str) -> Response:
        return sound_of(exchange, recording_of(exchange, sid))

    @rooms.delete("/Recordings/<sid>.json")
    @rooms.delete("/Recordings/<sid>")
    def delete(sid: str) -> Response:
        recording_of(exchange, sid)
        exchange.store.forget(sid)
        return Response(status=204)

    return rooms


def recording_of(exchange: Exchange, sid: str) -> RecordingRecord:
    recording = exchange.store.recordings.get(sid)
    if recording is None:
        raise not_found(request.path)
    return recording


def sound_of(exchange: Exchange, recording: RecordingRecord) -> Response:
    wav = exchange.store.audio(recording.sid) if recording.ready else None
    if wav is None:
        raise not_found(request.path)
    # There is no encoder in the box: an mp3 is answered as the wav it is, honestly named.
    return Response(wav, mimetype="audio/x-wav", headers={"Cache-Control": "no-store"})


def wanted(recording: RecordingRecord, call: str) -> bool:
    """Whether a recording passes the request's filters."""
    asked = call or request.args.get("CallSid", "")
    return (
        asked in ("", recording.call_sid)
        and same("Status", "completed" if recording.ready else "processing")
        and on_time("DateCreated", recording.made_at)
    )


def shown(exchange: Exchange, recording: RecordingRecord) -> Plain:
    """A recording as Twilio's API writes it."""
    url = exchange.recording_url(recording.sid)
    uri = f"/{API}/Accounts/{exchange.account_sid}/Recordings/{recording.sid}.json"
    return {
        "sid": recording.sid,
        "account_sid": exchange.account_sid,
        "api_version": API,
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "date_created": stamp(recording.made_at),
        "date_updated": stamp(recording.made_at),
        "start_time": stamp(recording.made_at),
        "duration": str(recording.seconds),
        "channels": 1,
        "source": recording.source,
        "status": "completed" if recording.ready else "processing",
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "encryption_details": None,
        "media_url": url,
        "uri": uri,
        "subresource_uris": {},
    }
