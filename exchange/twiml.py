"""Reads one TwiML document strictly: its verbs in order, and every fault that Twilio only whispers about."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from exchange.grammar import BEYOND, RULES, Check, Rule
from exchange.reply import Reply

MOST_BYTES = 64 * 1024
BEFORE_STOPS = re.compile(r" (?=[.,;:!?])")
XML_TYPES = {"text/xml", "application/xml", "text/html"}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a document: Twilio's code and a sentence."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


class UnreadableError(Exception):
    """A document that cannot be carried out at all; Twilio turns to the fallback address."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.fault = Fault(code, text)


@dataclass(frozen=True, slots=True)
class Verb:
    """One element of a document: its name, attributes, text (inner text included) and elements within."""

    name: str
    attributes: Mapping[str, str]
    text: str
    nested: tuple["Verb", ...]

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def number(self, name: str, default: float) -> float:
        """An attribute as a number; the default where it is missing or no number."""
        try:
            return float(self.attributes.get(name, default))
        except ValueError:
            return default


@dataclass(frozen=True, slots=True)
class Document:
    """What one answer of the web asked for."""

    verbs: tuple[Verb, ...]
    faults: tuple[Fault, ...]


def read(body: bytes, rules: Mapping[str, Rule] = RULES) -> Document:
    """Read a document; raises UnreadableError where Twilio would give up (12100, 11750)."""
    root = _tree(body)
    if _name(root.tag) != "Response":
        raise UnreadableError(12100, f"The document's root is <{_name(root.tag)}>, not <Response>")
    return Document(tuple(_verb(child) for child in root), tuple(_faults(root, rules)))


def document_of(reply: Reply) -> Document:
    """Read what the web answered; raises UnreadableError for a refusal and for what is no XML too."""
    if reply.error or not 200 <= reply.code < 300:
        raise UnreadableError(reply.error or 11200, f"The web answered {reply.code or 'nothing'}")
    kind = reply.content_type.partition(";")[0].strip().lower()
    if kind not in XML_TYPES and reply.body.strip():
        raise UnreadableError(12300, f'The content type "{kind}" is not XML')
    return read(reply.body)


def _tree(body: bytes) -> ElementTree.Element:
    if len(body) > MOST_BYTES:
        raise UnreadableError(11750, f"The document has {len(body)} bytes; Twilio takes at most {MOST_BYTES}")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise UnreadableError(12100, "A document type declaration is not TwiML")
    try:
        return ElementTree.fromstring(body)  # noqa: S314 - entities were refused above
    except ElementTree.ParseError as error:
        what = "The answer is empty" if not body.strip() else f"The document is not well-formed XML: {error}"
        raise UnreadableError(12100, what) from error


def _name(tag: str) -> str:
    return tag.replace(XML_LANG, "xml:")


def _verb(element: ElementTree.Element) -> Verb:
    inner = BEFORE_STOPS.sub("", " ".join("".join(_spoken(element)).split()))
    return Verb(
        _name(element.tag),
        {_name(name): value for name, value in element.attrib.items()},
        inner,
        tuple(_verb(child) for child in element),
    )


def _spoken(element: ElementTree.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        # A substitute is spoken in place of what is written, and breaks part words.
        yield child.get("alias", "") if child.tag == "sub" else "".join(_spoken(child))
        yield " " if child.tag in ("break", "p", "s") else ""
        yield child.tail or ""


def _faults(element: ElementTree.Element, rules: Mapping[str, Rule]) -> Iterator[Fault]:
    rule = rules.get(_name(element.tag), Rule())
    for child in element:
        name = _name(child.tag)
        if name in rule.nested:
            yield from _within(child, name, rules[name])
            yield from _faults(child, rules)
        else:
            yield Fault(12200, _misplaced(name, _name(element.tag), rules))
    if rule.text is None and ((element.text or "").strip() or any((c.tail or "").strip() for c in element)):
        yield Fault(12200, f"<{_name(element.tag)}> takes no text of its own")


def _misplaced(name: str, where: str, rules: Mapping[str, Rule]) -> str:
    if name in rules:
        return f"<{name}> may not stand within <{where}>"
    if name in BEYOND:
        return f"<{name}> is beyond this exchange, which cannot carry it out"
    return f"<{name}> is not a TwiML element"


def _within(element: ElementTree.Element, name: str, rule: Rule) -> Iterator[Fault]:
    for attribute, value in element.attrib.items():
        check: Check | None = rule.attributes.get(_name(attribute))
        wrong = check(value) if check else "is not an attribute of it (names are case-sensitive)"
        if wrong:
            yield Fault(12200, f'<{name} {_name(attribute)}="{value[:60]}">: {_name(attribute)} {wrong}')
    text = "".join(element.itertext()).strip()
    if rule.needs_text and not text:
        yield Fault(12200, f"<{name}> has nothing in it")
    if len(text) > rule.most_text:
        yield Fault(13520, f"<{name}> has {len(text)} characters; at most {rule.most_text} are allowed")
    wrong = rule.text(text) if rule.text and text and not len(element) else None
    if wrong:
        yield Fault(12200, f'<{name}> {wrong}, not "{text[:60]}"')
