"""The scripted telephone: waits cost nothing, and the script decides when each notice arrives, and how often.

exchange = Exchange(sid, token, voice_url="http://127.0.0.1:5000/ivr/call", numbers=["+18005550100"])
call = exchange.ring("+390212345678")
call.press("1234#")
call.record(seconds=20, then="hangup")
for notice in call.notices[::-1]:
    notice.deliver(times=2)
print(call.transcript())
"""

from typing import Unpack

from exchange.box import Exchange
from exchange.errors import BadTwimlError, CallOverError, WrongMomentError
from exchange.manner import Manner
from exchange.scripted import Call
from exchange.webhook import Notice, Webhook

__all__ = [
    "BadTwimlError", "Call", "CallOverError", "Exchange", "Manner", "Notice", "Phone", "Webhook",
    "WrongMomentError",
]  # fmt: skip


class Phone:
    """A telephone in a script's hand."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def ring(self, from_: str, to: str = "", **manner: Unpack[Manner]) -> "Call":
        """Ring a number of the exchange; the call stops where it first waits for the caller."""
        record = self.exchange.new_call(from_, to or self.exchange.numbers[0], "inbound")
        line = self.exchange.line_for(record, manner.get("params", {}))
        call = Call(self.exchange, record, line, manner)
        call.carry(line.begin(manner.get("voice_url") or self.exchange.voice_url))
        return call
