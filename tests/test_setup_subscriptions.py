"""Dora, the administrator, at the subscriptions: found, taken up, changed, suspended; codes shown once."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select

from callbacks import extension_code, guard, journal, subscribers, subscribing
from callbacks.agent import by_sign_in
from callbacks.call import held
from callbacks.extension_code import ExtensionCode
from callbacks.subscription import Subscription, by_company
from callbacks.work import Desk
from tests.people import Cast, Clock
from tests.screens import Visitor, ask, hidden, token
from tests.setup import last_line, shown_once
from tests.test_board import HOSTILE, plain

LIST = "/setup/subscriptions"


def page_of(desk: Desk, company: str = "Acme") -> str:
    """The address of a company's subscription."""
    with desk.reading() as work:
        found = by_company(work.session, company)
        assert found is not None
        return f"{LIST}/{found.id}"


def code_path(desk: Desk, company: str = "Acme") -> str:
    """The address of its oldest code."""
    with desk.reading() as work:
        found = by_company(work.session, company)
        assert found is not None
        of_company = select(ExtensionCode.id).where(ExtensionCode.subscription_id == found.id)
        return f"{LIST}/{found.id}/codes/{work.session.scalar(of_company.limit(1))}"


def form(page: str, **typed: str) -> dict[str, str]:
    """The terms as a form sends them."""
    return {
        "csrf_token": page, "company": "Acme", "plan": "premium", "contract_speed": "10000",
        "from": "2025-01-01", "until": "", "language": "en", "contacts": "", **typed,
    }  # fmt: skip


def change(dora: Visitor, path: str, seen: str = "", **typed: str):  # type: ignore[no-untyped-def]
    """Open the page, type, save; `seen` is the mark of a page that was opened before."""
    page = dora.open(path)
    return dora.send(path, **form(token(page), **typed), seen=seen or hidden(page, "seen"))


def opens(desk: Desk, code: str) -> bool:
    """Whether this code opens the line now."""
    with desk.reading() as work:
        return extension_code.find(work, code) is not None


# The list


def test_dora_sees_who_may_call_and_how_it_stands(dora: Visitor, cast: Cast) -> None:
    read = plain(dora.open(LIST).text)
    for fact in (
        "3 subscriptions",
        "Acme Premium active",
        "Bolt Standard active",
        "Late &amp; Co. Premium over",
    ):
        assert fact in read, fact


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?q=ACM", ["Acme"]),
        ("?q=co+late", ["Late &amp; Co."]),
        ("?state=ended", ["Late &amp; Co."]),
        ("?plan=standard", ["Bolt"]),
        ("?state=suspended", []),
        ("?state=nonsense&plan=%00&page=-1", ["Acme", "Bolt", "Late &amp; Co."]),
        ("?page=99999999999999999999", ["Acme", "Bolt", "Late &amp; Co."]),
    ],
)
def test_the_list_is_searched_and_filtered(dora: Visitor, cast: Cast, asked: str, found: list[str]) -> None:
    assert re.findall(r"<bdi>(.*?)</bdi>", dora.open(LIST + asked).text) == found


def test_a_company_is_found_without_its_accents(dora: Visitor, desk: Desk, cast: Cast) -> None:
    change(dora, page_of(desk), company="Città Ünï")
    assert "Città Ünï" in dora.open(f"{LIST}?q=citta+uni").text


def test_twenty_thousand_are_turned_page_by_page(
    dora: Visitor, desk: Desk, cast: Cast, statements: list[str]
) -> None:
    with desk.work() as work:
        row = {"plan": "premium", "starts_on": subscribing.today(work), "languages": ["en"], "contacts": []}
        rows = [{**row, "company": f"Company {n:05}", "created_at": work.now} for n in range(20_000)]
        work.session.execute(insert(Subscription), rows)
    statements.clear()
    page = dora.open(f"{LIST}?page=400")
    assert "page 400 of 401" in plain(page.text)
    assert page.text.count("<bdi>") == 50
    assert len(statements) < 15
    assert re.findall(r"<bdi>(.*?)</bdi>", dora.open(f"{LIST}?q=company+19999").text) == ["Company 19999"]


def test_nobody_but_an_administrator_sets_up(ada: Visitor, sara: Visitor, desk: Desk, cast: Cast) -> None:
    for visitor in (ada, sara):
        assert visitor.open(LIST).status_code == 403
        assert (
            visitor.send(f"{page_of(desk)}/suspend", csrf_token=token(visitor.open("/board"))).status_code
            == 403
        )


# One subscription


def test_what_is_changed_is_kept_and_written_down_old_and_new(dora: Visitor, desk: Desk, cast: Cast) -> None:
    saved = change(
        dora, page_of(desk), plan="standard", until="2027-12-31", contacts="Ada Rossi, ada@acme.example"
    )
    assert saved.status_code == 302
    with desk.reading() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        assert (acme.plan, str(acme.ends_on), acme.contacts[0]["name"]) == (
            "standard",
            "2027-12-31",
            "Ada Rossi",
        )
    line = last_line(desk)
    assert (line.move, line.by) == ("subscription_changed", "agent:dora")
    assert line.facts["changed"] == {"plan": ["premium", "standard"], "until": ["", "2027-12-31"]}
    assert line.personal is not None
    assert line.personal.body["address"] == "127.0.0.1"
    assert line.personal.body["changed"]["contacts"][1].startswith("Ada Rossi")


def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    dora: Visitor, desk: Desk, cast: Cast
) -> None:
    answer = change(
        dora,
        page_of(desk),
        company="",
        contract_speed="fast",
        until="2020-01-01",
        contacts="Ada, 12\nBea, x@y.zz",
    )
    assert answer.status_code == 400
    read = plain(answer.text)
    for said in (
        "Write the name of the company", "“fast” is not a number of e-mails an hour",
        "The last day, 2020-01-01, is before the first", "“12” is neither a phone number nor an e-mail",
        "Ada, 12 Bea, x@y.zz",
    ):  # fmt: skip
        assert said in read, said


def test_who_was_first_is_named_and_both_texts_are_there(
    dora: Visitor, desk: Desk, cast: Cast, clock: Clock
) -> None:
    path = page_of(desk)
    seen = hidden(dora.open(path), "seen")
    assert change(dora, path, contract_speed="777").status_code == 302
    answer = change(dora, path, seen, contract_speed="888", company="Acme")
    assert answer.status_code == 409
    read = plain(answer.text)
    assert "Dora changed this at 12:10, while you were typing." in read
    assert 'value="888"' in answer.text
    assert "Now stands: 777" in read
    again = dora.send(path, **form(token(answer), contract_speed="888"), seen=hidden(answer, "seen"))
    assert again.status_code == 302


def test_a_name_that_another_has_is_refused(dora: Visitor, desk: Desk, cast: Cast) -> None:
    answer = change(dora, page_of(desk), company="BOLT")
    assert answer.status_code == 409
    assert "Bolt has a subscription already" in plain(answer.text)


def test_hostile_words_in_every_field_are_shown_as_text(dora: Visitor, desk: Desk, cast: Cast) -> None:
    path = page_of(desk)
    for name in ("company", "plan", "contract_speed", "from", "until", "language", "contacts", "seen"):
        for words in (HOSTILE, f"=cmd()\x00{'x' * 10_000}"):
            page = dora.open(path)
            sent = {**form(token(page)), "seen": hidden(page, "seen"), name: words}
            answer = dora.send(path, **sent)
            assert answer.status_code in (302, 400, 409), (name, words)
            assert "<script>alert" not in answer.text + dora.open(path).text
    assert "<script>alert" not in dora.open(f"{LIST}?q={HOSTILE}").text


def test_a_suspended_company_is_lapsed_until_it_is_resumed(dora: Visitor, desk: Desk, cast: Cast) -> None:
    path = page_of(desk)
    page = dora.open(path)
    assert dora.send(f"{path}/suspend", csrf_token=token(page)).status_code == 302
    assert "Suspended since today 12:10" in plain(dora.open(path).text)
    assert dora.send(f"{path}/suspend", csrf_token=token(page)).status_code == 409
    assert dora.send(f"{path}/resume", csrf_token=token(page)).status_code == 302
    assert last_line(desk).move == "subscription_resumed"


def test_what_is_not_there_is_not_found(dora: Visitor, desk: Desk, cast: Cast) -> None:
    key = token(dora.open(LIST))
    for path in (f"{LIST}/999", f"{LIST}/99999999999999999999", f"{LIST}/1/codes/2/replace", f"{LIST}/x"):
        answer = dora.open(path) if "codes" not in path else dora.send(path, csrf_token=key)
        assert answer.status_code == 404, path


def test_its_last_requests_stand_on_its_page(dora: Visitor, desk: Desk, cast: Cast) -> None:
    callback = ask(desk)
    assert callback.reference in dora.open(page_of(desk)).text


def test_all_its_requests_are_one_link_away(dora: Visitor, desk: Desk, cast: Cast, clock: Clock) -> None:
    references = []
    for number in range(7):
        clock.forward(timedelta(seconds=1))
        references.append(ask(desk, number=f"+39021234770{number}").reference)
    page = dora.open(page_of(desk)).text
    assert [each in page for each in references] == [False] * 2 + [True] * 5
    assert "All 7 requests" in page
    whole = dora.open(f"{page_of(desk)}?requests=all").text
    assert all(each in whole for each in references)
    assert "All 7 requests" not in whole
    assert "/requests/" not in whole  # she sees references alone
    assert "/lateness" not in whole


def test_who_supervises_too_goes_on_to_the_requests_and_to_what_was_late(
    dora: Visitor, desk: Desk, cast: Cast
) -> None:
    with desk.work() as work:
        person = by_sign_in(work.session, "dora")
        assert person is not None
        person.roles = ["administrator", "supervisor"]
    callback = ask(desk)
    page = dora.open(page_of(desk)).text
    assert f"/requests/{callback.reference}" in page
    assert "/lateness?company=Acme" in page
    assert dora.open("/lateness?company=Acme").status_code == 200


# Codes


def test_a_new_company_gets_its_code_on_the_page_that_answers(dora: Visitor, desk: Desk, cast: Cast) -> None:
    page = dora.open(f"{LIST}/new")
    answer = dora.send(f"{LIST}/new", **form(token(page), company="Nuova", label="Milan"))
    code = shown_once(answer.text)
    assert opens(desk, code)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Nuova · Milan" in plain(answer.text)
    assert code not in dora.open(page_of(desk, "Nuova")).text
    again = dora.send(f"{LIST}/new", **form(token(page), company="Nuova", label="Milan"))
    assert again.status_code == 400
    assert "Nuova has a subscription already" in plain(again.text)


def test_a_code_is_replaced_and_a_form_sent_twice_makes_one(dora: Visitor, desk: Desk, cast: Cast) -> None:
    path, key = code_path(desk), token(dora.open(page_of(desk)))
    code = shown_once(dora.send(f"{path}/replace", csrf_token=key, grace="0").text)
    assert opens(desk, code)
    assert not opens(desk, cast.acme_code)
    again = dora.send(f"{path}/replace", csrf_token=key, grace="0")
    assert again.status_code == 302
    assert opens(desk, code)
    assert "replaced or ended already" in plain(dora.open(page_of(desk)).text)


def test_with_a_grace_the_old_code_opens_a_while_longer(
    dora: Visitor, desk: Desk, cast: Cast, clock: Clock
) -> None:
    dora.send(f"{code_path(desk)}/replace", csrf_token=token(dora.open(page_of(desk))), grace="24h")
    assert opens(desk, cast.acme_code)
    assert "opens until tomorrow 12:10" in plain(dora.open(page_of(desk)).text)
    clock.set("2026-11-24 12:11")
    assert not opens(desk, cast.acme_code)


def test_a_code_is_ended_without_another(dora: Visitor, desk: Desk, cast: Cast) -> None:
    dora.send(f"{code_path(desk)}/revoke", csrf_token=token(dora.open(page_of(desk))))
    assert not opens(desk, cast.acme_code)
    assert last_line(desk).move == "code_revoked"
    assert "No code opens the line for this company." in plain(dora.open(page_of(desk)).text)


def test_one_more_code_needs_a_label_of_its_own(dora: Visitor, desk: Desk, cast: Cast) -> None:
    path, key = page_of(desk), token(dora.open(page_of(desk)))
    code = shown_once(dora.send(f"{path}/codes", csrf_token=key, label="Milan").text)
    assert opens(desk, code)
    assert opens(desk, cast.acme_code)
    for label, said in (
        ("Milan", "has a code labelled “Milan”"),
        (" ", "Say by a label"),
        ("x" * 300, "at most 120"),
    ):
        assert dora.send(f"{path}/codes", csrf_token=key, label=label).status_code == 302
        assert said in plain(dora.open(path).text)


def test_no_code_is_in_the_journal_or_in_an_address(dora: Visitor, desk: Desk, cast: Cast) -> None:
    key = token(dora.open(page_of(desk)))
    answer = dora.send(f"{code_path(desk)}/replace", csrf_token=key, grace="0")
    code = shown_once(answer.text)
    assert answer.text.count(code) == 1
    with desk.reading() as work:
        for line in journal.lines(work.session, journal.DESK):
            assert code not in str(line.facts) + str(line.personal and line.personal.body)


def test_last_use_and_wrong_tries_are_counted_from_the_calls(dora: Visitor, desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        call = held(work, "CA1", "+390212344587", "+18889624587")
        work.session.flush()
        for typed, right in (("111222", False), (cast.acme_code, True)):
            guard.note(work, call, extension_code.digest_of(work.code_key, typed), right=right)
        found = extension_code.find(work, cast.acme_code)
        assert found is not None
        found.used(work.now)
    read = plain(dora.open(page_of(desk)).text)
    assert "last used today 12:10" in read
    assert "1 wrong try in its calls" in read


def test_whoever_still_keys_an_ended_code_is_counted(dora: Visitor, desk: Desk, cast: Cast) -> None:
    dora.send(f"{code_path(desk)}/replace", csrf_token=token(dora.open(page_of(desk))), grace="0")
    with desk.work() as work:
        call = held(work, "CA1", "+390212344587", "+18889624587")
        work.session.flush()
        for _ in range(2):
            guard.note(work, call, extension_code.digest_of(work.code_key, cast.acme_code), right=False)
    assert "keyed 2 times since" in plain(dora.open(page_of(desk)).text)


def test_a_form_without_its_token_is_refused(dora: Visitor, desk: Desk, cast: Cast) -> None:
    for path in (
        page_of(desk),
        f"{page_of(desk)}/suspend",
        f"{page_of(desk)}/codes",
        f"{code_path(desk)}/replace",
    ):
        assert dora.send(path, label="x").status_code == 400
    assert opens(desk, cast.acme_code)


def test_in_italian_a_fault_is_said_in_italian(screens: Flask, dora: Visitor, desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        person = by_sign_in(work.session, "dora")
        assert person is not None
        person.languages = ["it"]
    answer = change(dora, page_of(desk), contract_speed="veloce")
    assert "«veloce» non è un numero di e-mail all&#39;ora" in answer.text


def test_one_code_is_suspended_and_taken_up_again(dora: Visitor, desk: Desk, cast: Cast) -> None:
    path, one = page_of(desk), code_path(desk)
    page = dora.open(path)
    assert dora.send(f"{one}/suspend", csrf_token=token(page)).status_code == 302
    assert not opens(desk, cast.acme_code)
    assert (last_line(desk).move, last_line(desk).by) == ("code_suspended", "agent:dora")
    assert "suspended today 12:10" in plain(dora.open(path).text)
    again = dora.send(f"{one}/suspend", csrf_token=token(page))
    assert "This code is suspended already." in dora.open(again.location).text
    dora.send(f"{one}/resume", csrf_token=token(page))
    assert opens(desk, cast.acme_code)
    assert last_line(desk).move == "code_resumed"
    dora.send(f"{one}/resume", csrf_token=token(page))
    assert "This code is not suspended." in dora.open(path).text


def test_a_code_that_ended_is_not_taken_up_again(dora: Visitor, desk: Desk, cast: Cast) -> None:
    page, one = dora.open(page_of(desk)), code_path(desk)
    dora.send(f"{one}/suspend", csrf_token=token(page))
    dora.send(f"{one}/revoke", csrf_token=token(page))
    dora.send(f"{one}/resume", csrf_token=token(page))
    assert not opens(desk, cast.acme_code)
    assert last_line(desk).move == "code_revoked"


def test_a_suspended_code_is_no_code_that_opens_the_line(dora: Visitor, desk: Desk, cast: Cast) -> None:
    dora.send(f"{code_path(desk)}/suspend", csrf_token=token(dora.open(page_of(desk))))
    with desk.reading() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        found = subscribers.look(work, subscribers.Wanted(words="acme"))
        assert found.codes.get(acme.id, 0) == 0
