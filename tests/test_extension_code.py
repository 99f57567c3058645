"""Private codes: made by the desk, shown once, found by their digest alone, never easy to guess."""

import pytest
from sqlalchemy import select, text

from callbacks import extension_code
from callbacks.errors import Refused
from callbacks.extension_code import ExtensionCode, digest_of, digits_of, find, is_trivial, make, make_many
from callbacks.subscription import by_company
from callbacks.work import Desk
from tests.people import Cast


def test_a_caller_is_found_by_the_code_in_the_digits_of_any_script(desk: Desk, cast: Cast) -> None:
    arabic = "".join(chr(0x660 + int(digit)) for digit in cast.acme_code)
    fullwidth = "".join(chr(0xFF10 + int(digit)) for digit in cast.acme_code)
    with desk.reading() as work:
        for typed in (cast.acme_code, " ".join(cast.acme_code), cast.acme_code + "#", arabic, fullwidth):
            found = find(work, typed)
            assert found is not None
            assert found.subscription.company == "Acme"


def test_what_is_no_code_finds_nobody(desk: Desk, cast: Cast) -> None:
    wrong = f"{(int(cast.acme_code) + 1) % 10**6:06}"
    with desk.reading() as work:
        for typed in ("", "0", wrong, cast.acme_code + "1", "x" * 10_000, "٣" * 10_000, "\0", "' or 1=1 --"):
            assert find(work, typed) is None or typed == wrong in (cast.bolt_code, cast.lapsed_code)


def test_the_digits_of_a_code_are_nowhere_in_the_database(desk: Desk, cast: Cast) -> None:
    with desk.reading() as work:
        rows = work.session.execute(text("SELECT * FROM extension_codes")).all()
        assert len(rows) == 3
        for code in (cast.acme_code, cast.bolt_code, cast.lapsed_code):
            assert code not in str([row[2:4] for row in rows])
        kept = set(work.session.scalars(select(ExtensionCode.digest)))
    assert digest_of(desk.code_key, cast.acme_code) in kept
    assert digest_of(b"another key", cast.acme_code) not in kept


def test_codes_are_of_the_length_wanted_and_begin_with_no_nought(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        for digits in (4, 6, 10):
            codes = make_many(work, [(acme.id, "")] * 150, digits)
            assert all(len(code) == digits and code.isdecimal() and code[0] != "0" for code in codes)
            assert len(set(codes)) == 150
            assert not any(map(is_trivial, codes))
        for digits in (3, 11, 0, -1):
            with pytest.raises(Refused, match="a code has 4 to 10 digits"):
                make(work, acme, digits=digits)


def test_the_codes_anybody_would_guess_first_are_never_made() -> None:
    for code in (
        "1111",
        "123456",
        "987654",
        "121212",
        "123123",
        "112211",
        "8901",
        "4747",
        "555555",
        "12341234",
    ):
        assert is_trivial(code), code
    for code in ("4587", "482913", "104729", "7301958264"):
        assert not is_trivial(code), code


def test_a_code_once_given_out_is_never_given_to_somebody_else(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([cast.bolt_code, "111111", cast.acme_code, "482913"])
    monkeypatch.setattr(extension_code, "_draw", lambda _digits: next(drawn))
    with desk.work() as work:
        acme = by_company(work.session, "Acme")
        bolt = find(work, cast.bolt_code)
        assert acme is not None
        assert bolt is not None
        bolt.retire(work.now)
        assert make(work, acme) == "482913"


def test_when_the_codes_of_a_length_are_used_up_longer_ones_are_asked_for(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extension_code, "_draw", lambda _digits: "4587")
    with desk.work() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        assert make(work, acme, digits=4) == "4587"
        with pytest.raises(Refused, match="too few codes of 4 digits are left; make longer ones"):
            make(work, acme, digits=4)


def test_digits_are_taken_out_of_whatever_was_said_or_typed() -> None:
    assert digits_of("my code is 4 8-2 9,13#") == "482913"
    assert digits_of("²½Ⅷ") == ""
