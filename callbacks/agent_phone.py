"""An agent's phone: a number, or an address that the carrier rings, at a switchboard or in a browser."""

import re

from callbacks.phone_number import PhoneNumber, read

SIP = re.compile(
    r"sip:(?P<who>[\w.+-]{1,40})@(?P<where>[a-z0-9](?:[a-z0-9.-]{0,46}[a-z0-9])?)"
    r"(?P<more>(?::[1-9]\d{1,4})?(?:;transport=(?:udp|tcp|tls))?)",
    re.ASCII | re.IGNORECASE,
)
CLIENT = re.compile(r"client:(?P<who>\w{1,100})", re.ASCII | re.IGNORECASE)
"""The carrier's words: letters, digits and the low line."""

LIKE = "+390212345678, sip:ada@pbx.example or client:ada"


def read_agent_phone(text: str, country: str = "") -> str | None:
    """As the carrier is asked to ring it; None where it cannot be rung. Numbers may leave the country out."""
    text = text.strip()
    if sip := SIP.fullmatch(text):
        return f"sip:{sip['who']}@{sip['where'].lower()}{sip['more'].lower()}"
    if client := CLIENT.fullmatch(text):
        return f"client:{client['who']}"
    number = read(text, *([country] if country else []))
    return number.e164 if isinstance(number, PhoneNumber) else None
