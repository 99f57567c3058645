"""What is wrong with a policy: sentences with names, so that a page may say them in its reader's language."""

from callbacks.errors import Sentence

PREFIX = "policy."
"""Before the names of all these sentences."""


def fault(name: str, words: str, /, **values: object) -> Sentence:
    """A whole sentence, or a part that others are filled with."""
    return Sentence(PREFIX + name, words, values)


class Wrong(Exception):  # noqa: N818 - a sentence about one value, caught where its line is known
    """What is wrong with a value, and the mend."""

    def __init__(self, name: str, words: str, /, **values: object) -> None:
        self.sentence = fault(name, words, **values)
        super().__init__(self.sentence)
