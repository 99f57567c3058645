"""What a text message asks for: one known word in any language offered; everything else is for a person."""

from collections.abc import Collection

from callbacks.text_answers import Wanted
from ivr.heard import known_words, words_in


def wanted(text: str, languages: Collection[str]) -> Wanted | None:
    """None where the text is no answer of ours, or would mean two things in two languages."""
    said = " ".join(words_in(text))
    meanings = {
        Wanted(name)
        for language in languages
        for name, forms in known_words(language).get("texts", {}).items()
        if said in forms
    }
    return meanings.pop() if len(meanings) == 1 else None
