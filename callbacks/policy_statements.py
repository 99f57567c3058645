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
    depth = 0
    for token, following in _tokens(text):
        if token.kind == "newline" and tokens and (depth <= 0 or begins_one(following)):
            yield Statement(tuple(tokens))
            tokens, depth = [], 0
        elif tokens or token.kind not in ("newline", "blank", "comment"):
            tokens.append(token)
            if token.kind == "mark":
                depth += (token.text in "[{") - (token.text in "]}")
    if tokens:
        yield Statement(tuple(tokens))


def begins_one(line: str) -> bool:
    """Whether this line begins a statement; within a list no line does."""
    return bool(HEADER.match(line) or ASSIGNMENT.match(line))


def _tokens(text: str) -> Iterator[tuple[Token, str]]:
    """Every token; a line's end comes with the whole line after it."""
    line = 1
    for match in TOKENS.finditer(text):
        token = Token(match.lastgroup or "word", match[0], line)
        following = ""
        if token.kind == "newline":
            end = text.find("\n", match.end())
            following = text[match.end() : end if end >= 0 else len(text)]
        yield token, following
        line += match[0].count("\n")
