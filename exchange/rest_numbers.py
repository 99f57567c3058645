"""The account's numbers over REST: which they are, and what they ask when somebody rings or writes."""

from flask import Blueprint, Response, request

from exchange.box import API, Exchange
from exchange.rest import Plain, page


def numbers(exchange: Exchange) -> Blueprint:
    """The one address under IncomingPhoneNumbers that is needed: the list."""
    rooms = Blueprint("numbers", __name__)

    @rooms.get("/IncomingPhoneNumbers.json")
    def listed() -> Response:
        asked = request.args.get("PhoneNumber", "")
        found = [number for number in exchange.numbers if asked in ("", number)]
        return page("incoming_phone_numbers", found, lambda number: shown(exchange, number))

    return rooms


def shown(exchange: Exchange, number: str) -> Plain:
    """A number as Twilio tells it; what is not set is empty."""
    sid = f"PN{int(number.lstrip('+')):032x}"
    return {
        "sid": sid,
        "account_sid": exchange.account_sid,
        "phone_number": number,
        "voice_url": exchange.voice_url,
        "voice_method": "POST",
        "voice_fallback_url": exchange.fallback_url,
        "voice_fallback_method": "POST",
        "status_callback": exchange.status_url,
        "status_callback_method": "POST",
        "sms_url": exchange.message_url,
        "sms_method": "POST",
        "uri": f"/{API}/Accounts/{exchange.account_sid}/IncomingPhoneNumbers/{sid}.json",
    }
