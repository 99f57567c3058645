"""Calls in real time: the telephone says when a sentence is heard out, so nothing is waited for."""

import queue
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from exchange.feed import Happening
from exchange.live import LiveCall
from exchange.live_box import LiveExchange
from exchange.order import Order
from exchange.records import CallRecord
from exchange.server import Served, serve
from exchange.sound import tone, wav_seconds
from tests.exchange.conftest import ANNA, SID, TOKEN, Company

SALES = "+18005550199"


class Telephone:
    """Looks at a number's feed, as the browser does, and hears every sentence out at once."""

    def __init__(self, exchange: LiveExchange, number: str) -> None:
        self.exchange, self.number = exchange, number
        self.heard: list[str] = []
        self.call: LiveCall | None = None
        self._news: queue.Queue[Happening] = queue.Queue()
        threading.Thread(target=self._look, daemon=True).start()

    def ring(self) -> LiveCall:
        self.call = self.exchange.ring_live(self.number, "", {})
        return self.call

    def until(self, enough: Callable[[Happening], bool]) -> Happening:
        """Wait until something has happened."""
        while not enough(news := self._news.get(timeout=30)):
            pass
        return news

    def at(self, verb: str) -> Happening:
        return self.until(lambda news: news["verb"] == verb and not news.get("sounding"))

    def _look(self) -> None:
        for several in self.exchange.feeds.of(self.number).after(0):
            for news in several:
                self._hear(news)
                self._news.put(news)

    def _hear(self, news: Happening) -> None:
        call = self.exchange.carried.get(str(news.get("call")))
        if news["kind"] == "sound" and isinstance(call, LiveCall):
            self.heard.append(str(news["text"]))
            call.heard_out(int(str(news["sound"])))


@pytest.fixture
def live(company: Company) -> Iterator[LiveExchange]:
    box = LiveExchange(SID, TOKEN, voice_url=company.url + "/call", status_url=company.url + "/ended")
    yield box
    box.close()


@pytest.fixture
def served(live: LiveExchange) -> Iterator[Served]:
    with serve(live) as served:
        yield served


def test_a_caller_listens_types_and_records(live: LiveExchange, company: Company) -> None:
    company.says("/call", "<Gather action='/code'><Say>The code?</Say></Gather>")
    company.says("/code", "<Say>After the tone.</Say><Record action='/kept' playBeep='false'/>")
    company.says("/kept", "<Say>Goodbye.</Say>")
    anna = Telephone(live, ANNA)
    call = anna.ring()
    anna.at("gather")
    call.press("1234#")
    anna.at("record")
    call.recorded(tone(2.0), "#")
    anna.until(lambda news: news["kind"] == "ended")
    assert anna.heard == ["The code?", "After the tone.", "Goodbye."]
    kept = list(live.store.recordings.values())
    assert [(one.seconds, one.call_sid) for one in kept] == [(2, call.sid)]
    assert wav_seconds(live.store.audio(kept[0].sid) or b"") == 2.0
    assert live.store.calls[call.sid].state == "completed"


def test_keys_interrupt_a_sentence(live: LiveExchange, company: Company) -> None:
    company.says("/call", "<Gather action='/code' numDigits='1'><Say loop='0'>On and on.</Say></Gather>")
    company.says("/code", "<Hangup/>")
    call = live.ring_live(ANNA, "", {})
    anna = Telephone(live, ANNA)
    anna.until(lambda news: news["kind"] == "sound")
    call.press("5")
    anna.until(lambda news: news["kind"] == "ended")
    assert [fields["Digits"] for path, fields, _ in company.asked if path == "/code"] == ["5"]


def test_a_call_put_through_is_answered_on_another_telephone(live: LiveExchange, company: Company) -> None:
    company.says("/call", f"<Dial action='/done'><Number url='/whisper'>{SALES}</Number></Dial>")
    company.says("/whisper", "<Say>A caller for you.</Say>")
    company.says("/done", "<Hangup/>")
    anna, sales = Telephone(live, ANNA), Telephone(live, SALES)
    anna.ring()
    leg = live.carried[str(sales.until(lambda news: news["kind"] == "call")["call"])]
    assert isinstance(leg, LiveCall)
    leg.pick_up()
    anna.until(lambda news: news["kind"] == "connected")
    assert sales.heard == ["A caller for you."]
    leg.hang_up()
    anna.until(lambda news: news["kind"] == "ended")
    done = next(fields for path, fields, _ in company.asked if path == "/done")
    assert (done["DialCallStatus"], done["DialBridged"]) == ("completed", "true")


@pytest.mark.parametrize("how", ["busy", "no-answer"])
def test_the_callers_telephone_may_decide_for_the_callee(
    live: LiveExchange, company: Company, how: str
) -> None:
    company.says("/call", f"<Dial action='/done'>{SALES}</Dial>")
    company.says("/done", "<Hangup/>")
    anna = Telephone(live, ANNA)
    call = anna.ring()
    anna.until(lambda news: news["kind"] == "dial")
    call.decide_dial(how)
    anna.until(lambda news: news["kind"] == "ended")
    assert next(fields for path, fields, _ in company.asked if path == "/done")["DialCallStatus"] == how


def test_a_caller_who_hangs_up_while_it_rings_leaves_nobody_ringing(
    live: LiveExchange, company: Company
) -> None:
    company.says("/call", f"<Dial action='/done'>{SALES}</Dial>")
    anna, sales = Telephone(live, ANNA), Telephone(live, SALES)
    call = anna.ring()
    anna.until(lambda news: news["kind"] == "dial")
    call.hang_up()
    assert sales.until(lambda news: news["kind"] == "ended")["state"] == "canceled"


def test_the_desk_rings_a_telephone_that_is_answered(live: LiveExchange, company: Company) -> None:
    company.says("/agent", "<Say>Hello.</Say>")
    bruno = Telephone(live, ANNA)
    record = live.place("+18005550100", ANNA, Order(company.url + "/agent"))
    bruno.until(lambda news: news["kind"] == "call")
    call = live.carried[record.sid]
    assert isinstance(call, LiveCall)
    call.pick_up()
    bruno.until(lambda news: news["kind"] == "ended")
    assert bruno.heard == ["Hello."]


@pytest.mark.parametrize(("how", "state"), [("answers", "completed"), ("busy", "busy"), ("failed", "failed")])
def test_a_number_may_have_its_own_way(live: LiveExchange, company: Company, how: str, state: str) -> None:
    company.says("/agent", "<Hangup/>")
    live.behaviours[ANNA] = how
    bruno = Telephone(live, ANNA)
    live.place("+18005550100", ANNA, Order(company.url + "/agent"))
    assert bruno.until(lambda news: news["kind"] == "ended")["state"] == state


def test_silence_passes_by_itself(live: LiveExchange, company: Company) -> None:
    company.says("/call", "<Gather timeout='0' action='/told' actionOnEmptyResult='true'/>")
    company.says("/told", "<Say>Nothing came.</Say>")
    anna = Telephone(live, ANNA)
    anna.ring()
    anna.until(lambda news: news["kind"] == "ended")
    assert anna.heard == ["Nothing came."]


def test_nobody_answers_in_time(live: LiveExchange) -> None:
    bruno = Telephone(live, ANNA)
    live.place("+18005550100", ANNA, Order("http://127.0.0.1/never", seconds=0.05))
    assert bruno.until(lambda news: news["kind"] == "ended")["state"] == "no-answer"


def test_a_restart_finds_calls_recordings_and_messages(tmp_path: Path) -> None:
    first = LiveExchange(SID, TOKEN, folder=tmp_path)
    cut = CallRecord("CA" + "1" * 32, ANNA, "+18005550100", "inbound", datetime.now(UTC), "in-progress")
    first.store.keep(cut)
    first.text(ANNA, "Please hurry")
    first.close()
    second = LiveExchange(SID, TOKEN, folder=tmp_path)
    assert second.store.calls[cut.sid].state == "failed"
    assert [one.body for one in second.store.messages.values()] == ["Please hurry"]
    second.close()


def test_the_page_loads_nothing_from_elsewhere(served: Served) -> None:
    answer = requests.get(served.url, timeout=30)
    assert answer.status_code == 200
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "http" not in answer.text.replace("http-equiv", "")


@pytest.mark.parametrize("head", [{"Origin": "http://elsewhere.example"}, {"Host": "elsewhere.example"}])
def test_another_sites_page_cannot_place_calls(served: Served, head: dict[str, str]) -> None:
    answer = requests.post(served.url + "/phone/calls", json={"from": ANNA}, headers=head, timeout=30)
    assert answer.status_code == 403


def test_the_browser_uploads_only_sound(served: Served, live: LiveExchange, company: Company) -> None:
    company.says("/call", "<Record action='/kept'/>")
    company.says("/kept", "<Hangup/>")
    anna = Telephone(live, ANNA)
    sid = requests.post(served.url + "/phone/calls", json={"from": ANNA}, timeout=30).json()["sid"]
    anna.at("record")
    upload = f"{served.url}/phone/calls/{sid}/recording?ended_by=hangup"
    assert requests.post(upload, data=b"not a sound", timeout=30).status_code == 415
    assert requests.post(upload, data=tone(1.0), timeout=30).status_code == 204
    anna.until(lambda news: news["kind"] == "ended")
    _, fields, _ = next(asked for asked in company.asked if asked[0] == "/kept")
    assert fields["Digits"] == "hangup"
    assert fields["RecordingDuration"] == "1"
    assert fields["CallStatus"] == "completed"
