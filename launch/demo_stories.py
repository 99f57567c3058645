"""The calls of a desk to try: who rang how much working time ago, and what became of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from callbacks import call as calls
from callbacks import intake, watch
from callbacks.agent import Agent, by_sign_in
from callbacks.call import Call, Kind
from callbacks.callback import Callback
from callbacks.moves import Disposition, Move, State
from callbacks.subscription import by_company
from callbacks.wording import Words
from callbacks.work import Work
from launch.demo_sound import keep_message

SUPPORT = "+18889624587"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

Act = Callable[[Work, Callback, Agent], None]


@dataclass(frozen=True)
class Story:
    """`ago`, and the moments of `acts` counted from the call, are working time; each act is somebody's."""

    company: str | None
    number: str | None
    topic: str | None
    ago: timedelta
    seconds: int = 7
    kind: Kind = Kind.CALLBACK
    level: int = 1
    language: str = "en"
    wish: timedelta | None = None
    acts: tuple[tuple[timedelta, str, Act], ...] = ()


def _take(work: Work, callback: Callback, agent: Agent) -> None:
    callback.assign(work, agent, _by(agent))


def _still_has(work: Work, callback: Callback, agent: Agent) -> None:
    """Where a shift ended meanwhile the callback went back into the queue: the agent takes it again."""
    if callback.state == State.WAITING:
        _take(work, callback, agent)


def _reached(work: Work, callback: Callback, agent: Agent) -> None:
    _still_has(work, callback, agent)
    callback.reached(work, _by(agent))


def _missed(result: str) -> Act:
    def act(work: Work, callback: Callback, agent: Agent) -> None:
        _still_has(work, callback, agent)
        callback.rang(work, _by(agent), result)
        callback.missed(work, _by(agent))

    return act


def _note(text: str) -> Act:
    return lambda work, callback, agent: callback.note(work, text, _by(agent))


def _close(disposition: Disposition) -> Act:
    return lambda work, callback, agent: callback.close(work, disposition, _by(agent))


def _by(agent: Agent) -> str:
    return f"agent:{agent.sign_in}"


STORIES: tuple[Story, ...] = (
    Story("Acme", "+390212344587", "delivery", 30 * HOUR, 9, acts=(
        (100 * MINUTE, "ada", _take),
        (110 * MINUTE, "ada", _reached),
        (111 * MINUTE, "ada", _note("Their sender domain had lost its DKIM record. Sent them the new one.")),
        (114 * MINUTE, "ada", _close(Disposition.SOLVED)),
    )),
    Story("Rossi Logistica", "+390611223344", "integration", 22 * HOUR, 8, level=2, language="it", acts=(
        (250 * MINUTE, "bruno", _take),
        (255 * MINUTE, "bruno", _missed("busy")),
        (318 * MINUTE, "bruno", _take),
        (320 * MINUTE, "bruno", _reached),
        (324 * MINUTE, "bruno", _close(Disposition.SOLVED)),
    )),
    Story("Acme", "+442079460123", "access", 11 * HOUR, 6, acts=(
        (130 * MINUTE, "ada", _take),
        (140 * MINUTE, "ada", _missed("no_answer")),
        (141 * MINUTE, "ada", _note("Voicemail: asked them to expect us later today.")),
        (11 * HOUR - 8 * MINUTE, "ada", _take),
    )),
    Story("Rossi Logistica", "+393351234567", "delivery", 283 * MINUTE, 10, language="it"),
    Story("Acme", "+390212344587", "integration", 222 * MINUTE, 8, level=2, acts=(
        (210 * MINUTE, "bruno", _take),
    )),
    Story(None, None, None, 200 * MINUTE, 5, Kind.TROUBLE),
    Story("Acme", "+12125550148", "delivery", 160 * MINUTE, 9),
    Story(None, "+390255512345", None, 130 * MINUTE, 7, Kind.SALES),
    Story("Rossi Logistica", "+390611223344", "access", 75 * MINUTE, 0, Kind.NO_MESSAGE, language="it"),
    Story("Rossi Logistica", "+390611223344", "access", 48 * MINUTE, 6, language="it"),
    Story("Acme", "+390212344590", "delivery", 20 * MINUTE, 7, wish=9 * HOUR),
)  # fmt: skip
"""Oldest first. Between them they show every state a board can show."""


def live(work: Work, story: Story, media_url: str) -> None:
    """Let it happen, each thing at its own moment, with the clock's lines between."""
    at = work.hours.add(work.now, -story.ago)
    callback = _asked(replace(work, now=at), story, media_url)
    for after, who, act in story.acts:
        then = replace(work, now=min(work.hours.add(at, after), work.now))
        agent = by_sign_in(work.session, who)
        assert agent is not None  # noqa: S101 - the demo's own people
        watch.ring(then, callback.id)
        act(then, callback, agent)
    watch.ring(work, callback.id)


def _asked(work: Work, story: Story, media_url: str) -> Callback:
    """The call, its message, and what was said at its end."""
    call = _call(work, story)
    sid = "RE" + call.call_sid.removeprefix("CA")
    recording = intake.Recording(sid, f"https://exchange.example/{sid}", story.seconds, work.now)
    callback = intake.take_message(work, call, 1, recording if story.seconds else None)
    for message in callback.messages:
        keep_message(work, message, media_url)
        callback.make(work, Move.MESSAGE_STORED, "desk", recording=sid)
    if story.wish:
        callback.wish(work, work.hours.opening(work.hours.add(work.now, story.wish)))
    if callback.opens and callback.closes and story.kind is Kind.CALLBACK:
        callback.told_caller(work, _words(work, callback.opens, callback.closes, story.language))
    call.ended_at = call.swept_at = work.now
    call.alarm_at = None
    work.session.flush()
    return callback


def _call(work: Work, story: Story) -> Call:
    sid = "CA" + hashlib.sha256(f"{story}{work.now}".encode()).hexdigest()[:32]
    call = calls.held(work, sid, story.number or "anonymous", SUPPORT)
    company = by_company(work.session, story.company) if story.company else None
    call.subscription_id, call.language = company.id if company else None, story.language
    call.answers = {"number": story.number, "topic": story.topic, "level": story.level}
    call.asks_for_message(1, story.kind)
    return call


def _words(work: Work, opens: datetime, closes: datetime, language: str) -> str:
    window = Words.of(language).window(opens, closes, work.now, work.hours.zone, work.hours)
    said = {"en": "We will call you back {window}.", "it": "La richiameremo {window}."}
    return said[language].format(window=window)
