"""Who may call: companies, what they are owed on a day, and the administrator's verbs about them."""

import csv
import json
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import cast as as_type

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from callbacks import extension_code, journal, subscribing
from callbacks.errors import NotFound, Refused
from callbacks.extension_code import ExtensionCode
from callbacks.subscription import Entitlement, Plan, Subscription, by_company
from callbacks.terms import Terms
from callbacks.work import Desk
from console import verbs
from console.passwords import Passwords
from console.room import Place, Room
from tests.people import Cast, Clock

ACME = Terms("Acme", Plan.PREMIUM, date(2026, 1, 1), label="front desk")


def run(desk: Desk, *words: str) -> Result:
    """The administrator types `script/desk subscription …`."""
    app = Flask("desk")
    verbs.register(app, Room(desk, as_type(Place, None), as_type(Passwords, None), lambda _engine: True))
    return app.test_cli_runner().invoke(args=["subscription", *words])


def opens(desk: Desk, code: str) -> str | None:
    """The company that this code lets in now."""
    with desk.reading() as work:
        found = extension_code.find(work, code)
        return found.subscription.company if found else None


# What a company is owed


@pytest.mark.parametrize(
    ("plan", "today", "suspended", "owed"),
    [
        (Plan.PREMIUM, "2026-11-23", False, Entitlement.PREMIUM),
        (Plan.STANDARD, "2026-11-23", False, Entitlement.STANDARD),
        (Plan.PREMIUM, "2026-01-01", False, Entitlement.PREMIUM),
        (Plan.PREMIUM, "2025-12-31", False, Entitlement.LAPSED),
        (Plan.PREMIUM, "2026-12-31", False, Entitlement.PREMIUM),
        (Plan.PREMIUM, "2027-01-01", False, Entitlement.LAPSED),
        (Plan.STANDARD, "2027-01-01", False, Entitlement.LAPSED),
        (Plan.PREMIUM, "2026-11-23", True, Entitlement.LAPSED),
    ],
)
def test_a_company_is_owed_what_its_plan_says_from_its_first_day_to_its_last(
    desk: Desk, plan: Plan, today: str, suspended: bool, owed: Entitlement
) -> None:
    terms = Terms("Acme", plan, date(2026, 1, 1), date(2026, 12, 31), suspended=suspended)
    with desk.work() as work:
        assert subscribing.take_up(work, terms).entitlement(date.fromisoformat(today)) is owed


def test_today_is_the_offices_day_even_when_it_is_still_yesterday_in_utc(desk: Desk, clock: Clock) -> None:
    clock.set("2026-11-24 00:30")
    with desk.reading() as work:
        assert subscribing.today(work) == date(2026, 11, 24)


# Taking up, rotating, suspending


def test_a_new_company_has_one_code_that_opens_the_line(desk: Desk) -> None:
    given = desk.do(lambda work: subscribing.add(work, ACME, "sara"))
    assert (given.company, given.label) == ("Acme", "front desk")
    assert opens(desk, given.code) == "Acme"
    assert given.code not in repr(given)


def test_a_company_is_taken_up_once_however_it_is_capitalised(desk: Desk, cast: Cast) -> None:
    terms = Terms("ACME", Plan.PREMIUM, date(2026, 1, 1))
    with pytest.raises(Refused, match="Acme has a subscription already"):
        desk.do(lambda work: subscribing.add(work, terms, "sara"))
    accented = Terms("Città Ünï", Plan.PREMIUM, date(2026, 1, 1))
    desk.do(lambda work: subscribing.add(work, accented, "sara"))
    with pytest.raises(Refused):
        desk.do(
            lambda work: subscribing.add(work, Terms("CITTÀ ÜNÏ", Plan.PREMIUM, date(2026, 1, 1)), "sara")
        )


def test_after_rotation_the_old_code_is_dead_at_once(desk: Desk, cast: Cast) -> None:
    given = desk.do(lambda work: subscribing.rotate(work, "Acme", "sara"))
    assert given.label == "front desk"
    assert opens(desk, given.code) == "Acme"
    assert opens(desk, cast.acme_code) is None


def test_with_a_grace_the_old_code_opens_until_it_is_over(desk: Desk, cast: Cast, clock: Clock) -> None:
    given = desk.do(lambda work: subscribing.rotate(work, "Acme", "sara", grace=timedelta(hours=24)))
    clock.forward(timedelta(hours=23, minutes=59))
    assert opens(desk, cast.acme_code) == opens(desk, given.code) == "Acme"
    clock.forward(timedelta(minutes=1))
    assert opens(desk, cast.acme_code) is None
    assert opens(desk, given.code) == "Acme"


def test_rotating_again_never_lengthens_the_grace_of_an_older_code(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    desk.do(lambda work: subscribing.rotate(work, "Acme", "sara", grace=timedelta(hours=1)))
    desk.do(
        lambda work: subscribing.rotate(work, "Acme", "sara", label="front desk", grace=timedelta(days=9))
    )
    clock.forward(timedelta(hours=2))
    assert opens(desk, cast.acme_code) is None


def test_a_company_with_several_codes_says_which_is_to_be_rotated(desk: Desk, cast: Cast) -> None:
    milan = desk.do(lambda work: subscribing.one_more(work, "Acme", "sara", "Milan"))
    assert opens(desk, milan.code) == opens(desk, cast.acme_code) == "Acme"
    with pytest.raises(Refused, match="Acme has 2 codes; say which by its label: 'Milan', 'front desk'"):
        desk.do(lambda work: subscribing.rotate(work, "Acme", "sara"))
    with pytest.raises(Refused, match="Acme has no code labelled 'Rome'"):
        desk.do(lambda work: subscribing.rotate(work, "Acme", "sara", label="Rome"))
    with pytest.raises(Refused, match="Acme has a code labelled 'Milan'"):
        desk.do(lambda work: subscribing.one_more(work, "Acme", "sara", "Milan"))
    desk.do(lambda work: subscribing.rotate(work, "Acme", "sara", label="Milan"))
    assert opens(desk, milan.code) is None
    assert opens(desk, cast.acme_code) == "Acme"


def test_a_name_mistyped_is_answered_with_the_one_that_was_meant(desk: Desk, cast: Cast) -> None:
    with pytest.raises(NotFound, match=r"no subscription of 'Acmee'; did you mean Acme\?"):
        desk.do(lambda work: subscribing.rotate(work, "Acmee", "sara"))


def test_what_is_done_to_subscriptions_is_in_the_journal_without_a_code(desk: Desk, cast: Cast) -> None:
    given = desk.do(lambda work: subscribing.rotate(work, "Acme", "sara", grace=timedelta(hours=1)))
    desk.do(lambda work: subscribing.suspend(work, "Bolt", "sara"))
    with desk.reading() as work:
        lines = journal.lines(work.session, journal.DESK)
        assert [(line.move, line.by, line.facts["company"]) for line in lines] == [
            ("code_rotated", "sara", "Acme"), ("subscription_suspended", "sara", "Bolt"),
        ]  # fmt: skip
        assert given.code not in str([line.facts for line in lines])


# The administrator's verbs


def test_an_administrator_takes_up_a_company_and_reads_its_code_once(desk: Desk) -> None:
    done = run(
        desk, "add", "Acme", "--speed", "10.000", "--until", "2027-12-31",
        "--language", "it", "--language", "en",
        "--contact", "Ada Rossi, 02 1234 5678, ada@acme.example", "--label", "Milan", "--digits", "8",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    code = done.output.splitlines()[0].removeprefix("Acme (Milan): ")
    assert len(code) == 8
    assert opens(desk, code) == "Acme"
    [listed] = json.loads(run(desk, "list", "--json").output)
    assert listed["contract_speed"] == 10_000
    assert (listed["from"], listed["until"], listed["languages"]) == (
        "2026-11-23",
        "2027-12-31",
        ["it", "en"],
    )
    assert listed["contacts"] == [
        {"name": "Ada Rossi", "phone": "+390212345678", "email": "ada@acme.example"}
    ]
    assert [each["label"] for each in listed["codes"]] == ["Milan"]
    assert code not in json.dumps(listed)


def test_the_list_says_what_everybody_is_owed_today(desk: Desk, cast: Cast) -> None:
    lines = run(desk, "list").output.splitlines()
    assert [line.split("  ")[0].strip() for line in lines] == ["Acme", "Bolt", "Late & Co."]
    assert "owed premium" in lines[0]
    assert "owed standard" in lines[1]
    assert "owed lapsed" in lines[2]


def test_what_is_refused_is_one_line_and_exit_code_1(desk: Desk, cast: Cast) -> None:
    for words, said in [
        (["add", "Acme"], "Acme has a subscription already"),
        (["add", "New", "--from", "tomorrow"], "from: 'tomorrow' is not a date"),
        (["add", "New", "--until", "2026-02-30"], "until: 2026-02-30 is not a day of the calendar"),
        (["add", "New", "--until", "2020-01-01"], "until: 2020-01-01 is before from"),
        (["add", "New", "--language", "de"], "languages: 'de' is not spoken on the line; write en or it"),
        (["add", "New", "--contact", "Ada, 12"], "contacts: '12' is neither a phone number nor an e-mail"),
        (["add", "New", "--speed", "fast"], "contract_speed: 'fast' is not a number of e-mails an hour"),
        (["add", "  "], "company: is empty"),
        (["add", "x" * 300], "company: has 300 characters; write at most 200"),
        (["rotate", "Nobody"], "no subscription of 'Nobody'"),
        (["suspend", "Nobody"], "no subscription of 'Nobody'"),
        (["suspend", "Acme", "--lift"], "Acme is not suspended"),
    ]:
        done = run(desk, *words)
        assert done.exit_code == 1, words
        assert done.output.startswith(said), done.output
        assert done.output.count("\n") == 1


def test_what_is_misused_is_exit_code_2(desk: Desk) -> None:
    for words in (
        ["add"],
        ["add", "Acme", "--plan", "gold"],
        ["add", "Acme", "--digits", "3"],
        ["rotate", "Acme", "--grace", "a while"],
        ["import", "/nowhere.csv"],
        ["frobnicate"],
    ):
        assert run(desk, *words).exit_code == 2, words


def test_a_suspended_company_is_lapsed_until_it_is_lifted(desk: Desk, cast: Cast) -> None:
    assert run(desk, "suspend", "acme").output == "Acme is suspended\n"
    with desk.reading() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        assert acme.entitlement(subscribing.today(work)) is Entitlement.LAPSED
    assert run(desk, "suspend", "Acme").exit_code == 1
    assert run(desk, "suspend", "Acme", "--lift").output == "Acme is active again\n"
    with desk.reading() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        assert acme.entitlement(subscribing.today(work)) is Entitlement.PREMIUM


def test_a_code_is_rotated_from_the_command_line(desk: Desk, cast: Cast) -> None:
    [given] = json.loads(run(desk, "rotate", "acme", "--grace", "7d", "--json").output)
    assert given["company"] == "Acme"
    assert opens(desk, given["code"]) == opens(desk, cast.acme_code) == "Acme"
    more = run(desk, "code", "Acme", "--label", "Milan").output.splitlines()[0].removeprefix("Acme (Milan): ")
    assert opens(desk, more) == "Acme"


def test_a_spreadsheet_is_imported_and_its_codes_are_for_their_owner_alone(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "all.csv").write_text(
        "company,plan,contract_speed,from,until,state,languages,contacts,label\n"
        'Acme,premium,10000,2026-01-01,,active,en it,"Ada Rossi, +390212345678, ada@acme.example",front\n'
        "Bolt,standard,,2026-01-01,2026-12-31,,,,\n"
    )
    codes = tmp_path / "codes.csv"
    done = run(desk, "import", str(tmp_path / "all.csv"), "--codes-out", str(codes))
    assert done.exit_code == 0, done.output
    assert done.output == f"2 added, 0 changed; their codes are in {codes}\n"
    assert stat.S_IMODE(codes.stat().st_mode) == 0o600
    rows = list(csv.DictReader(codes.read_text().splitlines()))
    assert [(row["company"], row["label"]) for row in rows] == [("Acme", "front"), ("Bolt", "")]
    assert [opens(desk, row["code"]) for row in rows] == ["Acme", "Bolt"]


def test_of_a_spreadsheet_with_a_bad_row_nothing_is_taken(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text("company,plan,from\nAcme,premium,2026-01-01\nBolt,gold,2026-01-01\n")
    done = run(desk, "import", str(tmp_path / "all.csv"), "--codes-out", str(tmp_path / "codes.csv"))
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "all.csv line 3: plan: 'gold' is not a plan; write standard or premium",
        "nothing of the file was taken",
    ]
    assert not (tmp_path / "codes.csv").exists()
    with desk.reading() as work:
        assert work.session.scalar(select(func.count(Subscription.id))) == 0


def test_a_file_that_is_there_is_never_written_over_with_codes(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text("company,plan,from\nAcme,premium,2026-01-01\n")
    (tmp_path / "codes.csv").write_text("precious")
    done = run(desk, "import", str(tmp_path / "all.csv"), "--codes-out", str(tmp_path / "codes.csv"))
    assert done.exit_code == 1
    assert "File exists; nothing of the file was taken" in done.output
    assert (tmp_path / "codes.csv").read_text() == "precious"
    with desk.reading() as work:
        assert work.session.scalar(select(func.count(ExtensionCode.id))) == 0


def test_an_import_done_twice_is_refused_unless_it_is_to_update(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    file.write_text("company,plan,from\nAcme,premium,2026-01-01\nBolt,standard,2026-01-01\n")
    [acme, _] = json.loads(run(desk, "import", str(file), "--json").output)["codes"]
    again = run(desk, "import", str(file))
    assert again.exit_code == 1
    assert "all.csv line 2: company: Acme has a subscription; leave it out, or update" in again.output
    file.write_text("company,plan,from\nACME,standard,2026-01-01\nNew,premium,2026-01-01\n")
    done = json.loads(run(desk, "import", str(file), "--update", "--json").output)
    assert (done["added"], done["changed"]) == (["New"], ["Acme"])
    assert [each["company"] for each in done["codes"]] == ["New"]
    assert opens(desk, acme["code"]) == "Acme"
    with desk.reading() as work:
        changed = by_company(work.session, "Acme")
        assert changed is not None
        assert changed.plan == Plan.STANDARD


def test_one_code_is_suspended_from_the_command_line(desk: Desk, cast: Cast) -> None:
    milan = run(desk, "code", "Acme", "--label", "Milan").output.split(": ")[1].split()[0]
    assert "is suspended" in run(desk, "suspend", "acme", "--label", "Milan").output
    assert opens(desk, milan) is None
    assert opens(desk, cast.acme_code) == "Acme"
    again = run(desk, "suspend", "Acme", "--label", "Milan")
    assert (again.exit_code, "suspended already" in again.output + again.stderr) == (1, True)
    unknown = run(desk, "suspend", "Acme", "--label", "Rome")
    assert unknown.exit_code == 1
    assert "its labels: 'Milan', 'front desk'" in unknown.output + unknown.stderr
    assert "again" in run(desk, "suspend", "Acme", "--label", "Milan", "--lift").output
    assert opens(desk, milan) == "Acme"
