"""Two people press at one instant, each at a process of their own: one wins, the other is told so."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from callbacks import journal
from callbacks.agent import Agent, Role
from callbacks.callback import Callback
from callbacks.database import open_engine
from callbacks.dial import live_of
from callbacks.moves import State
from callbacks.work import Desk
from settings import Settings
from tests.people import Cast, Clock
from tests.screens import (
    CHEAP,
    PASSWORD,
    Visitor,
    ask,
    give_passwords,
    hidden,
    make_screens,
    signed_in,
    token,
)
from tests.test_board import plain
from tests.test_reason import change

ROUNDS = 3
"""Each of them another meeting; on a busy machine not every one is close."""

FORM = re.compile(r'<p class="fault" role="alert">.*?</p>', re.DOTALL)


@pytest.fixture
def two(desk: Desk, cast: Cast, settings: Settings) -> Iterator[list[tuple[Desk, Settings]]]:
    """The desk as two processes have it; Ada, Bruno, Sara and another supervisor, Nils, may sign in."""
    give_passwords(desk)
    with desk.work() as work:
        nils = Agent(sign_in="nils", name="Nils", roles=[Role.SUPERVISOR], languages=["en"], level=1,
                     created_at=work.now, password_hash=CHEAP.digest(PASSWORD))  # fmt: skip
        work.session.add(nils)
    change(desk, "ada", phone="+390255512301", languages=["en"])
    change(desk, "bruno", phone="+390255512302", languages=["en"])
    url = desk.engine.url.render_as_string(hide_password=False)
    desks = [replace(desk, engine=open_engine(url)) for _ in range(2)]
    yield [(each, settings) for each in desks]
    for each in desks:
        each.engine.dispose()


def press_at_once(
    two: list[tuple[Desk, Settings]], names: tuple[str, str], callback: Callback, address: str,
    typed: Callable[[str], dict[str, str]] = lambda _name: {},
) -> list[TestResponse]:  # fmt: skip
    """Both have the page open as it stands; then both press."""
    ready, path = Barrier(2), f"/requests/{callback.reference}"
    visitors = [signed_in(make_screens(*process), name) for process, name in zip(two, names, strict=True)]
    pages = [visitor.open(path) for visitor in visitors]

    def press(visitor: Visitor, page: TestResponse, name: str) -> TestResponse:
        form = {"csrf_token": token(page), "seen": hidden(page, "seen"), "note": f"typed by {name}"}
        ready.wait(60)
        return visitor.send(f"{path}/{address}", **form, **typed(name))

    with ThreadPoolExecutor(2) as both:
        return list(both.map(press, visitors, pages, names))


def told(answers: list[TestResponse]) -> str:
    """What the one who was second reads; the first is led back to the page."""
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    second = next(answer for answer in answers if answer.status_code == 409)
    return plain("".join(FORM.findall(second.text)))


def kept_typing(answers: list[TestResponse], names: tuple[str, str]) -> bool:
    """Whether the second still has before them what they had typed."""
    second = next(n for n, answer in enumerate(answers) if answer.status_code == 409)
    return f">typed by {names[second]}</textarea>" in answers[second].text


@pytest.mark.parametrize("button", ["take", "call_now"])
def test_two_agents_press_and_one_has_it(
    desk: Desk, clock: Clock, two: list[tuple[Desk, Settings]], button: str
) -> None:
    names = ("ada", "bruno")
    for number in range(ROUNDS):
        clock.forward(timedelta(seconds=1))
        callback = ask(desk, None, number=f"+39021234880{number}")
        answers = press_at_once(two, names, callback, button)
        sentence = told(answers)
        winner = ("Ada", "Bruno")[next(n for n, each in enumerate(answers) if each.status_code == 302)]
        assert winner in sentence
        assert sentence.startswith(f"{winner} ")
        assert kept_typing(answers, names)
        with desk.work() as work:
            held = work.session.get_one(Callback, callback.id)
            assert held.agent is not None
            assert held.agent.name == winner
            lines = [line.move for line in journal.lines(work.session, held.subject)]
            assert lines.count("assigned") + lines.count("offered") == 1
            if dial := live_of(work.session, held):
                dial.live, held.state = None, State.WAITING


def test_two_supervisors_give_it_and_one_decides(
    desk: Desk, clock: Clock, two: list[tuple[Desk, Settings]]
) -> None:
    names, to = ("sara", "nils"), {"sara": "ada", "nils": "bruno"}
    for number in range(ROUNDS):
        clock.forward(timedelta(seconds=1))
        callback = ask(desk, None, number=f"+39021234890{number}")
        answers = press_at_once(
            two, names, callback, "supervise/give", lambda name: {"give_to": to[name], "why": ""}
        )
        sentence = told(answers)
        first = names[next(n for n, each in enumerate(answers) if each.status_code == 302)]
        assert first.capitalize() in sentence
        assert kept_typing(answers, names)
        with desk.reading() as work:
            held = work.session.get_one(Callback, callback.id)
            assert held.agent is not None
            assert held.agent.sign_in == to[first]
            lines = [line.move for line in journal.lines(work.session, held.subject)]
            assert lines.count("assigned") == 1
