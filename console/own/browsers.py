"""Which browser somebody uses, in the words they would know it by."""

from flask import request

PROGRAMS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
)  # fmt: skip
"""The first that fits: most browsers name those that they want to be taken for, too."""
MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser(user_agent: str) -> str:
    """`Firefox, Linux`; empty where nothing is known. Only our own words are kept of what was sent."""
    known = (_first(PROGRAMS, user_agent), _first(MACHINES, user_agent))
    return ", ".join(name for name in known if name)


def this_browser() -> str:
    """What the person would call the program that asks."""
    return browser(request.user_agent.string)


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
