"""What the carrier asks when somebody rings or writes to the desk's number: is it us, and rightly?"""

from collections.abc import Iterator

import requests

from console.room import Room

API = "https://api.twilio.com"
PATIENCE = (3.05, 10.0)
ASKED = (
    ("voice_url", "voice_method", "A call comes in", "/ivr/call"),
    ("status_callback", "status_callback_method", "Call status changes", "/ivr/ended"),
    ("voice_fallback_url", "voice_fallback_method", "Primary handler fails", "/ivr/fallback"),
    ("sms_url", "sms_method", "A message comes in", "/ivr/message"),
)
"""Its fields, what its console calls them, and where each is to lead."""


def faults(room: Room) -> Iterator[str]:
    """A sentence for each address that is wrong there, with what is to be put in its place."""
    number = room.place.twilio_number or room.desk.policy.numbers.support
    found = _of(room, str(number))
    if found is None:
        yield f"the account has no number {number}: buy it there, or set TWILIO_NUMBER to one that it has"
        return
    for field, method, label, path in ASKED:
        wanted, is_now = room.place.public_url + path, str(found.get(field) or "")
        if is_now != wanted:
            here = f"leads to {is_now}" if is_now else "is empty"
            yield f'of {number}: "{label}" {here}; put {wanted} (HTTP POST) there'
        elif str(found.get(method) or "POST").upper() != "POST":
            yield f'of {number}: "{label}" is asked by {found[method]}; choose HTTP POST'


def _of(room: Room, number: str) -> dict[str, object] | None:
    """The number as the carrier has it; None where the account has no such number."""
    place = room.place
    account = f"{place.twilio_api_base or API}/2010-04-01/Accounts/{place.twilio_account_sid}"
    answer = requests.get(
        f"{account}/IncomingPhoneNumbers.json", params={"PhoneNumber": number},
        timeout=PATIENCE, auth=(place.twilio_account_sid, place.twilio_auth_token),
    )  # fmt: skip
    answer.raise_for_status()
    listed: list[dict[str, object]] = answer.json()["incoming_phone_numbers"]
    return next((one for one in listed if one.get("phone_number") == number), None)
