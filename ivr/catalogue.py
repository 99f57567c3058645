"""The sentences of one language, read once from prompts/, and the checks that they leave no gap."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Self

from callbacks.errors import Sentence
from callbacks.policy.faults import fault
from callbacks.policy.form import shown

FOLDER = Path(__file__).parent / "prompts"


@dataclass(frozen=True)
class Template:
    """A sentence, and the names of what is filled in."""

    text: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        return cls(text, tuple(name for _, name, _, _ in Formatter().parse(text) if name is not None))


@dataclass(frozen=True)
class Catalogue:
    """`locale` is how the carrier names the language. `fragments` are parts that sentences are made of."""

    language: str
    locale: str
    sentences: Mapping[str, Template]
    fragments: Mapping[str, str]

    @classmethod
    @cache
    def of(cls, language: str) -> Self:
        """The catalogue of a language; LookupError where there is none."""
        path = FOLDER / f"{language}.toml"
        if not path.exists():
            raise LookupError(f"no sentences are known for {language!r}; add ivr/prompts/{language}.toml")
        written = tomllib.loads(path.read_text("utf-8"))
        sentences = {name: Template.of(text) for name, text in written["sentences"].items()}
        return cls(language, written["locale"], sentences, written["fragments"])


def faults_of(
    catalogues: Collection[Catalogue], spoken: Collection[str], told: Collection[str]
) -> Iterator[str]:
    """What is missing, left over, or cannot be filled in. `spoken` are sentences, `told` the fillings."""
    first = next(iter(catalogues))
    for each in catalogues:
        place = f"ivr/prompts/{each.language}.toml"
        yield from (f"{place} has no sentence {name}" for name in sorted(set(spoken) - set(each.sentences)))
        yield from (f"{place}: nobody speaks {name}" for name in sorted(set(each.sentences) - set(spoken)))
        for name, template in each.sentences.items():
            yield from (
                f"{place}: {name}: nobody knows {{{gap}}}" for gap in template.names if gap not in told
            )
            if name in first.sentences and set(first.sentences[name].names) != set(template.names):
                yield f"{place}: {name} does not fill in what {first.language} does"
        if set(each.fragments) != set(first.fragments):
            yield f"{place} has other fragments than {first.language}"


def faults_of_recordings(
    recordings: Mapping[str, str], catalogues: Collection[Catalogue], same_for_all: Collection[str]
) -> Iterator[tuple[str, Sentence]]:
    """Recordings named by the policy that replace no sentence, or one that differs from call to call."""
    known = {
        f"{each.language}.{name}": template
        for each in catalogues
        for name, template in each.sentences.items()
    }
    for name in recordings:
        if name not in known:
            words = "{name} is no sentence that the phone line speaks; see ivr/prompts"
            yield name, fault("no_sentence", words, name=shown(name))
        elif changing := [gap for gap in known[name].names if gap not in same_for_all]:
            words = "{name} says {what}, which no recording can; leave it out"
            yield name, fault("changing", words, name=shown(name), what=", ".join(changing))
