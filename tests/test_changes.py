"""Every change of people, codes and settings is told: who, when, from where, from what to what."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import callbacks
import worker
from callbacks import journal, policy_book, seal, staffing, token
from callbacks.changes import AT_ONCE, COMES_AND_GOES
from callbacks.journal import Entry
from callbacks.retention import erase_personal
from callbacks.token import Scope
from callbacks.work import Desk
from console.catalogue import Catalogue, offered
from console.setup.said_lines import SaidLines
from console.setup.said_values import SaidValues
from tests.people import POLICY_FILE, Clock
from tests.screens import Visitor, hidden, signed_in
from tests.test_commands import run

HOSTILE = '<script>alert("x")</script>\u202e=cmd()'


def newest(desk: Desk) -> Entry:
    """The last line of the desk's own journal."""
    with desk.reading() as work:
        return journal.lines(work.session, journal.DESK)[-1]


def body(entry: Entry) -> dict[str, Any]:
    """What it says of people."""
    assert entry.personal is not None
    return entry.personal.body


@pytest.fixture
def dora(screens: Flask) -> Visitor:
    """Dora, who administers, signed in."""
    return signed_in(screens, "dora")


def write(desk: Desk, *facts: dict[str, Any], move: str = "agent_changed", by: str = "agent:dora") -> None:
    """Lines as a change leaves them."""
    with desk.work() as work:
        for each in facts:
            journal.write(work, journal.DESK, move, by, facts=each)


def test_a_change_on_the_command_line_says_so_with_old_and_new(screens: Flask, desk: Desk) -> None:
    run(screens, "agent", "change", "ada", "--level", "2", "--name", "Ada Rossi", "--phone", "+390212340009")
    line = newest(desk)
    assert (line.move, line.by) == ("agent_changed", "administrator")
    assert line.facts == {"agent": "ada", "changed": {"level": [1, 2]}}
    assert body(line) == {
        "address": "command line",
        "changed": {"name": ["Ada", "Ada Rossi"], "phone": [None, "+390212340009"]},
    }


@pytest.mark.parametrize(
    ("words", "move"),
    [
        (("agent", "add", "carla", "--name", "Carla"), "agent_added"),
        (("agent", "password", "ada"), "agent_password"),
        (("agent", "leave", "bruno"), "agent_left"),
        (("subscription", "rotate", "Acme"), "code_rotated"),
        (("subscription", "suspend", "Acme"), "subscription_suspended"),
        (("token", "add", "crm", "--scope", "read"), "token_made"),
    ],
)
def test_every_act_on_the_command_line_is_told_with_its_place(
    screens: Flask, desk: Desk, words: tuple[str, ...], move: str
) -> None:
    assert run(screens, *words).exit_code == 0
    line = newest(desk)
    assert (line.move, body(line)["address"]) == (move, "command line")


def test_a_change_by_a_page_says_from_which_address(screens: Flask, desk: Desk, ada: Visitor) -> None:
    ada.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    ada.send("/presence", csrf_token=hidden(ada.open("/account"), "csrf_token"), presence="busy")
    line = newest(desk)
    assert (line.move, line.by, body(line)["address"]) == ("presence", "agent:ada", "198.51.100.7")


def test_no_secret_stands_in_the_journal(screens: Flask, desk: Desk) -> None:
    secrets = [
        run(screens, "agent", "add", "carla", "--name", "Carla").output.split("password: ")[1].strip(),
        run(screens, "agent", "password", "ada").output.split("password: ")[1].strip(),
        run(screens, "subscription", "rotate", "Acme").output.split(": ")[1].split()[0],
        run(screens, "token", "add", "crm", "--scope", "read").output.strip().splitlines()[0],
    ]
    with desk.reading() as work:
        kept = str(
            [
                (line.facts, line.personal and line.personal.body)
                for line in journal.lines(work.session, "desk")
            ]
        )
    assert all(len(each) > 5 for each in secrets)
    assert not [each for each in secrets if each in kept]


def test_the_page_tells_a_change_with_who_where_old_and_new(screens: Flask, dora: Visitor) -> None:
    run(screens, "agent", "change", "ada", "--level", "2", "--role", "agent", "--role", "supervisor")
    run(screens, "agent", "change", "bruno", "--shift", "mon-tue 09:00-13:00", "--shift", "wed 10:00-12:00")
    page = dora.open("/setup/journal").text
    assert "Mon Tue 09:00–13:00; Wed 10:00–12:00" in page
    for said in (
        "The administrator",
        "changed Ada",
        "on the command line",
        "agent, supervisor",
        "today 12:10",
    ):
        assert said in page


def test_signing_in_is_left_out_until_it_is_asked_for(dora: Visitor) -> None:
    assert "<bdi>signed in</bdi>" not in dora.open("/setup/journal").text
    assert "<bdi>signed in</bdi>" in dora.open("/setup/journal?subject=sign_ins").text


def test_changes_are_sieved_by_subject_and_by_person(screens: Flask, desk: Desk, dora: Visitor) -> None:
    run(screens, "subscription", "suspend", "Acme")
    run(screens, "agent", "change", "ada", "--level", "2")
    write(desk, {"agent": "bruno", "changed": {"level": [2, 1]}})
    write(desk, {"why": "winter"}, move="policy_changed")
    told = {
        query: [name in dora.open(f"/setup/journal?{query}").text for name in
                ("suspended Acme", "changed Ada", "changed Bruno", "changed the policy")]
        for query in ("", "subject=people", "subject=subscriptions", "subject=settings", "person=agent:ada",
                      "person=agent:dora", "person=administrator", "subject=nonsense", "person=%00x")
    }  # fmt: skip
    assert told == {
        "": [True] * 4,
        "subject=people": [False, True, True, False],
        "subject=subscriptions": [True, False, False, False],
        "subject=settings": [False, False, False, True],
        "person=agent:ada": [False, True, False, False],
        "person=agent:dora": [False, False, True, True],
        "person=administrator": [True, True, False, False],
        "subject=nonsense": [True] * 4,
        "person=%00x": [False] * 4,
    }


def test_older_changes_are_a_page_further_and_none_is_shown_twice_or_lost(desk: Desk, dora: Visitor) -> None:
    write(desk, *({"agent": f"number-{n}-"} for n in range(AT_ONCE + 7)))
    first = dora.open("/setup/journal?subject=people").text
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = dora.open(older).text
    shown = [[f"number-{n}-" in page for n in range(AT_ONCE + 7)] for page in (first, second)]
    assert sum(shown[0]) == AT_ONCE
    assert [one != other for one, other in zip(*shown, strict=True)] == [True] * (AT_ONCE + 7)
    assert 'rel="next"' not in second


@pytest.mark.parametrize("before", ["-1", "x", "9" * 40, "²", ""])
def test_a_page_number_that_is_none_begins_at_the_newest(dora: Visitor, screens: Flask, before: str) -> None:
    run(screens, "agent", "change", "ada", "--level", "2")
    assert "changed Ada" in dora.open(f"/setup/journal?before={before}").text


@pytest.mark.parametrize(
    "facts",
    [
        {"agent": HOSTILE, "changed": {HOSTILE: [HOSTILE, HOSTILE]}, "why": HOSTILE, HOSTILE: HOSTILE},
        {"changed": [HOSTILE, "+ " + HOSTILE]},
        {"changed": {"level": [1], "x": "y" * 9_000}},
        {"changed": None, "agent": None, "shifts": {"mon": [["09:00", "13:00"]]}},
        {"changed": 7, "agent": ["a", {"b": 1}]},
        {"company": "x" * 10_000},
        {"changed": {"shifts": [{}, {"mon": [], "tue": ["x"], "wed": [["09:00"]], "thu": 5}]}},
    ],
)
def test_whatever_a_line_holds_is_shown_as_text(desk: Desk, dora: Visitor, facts: dict[str, Any]) -> None:
    write(desk, facts, move="agent_changed")
    write(desk, facts, move="something_new", by=HOSTILE)
    page = dora.open("/setup/journal?subject=all")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert len(page.text) < 60_000


def test_what_was_erased_is_said_to_be_erased_and_the_chain_still_holds(
    screens: Flask, desk: Desk, clock: Clock
) -> None:
    run(screens, "agent", "change", "ada", "--phone", "+390212340009")
    clock.forward(desk.policy.retention.personal + timedelta(days=1))
    with desk.work() as work:
        erase_personal(work)
        assert seal.faults(work.session) == []
    page = signed_in(screens, "dora").open("/setup/journal").text
    assert "from where is no longer kept" in page
    assert "+390212340009" not in page


def test_the_page_is_in_italian_for_who_reads_italian(screens: Flask, desk: Desk) -> None:
    with desk.work() as work:
        staffing.change(work, staffing.the_person(work, "dora"), {"languages": ["it"]}, "administrator")
    assert "ha cambiato Dora" in signed_in(screens, "dora").open("/setup/journal").text


def test_values_are_said_in_the_readers_language(screens: Flask, desk: Desk) -> None:
    run(screens, "agent", "change", "dora", "--language", "it")
    run(screens, "agent", "change", "bruno", "--shift", "mon-tue 09:00-13:00", "--role", "supervisor")
    write(desk, {"company": "Acme", "changed": {"suspended": [False, True], "ends_on": ["2027-01-31", None]}},
          {"company": "Acme", "label": "", "grace": "1 day, 2:00:00"}, move="code_rotated")  # fmt: skip
    page = signed_in(screens, "dora").open("/setup/journal").text
    for said in ("lun mar 09:00–13:00", "supervisore", "sì", "31 gen 2027", "1 giorno 2 ore", "Italiano"):
        assert f">{said}<" in page or f"{said}</bdi>" in page, said
    assert [word for word in ("mon", "true", "supervisor", "1 day") if f">{word}<" in page] == []


@pytest.mark.parametrize("language", offered())
def test_every_line_of_the_policy_is_told_in_words(language: str) -> None:
    closure = 'name = "Estate"\nfrom = 2027-08-09\nuntil = 2027-08-20\nhours = ["14:00-18:00"]\nrule = "R"'
    text = (
        POLICY_FILE.read_text()
        + f"\n[[office.closures]]\n{closure}\n[[office.openings]]\ndate = 2027-08-09\n"
    )
    words = Catalogue.of(language)
    said = SaidLines(SaidValues(words, {})).said(policy_book.difference("", text))
    assert len(said) > 80
    assert [
        line
        for line in said
        if set('="[]{}') & set(line) or re.search(r"true|false|\b\d+[dhms]\b|_at|_a_", line)
    ] == []
    names = [piece for line in said for piece in line[2:].split(": ")[0].split(" · ")[:2]]
    assert [name for name in names if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name)] == [
        "prepaid_hours", "full_service", "delivery_plus"
    ]  # fmt: skip


def test_what_came_stands_out_from_what_went(desk: Desk, dora: Visitor) -> None:
    lines = ['- [promise] window = "2h"', '+ [promise] window = "3h"']
    write(desk, {"version": 2, "changed": lines}, move="policy_changed")
    page = dora.open("/setup/journal").text
    assert '<span class="new">+ Targets · The window stays open for: 3 hours</span>' in page
    assert "<span>- Targets · The window stays open for: 2 hours</span>" in page


def test_a_length_a_list_and_a_week_are_told_as_people_say_them() -> None:
    said = SaidLines(SaidValues(Catalogue.of("it"), {"delivery": "invio"}))
    assert said.said(['- [office.hours] mon = ["09:00-13:00"]', "+ [promise] window = \"1h30m\"",
                      "+ [numbers] ]", "+ [call] item_without_message = false", "+ not = a [line"]) == [
        "- La settimana · Lunedì: 09:00-13:00", "+ Obiettivi · La finestra resta aperta per: 1 ora 30 minuti",
        "+ La chiamata · Occuparsi di chi ha dato il codice e ha riagganciato: no", "+ not = a [line",
    ]  # fmt: skip


@pytest.mark.parametrize("language", offered())
def test_every_move_of_the_desk_has_its_sentence(language: str) -> None:
    places = [*Path(callbacks.__file__).parent.glob("*.py"), *Path(worker.__file__).parent.glob("*.py")]
    written = [re.findall(r'journal\.DESK, "(\w+)"', path.read_text()) for path in places]
    moves = {*COMES_AND_GOES, *(move for each in written for move in each)}
    assert len(moves) > 12
    assert [move for move in sorted(moves) if not Catalogue.of(language).knows(f"change.{move}")] == []


def test_nobody_takes_the_last_administrator_away(screens: Flask, desk: Desk) -> None:
    for words in (("change", "dora", "--role", "agent"), ("leave", "dora")):
        told = run(screens, "agent", *words)
        assert (told.exit_code, told.stderr.count("Dora is the only administrator")) == (1, 1)
    run(screens, "agent", "change", "sara", "--role", "supervisor", "--role", "administrator")
    assert run(screens, "agent", "leave", "dora").exit_code == 0


def test_a_role_taken_away_is_gone_at_once(screens: Flask, desk: Desk) -> None:
    with desk.work() as work:
        staffing.change(
            work, staffing.the_person(work, "sara"), {"roles": ["administrator"]}, "administrator"
        )
    dora = signed_in(screens, "dora")
    assert dora.open("/setup/journal").status_code == 200
    run(screens, "agent", "change", "dora", "--role", "agent")
    assert dora.open("/setup/journal").location.startswith("/sign-in")
    assert signed_in(screens, "dora").open("/setup/journal").status_code == 403


def test_a_token_made_or_ended_by_a_page_is_the_persons_act(desk: Desk) -> None:
    with desk.work() as work:
        token.make(work, "crm", [Scope.READ], "agent:dora")
        token.revoke(work, "crm", "agent:dora")
        assert [line.by for line in journal.lines(work.session, "desk")] == ["agent:dora"] * 2
