"""A program reads what a person at the desk would see, in the words of the contract."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.moves import Disposition
from callbacks.token import Scope
from callbacks.work import Desk
from tests.api import Program, ask, program
from tests.people import ACME_PHONE, Clock


@pytest.fixture
def crm(desk: Desk, screens: Flask) -> Program:
    """A program that may do everything."""
    return program(screens, desk)


def test_a_callback_is_told_as_the_contract_has_it(crm: Program, desk: Desk, clock: Clock) -> None:
    clock.set("2026-11-27 17:30")
    reference = ask(desk).reference
    answer = crm.ask(f"/callbacks/{reference}")
    assert answer.content_type == "application/json"
    assert answer.text == (
        f'{{"reference": "{reference}", "channel": "phone", "state": "waiting", "level": 1,'
        f' "company": "Acme", "topic": "delivery", "number": "{ACME_PHONE}", "language": "en",'
        ' "received_at": "2026-11-27T16:30:00Z", "wished_for": null,'
        ' "window": {"opens": "2026-11-30T09:30:00Z", "closes": "2026-11-30T11:30:00Z", "explained":'
        ' "received Fri 17:30; 30 min counted Fri 17:30-18:00; Sat, Sun closed;'
        ' 210 min counted Mon 09:00-12:30"},'
        ' "solve_by": "2026-11-30T16:30:00Z", "lateness": {"state": "early", "working_minutes": 0},'
        f' "message": {{"seconds": 23, "audio": "/api/v1/callbacks/{reference}/audio", "transcript": null}},'
        ' "agent": null, "dials": [], "first_rang_at": null, "first_reached_at": null, "disposition": null}'
    )


def test_the_way_to_the_window_is_explained_in_the_readers_language(crm: Program, desk: Desk) -> None:
    path = f"/callbacks/{ask(desk).reference}"
    explained = crm.ask(path, headers={"Accept-Language": "it"}).json["window"]["explained"]
    assert explained.startswith("ricevut")


def test_a_message_for_sales_carries_no_promise(crm: Program, desk: Desk) -> None:
    told = crm.ask(f"/callbacks/{ask(desk, kind=Kind.SALES).reference}").json
    assert (told["window"], told["solve_by"], told["lateness"]) == (None, None, None)


@pytest.mark.parametrize(
    ("at", "judged"),
    [
        ("15:09", {"state": "early", "working_minutes": 0}),
        ("15:10", {"state": "due", "working_minutes": 0}),
        ("16:40", {"state": "at_risk", "working_minutes": 0}),
        ("17:10", {"state": "at_risk", "working_minutes": 0}),
        ("17:40", {"state": "late", "working_minutes": 30}),
    ],
)
def test_an_unrung_promise_is_judged_by_the_moment(
    crm: Program, desk: Desk, clock: Clock, at: str, judged: object
) -> None:
    reference = ask(desk).reference
    clock.set(f"2026-11-23 {at}")
    assert crm.ask(f"/callbacks/{reference}").json["lateness"] == judged


def test_a_promise_that_was_closed_late_without_a_ring_stays_broken_and_grows_no_later(
    crm: Program, desk: Desk, clock: Clock
) -> None:
    reference = ask(desk).reference
    clock.set("2026-11-23 17:40")
    assert crm.act(reference, "wrap-up", disposition="withdrawn").json["disposition"] == "withdrawn"
    clock.set("2026-11-25 12:00")
    assert crm.ask(f"/callbacks/{reference}").json["lateness"] == {"state": "broken", "working_minutes": 30}


def test_what_the_caller_withdrew_in_time_was_neither_kept_nor_broken(crm: Program, desk: Desk) -> None:
    reference = ask(desk).reference
    crm.act(reference, "wrap-up", disposition="withdrawn")
    assert crm.ask(f"/callbacks/{reference}").json["lateness"] is None


def test_the_journal_is_told_line_by_line_with_what_its_chain_was_made_of(crm: Program, desk: Desk) -> None:
    callback = ask(desk)
    crm.act(callback.reference, "note", text="prefers mornings")
    told = crm.ask(f"/callbacks/{callback.reference}/journal").json
    assert told["subject"] == callback.subject
    assert [line["move"] for line in told["lines"]] == ["received", "message_joined", "told_caller", "noted"]
    note = told["lines"][-1]
    assert (note["by"], note["erased"]) == ("token:crm", False)
    assert note["personal"] == {"text": "prefers mornings"}
    assert [line["previous"] for line in told["lines"][1:]] == [line["digest"] for line in told["lines"][:-1]]


# --- searching ---


def references(crm: Program, **query: object) -> list[str]:
    """Those found, page by page, two on each."""
    found: list[str] = []
    query = {"limit": 2, **query}
    while True:
        page = crm.ask("/callbacks", query_string=query).json
        found += [one["reference"] for one in page["callbacks"]]
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


@pytest.fixture
def many(desk: Desk, clock: Clock) -> list[Callback]:
    """Seven requests, ten minutes apart, from Monday morning on."""
    made = []
    clock.set("2026-11-23 09:30")
    for number in range(7):
        made.append(ask(desk, company="Acme" if number % 2 else "Bolt", sid=f"CA{number}"))
        clock.forward(timedelta(minutes=10))
    return made


def test_every_callback_is_found_once_in_the_order_received(crm: Program, many: list[Callback]) -> None:
    assert references(crm) == [callback.reference for callback in many]


def test_what_arrives_while_a_reader_turns_the_pages_comes_behind(
    crm: Program, many: list[Callback], desk: Desk
) -> None:
    first = crm.ask("/callbacks", query_string={"limit": 3}).json
    newest = ask(desk, sid="CAx").reference
    rest = references(crm, cursor=first["next"])
    assert [one["reference"] for one in first["callbacks"]] == [one.reference for one in many[:3]]
    assert rest == [*(one.reference for one in many[3:]), newest]


def test_filters_narrow_together(crm: Program, many: list[Callback]) -> None:
    crm.act(many[1].reference, "assign", agent="ada")
    crm.act(many[2].reference, "assign", agent="ada")
    assert references(crm, company="Acme") == [one.reference for one in many[1::2]]
    assert references(crm, agent="ada") == [many[1].reference, many[2].reference]
    assert references(crm, agent="ada", company="Acme") == [many[1].reference]
    assert references(crm, state="assigned") == [many[1].reference, many[2].reference]
    assert len(references(crm, state=["assigned", "waiting"])) == 7
    assert references(crm, agent="nobody") == references(crm, company="Nowhere") == []
    assert references(crm, received_after="2026-11-23T10:10:00+01:00") == [one.reference for one in many[5:]]


def test_the_database_judges_lateness_as_the_core_does_of_each(
    crm: Program, desk: Desk, clock: Clock, many: list[Callback]
) -> None:
    clock.set("2026-11-23 13:00")
    crm.act(many[0].reference, "rang", result="busy")
    clock.set("2026-11-23 15:00")
    crm.act(many[1].reference, "rang", result="answered")
    crm.act(many[2].reference, "wrap-up", disposition="withdrawn")
    crm.act(ask(desk, sid="CAx").reference, "wrap-up", disposition="withdrawn")
    ask(desk, kind=Kind.SALES, sid="CAy")
    for at in ("23 15:00", "23 15:10", "23 17:00", "24 11:00", "25 11:00"):
        clock.set(f"2026-11-{at}")
        everything = crm.ask("/callbacks").json["callbacks"]
        for state in ("early", "due", "at_risk", "late", "kept", "broken"):
            fit = [one["reference"] for one in everything if (one["lateness"] or {}).get("state") == state]
            assert references(crm, lateness=state) == fit, (at, state)
    assert references(crm, lateness=["kept", "broken"]) == [one.reference for one in many[:3]]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("state=open", "state must be one of waiting"),
        ("lateness=", "lateness must be one of early"),
        ("lateness_state=late", "lateness_state is not known; did you mean lateness?"),
        ("limit=0", "whole number from 1 to 200"),
        ("limit=%D9%A3", "whole number from 1 to 200"),
        ("limit=5&limit=6", "limit may be given only once"),
        ("received_after=yesterday", "like 2026-11-27T16:30:00Z"),
        ("received_after=2026-11-27T16:30:00", "with its zone"),
        ("received_after=0001-01-01T00:00:00%2B10:00", "no moment of any calendar"),
        ("cursor=abc", "is no cursor"),
        ("company=%00", "cannot be kept"),
        ("agent=" + "a" * 81, "must have 1 to 80 characters"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_by_name(crm: Program, query: str, says: str) -> None:
    answer = crm.ask(f"/callbacks?{query}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert says in answer.json["detail"]


def test_several_faults_are_named_at_once(crm: Program) -> None:
    answer = crm.ask("/callbacks?state=open&limit=x&colour=red")
    assert [fault["name"] for fault in answer.json["errors"]] == ["colour", "limit", "state"]


def test_a_plus_that_a_form_made_a_blank_is_understood(crm: Program, many: list[Callback]) -> None:
    assert crm.ask("/callbacks?received_after=2026-11-23T10:10:00+01:00").status_code == 200


# --- sound ---


def test_a_message_still_on_its_way_says_so(crm: Program, desk: Desk) -> None:
    answer = crm.ask(f"/callbacks/{ask(desk).reference}/audio")
    assert answer.status_code == 404
    assert "still on its way" in answer.json["detail"]


def test_a_message_is_heard_whole_and_in_part(crm: Program, desk: Desk, screens: Flask) -> None:
    callback = ask(desk)
    sound = bytes(range(200))
    folder = screens.extensions["console"].place.media_url.removeprefix("file://")
    keep_sound(desk, callback, folder, sound)
    path = f"/callbacks/{callback.reference}/audio"
    whole = crm.ask(path)
    assert (whole.status_code, whole.data, whole.headers["Accept-Ranges"]) == (200, sound, "bytes")
    part = crm.ask(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, sound[10:20])
    beyond = crm.ask(path, headers={"Range": "bytes=500-"})
    assert (beyond.status_code, beyond.content_type) == (416, "application/problem+json")
    assert crm.ask(f"{path}?part=1").data == sound
    assert crm.ask(f"{path}?part=2").status_code == 404


def keep_sound(desk: Desk, callback: Callback, folder: str, sound: bytes) -> None:
    """As the worker does when it has fetched the recording."""
    Path(folder).mkdir(parents=True)
    (Path(folder) / "one.wav").write_bytes(sound)
    with desk.work() as work:
        held = work.held(Callback, callback.id)
        assert held is not None
        held.messages[0].stored(work.now, "one.wav", "audio/wav", len(sound), "0" * 64)


def test_a_program_that_may_only_read_changes_nothing(screens: Flask, desk: Desk) -> None:
    reader = program(screens, desk, "reader", Scope.READ)
    reference = ask(desk).reference
    answer = reader.act(reference, "wrap-up", disposition=Disposition.SOLVED.value)
    assert answer.status_code == 403
    assert "act" in answer.json["detail"]
    assert reader.ask(f"/callbacks/{reference}").json["state"] == "waiting"
