"""Dora at the people of the desk, and at the keys of other programs."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from callbacks import staffing, token
from callbacks.agent import Agent, Role
from callbacks.errors import Refused
from callbacks.presence import of_code
from callbacks.work import Desk
from tests.people import Cast
from tests.screens import Visitor, hidden, signed_in
from tests.screens import token as form_token
from tests.setup import known, last_line, shown_once
from tests.test_board import HOSTILE, plain

TO, TOKENS = "/setup/people", "/setup/tokens"


def page_of(desk: Desk, sign_in: str) -> str:
    """The address of a person's page."""
    return f"{TO}/{known(desk, sign_in).id}"


def form(dora: Visitor, path: str, **typed: object) -> dict[str, object]:
    """The form as a browser sends it."""
    page = dora.open(path)
    return {
        "csrf_token": form_token(page), "seen": hidden(page, "seen"), "name": "Ada", "roles": ["agent"],
        "level": "1", "language": "en", "also": ["it"], "phone": "", "days_off": "", **typed,
    }  # fmt: skip


def test_dora_sees_who_works_here(dora: Visitor, cast: Cast) -> None:
    read = plain(dora.open(TO).text)
    for fact in ("Ada ada Away agent level 1 English, Italian all topics none", "Sara", "supervisor"):
        assert fact in read, fact


def test_what_a_person_takes_and_when_is_changed(dora: Visitor, desk: Desk, cast: Cast) -> None:
    path = page_of(desk, "ada")
    typed = {
        "level": "2",
        "phone": "02 1234 5678",
        "shift_mon": "14:00-18:00 09:00-13:00",
        "shift_fri": "22:00-06:00",
    }
    assert dora.send(path, **form(dora, path, **typed, days_off="2026-12-24, 2026-12-31")).status_code == 302
    ada = known(desk, "ada")
    assert (ada.level, ada.phone, ada.days_off) == (2, "+390212345678", ["2026-12-24", "2026-12-31"])
    assert ada.shifts == {"mon": [["09:00", "13:00"], ["14:00", "18:00"]], "fri": [["22:00", "06:00"]]}
    line = last_line(desk)
    assert (line.move, line.by, line.facts["changed"]["level"]) == ("agent_changed", "agent:dora", [1, 2])
    assert "Mon 09:00–13:00 14:00–18:00" in dora.open(path).text
    assert "Sat 00:00–06:00" in dora.open(path).text


def test_what_cannot_be_is_said_by_its_field_and_nothing_typed_is_lost(
    dora: Visitor, desk: Desk, cast: Cast
) -> None:
    path = page_of(desk, "ada")
    typed = {
        "name": " ",
        "roles": [],
        "phone": "12",
        "shift_tue": "all day",
        "shift_wed": "09:00-12:00 11:00-13:00",
    }
    answer = dora.send(path, **form(dora, path, **typed, days_off="Christmas"))
    assert answer.status_code == 400
    read = plain(answer.text)
    for said in (
        "Write a name", "Choose at least one role", "“12” cannot be rung", "“all day” is no shift",
        "“Christmas” is no date",
    ):  # fmt: skip
        assert said in read, said
    assert 'value="all day"' in answer.text
    del typed["shift_tue"]
    again = dora.send(path, **form(dora, path, **typed))
    assert "09:00-12:00 and 11:00-13:00 overlap" in plain(again.text)
    assert known(desk, "ada").name == "Ada"


def test_who_was_first_is_named(dora: Visitor, desk: Desk, cast: Cast) -> None:
    path = page_of(desk, "ada")
    stale = form(dora, path, name="Ada Bianchi")
    assert dora.send(path, **form(dora, path, name="Ada Rossi")).status_code == 302
    answer = dora.send(path, **stale)
    assert answer.status_code == 409
    read = plain(answer.text)
    assert "Dora changed this at 12:10" in read
    assert "Now stands: Ada Rossi" in read
    assert 'value="Ada Bianchi"' in answer.text


def test_a_new_person_signs_in_by_what_was_shown_once(
    dora: Visitor, screens: Flask, desk: Desk, cast: Cast
) -> None:
    answer = dora.send(
        f"{TO}/new", **form(dora, f"{TO}/new", sign_in=" Carla ", name="Carla", phone="sip:carla@pbx.example")
    )
    password = shown_once(answer.text)
    assert "no-store" in answer.headers["Cache-Control"]
    assert Visitor(screens).sign_in("carla", password).status_code == 302
    assert known(desk, "carla").phone == "sip:carla@pbx.example"
    again = dora.send(f"{TO}/new", **form(dora, f"{TO}/new", sign_in="carla", name="Carla"))
    assert "Somebody signs in as carla already" in plain(again.text)


def test_a_new_password_ends_what_the_old_one_opened_and_a_form_sent_twice_makes_one(
    dora: Visitor, ada: Visitor, screens: Flask, desk: Desk
) -> None:
    path = page_of(desk, "ada")
    page = dora.open(path)
    seen = page.text.split("/password")[1].split('name="seen" value="')[1].split('"')[0]
    sent = {"csrf_token": form_token(page), "seen": seen}
    password = shown_once(dora.send(f"{path}/password", **sent).text)
    assert ada.open("/board").status_code == 302
    assert dora.send(f"{path}/password", **sent).status_code == 302
    assert "cannot be shown again" in plain(dora.open(path).text)
    assert Visitor(screens).sign_in("ada", password).status_code == 302


def test_a_code_for_the_phone_needs_a_phone(dora: Visitor, desk: Desk, cast: Cast) -> None:
    path = page_of(desk, "ada")
    assert dora.send(path, **form(dora, path, phone="+390212345678")).status_code == 302
    page = dora.open(path)
    seen = page.text.split("/code")[1].split('name="seen" value="')[1].split('"')[0]
    code = shown_once(dora.send(f"{path}/code", csrf_token=form_token(page), seen=seen).text)
    with desk.reading() as work:
        person = of_code(work, "+390212345678", code)
        assert person is not None
        assert person.sign_in == "ada"
    assert (last_line(desk).move, last_line(desk).by) == ("agent_code", "agent:dora")
    assert last_line(desk).facts["changed"]["phone_code"][1] == "•••"
    bruno = page_of(desk, "bruno")
    empty = dora.send(f"{bruno}/code", csrf_token=form_token(page), seen=seen)
    assert empty.status_code == 302


def test_the_last_administrator_can_neither_leave_nor_lose_the_role(
    dora: Visitor, desk: Desk, cast: Cast
) -> None:
    path = page_of(desk, "dora")
    lost = dora.send(path, **form(dora, path, name="Dora", roles=["agent"]))
    gone = dora.send(f"{path}/leave", csrf_token=form_token(dora.open(path)), sure="yes")
    for answer in (lost, gone):
        assert answer.status_code == 409
        assert "Dora is the only administrator" in plain(answer.text)
    assert known(desk, "dora").is_any(Role.ADMINISTRATOR)


def test_who_loses_a_role_is_signed_out(dora: Visitor, sara: Visitor, desk: Desk) -> None:
    path = page_of(desk, "sara")
    dora.send(path, **form(dora, path, name="Sara", roles=["agent"]))
    assert sara.open("/board").status_code == 302


def test_who_gains_a_role_goes_on(dora: Visitor, sara: Visitor, desk: Desk) -> None:
    path = page_of(desk, "sara")
    dora.send(path, **form(dora, path, name="Sara", roles=["agent", "supervisor", "administrator"]))
    assert sara.open(TO).status_code == 200


def test_who_leaves_is_asked_for_once_more_and_is_let_in_no_longer(
    dora: Visitor, ada: Visitor, desk: Desk
) -> None:
    path = page_of(desk, "ada")
    key = form_token(dora.open(path))
    assert dora.send(f"{path}/leave", csrf_token=key).status_code == 400
    assert ada.open("/board").status_code == 200
    assert dora.send(f"{path}/leave", csrf_token=key, sure="yes").status_code == 302
    assert ada.open("/board").status_code == 302
    assert dora.open(path).status_code == 404


def test_one_phone_is_one_persons(dora: Visitor, desk: Desk, cast: Cast) -> None:
    for sign_in, code in (("ada", 302), ("bruno", 409)):
        path = page_of(desk, sign_in)
        assert dora.send(path, **form(dora, path, phone="+390212345678")).status_code == code


def test_hostile_words_in_a_persons_fields_are_text(dora: Visitor, desk: Desk, cast: Cast) -> None:
    path = page_of(desk, "ada")
    for name in ("name", "roles", "level", "language", "topics", "phone", "shift_mon", "days_off", "seen"):
        answer = dora.send(path, **form(dora, path, **{name: f"{HOSTILE}\x00{'x' * 9000}"}))
        assert answer.status_code in (302, 400, 409), name
        assert "<script>alert" not in answer.text


def test_two_administrators_who_take_each_others_role_at_once_leave_one(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        dario = Agent(sign_in="dario", name="Dario", roles=["administrator"], languages=["it"])
        dario.created_at = work.now
        work.session.add(dario)
    both_begin = Barrier(2)

    def demote(name: str) -> bool:
        both_begin.wait(60)
        try:
            desk.do(
                lambda work: staffing.change(work, staffing.the_person(work, name), {"roles": ["agent"]}, "x")
            )
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(demote, ("dora", "dario"))) == [False, True]
    with desk.reading() as work:
        assert staffing.has_administrator(work)


# Tokens


def test_a_token_is_made_shown_once_and_shut_out(dora: Visitor, desk: Desk, cast: Cast) -> None:
    key = form_token(dora.open(TOKENS))
    shown = shown_once(dora.send(TOKENS, csrf_token=key, name="billing-sync", scopes=["read", "act"]).text)
    with desk.reading() as work:
        assert token.find(work.session, shown) is not None
    assert (last_line(desk).by, last_line(desk).facts["token"]) == ("agent:dora", "billing-sync")
    read = plain(dora.open(TOKENS).text)
    assert "billing-sync read, act today 12:10 never holds" in read
    assert shown not in read
    again = dora.send(TOKENS, csrf_token=key, name="billing-sync", scopes=["read"])
    assert "There is or was a token named billing-sync" in plain(again.text)
    dora.send(f"{TOKENS}/revoke", csrf_token=key, name="billing-sync")
    with desk.reading() as work:
        assert token.find(work.session, shown) is None
    assert last_line(desk).move == "token_revoked"


def test_a_token_without_name_or_scope_is_refused(dora: Visitor, cast: Cast) -> None:
    key = form_token(dora.open(TOKENS))
    for typed in ({"name": "x"}, {"name": HOSTILE, "scopes": "read"}, {"name": "", "scopes": "read"}):
        answer = dora.send(TOKENS, csrf_token=key, **typed)
        assert answer.status_code == 400
        assert "<script>alert" not in answer.text
    assert dora.send(f"{TOKENS}/revoke", csrf_token=key, name="nobody").status_code == 404


def test_administrators_alone_see_people_and_tokens(ada: Visitor, screens: Flask, desk: Desk) -> None:
    for path in (TO, TOKENS, page_of(desk, "ada")):
        assert ada.open(path).status_code == 403
    assert signed_in(screens, "sara").open(TO).status_code == 403


def test_a_sign_that_turns_a_sentence_round_is_named_in_it(dora: Visitor) -> None:
    page = dora.open("/setup/people/new")
    form = {"sign_in": "nina", "name": "Nina", "roles": "agent", "level": "1", "language": "it"}
    told = dora.send("/setup/people/new", csrf_token=form_token(page), **form, phone="\u202e12\n3")
    assert "“\\u202e12\\n3” cannot be rung" in told.text
