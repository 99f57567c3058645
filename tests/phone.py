"""The desk's telephone: people of the cast ring the support number through the scripted exchange."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Unpack

import pytest
from sqlalchemy import select

from callbacks import call as calls
from callbacks import journal
from callbacks.call import Call as CallRow
from callbacks.callback import Callback
from callbacks.message import Message
from callbacks.work import Desk
from exchange.phone import Call, Exchange, Manner
from tests.people import ACME_PHONE, Cast
from tests.twiml_check import faults_in


@dataclass
class Phone:
    """A telephone in Milan. Every document that the desk answers it with is checked."""

    exchange: Exchange
    cast: Cast
    calls: list[Call]

    def ring(self, from_: str = ACME_PHONE, **manner: Unpack[Manner]) -> Call:
        """The caller has heard the welcome."""
        call = self.exchange.ring(from_, **manner)
        self.calls.append(call)
        return call

    def ring_with_code(self, from_: str = ACME_PHONE, code: str = "", language_key: str = "") -> Call:
        """The caller has given Acme's code and heard the topics."""
        call = self.ring(from_)
        if language_key:
            call.press(f"{language_key}#")
        call.press(f"{code or self.cast.acme_code}#")
        return call

    def leave_message(self, from_: str = ACME_PHONE, language_key: str = "") -> Call:
        """The caller has left a message of twenty seconds, and hears about the number."""
        call = self.ring_with_code(from_, language_key=language_key)
        call.press("1")
        call.record(seconds=20)
        return call

    def at_the_time(self, from_: str = ACME_PHONE, language_key: str = "") -> Call:
        """The caller has kept their number, and hears when we will call."""
        call = self.leave_message(from_, language_key)
        call.silence()
        return call

    def at_another_date(self, language_key: str = "") -> Call:
        """The caller is asked for a day and time."""
        call = self.at_the_time(language_key=language_key)
        call.press("3")
        call.press("9")
        return call

    def check(self) -> None:
        """Every answer was good: no fault of the exchange's, none of the SDK's."""
        for call in self.calls:
            assert not call.faults
            for webhook in call.webhooks:
                assert webhook.code in {200, 204}, str(webhook)
                assert webhook.code == 204 or not faults_in(webhook.body), webhook.text


@pytest.fixture
def phone(exchange: Exchange, cast: Cast) -> Iterator[Phone]:
    """A telephone; whatever was heard by it was valid TwiML."""
    telephone = Phone(exchange, cast, [])
    yield telephone
    telephone.check()


def heard(call: Call) -> str:
    """All that was said since the caller last did something, as one text."""
    return " ".join(call.heard)


def then(call: Call, keys: str) -> str:
    """Press keys, and answer what is heard."""
    return " ".join(call.press(keys))


def then_silence(call: Call) -> str:
    """Do nothing, and answer what is heard."""
    return " ".join(call.silence())


def requests(desk: Desk) -> list[Callback]:
    """Every request there is, oldest first."""
    with desk.reading() as work:
        return list(work.session.scalars(select(Callback).order_by(Callback.id)))


def the_request(desk: Desk) -> Callback:
    """The only one."""
    (callback,) = requests(desk)
    return callback


def moves(desk: Desk, callback: Callback) -> list[str]:
    """What its journal says happened."""
    with desk.reading() as work:
        return [entry.move for entry in journal.lines(work.session, callback.subject)]


def messages(desk: Desk) -> list[Message]:
    """Every message there is."""
    with desk.reading() as work:
        return list(work.session.scalars(select(Message).order_by(Message.id)))


def standing(desk: Desk, call: Call) -> CallRow:
    """Where the desk thinks the call stands."""
    with desk.reading() as work:
        row = calls.find(work.session, call.sid)
        assert row is not None
        return row
