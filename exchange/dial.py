"""The telephone on the command line: script/phone press:1234# record:20,hangup notices:twice."""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence

from exchange.script import ACTS, Script, ScriptError

ABOUT = "Rings a number of a running exchange and does what a caller does; waits cost no time."
ACTS_SHOWN = "acts, in order:\n" + "\n".join(f"  {shown}" for _, shown in ACTS.values())


def options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    port = os.environ.get("EXCHANGE_PORT", "5050")
    reads = argparse.ArgumentParser(
        "phone", description=ABOUT, epilog=ACTS_SHOWN, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reads.add_argument("acts", nargs="*", metavar="ACT")
    reads.add_argument("--exchange", default=f"http://127.0.0.1:{port}", help="where the exchange is served")
    reads.add_argument("--from", dest="from_", default="+390212345678", help="the caller's number")
    reads.add_argument("--to", default="", help="the number to ring (default: the exchange's first)")
    reads.add_argument("--gone-at", type=int, default=-1, help="hang up at the so-manieth moment, from 0")
    reads.add_argument("--everywhere", action="store_true", help="once for every moment to be gone at")
    reads.add_argument("--json", action="store_true", help="print what happened as JSON")
    return reads.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Ring, act, and print the call; 0 done, 1 something was wrong with it, 2 misused."""
    given = options(words)
    try:
        Script.read(given.acts)
        told = _ask(given)
    except ScriptError as error:
        print(error, file=sys.stderr)
        return 2
    except urllib.error.URLError as error:
        print(f"No exchange answers at {given.exchange}: {error.reason}", file=sys.stderr)
        return 1
    print(json.dumps(told, indent=2) if given.json else shown(told))
    return 1 if any(call["wrong"] for call in told["calls"]) else 0


def _ask(given: argparse.Namespace) -> Mapping[str, list[dict[str, object]]]:
    asked = {name: vars(given)[name] for name in ("acts", "to", "gone_at", "everywhere")} | {
        "from": given.from_
    }
    request = urllib.request.Request(  # noqa: S310 - the address is the caller's own choice
        f"{given.exchange}/phone/scripts", json.dumps(asked).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310 - as above
        found: dict[str, list[dict[str, object]]] = json.load(answer)
        return found


def shown(told: Mapping[str, list[dict[str, object]]]) -> str:
    """The calls as text: the first whole, of the others what went wrong."""
    first, *others = told["calls"]
    lines = [str(first["transcript"]), *(f"! {wrong}" for wrong in _wrong(first))]
    for call in others:
        lines += [f"! gone at moment {call['gone_at']}: {wrong}" for wrong in _wrong(call)]
    if others:
        lines.append(f"{len(others)} more calls, the caller gone at each moment of this one in turn.")
    return "\n".join(lines)


def _wrong(call: Mapping[str, object]) -> list[object]:
    wrong = call["wrong"]
    return wrong if isinstance(wrong, list) else []


if __name__ == "__main__":
    sys.exit(main())
