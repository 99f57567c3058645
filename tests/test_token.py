"""A token opens what it was made for, is shown once, and is not to be had from the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks import journal, token
from callbacks.errors import NotFound, Refused
from callbacks.token import Scope, Token
from callbacks.work import Desk
from tests.people import Clock


def made(desk: Desk, name: str = "billing", *scopes: Scope) -> str:
    with desk.work() as work:
        return token.make(work, name, scopes or (Scope.READ,))


def found(desk: Desk, shown: str) -> Token | None:
    with desk.reading() as work:
        return token.find(work.session, shown)


def test_a_program_that_shows_its_token_is_known_by_name(desk: Desk) -> None:
    known = found(desk, made(desk, "billing", Scope.READ))
    assert known is not None
    assert known.by == "token:billing"
    assert known.may(Scope.READ)
    assert not known.may(Scope.ACT)


def test_a_token_is_random_and_kept_as_a_digest_alone(desk: Desk) -> None:
    shown = made(desk)
    assert shown.startswith("rb_")
    assert len(shown) >= 3 + 43
    with desk.reading() as work:
        kept = work.session.scalars(select(Token)).one()
        lines = journal.lines(work.session, journal.DESK)
    assert shown[3:] not in str(vars(kept))
    assert not any(shown[3:] in str(line.facts) for line in lines)


@pytest.mark.parametrize("guess", ["", "rb_", "rb_" + "A" * 43, "rb_ü\udc80", "x" * 10_000])
def test_a_guess_opens_nothing(desk: Desk, guess: str) -> None:
    made(desk)
    assert found(desk, guess) is None


def test_a_revoked_token_opens_nothing_and_its_name_is_never_given_again(desk: Desk) -> None:
    shown = made(desk)
    with desk.work() as work:
        token.revoke(work, "billing")
        token.revoke(work, "billing")
    assert found(desk, shown) is None
    with pytest.raises(Refused, match="choose another name"):
        made(desk)


def test_making_and_revoking_stand_in_the_journal_once(desk: Desk) -> None:
    made(desk, "billing", Scope.ACT, Scope.READ)
    with desk.work() as work:
        token.revoke(work, "billing")
        token.revoke(work, "billing")
        lines = [(line.move, line.facts) for line in journal.lines(work.session, journal.DESK)]
    assert lines == [
        ("token_made", {"token": "billing", "scopes": ["read", "act"]}),
        ("token_revoked", {"token": "billing"}),
    ]


def test_its_last_use_is_known_to_the_minute(desk: Desk, clock: Clock) -> None:
    shown = made(desk)
    for seconds in (0, 30, 30):
        clock.forward(timedelta(seconds=seconds))
        with desk.work() as work:
            known = token.find(work.session, shown)
            assert known is not None
            token.used(work, known)
            noted = known.last_used_at
            assert token.is_noted(known, work.now)
    assert noted == clock()


@pytest.mark.parametrize("name", ["", "Billing", "-x", "a b", "a" * 61, "x\n", "é"])
def test_a_name_that_would_confuse_the_journal_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(Refused, match="small letters"):
        made(desk, name)


def test_a_token_without_a_scope_is_not_made(desk: Desk) -> None:
    with desk.work() as work, pytest.raises(Refused, match="at least one scope"):
        token.make(work, "billing", ())


def test_nobody_revokes_a_token_that_never_was(desk: Desk) -> None:
    with desk.work() as work, pytest.raises(NotFound, match="no token named crm"):
        token.revoke(work, "crm")
