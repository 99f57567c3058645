"""Dora lays a file of subscriptions before the desk, looks it over, and takes it: all of it, or nothing."""

import base64
import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from callbacks import extension_code, journal, laid_file
from callbacks.csv_import import MOST_ROWS
from callbacks.laid_file import LaidFile
from callbacks.subscription import Subscription, by_company
from callbacks.work import Desk
from tests.people import Cast, Clock
from tests.screens import Visitor, hidden, token
from tests.setup import known
from tests.test_board import HOSTILE, plain

TO = "/setup/subscriptions/import"
HEAD = "company,plan,contract_speed,from,until,label\n"


def lay(dora: Visitor, text: str | bytes, name: str = "all.csv", **form: str) -> TestResponse:
    """Dora chooses the file and sends it."""
    content = text if isinstance(text, bytes) else text.encode()
    parts = {"csrf_token": token(dora.open(TO)), **form}
    begins = "--edge\r\nContent-Disposition: form-data; name="
    fields = [f'{begins}"{key}"\r\n\r\n{value}\r\n' for key, value in parts.items()]
    named = name.replace('"', "%22")
    head = f'{begins}"file"; filename="{named}"\r\n\r\n'
    body = "".join([*fields, head]).encode() + content + b"\r\n--edge--\r\n"
    return dora.client.post(TO, data=body, content_type="multipart/form-data; boundary=edge")


def take(dora: Visitor, page: TestResponse | None = None) -> TestResponse:
    """Dora takes what she has looked over."""
    page = page or dora.open(TO)
    return dora.send(f"{TO}/take", csrf_token=token(page), seen=hidden(page, "seen"))


def codes_in(page: TestResponse) -> list[dict[str, str]]:
    """The file of codes that the page carries."""
    found = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', page.text)
    assert found is not None
    return list(csv.DictReader(io.StringIO(base64.b64decode(found[1]).decode("utf-8-sig"))))


def count(desk: Desk) -> int:
    """How many subscriptions there are."""
    with desk.reading() as work:
        return work.session.scalar(select(func.count(Subscription.id))) or 0


def test_a_file_is_looked_over_before_anything_of_it_is_taken(dora: Visitor, desk: Desk, cast: Cast) -> None:
    assert (
        lay(dora, HEAD + "Nuova,premium,5000,2026-01-01,,Milan\nAltra,standard,,2026-01-01,,\n").status_code
        == 302
    )
    read = plain(dora.open(TO).text)
    assert "all.csv would do this 2 Added" in read.replace("Added 2", "2 Added")
    assert "Nuova Premium" in read
    assert count(desk) == 3


def test_its_codes_come_with_the_answer_and_never_again(dora: Visitor, desk: Desk, cast: Cast) -> None:
    lay(dora, HEAD + "Nuova,premium,5000,2026-01-01,,Milan\n")
    page = dora.open(TO)
    answer = take(dora, page)
    [given] = codes_in(answer)
    assert (given["company"], given["label"]) == ("Nuova", "Milan")
    assert "no-store" in answer.headers["Cache-Control"]
    with desk.reading() as work:
        assert extension_code.find(work, given["code"]) is not None
        assert work.session.scalar(select(LaidFile.id)) is None
    again = take(dora, page)
    assert again.status_code == 302
    assert "cannot be shown again" in plain(dora.open(TO).text)
    assert count(desk) == 4


def test_every_bad_row_is_named_with_its_line_and_the_mend(dora: Visitor, desk: Desk, cast: Cast) -> None:
    rows = (
        "One,gold,,2026-01-01,,",
        "Two,premium,,2026-02-30,,",
        "Two,premium,,2026-01-01,,,",
        ",premium,,2026-01-01,,",
    )
    answer = lay(dora, HEAD + "\n".join(rows))
    assert answer.status_code == 400
    read = plain(answer.text)
    for said in (
        "4 rows of all.csv cannot be taken", "line 2: plan: “gold” is not a plan; write standard or premium.",
        "line 3: from: 2026-02-30 is not a day of the calendar", "line 4: 7 cells for 6 columns",
        "line 5: company: Write the name of the company",
    ):  # fmt: skip
        assert said in read, said
    assert count(desk) == 3


def test_a_known_company_stands_in_the_way_until_the_file_may_change_it(
    dora: Visitor, desk: Desk, cast: Cast
) -> None:
    text = HEAD + "acme,standard,10000,2025-01-01,,\nBolt,standard,10000,2025-01-01,,\n"
    lay(dora, text)
    page = dora.open(TO)
    assert "line 2: company: acme has a subscription already" in plain(page.text)
    assert take(dora, page).status_code == 409
    lay(dora, text, updates="yes")
    read = plain(dora.open(TO).text)
    assert "Plan premium → standard" in read
    take(dora)
    with desk.reading() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        assert acme.plan == "standard"
        [changed] = [
            line for line in journal.lines(work.session, journal.DESK) if line.move == "subscription_changed"
        ]
    assert changed.facts == {"company": "Acme", "changed": {"plan": ["premium", "standard"]}}
    assert changed.by == "agent:dora"


def test_what_changed_since_the_look_is_shown_before_it_is_taken(
    dora: Visitor, desk: Desk, cast: Cast
) -> None:
    lay(dora, HEAD + "Acme,standard,10000,2025-01-01,,\n", updates="yes")
    page = dora.open(TO)
    with desk.work() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        acme.contract_speed = 77
    answer = take(dora, page)
    assert answer.status_code == 409
    assert "The desk has changed since you looked" in plain(answer.text)
    assert "77 → 10000" in plain(answer.text)
    assert take(dora, answer).status_code == 200


def test_a_file_is_put_away_and_nothing_of_it_taken(dora: Visitor, desk: Desk, cast: Cast) -> None:
    lay(dora, HEAD + "Nuova,premium,,2026-01-01,,\n")
    dora.send(f"{TO}/away", csrf_token=token(dora.open(TO)))
    assert "would do this" not in dora.open(TO).text
    assert count(desk) == 3


def test_a_file_left_lying_is_gone_the_day_after(dora: Visitor, desk: Desk, cast: Cast, clock: Clock) -> None:
    lay(dora, HEAD + "Nuova,premium,,2026-01-01,,\n")
    clock.forward(timedelta(days=1, minutes=1))
    desk.do(laid_file.forget_old)
    with desk.reading() as work:
        assert laid_file.of(work.session, known(desk, "dora")) is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", 400),
        (b"\x00\x01\xff\xfe", 400),
        ("Società,premium".encode("latin-1"), 400),
        (("\ufeff" + HEAD + "Città,premium,,2026-01-01,,\n").encode(), 302),
        ((HEAD + "Città,premium,,2026-01-01,,\n").encode("utf-16"), 302),
        (b"Company;Plan;From\r\nUno;premium;1/2/2026\r\n", 302),
        (b"Company\tPlan\tFrom\r\nUno\tpremium\t2026-02-01\r\n", 302),
        (b"PK\x03\x04" + b"\x00" * 100, 400),
    ],
)
def test_files_of_every_sort_are_read_or_refused_in_words(
    dora: Visitor, cast: Cast, content: bytes, code: int
) -> None:
    answer = lay(dora, content)
    assert answer.status_code == code
    if code == 400:
        assert 'role="alert"' in answer.text


def test_a_formula_is_text_on_the_page_and_in_the_codes(dora: Visitor, desk: Desk, cast: Cast) -> None:
    name = "=cmd|' /C calc'!A0"
    lay(dora, HEAD + f'"{name}",premium,,2026-01-01,,"{HOSTILE.replace(chr(34), "")}"\n', name=HOSTILE)
    page = dora.open(TO)
    if "would do this" not in page.text:  # the mark that turns text about is refused
        lay(dora, HEAD + f'"{name}",premium,,2026-01-01,,<script>alert(1)</script>\n', name=HOSTILE)
        page = dora.open(TO)
    answer = take(dora, page)
    assert "<script>alert" not in page.text + answer.text
    [given] = codes_in(answer)
    assert given["company"] == f"'{name}"


def test_what_is_larger_than_any_file_of_subscriptions_is_refused_unread(dora: Visitor, cast: Cast) -> None:
    assert lay(dora, b"x" * 6_000_000).status_code == 413
    small = dora.client.post("/sign-in", data={"name": "x" * 1_100_000})
    assert small.status_code == 413
    assert "Nothing of it was read" in small.text


def test_twenty_thousand_rows_are_looked_over_and_taken(dora: Visitor, desk: Desk, cast: Cast) -> None:
    rows = "".join(f"Company {n:05},premium,1000,2026-01-01,,front\n" for n in range(MOST_ROWS - 1))
    assert lay(dora, HEAD + rows).status_code == 302
    page = dora.open(TO)
    assert f"and {MOST_ROWS - 1 - 100} more" in plain(page.text)
    answer = take(dora, page)
    assert len(codes_in(answer)) == MOST_ROWS - 1
    assert count(desk) == MOST_ROWS + 2
