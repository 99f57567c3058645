"""A call in real time: a thread of its own carries it, and a telephone in a browser hears and steers it."""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from exchange import shown
from exchange.effects import Ask, Bridged, Effect, Ended, Heard, Ring, Tell
from exchange.line import Line
from exchange.order import Order
from exchange.pace import Paced
from exchange.people import act_live
from exchange.plan import Delivery
from exchange.records import CallRecord
from exchange.sound import tone
from exchange.verbs import Record
from exchange.webhook import Notice, Webhook

if TYPE_CHECKING:
    from exchange.live_box import LiveExchange

Act = Callable[[], list[Effect]]
LOG = logging.getLogger("exchange")
MOST_REQUESTS = 200  # without anything to hear or wait for between them


class LiveCall(Paced):
    """One call in real time; acts are put in a queue and done by the call's own thread, one by one."""

    def __init__(self, exchange: "LiveExchange", record: CallRecord, line: Line) -> None:
        super().__init__(exchange, record, line)
        self.ours = record.direction == "inbound"  # begun by the telephone that is looked at
        self.number = record.from_ if self.ours else record.to
        self.feed = exchange.feeds.of(self.number)
        self.attended = self.ours
        self._acts: queue.Queue[Act] = queue.Queue()
        self.put("call", **self.facing())

    def facing(self) -> dict[str, object]:
        """Who is at the other end, who rang whom, and whether this telephone answers by itself."""
        other = self.facts.to if self.ours else self.facts.from_
        by_itself = self.exchange.acts_by_itself(self.number)
        return {"number": other, "incoming": not self.ours, "by_itself": by_itself}

    def start(self, first: Act) -> None:
        """Begin to carry the call."""
        self._acts.put(first)
        threading.Thread(target=self._carry_on, name=self.sid, daemon=True).start()

    def ring_out(self) -> None:
        self.start(self.line.ring_out)
        how = self.exchange.behaviours.get(self.facts.to, "")
        if how == "answers":
            self.pick_up()
        elif how:
            self.refuse(how)
        elif self.exchange.acts_by_itself(self.facts.to):
            person = self.exchange.at(self.facts.to)
            threading.Thread(target=act_live, args=(self, person), daemon=True).start()

    def do(self, act: Act) -> None:
        """Somebody does something; it is done in turn."""
        self._acts.put(act)

    # What the telephone does.

    def press(self, keys: str) -> None:
        for key in keys:
            self.do(lambda key=key: self.line.key(key))  # type: ignore[misc]

    def speak(self, text: str) -> None:
        self.do(lambda: self.line.spoken(text, 0.9))

    def heard_out(self, sound: int) -> None:
        """The telephone has played the so-manieth sound to its end."""

        def act() -> list[Effect]:
            now = sound == len(self.sounds) and self.line.sounding
            return self.line.elapsed() if now else []

        self.do(act)

    def recorded(self, wav: bytes | None, ended_by: str) -> None:
        """The telephone has recorded a message; without sound, silence of that length is kept."""

        def act() -> list[Effect]:
            doing = self.line.doing
            if not isinstance(doing, Record):
                return self.line.hang_up() if ended_by == "hangup" else []
            spent = max(1.0, doing.longest - (self.due - time.monotonic()))
            kept = self.keep_recording(spent, wav or tone(round(spent), loud=0), source="RecordVerb")
            return self.line.recorded(kept, ended_by)

        self.do(act)

    def hang_up(self) -> None:
        if isinstance(self.line.doing, Record):
            self.recorded(None, "hangup")
        else:
            self.do(lambda: self.leave_dial(caller_gone=True) or self.line.hang_up(self.line.left))

    def pick_up(self, order: Order | None = None, *, answered_by: str = "") -> None:
        """Somebody answers this outgoing call or leg; answered_by is what machine detection finds."""

        def act() -> list[Effect]:
            if self.line.state != "ringing":
                return []
            what = self.exchange.orders.pop(self.sid, order or self.whisper)
            self.facts.answered_by = answered_by or None
            effects = self.line.answered_by_callee(what.url, what.method, what.document)
            if answered_by and what.detects:
                effects += self.line.detected(*what.detects, answered_by)
            return effects

        self.do(act)

    def answer(self) -> None:
        """Somebody answers at a telephone in a browser, which will say what it has played to the end."""
        self.attended = True
        self.pick_up()

    def refuse(self, how: str) -> None:
        self.do(lambda: self.line.hang_up(how) if self.line.state in ("ringing", "queued") else [])

    def end_from_outside(self) -> None:
        self.hang_up()

    def go_on_with(self, url: str, method: str, document: bytes) -> None:
        def act() -> list[Effect]:
            self.silence_legs()
            return self.line.carry_out(document) if document else self.line.begin(url, method)

        self.do(act)

    # Within: all of it in the call's own thread.

    def carry(self, effects: Iterable[Effect]) -> None:
        waiting = deque(effects)
        while waiting:
            waiting.extend(self._do(waiting.popleft()))
        self.note_state()

    def put(self, kind: str, **more: object) -> None:
        self.feed.put(kind, call=self.sid, state=self.line.state, verb=self.line.verb, **more)

    def _carry_on(self) -> None:
        while not self.line.over:
            self.set_due()
            left = max(0.0, min(1.0, self.due - time.monotonic()))
            try:
                act = self._acts.get(timeout=left)
            except queue.Empty:
                act = self.when_nothing_is_done
            self.count_seconds()
            self._take(act)

    def _take(self, act: Act) -> None:
        try:
            self.carry(act())
        except Exception:  # a fault of the exchange's own must not leave a call hanging
            LOG.exception("The call %s could not go on", self.sid)
            self.carry(self.line.hang_up("failed"))

    def _do(self, effect: Effect) -> list[Effect]:
        match effect:
            case Heard():
                self.sounds.append(effect)
                self.put("sound", sound=len(self.sounds), **shown.sound(effect))
                self.overheard(effect)
            case Ask():
                return self._ask(effect)
            case Tell():
                self._send(self.notice(effect, self._deliver))
            case Ring():
                self.ring(effect)
            case Bridged():
                self.put("connected")
                self.tell_parent()
            case Ended():
                self._over()
        return []

    def _ask(self, ask: Ask) -> list[Effect]:
        known = len(self.line.faults)
        self.requests += 1
        if self.requests > MOST_REQUESTS:
            self.put("note", note="circles", url=ask.url)
            return self.line.hang_up("failed")
        reply = self.ask(ask)
        effects = [] if ask.last else self.line.answered(reply)
        self.count_seconds()
        self._show(self.webhooks[-1], self.faults[known:])
        return effects

    def _send(self, notice: Notice) -> None:
        """At once and once, or as the plan has it."""
        plan = self.exchange.plan
        arrives = plan.delivery(self.number, notice.kind) if plan else Delivery()
        sending = threading.Timer(arrives.late, notice.deliver, (arrives.times,))
        sending.daemon = True
        sending.start()

    def _deliver(self, notice: Notice) -> Webhook:
        sent = self.deliver(notice)
        self._show(sent, [])
        return sent

    def _show(self, sent: Webhook, faults: list[str]) -> None:
        # What a leg asks is shown on the telephone of the call that dialled it too.
        for call in filter(None, (self, self.parent)):
            call.put("webhook", request=f"{id(sent):x}", **shown.webhook(sent), faults=faults)

    def _over(self) -> None:
        self.note_state()
        self.put("ended", seconds=self.facts.seconds)
        self.leave_dial(caller_gone=True)
        self.tell_parent()
