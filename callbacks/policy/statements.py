"""TOML cut into statements, each with its lines, so that one that is broken hides no other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKENS = re.compile(
    r"""(?P<string>\"{3}(?:[^\\]|\\.)*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\[^\n])*"|'[^'\n]*')"""
    r"""|(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<blank>[ \t]+)|(?P<mark>[\[\]{},=])"""
    r"""|(?P<word>[^\s\[\]{},=#"']+|.)""",
    re.DOTALL,
)
HEADER = re.compile(r"[ \t]*\[\[?[ \t]*([A-Za-z_][\w-]*(?:[ \t]*\.[ \t]*[\w-]+)*)[ \t]*(?:\]|#|$)", re.ASCII)
ASSIGNMENT = re.compile(r"""[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[^\[\]{},=#"'\n]*=""", re.ASCII)

SPREAD_TABLE = re.compile(r"(?:(?![ \t]*[\[}])[^\n]*\n){1,50}[ \t]*\}")
"""An inline table over many lines, to its closing brace: TOML wants one line, but what is meant is plain."""


@dataclass(frozen=True)
class Token:
    """A piece of the text, and the line it begins on."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True)
class Statement:
    """A table's header, or a key with its whole value, over as many lines as it takes."""

    tokens: tuple[Token, ...]

    @property
    def line(self) -> int:
        """The line it begins on."""
        return self.tokens[0].line

    @property
    def text(self) -> str:
        """As it is written."""
        return "".join(token.text for token in self.tokens)

    @property
    def is_header(self) -> bool:
        """Whether it opens a table."""
        return self.tokens[0].text == "["

    def marks(self) -> list[Token]:
        """What carries meaning: no blanks, no comments."""
        return [token for token in self.tokens if token.kind not in ("blank", "comment", "newline")]


def cut(text: str) -> Iterator[Statement]:
    """Every statement in turn. A list left open ends where a line begins a statement of its own."""
    tokens: list[Token] = []
    opened: list[str] = []
    for token, end in _tokens(text):
        if token.kind == "newline" and tokens and _ends(text, end, opened):
            yield Statement(tuple(tokens))
            tokens, opened = [], []
        elif tokens or token.kind not in ("newline", "blank", "comment"):
            tokens.append(token)
            if token.kind == "mark" and token.text in "[{":
                opened.append(token.text)
            elif token.kind == "mark" and token.text in "]}" and opened:
                opened.pop()
    if tokens:
        yield Statement(tuple(tokens))


def _ends(text: str, end: int, opened: list[str]) -> bool:
    """Whether a statement is over at the end of a line: nothing is open, or what is open was forgotten."""
    if not opened:
        return True
    stop = text.find("\n", end)
    if not begins_one(text[end : stop if stop >= 0 else len(text)]):
        return False
    return opened[-1] == "[" or not SPREAD_TABLE.match(text, end)


def begins_one(line: str) -> bool:
    """Whether this line begins a statement; within a list no line does."""
    return bool(HEADER.match(line) or ASSIGNMENT.match(line))


def _tokens(text: str) -> Iterator[tuple[Token, int]]:
    """Every token, and where it ends."""
    line = 1
    for match in TOKENS.finditer(text):
        yield Token(match.lastgroup or "word", match[0], line), match.end()
        line += match[0].count("\n")
