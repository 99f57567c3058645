"""Is this document TwiML? Judged by the SDK's own element classes: nesting, attribute names, lengths."""

import inspect
import re
from functools import cache
from xml.etree import ElementTree

from twilio.twiml import voice_response
from twilio.twiml.voice_response import VoiceResponse

LONGEST_DOCUMENT = 64 * 1024
LONGEST_SENTENCE = 4096


def faults_in(document: str | bytes) -> list[str]:
    """What the carrier would refuse or pass over in silence; empty for a good document."""
    text = document if isinstance(document, str) else document.decode()
    faults = [] if len(text.encode()) <= LONGEST_DOCUMENT else ["the document is too long"]
    if not text.startswith("<?xml"):
        faults.append("something stands before <?xml")
    root = ElementTree.fromstring(text)
    if root.tag != "Response":
        return [*faults, f"the root is {root.tag}"]
    return faults + _faults_within(root, VoiceResponse)


def _faults_within(element: ElementTree.Element, kind: type) -> list[str]:
    faults = []
    for child in element:
        allowed = _attributes(kind, child.tag)
        if allowed is None:
            faults.append(f"{child.tag} may not stand in {element.tag}")
            continue
        faults += [f"{child.tag} has no attribute {name}" for name in child.attrib if name not in allowed]
        faults += [f"{child.tag} {name} is empty" for name, value in child.attrib.items() if not value]
        if child.tag == "Say" and not 0 < len((child.text or "").strip()) <= LONGEST_SENTENCE:
            faults.append("Say says nothing, or too much")
        faults += _faults_within(child, getattr(voice_response, child.tag))
    return faults


@cache
def _attributes(kind: type, tag: str) -> frozenset[str] | None:
    """The attributes of an element within another; None where it may not stand there."""
    method = getattr(kind, re.sub(r"(?<!^)(?=[A-Z])", "_", tag).lower(), None)
    if method is None:
        return None
    names = inspect.signature(method).parameters
    return frozenset(re.sub(r"_([a-z])", lambda found: found[1].upper(), name) for name in names)
