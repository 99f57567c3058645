"""A spreadsheet of companies: what is taken from it, and how every bad row is named."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks import csv_import
from callbacks.csv_import import read
from callbacks.errors import ImportRefused
from callbacks.subscription import Plan
from callbacks.terms import Terms
from callbacks.work import Desk
from tests.people import shipped_policy


def terms_of(text: str | bytes) -> list[Terms]:
    """What is read from a file."""
    content = text if isinstance(text, bytes) else text.encode()
    return [row.terms for row in read(content, shipped_policy())]


def faults_of(text: str | bytes) -> tuple[str, ...]:
    """Why a file is refused; empty where it is not."""
    try:
        terms_of(text)
    except ImportRefused as refusal:
        return refusal.faults
    return ()


def test_a_row_says_what_a_company_bought() -> None:
    [acme] = terms_of(
        "company,plan,contract_speed,from,until,state,languages,contacts,label\n"
        'Acme,Premium,"10,000",2026-01-01,2026-12-31,suspended,"it, en","Ada Rossi, 02 1234 5678|Bo",Milan\n'
    )
    assert acme == Terms(
        "Acme", Plan.PREMIUM, date(2026, 1, 1), date(2026, 12, 31), 10_000,
        suspended=True, languages=["it", "en"],
        contacts=[
            {"name": "Ada Rossi", "phone": "+390212345678", "email": ""},
            {"name": "Bo", "phone": "", "email": ""},
        ],
        label="Milan",
    )  # fmt: skip


def test_an_italian_spreadsheet_is_read_with_its_mark_semicolons_and_dates() -> None:
    columns = "\ufeffCompany;Plan;Contract speed;From;Until\r\n"
    [city] = terms_of(f"{columns}Città;premium;10.000;1/2/2026;31/12/2026\r\n")
    assert city.company == "Città"
    assert city.contract_speed == 10_000
    assert (city.starts_on, city.ends_on) == (date(2026, 2, 1), date(2026, 12, 31))
    assert city.languages == ["en"]


def test_with_commas_a_date_that_might_be_american_is_not_guessed() -> None:
    [fault] = faults_of("company,plan,from\nAcme,premium,01/02/2026\n")
    assert fault == "line 2: from: '01/02/2026' is not a date; write it like 2026-12-31"


def test_every_bad_row_is_named_with_its_line_and_the_mend() -> None:
    faults = faults_of(
        "company,plan,contract_speed,from,until,state,languages,contacts\n"
        "Acme,gold,0,2026-13-01,,idle,de,\n"
        '"Two\nlines",premium,,2026-01-01,2025-01-01,,,\n'
        "\n"
        ",premium,,2026-01-01,,,,\n"
        'Bolt,premium,,2026-01-01,,,,"Ada, nonsense"\n'
        "Bolt,premium,,2026-01-01,,,,\n"
        "BOLT,premium,,2026-01-01,,,,\n"
        "Cora,premium,,2026-01-01,,,,,,\n"
        "Dora,premium\n"
    )
    assert list(faults) == [
        "line 2: plan: 'gold' is not a plan; write standard or premium",
        "line 2: contract_speed: '0' is not a number of e-mails an hour; write it like 10000",
        "line 2: from: 2026-13-01 is not a day of the calendar; write one like 2026-12-31",
        "line 2: state: 'idle' is not a state; write active or suspended",
        "line 2: languages: 'de' is not spoken on the line; write en or it",
        "line 3: until: 2025-01-01 is before from, 2026-01-01; write a later day",
        'line 6: company: is empty; write the name of the company, like "Acme"',
        "line 7: contacts: 'nonsense' is neither a phone number nor an e-mail address; mend or omit it",
        "line 9: company: BOLT is on line 8 too; leave one of them out",
        "line 10: 10 cells for 8 columns; put what has a , between quotes",
        "line 11: from: '' is not a date; write it like 2026-12-31",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1: no rows; write one company a line below the columns' names"),
        ("company,plan,from\n", "line 1: no rows; write one company a line below the columns' names"),
        ("company,plans,from\nA,premium,2026-01-01\n", "line 1: 'plans' is not a column; did you mean plan?"),
        ("company,from\nA,2026-01-01\n", "line 1: the column plan is missing; add it"),
        ("company,plan,from,plan\n", "line 1: the column plan is there twice; leave one out"),
        (b"company,plan,from\nCitt\xe0,premium,2026-01-01\n", "line 2: not UTF-8; save it as CSV UTF-8"),
        ('company,plan,from\n"A,premium,2026-01-01\n', "line 2: cannot be read (unexpected end of data)"),
        ("company,plan,from\nA\0B,premium,2026-01-01\n", "line 2: company: 'A\\x00B' has signs that"),
        ("company,plan,from\n" + "x" * 200_000, "line 2: cannot be read (field larger than"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_spreadsheet_is_refused(text: str | bytes, fault: str) -> None:
    assert faults_of(text)[0].startswith(fault)


def test_a_file_without_end_is_refused() -> None:
    many = "company,plan,from\n" + "".join(f"C{n},premium,2026-01-01\n" for n in range(20_001))
    assert "line 20001: more than 20,000 lines; split the file" in faults_of(many)


def test_a_thousand_companies_are_taken_in_one_go(desk: Desk) -> None:
    many = "company,plan,from,label\n" + "".join(f"C{n},premium,2026-01-01,L{n}\n" for n in range(1000))
    rows = read(many.encode(), desk.policy)
    done = desk.do(lambda work: csv_import.take(work, rows, "sara"))
    assert len({given.code for given in done.codes}) == 1000
    assert (done.codes[7].company, done.codes[7].label) == ("C7", "L7")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_no_file_is_more_than_refused(content: bytes) -> None:
    faults_of(content)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=9))
def test_no_row_is_more_than_refused(cells: list[str]) -> None:
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    columns = "company,plan,contract_speed,from,until,state,languages,contacts,label"
    assert all(
        fault.startswith("line ") for fault in faults_of(f"{columns}\n{quoted}\n".encode("utf-8", "ignore"))
    )
