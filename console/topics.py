"""What topics are called on the screens: in the reader's language, else by their name."""

from collections.abc import Mapping

from callbacks.policy import Policy
from console.catalogue import Catalogue


def topic_names(policy: Policy, words: Catalogue) -> Mapping[str, str]:
    """Each topic of the policy by its name."""
    return {each.name: each.called.get(words.language) or plain(each.name) for each in policy.topics}


def topic_name(policy: Policy, words: Catalogue, name: str | None) -> str:
    """Of one; one that the policy has no more is called by its name."""
    found = next((each for each in policy.topics if each.name == name), None)
    return (found.called.get(words.language) if found else None) or plain(name or "")


def plain(name: str) -> str:
    """The policy's name as a page writes it."""
    return name.replace("_", " ")
