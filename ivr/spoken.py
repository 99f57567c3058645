"""What a caller is to hear next: sentences, and the step that waits for an answer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ivr.catalogue import Catalogue
from ivr.hearing import Hearing
from ivr.steps import Step
from ivr.tellings import ONLY_WHERE, TELLINGS

IN_THE_OTHERS = "language_key"
"""The sentence that is spoken in every language but the caller's."""


@dataclass(frozen=True)
class Sentence:
    """One sentence in its language; `name` is what a recording replaces it by."""

    language: str
    name: str
    text: str


@dataclass(frozen=True)
class Spoken:
    """`pause` is seconds of silence before anything is said; `through`, (phone, mark) of an agent to ring."""

    step: Step
    turn: int
    language: str
    sentences: tuple[Sentence, ...]
    pause: int = 0
    through: tuple[str, str] | None = None

    @property
    def text(self) -> str:
        """Word for word."""
        return " ".join(sentence.text for sentence in self.sentences)


def spoken(hearing: Hearing, step: Step) -> Spoken:
    """What this caller hears at this step, as often as it is asked for."""
    call = hearing.call
    names = [*(hearing.known("said") or []), *step.sentences(call.tries)]
    sentences = tuple(sentence for name in names for sentence in _said(hearing, name))
    through = tuple(hearing.known("through") or ()) or None
    return Spoken(step, call.turn, hearing.language, sentences, hearing.known("pause") or 0, through)


def _said(hearing: Hearing, name: str) -> Iterator[Sentence]:
    """The sentence filled in; nothing where there is nothing to tell."""
    if name == IN_THE_OTHERS:
        yield from _said_in_the_others(hearing, name)
    elif name not in ONLY_WHERE or ONLY_WHERE[name](hearing):
        yield from _filled(hearing, name)


def _filled(hearing: Hearing, name: str) -> Iterator[Sentence]:
    template = Catalogue.of(hearing.language).sentences[name]
    told = {gap: TELLINGS[gap](hearing) for gap in template.names}
    if None not in told.values():
        yield Sentence(hearing.language, name, template.text.format(**told))


def _said_in_the_others(hearing: Hearing, name: str) -> Iterator[Sentence]:
    languages = hearing.work.policy.languages
    for language in languages.offered if languages.key_at_welcome else ():
        if language != hearing.language:
            yield from _filled(replace(hearing, spoken_in=language), name)
