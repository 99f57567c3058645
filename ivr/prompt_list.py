"""The phone line's sentences as a list, for whoever wants to hear them or put recordings in their place."""

from collections.abc import Mapping
from dataclasses import dataclass

from callbacks.policy import Policy
from ivr.catalogue import Catalogue
from ivr.examples import EXAMPLES, Example
from ivr.tellings import SAME_FOR_ALL


@dataclass(frozen=True)
class Prompt:
    """One sentence in each offered language. `changing` is what it says anew in every call; `examples` are
    what each gap may say there, by language."""

    name: str
    texts: Mapping[str, str]
    changing: tuple[str, ...]
    examples: Mapping[str, Mapping[str, str]]


def prompts(policy: Policy) -> list[Prompt]:
    """All of them, in the order in which a caller may hear them; what the office is called is filled in."""
    catalogues = [Catalogue.of(language) for language in policy.languages.offered]
    known = {"office": policy.office.name, "email": policy.office.email}
    return [
        Prompt(
            name,
            {each.language: _filled(each.sentences[name].text, known) for each in catalogues},
            tuple(gap for gap in template.names if gap not in SAME_FOR_ALL),
            {each.language: _examples(policy, each, name) for each in catalogues},
        )
        for name, template in catalogues[0].sentences.items()
    ]


def _examples(policy: Policy, catalogue: Catalogue, name: str) -> Mapping[str, str]:
    example = Example(policy, catalogue.language)
    return {gap: EXAMPLES[gap](example) for gap in catalogue.sentences[name].names}


def _filled(text: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text
