"""The list at the side of the setup pages: what an administrator needs first stands first."""

import re

from flask import Flask

from console.setup import LISTED
from tests.screens import Visitor, signed_in
from tests.setup import dora

__all__ = ["dora"]


def listed(page: str) -> list[str]:
    """The addresses in the list at the side."""
    found = re.search(r'<nav class="sections".*?</nav>', page, re.DOTALL)
    assert found is not None
    return re.findall(r'href="([^"]+)"', found[0])


def test_the_list_begins_with_the_hours_and_ends_with_the_displays(dora: Visitor) -> None:
    addresses = listed(dora.open("/setup/hours").text)
    assert addresses[:2] == ["/setup/hours", "/setup/holidays"]
    assert addresses[-1] == "/wall/displays"
    order = [
        f"/setup/{name}" for name in ("hours", "people", "subscriptions", "topics", "prompts", "notices")
    ]
    assert [each for each in addresses if each in order] == order


def test_setting_up_begins_with_what_stands_first(dora: Visitor) -> None:
    assert dora.open("/setup").location == "/setup/hours"


def test_every_page_of_the_section_is_in_the_list_once(dora: Visitor, screens: Flask) -> None:
    addresses = listed(dora.open("/setup/hours").text)
    assert len(addresses) == len(set(addresses)) == sum(len(group) for group in LISTED)
    for address in addresses:
        assert 'aria-current="page"' in dora.open(address).text, address


def test_who_may_only_hang_displays_is_offered_those_alone(screens: Flask) -> None:
    assert listed(signed_in(screens, "sara").open("/wall/displays").text) == ["/wall/displays"]
