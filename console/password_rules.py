"""What is asked of a new password: long, and none that a stranger would try first."""

import re
from collections.abc import Iterable
from pathlib import Path

from console.passwords import LONGEST, SHORTEST

COMMON = frozenset((Path(__file__).parent / "common_words.txt").read_text().split())
"""What lists of leaked passwords are made of; with figures and signs around it, a word is no better."""

RUNS = (
    "01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "qwertyuiop",
    "qwertzuiop", "asdfghjkl", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb", "qazwsxedcrfvtgbyhnujm",
)  # fmt: skip
LOOKS_LIKE = str.maketrans("04138$57@!", "oaiebsstai")
FEWEST = 5
"""Different characters."""


def weakness(password: str, names: Iterable[str]) -> str:
    """What is wrong with it: short, long, common or name; empty where it will do."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    bare = _letters(password)
    if any(len(name) > 2 and _is_much_of(name, bare) for name in map(_letters, names)):
        return "name"
    return "common" if _is_common(password.lower(), bare) else ""


def _is_much_of(word: str, bare: str) -> bool:
    """Whether a password is this word and little else."""
    return word in bare and len(bare) - bare.count(word) * len(word) < len(word) + 4


def _is_common(lower: str, bare: str) -> bool:
    """Few signs, a part over and over, a run of keys, or a word of the lists with little around it."""
    over_and_over = re.fullmatch(r"(.{1,5}?)\1+.{0,2}", lower) is not None
    runs = any(lower[:SHORTEST] in run * 2 or lower[:8] in run for run in RUNS)
    return len(set(lower)) < FEWEST or over_and_over or runs or _is_of_the_lists(lower, bare)


def _is_of_the_lists(lower: str, bare: str) -> bool:
    plain = re.sub(r"[^a-z]", "", lower)
    return any(re.sub(r"^(my|the|mia|il|la)", "", each) in COMMON for each in (plain, bare, _shorter(bare)))


def _shorter(bare: str) -> str:
    """Without one sign that stood at the end in a letter's place, as in `password1!`."""
    return bare.rstrip("aeiostb") if len(bare) > 6 else bare


def _letters(text: str) -> str:
    """Small letters alone; figures that stand for letters are read as them."""
    return re.sub(r"[^a-z]", "", text.lower().translate(LOOKS_LIKE))
