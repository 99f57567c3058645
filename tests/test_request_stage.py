"""While phones ring, each who looks reads at a glance how far it is, and what they are to do."""

import re
from datetime import timedelta

from callbacks import dial as dials
from callbacks import handling
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.work import Desk, Work
from tests.people import Clock
from tests.screens import Visitor, ask
from tests.test_board import plain
from tests.test_board_ringing import phone_for


def stage(visitor: Visitor, callback: Callback) -> str:
    """What stands over the page; empty where nothing does."""
    page = visitor.open(f"/requests/{callback.reference}").text
    found = re.search(r'<section class="stage.*?</section>', page, re.DOTALL)
    return plain(found[0]) if found else ""


def step(visitor: Visitor, callback: Callback) -> str:
    """Where it is now."""
    page = visitor.open(f"/requests/{callback.reference}").text
    found = re.search(r'aria-current="step"><svg.*?</svg>([^<]*)<', page)
    return found[1] if found else ""


def dial_of(work: Work, callback: Callback) -> Dial:
    """The attempt that is under way, in hand."""
    live = dials.live_of(work.session, callback)
    assert live
    return live


def test_nothing_stands_there_while_nothing_rings(ada: Visitor, desk: Desk) -> None:
    assert stage(ada, ask(desk)) == ""


def test_ada_reads_what_her_phone_does_and_bruno_what_hers_does(
    ada: Visitor, bruno: Visitor, desk: Desk, clock: Clock
) -> None:
    phone_for(desk, "ada")
    callback = ask(desk)
    ada.press(callback, "call_now")
    assert stage(ada, callback).startswith("Your phone will ring in a moment.")
    with desk.work() as work:
        dial = dial_of(work, callback)
        assert dial.take(work.now)
        dial.placed("CA1")
    assert stage(ada, callback).startswith("Your phone is ringing: answer, and press 1 to take it.")
    assert stage(bruno, callback).startswith("Squilla il telefono di Ada.")
    assert step(ada, callback) == "Your phone"
    desk.do(lambda work: handling.accepted(work, dial_of(work, callback)))
    assert stage(ada, callback).startswith("Ringing the customer…")
    desk.do(lambda work: handling.customer_rings(work, dial_of(work, callback), "CA2"))
    assert stage(ada, callback).startswith("The customer's phone is ringing.".replace("'", "&#39;"))
    desk.do(lambda work: handling.customer_answered(work, dial_of(work, callback), "CA2"))
    clock.forward(timedelta(seconds=42))
    assert stage(ada, callback).startswith("Connected 0:42")
    assert step(ada, callback) == "Talking"


def test_after_the_talk_the_outcome_is_asked_for_and_lies_open(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    ada.press(callback, "reached")
    assert stage(ada, callback).startswith("The call is over: say how it went.")
    page = ada.open(f"/requests/{callback.reference}").text
    assert 'id="wrap" class="fold" open' in page
    assert "We talked" not in page
    ada.press(callback, "close", disposition="solved")
    assert stage(ada, callback) == ""


def test_it_is_said_again_as_it_goes_on_without_a_reload(ada: Visitor, desk: Desk) -> None:
    phone_for(desk, "ada")
    callback = ask(desk)
    path = f"/requests/{callback.reference}/live"
    assert "Your phone will ring" not in ada.open(path).text
    ada.press(callback, "call_now")
    assert "Your phone will ring" in ada.open(path).text
