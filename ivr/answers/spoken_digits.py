"""Digits as people say them: one by one, doubled, or as numbers."""

from collections.abc import Iterator

from ivr.heard import known_words, words_in

LONGEST = 40


def digits_in(speech: str, language: str) -> str:
    """The digits said, in order: "double five" is 55, "thirty nine" is 39; other words are passed over."""
    return "".join(_pieces(words_in(speech), language))[:LONGEST]


def _pieces(words: list[str], language: str) -> Iterator[str]:
    known = known_words(language)
    numbers, said = known.get("numbers", {}), known.get("digits", {})
    repeats, plus, beside = said.get("repeats", {}), said.get("plus", ["+"]), said.get("between_digits", [])
    times, index = 1, 0
    while index < len(words):
        word, after = words[index], words[index + 1] if index + 1 < len(words) else ""
        index += 1
        if word in repeats:
            times = repeats[word]
            continue
        if word in plus:
            yield "+" if after.isdecimal() or after in numbers else ""
        elif word in beside:
            neighbours = (after, words[index - 2] if index > 1 else "")
            is_zero = any(each.isdecimal() or each in (*numbers, *repeats, *beside) for each in neighbours)
            yield "0" * times if is_zero else ""
        else:
            digits, used = _number(word, after, numbers)
            index += used
            yield digits * times
        times = 1


def _number(word: str, after: str, numbers: dict[str, int]) -> tuple[str, int]:
    """(its digits, how many further words it took): tens join the unit that follows them."""
    if word.replace(":", "").replace(".", "").isdecimal():
        return "".join(str(int(sign)) for sign in word if sign.isdecimal()), 0
    value = numbers.get(word) if word in numbers else joined(word, numbers)
    if value is None:
        return "", 0
    if 20 <= value < 100 and value % 10 == 0 and 1 <= numbers.get(after, 0) <= 9:
        return str(value + numbers[after]), 1
    return str(value), 0


def joined(word: str, numbers: dict[str, int]) -> int | None:
    """A number written as one word: a hundred and what follows it, as Italian does."""
    for start, hundreds in numbers.items():
        rest = word.removeprefix(start)
        if hundreds >= 100 and rest != word and rest in numbers and numbers[rest] < 100:
            return hundreds + numbers[rest]
    return None
