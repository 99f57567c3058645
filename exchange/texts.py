"""Text messages: what the account sends, what people send to it, and who wants no more of them."""

import re
import secrets
from typing import TYPE_CHECKING

from exchange.grammar import URL, Rule, anything
from exchange.records import MessageRecord, new_sid
from exchange.twiml import UnreadableError, read
from exchange.webhook import Webhook

if TYPE_CHECKING:
    from exchange.box import Exchange

STOP = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
START = {"start", "yes", "unstop"}
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
MESSAGING = {
    "Response": Rule(nested=frozenset(["Message", "Redirect"])),
    "Message": Rule(
        {"to": anything, "from": anything, "action": URL, "method": anything, "statusCallback": URL},
        frozenset(["Body", "Media"]),
        anything,
        most_text=1600,
    ),
    "Body": Rule(text=anything),
    "Media": Rule(text=URL),
    "Redirect": Rule({"method": anything}, text=URL, needs_text=True),
}


def refused(exchange: "Exchange", to: str, from_: str, body: str) -> tuple[int, str] | None:
    """Twilio's code and words where a message cannot go out; None where it can."""
    rules = (
        (not to, 21604, "A 'To' phone number is required."),
        (not from_, 21603, "A 'From' phone number is required."),
        (not NUMBER.fullmatch(to) or to == "+15005550001", 21211, f"The 'To' number {to} is not valid."),
        (from_ not in exchange.numbers, 21606, f"The 'From' phone number {from_} is not of this account."),
        (not body, 21602, "Message body is required."),
        (len(body) > 1600, 21617, "The concatenated message body exceeds the 1600 character limit."),
        (
            to in exchange.opted_out or to == "+15005550004",
            21610,
            "Attempt to send to unsubscribed recipient",
        ),
    )
    return next(((code, words) for broken, code, words in rules if broken), None)


def send(exchange: "Exchange", to: str, from_: str, body: str, *, reply: bool = False) -> MessageRecord:
    """Send a message that nothing speaks against."""
    direction = "outbound-reply" if reply else "outbound-api"
    made = MessageRecord(new_sid("SM"), from_, to, body, direction, exchange.clock(), "delivered")
    exchange.store.keep(made)
    exchange.heard_of(made)
    return made


def receive(exchange: "Exchange", from_: str, to: str, body: str) -> Webhook | None:
    """Somebody sends the account a message: the account is asked, and its answer sent back."""
    made = MessageRecord(new_sid("SM"), from_, to, body, "inbound", exchange.clock(), "received")
    exchange.store.keep(made)
    exchange.heard_of(made)
    word = body.strip().lower()
    if word in STOP:
        exchange.opted_out.add(from_)
    elif word in START:
        exchange.opted_out.discard(from_)
    return _ask(exchange, made) if exchange.message_url else None


def _ask(exchange: "Exchange", made: MessageRecord) -> Webhook:
    fields = {
        "MessageSid": made.sid, "SmsSid": made.sid, "SmsMessageSid": made.sid,
        "AccountSid": exchange.account_sid, "From": made.from_, "To": made.to, "Body": made.body,
        "NumMedia": "0", "NumSegments": str(len(made.body) // 153 + 1), "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }  # fmt: skip
    mark = secrets.token_hex(16)
    reply = exchange.web.send(exchange.message_url, "POST", fields, mark)
    if reply.code == 200 and reply.body.strip() and made.from_ not in exchange.opted_out:
        _answer(exchange, made, reply.body)
    return Webhook("message", "POST", exchange.message_url, fields, mark, reply)


def _answer(exchange: "Exchange", made: MessageRecord, document: bytes) -> None:
    try:
        verbs = read(document, MESSAGING).verbs
    except UnreadableError:
        return
    for verb in verbs:
        body = next((inner.text for inner in verb.nested if inner.name == "Body"), verb.text)
        if verb.name == "Message" and body:
            send(exchange, verb.get("to", made.from_), verb.get("from", made.to), body, reply=True)
