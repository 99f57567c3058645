"""Sara looks at what was late, and at the figures; what the pages say is what was counted."""

import csv
import io
import json
import re

import pytest
from flask import Flask

from callbacks.callback import Callback
from callbacks.subscription import by_company
from callbacks.work import Desk
from console.figures import figures_page
from tests.api import ask
from tests.people import Clock
from tests.screens import Visitor, signed_in
from tests.test_statement import ada as the_agent
from tests.test_statement import do


@pytest.fixture
def week(desk: Desk, clock: Clock, screens: Flask) -> list[Callback]:
    """One kept by Ada, one rung half an hour late, one nobody has rung yet; Monday 18:00."""
    asked = [ask(desk, sid=f"CA{n}", company="Bolt" if n == 1 else "Acme") for n in range(3)]
    do(desk, asked[0], lambda work, it: it.assign(work, the_agent(work), "agent:ada"))
    clock.set("2026-11-23 15:00")
    do(desk, asked[0], lambda work, it: it.rang(work, "agent:ada", "answered"))
    clock.set("2026-11-23 17:40")
    do(desk, asked[1], lambda work, it: it.rang(work, "agent:bruno", "busy"))
    clock.set("2026-11-23 18:00")
    return asked


def read_sheet(visitor: Visitor, path: str) -> list[dict[str, str]]:
    """A sheet as a program reads it back."""
    answer = visitor.open(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def seen(page: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_lateness_says_by_how_much_why_and_where_its_journal_is(week: list[Callback], sara: Visitor) -> None:
    page = sara.open("/lateness").text
    words = seen(page)
    assert "2 late or broken" in words.replace("late or broken 2", "2 late or broken")
    assert "30 min" in words
    assert "50 min" in words
    assert "No agent had it" in words
    assert "not rung yet" in words
    assert f"/requests/{week[1].reference}#journal" in page
    assert week[0].reference not in page


def test_filters_stand_in_the_address_and_leave_out_the_others(week: list[Callback], sara: Visitor) -> None:
    for query, shown in {
        "company=Bolt": [1], "company=Acme": [2], "agent=bruno": [1], "agent=ada": [], "level=2": [],
        "topic=delivery": [1, 2], "topic=nothing": [], "cause=no_agent": [1, 2], "cause=carrier": [],
        "period=today": [1, 2], "period=own&first=2026-11-01&last=2026-11-22": [], "target=solve": [],
        "company=Bolt&agent=bruno&level=1": [1], "company=Nobody": [], "company=%00": [],
        "agent=%F0%9F%98%80": [],
    }.items():  # fmt: skip
        answer = sara.open(f"/lateness?{query}")
        assert answer.status_code == 200
        found = [n for n, each in enumerate(week) if each.reference in answer.text]
        assert found == shown, query
        rows = read_sheet(sara, f"/lateness.csv?{query}")
        assert {row["reference"] for row in rows} == {week[n].reference for n in shown}


@pytest.mark.parametrize("path", ["/lateness", "/figures", "/lateness.csv", "/figures/days.csv"])
def test_an_address_may_be_filled_with_anything(week: list[Callback], sara: Visitor, path: str) -> None:
    for query in (
        "period=own&first=x&last=", "period=own&first=2026-11-30&last=2026-11-01", "period=never", "page=-1",
        "period=own&first=0001-01-01&last=9999-12-31", "page=9999999999999", "page=%D9%A1", "level=3",
        "cause=%3Cscript%3E", "target=%00", "topic=%3Cscript%3Ealert(1)%3C/script%3E",
        "company=" + "x" * 10_000, "agent='%20or%201=1",
    ):  # fmt: skip
        answer = sara.open(f"{path}?{query}")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def test_pages_of_rows_follow_each_other(
    desk: Desk, clock: Clock, week: list[Callback], sara: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.figures import lateness_page

    monkeypatch.setattr(lateness_page, "SHOWN", 1)
    first, second = sara.open("/lateness?page=1").text, sara.open("/lateness?page=2").text
    assert "page=2" in first
    assert [each.reference in first + second for each in week] == [False, True, True]
    assert [each.reference in first for each in week] != [each.reference in second for each in week]
    assert sara.open("/lateness?page=7").text.count("<tr") == second.count("<tr")


def test_the_figures_say_what_was_counted(week: list[Callback], sara: Visitor) -> None:
    page = sara.open("/figures?period=today").text
    words = seen(page)
    assert "Promises kept 33.3 %" in words
    assert "1 of 3" in words
    drawn = re.search(r'<script type="application/json" id="numbers">(.*?)</script>', page)
    assert drawn
    facts = json.loads(drawn[1])
    assert (facts["kept"], facts["broken"], facts["arrived"]) == ([1], [2], [3])
    assert facts["median"] == [110]
    assert facts["most"] == [270]


def test_of_many_agents_and_companies_the_page_lists_the_first_and_counts_the_rest(
    week: list[Callback], sara: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures_page, "AGENTS", 1)
    monkeypatch.setattr(figures_page, "COMPANIES", 1)
    words = seen(sara.open("/figures?period=today").text)
    assert "and 2 more; the sheet has them all" in words
    assert "and one more; the sheet has it too" in words
    assert len(read_sheet(sara, "/figures/agents.csv?period=today")) == 3


def test_every_table_has_its_sheet(week: list[Callback], sara: Visitor) -> None:
    (day,) = read_sheet(sara, "/figures/days.csv?period=today")
    names = ("promised", "kept", "late", "broken", "kept_percent", "rang_50")
    assert [day[name] for name in names] == ["3", "1", "1", "1", "33.33", "110"]
    agents = {row["agent"]: row for row in read_sheet(sara, "/figures/agents.csv")}
    assert (agents["ada"]["kept"], agents["bruno"]["broken"], agents[""]["late"]) == ("1", "1", "1")
    assert agents["bruno"]["late_working_minutes"] == "30"
    companies = {row["company"]: row["promised"] for row in read_sheet(sara, "/figures/companies.csv")}
    assert companies == {"Acme": "2", "Bolt": "1"}
    assert companies == {
        row["company"]: row["promised"] for row in read_sheet(sara, "/figures/companies.csv?level=1")
    }
    monday = next(row for row in read_sheet(sara, "/figures/hours.csv") if row["weekday"] == "mon")
    assert monday["12"] == "3"
    assert [row["level"] for row in read_sheet(sara, "/figures/levels.csv")] == ["1"]
    assert sara.open("/figures/passwords.csv").status_code == 404


def test_a_company_that_is_a_formula_or_a_script_is_text(
    desk: Desk, week: list[Callback], sara: Visitor
) -> None:
    name = "=HYPERLINK(\"http://x\");=1+1 <script>alert('1')</script>"
    with desk.work() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        acme.company = name
    for path in ("/lateness", "/figures"):
        assert "<script>alert" not in sara.open(path).text
    for path in ("/lateness.csv", "/figures/companies.csv"):
        assert "'" + name.replace(";=", ";'=") in {row["company"] for row in read_sheet(sara, path)}


def test_only_a_supervisor_looks_at_figures(week: list[Callback], ada: Visitor, sara: Visitor) -> None:
    for path in ("/lateness", "/figures", "/lateness.csv", "/figures/days.csv"):
        assert ada.open(path).status_code == 403
        assert sara.open(path).status_code == 200


def test_in_italian_and_on_an_empty_desk(desk: Desk, screens: Flask) -> None:
    with desk.work() as work:
        from callbacks.agent import by_sign_in

        sara = by_sign_in(work.session, "sara")
        assert sara is not None
        sara.languages = ["it"]
    visitor = signed_in(screens, "sara")
    assert "Ogni promessa è stata mantenuta." in visitor.open("/lateness").text
    assert "In questi giorni non è arrivato nulla." in visitor.open("/figures").text
