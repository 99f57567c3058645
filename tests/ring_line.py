"""The shortest agent leg there can be: accept, pass, later, wrap up; and what it does to the core."""

from collections.abc import Callable
from contextlib import suppress

from flask import Flask, Response, request
from sqlalchemy import select

from callbacks import handling
from callbacks.dial import Dial, Leg
from callbacks.errors import Refused
from callbacks.moves import Disposition
from callbacks.work import Desk, Work
from tests.desk import SUPPORT

GONE = "<Response><Say>This callback is in other hands now.</Say><Hangup/></Response>"
BYE = "<Response><Hangup/></Response>"
STATES = "initiated ringing answered completed"


def ring_app(desk: Desk, url: str) -> Flask:
    """A web application that answers for dials at this address."""
    app = Flask("ring", static_folder=None)
    app.testing = True

    def documents(act: Callable[[Work, Dial], str], mark: str) -> Response:
        return Response(desk.do(lambda work: _with(work, mark, act)), mimetype="text/xml")

    @app.post("/ivr/agent/<mark>/<int:turn>")
    def agent(mark: str, turn: int) -> Response:
        return documents(lambda work, dial: _turn(work, dial, turn, f"{url}/ivr/agent/{mark}"), mark)

    @app.post("/ivr/agent/<mark>/over")
    def over(mark: str) -> Response:
        says = request.form["CallStatus"]
        return documents(lambda work, dial: _quietly(handling.agent_leg_over, work, dial, says), mark)

    @app.post("/ivr/agent/<mark>/fallback")
    def fallback(mark: str) -> Response:
        return Response(BYE, mimetype="text/xml")

    @app.post("/ivr/customer/<mark>/state")
    def state(mark: str) -> Response:
        return documents(_customers_state, mark)

    return app


def _with(work: Work, mark: str, act: Callable[[Work, Dial], str]) -> str:
    held = select(Dial).where(Dial.mark == mark).with_for_update()
    dial = work.session.scalar(held.execution_options(populate_existing=True))
    return GONE if dial is None else act(work, dial)


def _turn(work: Work, dial: Dial, turn: int, address: str) -> str:
    dial.placed(request.form["CallSid"])
    if not dial.live or dial.agent_call_sid != request.form["CallSid"]:
        return GONE
    if turn == 0:
        return _asks(f"{address}/1", "To connect, press 1.")
    if turn == 1:
        return _answered(work, dial, request.form.get("Digits", ""), address)
    if turn == 2 and "DialCallStatus" in request.form:
        seconds = int(request.form.get("DialCallDuration", "0"))
        bridged = request.form.get("DialBridged") == "true"
        handling.customer_leg_over(work, dial, request.form["DialCallStatus"], seconds, bridged=bridged)
        return _asks(f"{address}/3", "For solved, press 1.") if dial.leg == Leg.WRAP_UP else BYE
    if turn == 3 and request.form.get("Digits") == "1" and dial.leg == Leg.WRAP_UP:
        handling.wrap_up(work, dial.callback, Disposition.SOLVED, f"agent:{dial.agent.sign_in}")
    return BYE


def _answered(work: Work, dial: Dial, digits: str, address: str) -> str:
    if digits == "1" and handling.accepted(work, dial):
        return (
            f'<Response><Dial callerId="{SUPPORT}" answerOnBridge="true" timeout="25" action="{address}/2">'
            f'<Number statusCallback="{address.replace("agent", "customer")}/state"'
            f' statusCallbackEvent="{STATES}">{dial.number}</Number></Dial></Response>'
        )
    if digits == "3":
        handling.passed(work, dial)
    elif digits == "9":
        handling.later(work, dial)
    return BYE


def _customers_state(work: Work, dial: Dial) -> str:
    state, call_sid = request.form["CallStatus"], request.form["CallSid"]
    if state == "ringing":
        handling.customer_rings(work, dial, call_sid)
    elif state == "in-progress":
        handling.customer_answered(work, dial, call_sid)
    return BYE


def _asks(address: str, words: str) -> str:
    return (
        f'<Response><Gather action="{address}" numDigits="1"><Say>{words}</Say></Gather><Hangup/></Response>'
    )


def _quietly(act: Callable[[Work, Dial, str], None], work: Work, dial: Dial, says: str) -> str:
    with suppress(Refused):
        act(work, dial, says)
    return BYE
