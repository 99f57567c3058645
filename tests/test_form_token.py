"""The token of forms: another on every page, good on each, and nothing else is."""

import re
from base64 import urlsafe_b64decode

import pytest
from flask import Flask

from tests.screens import Visitor, signed_in, token


def test_no_two_pages_show_the_same_and_all_forms_of_one_do(screens: Flask) -> None:
    ada = signed_in(screens, "ada")
    pages = [ada.open("/account/notices") for _ in range(3)]
    shown = [set(re.findall(r'name="csrf_token" value="([^"]+)"', page.text)) for page in pages]
    assert [len(each) for each in shown] == [1, 1, 1]
    assert len(set.union(*shown)) == 3


def test_what_is_common_to_two_pages_tokens_is_next_to_nothing(screens: Flask) -> None:
    """A guess that lengthens no match shortens no page."""
    ada = signed_in(screens, "ada")
    one, other = (token(ada.open("/account/notices")) for _ in range(2))
    assert not any(one[at : at + 6] in other for at in range(len(one) - 6))


@pytest.mark.parametrize("which", [0, 1])
def test_every_page_stays_good_as_long_as_the_stay(screens: Flask, which: int) -> None:
    ada = signed_in(screens, "ada")
    tokens = [token(ada.open("/account/notices")) for _ in range(2)]
    assert ada.send("/presence", csrf_token=tokens[which], presence="busy").status_code in {200, 302}


@pytest.mark.parametrize("shown", ["", "x", "====", "\u202e" * 50, "A" * 10_000, "é", "AAAA", "none"])
def test_what_is_no_token_is_refused(screens: Flask, shown: str) -> None:
    assert signed_in(screens, "ada").send("/presence", csrf_token=shown, presence="busy").status_code == 400


def test_the_token_without_its_disguise_is_refused_and_so_is_anothers(screens: Flask) -> None:
    ada, bruno = signed_in(screens, "ada"), signed_in(screens, "bruno")
    whole = urlsafe_b64decode(token(ada.open("/account/notices")))
    half = len(whole) // 2
    plain = bytes(a ^ b for a, b in zip(whole[:half], whole[half:], strict=True)).decode()
    assert ada.send("/presence", csrf_token=plain, presence="busy").status_code == 400
    assert bruno.send("/presence", csrf_token=token(ada.open("/board")), presence="busy").status_code == 400


def test_a_visitor_who_is_not_signed_in_has_one_too(screens: Flask) -> None:
    assert token(Visitor(screens).open("/sign-in"))
