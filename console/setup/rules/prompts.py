"""Prompts: every sentence a caller hears, heard at once, replaced by a recording or given back its voice."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from callbacks import policy_book
from callbacks.errors import Overtaken, PolicyError
from callbacks.policy import Policy
from callbacks.policy.editing import GONE, value_at
from callbacks.policy.lines import Path
from callbacks.work import Work
from console.hands import who_was_first
from console.room import Room, Sentence
from console.setup.hand import said_in_all
from console.setup.rules import recording
from console.setup.rules.fields import values_of
from console.setup.rules.page import CONFLICT, UNPROCESSABLE, hand
from console.setup.rules.recording import NoRecording


@dataclass(frozen=True)
class Prompt:
    """A sentence in one language. `pieces` of it are examples of what is said anew in every call;
    `recording` is played in its place, `sound` is where it can be heard."""

    name: str
    pieces: list[tuple[str, bool]]
    changes: bool
    recording: str
    sound: str

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(piece for piece, _ in self.pieces)


class Prompts:
    """The list of one language, one sentence by itself, and what is done to it."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """Every sentence in the language asked for, else in the first that is offered."""
        with self.room.desk.reading() as work:
            _, policy, values = _now(work)
            language = _language(policy, request.args.get("language", ""))
            listed = [_prompt(each, language, values) for each in self.room.lent.sentences(policy)]
            offered = policy.languages.offered
            return render_template(
                "setup/rules/prompts.html", prompts=listed, spoken=language, offered=offered
            )

    def one(self, language: str, name: str) -> str:
        """One sentence, and a place to bring a recording to."""
        return self._one(language, name)

    def replace(self, language: str, name: str) -> AnyResponse | tuple[str, int]:
        """By the recording that was brought."""
        say, brought = self.room.words().say, request.files.get("sound")
        self._find(language, name)
        sound = _sound(brought) if brought else b""
        try:
            kept = recording.keep(self.room.place.media_url, sound)
        except NoRecording as refusal:
            return self._one(language, name, say(f"rules.prompt.{refusal}")), UNPROCESSABLE
        return self._change(language, name, kept)

    def give_back(self, language: str, name: str) -> AnyResponse | tuple[str, int]:
        """The voice says it again."""
        self._find(language, name)
        return self._change(language, name, GONE)

    def _change(self, language: str, name: str, value: Any) -> AnyResponse | tuple[str, int]:
        seen = request.form.get("seen", "")

        def change(work: Work) -> None:
            place = _place(values_of(policy_book.current(work)[1]), language, name)
            policy_book.change(work, {place: value}, hand(request.form), int(seen) if seen.isdecimal() else 0)

        try:
            self.room.desk.do(change)
        except Overtaken as fault:
            who = who_was_first(self.room, fault)
            said = self.room.words().say("rules.overtaken_list", who=who)
            return self._one(language, name, said), CONFLICT
        except PolicyError as fault:
            return self._one(language, name, said_in_all(self.room.words(), fault)), UNPROCESSABLE
        self.room.desk.look_again()
        flash(self.room.words().say("rules.kept"))
        return redirect(url_for("console.rules_prompt", language=language, name=name))

    def _one(self, language: str, name: str, fault: str = "") -> str:
        with self.room.desk.reading() as work:
            number, policy, values = _now(work)
        sentences = [each for each in self.room.lent.sentences(policy) if each.name == name]
        if not sentences or language not in policy.languages.offered:
            abort(404)
        prompt = _prompt(sentences[0], language, values)
        return render_template(
            "setup/rules/prompt.html", prompt=prompt, spoken=language, number=number, fault=fault,
            largest=recording.LARGEST // 1_000_000,
        )  # fmt: skip

    def _find(self, language: str, name: str) -> None:
        with self.room.desk.reading() as work:
            _, policy, _ = _now(work)
        sentences = self.room.lent.sentences(policy)
        recordable = [each.name for each in sentences if not each.changing]
        if name not in recordable or language not in policy.languages.offered:
            abort(404)


def _sound(brought: FileStorage) -> bytes:
    """No more of it than shows that it is too large."""
    with brought.stream as stream:
        return stream.read(recording.LARGEST + 1)


def _now(work: Work) -> tuple[int, Policy, Mapping[str, Any]]:
    number, text = policy_book.current(work)
    return number, work.policy, values_of(text)


def _language(policy: Policy, asked: str) -> str:
    return asked if asked in policy.languages.offered else policy.languages.offered[0]


def _place(values: Mapping[str, Any], language: str, name: str) -> Path:
    """The file may have it quoted ("en.welcome") or not, which in TOML is a table in a table."""
    nested = ("prompts", language, name)
    return ("prompts", f"{language}.{name}") if value_at(values, nested) is GONE else nested


def _prompt(sentence: Sentence, language: str, values: Mapping[str, Any]) -> Prompt:
    found = value_at(values, _place(values, language, sentence.name))
    written = found if isinstance(found, str) else ""
    sound = f"/prompt/{written.removeprefix('kept:')}" if written.startswith("kept:") else ""
    return Prompt(sentence.name, _pieces(sentence, language), bool(sentence.changing), written, sound)


def _pieces(sentence: Sentence, language: str) -> list[tuple[str, bool]]:
    """The words between the gaps, and what may stand in each gap: whether that is an example."""
    said = sentence.examples.get(language, {})
    cut = re.split(r"\{(\w+)\}", sentence.texts.get(language, ""))
    pieces = [(said.get(gap, "…"), gap in sentence.changing) if place % 2 else (gap, False)
              for place, gap in enumerate(cut)]  # fmt: skip
    return [(piece, is_example) for piece, is_example in pieces if piece]
