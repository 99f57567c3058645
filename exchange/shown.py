"""What a telephone in a browser is shown of a call: plain values, ready for JSON."""

import math

from exchange.effects import Heard
from exchange.line import Line
from exchange.records import MessageRecord
from exchange.verbs import Gather, Record
from exchange.webhook import Webhook

Plain = dict[str, object]


def waiting(line: Line) -> Plain:
    """What the call now waits for, and how long."""
    doing, wait = line.doing, line.wait
    plain: Plain = {"wait": wait, "sounding": line.sounding, "faults": [str(fault) for fault in line.faults]}
    if isinstance(doing, Gather):
        most = None if math.isinf(doing.most) else doing.most
        plain |= {"hears": doing.hears, "most": most, "finish": "".join(sorted(doing.finish))}
        plain |= {"digits": doing.digits}
    if isinstance(doing, Record):
        plain |= {"longest": doing.longest, "silence": doing.verb.number("timeout", 5)}
        plain |= {"finish": "".join(sorted(doing.keys))}
    return plain


def sound(heard: Heard) -> Plain:
    """A piece of sound."""
    seconds = None if math.isinf(heard.seconds) else heard.seconds
    return {"sort": heard.kind, "text": heard.text, "seconds": seconds, "language": heard.language}


def webhook(sent: Webhook) -> Plain:
    """A request and its answer."""
    return {
        "sort": sent.kind,
        "method": sent.method,
        "url": sent.url,
        "path": sent.path,
        "fields": dict(sent.fields),
        "code": sent.code,
        "error": sent.reply.error,
        "took": round(sent.reply.seconds * 1000),
        "body": sent.text[:65536],
    }


def message(one: MessageRecord) -> Plain:
    """A text message."""
    return {
        "sid": one.sid,
        "from": one.from_,
        "to": one.to,
        "body": one.body,
        "at": one.made_at.isoformat(),
        "inbound": one.direction == "inbound",
    }
