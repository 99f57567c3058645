"""The trouble line: whatever breaks inside, the caller hears one sentence and is still recorded."""

from dataclasses import dataclass

from callbacks.policy import Policy
from ivr.catalogue import Catalogue
from ivr.spoken import Sentence
from ivr.voice import Voice

SENTENCES = frozenset({"trouble", "trouble_taken", "trouble_unknown", "goodbye"})
"""What is spoken when nothing is known of the call: no sentence of these fills anything in."""


@dataclass(frozen=True)
class Trouble:
    """Documents that need no database. The language is that of the number dialled: nothing else is known."""

    policy: Policy
    voice: Voice

    def line(self, dialled: str, *, has_spoken: bool = False) -> str:
        """Ask for a message; a caller who has just left one, which the carrier keeps, is not asked again."""
        if has_spoken:
            return self.goodbye(dialled, taken=False)
        return self.voice.trouble(self._sentence(dialled, "trouble"))

    def goodbye(self, dialled: str, *, taken: bool) -> str:
        """Honest about whether the desk has the message, or only the carrier."""
        names = ("trouble_taken" if taken else "trouble_unknown", "goodbye")
        return self.voice.goodbye(self._sentence(dialled, name) for name in names)

    def _sentence(self, dialled: str, name: str) -> Sentence:
        languages = self.policy.languages
        language = languages.by_number.get(dialled, languages.offered[0])
        return Sentence(language, name, Catalogue.of(language).sentences[name].text)
