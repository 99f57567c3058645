"""Serves the exchange: python -m exchange --number +18005550100 --voice-url http://127.0.0.1:5000/call ..."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from exchange.live_box import LiveExchange
from exchange.plan import Plan, Rates
from exchange.server import serve

BESIDE_TWILIO = "The exchange stands in for Twilio: it does not run where TWILIO_ACCOUNT_SID is set."
STOPS = (signal.SIGTERM, signal.SIGINT)
EPILOG = "The account's token may also be given as EXCHANGE_AUTH_TOKEN, so that no list of programs shows it."


def options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    reads = argparse.ArgumentParser("exchange", description="A telephone exchange in a box.", epilog=EPILOG)
    reads.add_argument("--host", default="127.0.0.1", help="where to serve (default: this machine only)")
    reads.add_argument("--port", type=int, default=5050)
    reads.add_argument("--data", type=Path, help="folder for calls, recordings, messages")
    reads.add_argument("--account-sid", default=os.environ.get("EXCHANGE_ACCOUNT_SID", ""))
    reads.add_argument("--auth-token", default=os.environ.get("EXCHANGE_AUTH_TOKEN", ""))
    reads.add_argument("--number", action="append", help="a number of the account; may be given again")
    reads.add_argument("--voice-url", required=True, help="asked when a call comes in")
    reads.add_argument("--fallback-url", default="", help="asked when that fails")
    reads.add_argument("--status-url", default="", help="told when a call has ended")
    reads.add_argument("--message-url", default="", help="asked when a text message comes in")
    reads.add_argument(
        "--phone",
        action="append",
        default=[],
        metavar="NUMBER=HOW",
        help="how a number takes calls: answers, busy, no-answer, failed; or rings:NAME, a phone on the page",
    )
    reads.add_argument("--seed", type=int, help="let people act and things go wrong, drawn from this number")
    reads.add_argument("--trouble", type=float, default=0.1, help="with --seed: how often, 0 to 1")
    reads.add_argument("--strict", action="store_true", help="fail a call whose TwiML breaks a rule")
    return reads.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Serve until told to stop; answers the exit code."""
    if os.environ.get("TWILIO_ACCOUNT_SID"):
        print(
            "The exchange stands in for Twilio: it does not run where TWILIO_ACCOUNT_SID is set.",
            file=sys.stderr,
        )
        return 1
    given = options(words)
    exchange = LiveExchange(
        given.account_sid,
        given.auth_token,
        voice_url=given.voice_url,
        fallback_url=given.fallback_url,
        status_url=given.status_url,
        message_url=given.message_url,
        numbers=given.number or ["+18005550100"],
        folder=given.data,
        strict=given.strict,
        plan=None if given.seed is None else Plan(given.seed, Rates.all(given.trouble)),
    )
    _lay_out(exchange, given.phone)
    for stop in STOPS:
        signal.signal(stop, _stop)
    return _serve(exchange, given.port, given.host)


def _stop(_number: int, _frame: object) -> None:
    # A second signal (Ctrl-C reaches the whole group, then comes a TERM) finds us already leaving.
    for stop in STOPS:
        signal.signal(stop, signal.SIG_IGN)
    raise KeyboardInterrupt


def _lay_out(exchange: LiveExchange, phones: Sequence[str]) -> None:
    for number, _, how in (one.partition("=") for one in phones):
        rings, _, name = how.partition(":")
        if rings == "rings":
            exchange.held[number] = name or number
        else:
            exchange.behaviours[number] = how


def _serve(exchange: LiveExchange, port: int, host: str) -> int:
    try:
        with serve(exchange, port, host) as served:
            print(f"The exchange is open: {served.url}", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        pass
    except OSError as error:
        print(f"The exchange cannot be served on {host}:{port}: {error.strerror}.", file=sys.stderr)
        return 1
    finally:
        exchange.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
