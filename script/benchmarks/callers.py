"""Callers for measuring: each rings, types the code, names the topic and hangs up at the tone."""

import base64
import hashlib
import hmac
import http.client
import itertools
import multiprocessing
import os
import re
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from urllib.parse import urlencode, urlsplit

from script.benchmarks.servers import Place

ACTION = re.compile(r'action="([^"]+)"')
FORM = {"To": "+18889624587", "From": "+390212344587", "ApiVersion": "2010-04-01", "Direction": "inbound"}


class Caller:
    """One connection that is kept, over which one call follows another."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._line = http.client.HTTPConnection("127.0.0.1", place.settings.port, timeout=30)

    def turns(self) -> Iterator[float]:
        """Seconds that each turn took: ringing, the code, the topic; one call after another, for ever."""
        while True:
            sid = "CA" + os.urandom(16).hex()
            path = "/ivr/call"
            for keys in ({}, {"Digits": self._place.code}, {"Digits": "1"}):
                taken, answer = self._post(path, self._form(sid, keys))
                yield taken
                found = ACTION.search(answer)
                path = urlsplit(found[1]).path if found else "/ivr/call"

    def plain_turns(self) -> Iterator[float]:
        """Seconds of each turn that reads the call and writes it, once: the topics are asked for again."""
        sid, path = "CA" + os.urandom(16).hex(), "/ivr/call"
        for keys in itertools.chain(({}, {"Digits": self._place.code}), itertools.repeat({"Digits": "*"})):
            taken, answer = self._post(path, self._form(sid, keys))
            found = ACTION.search(answer)
            path = urlsplit(found[1]).path if found else path
            if keys.get("Digits") == "*":
                yield taken

    def leave_message(self) -> None:
        """One call to its end: a message of twelve seconds at the tone."""
        sid, path = "CA" + os.urandom(16).hex(), "/ivr/call"
        recording = {"RecordingSid": "RE" + os.urandom(16).hex(), "RecordingDuration": "12", "Digits": "#"}
        recording["RecordingUrl"] = f"{self._place.settings.twilio_api_base}/{recording['RecordingSid']}"
        for said in ({}, {"Digits": self._place.code}, {"Digits": "1"}, recording):
            _, answer = self._post(path, self._form(sid, said))
            found = ACTION.search(answer)
            path = urlsplit(found[1]).path if found else path

    def _form(self, sid: str, said: Mapping[str, str]) -> dict[str, str]:
        account = {"AccountSid": self._place.settings.twilio_account_sid}
        return {**FORM, **account, "CallSid": sid, "CallStatus": "in-progress", **said}

    def _post(self, path: str, form: dict[str, str]) -> tuple[float, str]:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": self._sign(path, form),
        }
        began = time.perf_counter()
        self._line.request("POST", path, urlencode(form), headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {text[:200]}")
        return time.perf_counter() - began, text

    def _sign(self, path: str, form: dict[str, str]) -> str:
        said = self._place.settings.public_url + path + "".join(name + form[name] for name in sorted(form))
        token = self._place.settings.twilio_auth_token.encode()
        return base64.b64encode(hmac.new(token, said.encode(), hashlib.sha1).digest()).decode()


def one_after_another(place: Place, turns: int) -> None:
    """So many turns by one caller, as fast as they are answered."""
    for _ in itertools.islice(Caller(place).turns(), turns):
        pass


def steadily(place: Place, rate: float, seconds: float, lines: int = 10) -> list[float]:
    """Seconds that each turn took, counted from when it should have begun, at so many turns a second.

    The callers are a process of their own: whatever else this one does would make turns look slow.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
        return apart.submit(_steadily, place, rate, seconds, lines).result()


def _steadily(place: Place, rate: float, seconds: float, lines: int) -> list[float]:
    begins, taken, lock = time.perf_counter() + 0.2, list[float](), threading.Lock()
    due = iter([begins + turn / rate for turn in range(int(rate * seconds))])

    def call() -> None:
        source = Caller(place).turns()
        while True:
            with lock:
                moment = next(due, None)
            if moment is None:
                return
            time.sleep(max(0.0, moment - time.perf_counter()))
            next(source)
            taken.append(time.perf_counter() - moment)

    callers = [threading.Thread(target=call) for _ in range(lines)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return sorted(taken)
