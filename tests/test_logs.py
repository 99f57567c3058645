"""A log never holds a code, a token or a whole phone number, whoever wrote the line."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

import logs
from callbacks.database import open_engine
from callbacks.work import Desk
from tests.desk import AUTH_TOKEN, Served, phone_app
from tests.people import ACME_PHONE
from tests.phone import Phone

SID = "CA0123456789abcdef0123456789abcdef"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the log holds; logging is as it was afterwards."""
    root, hook = logging.getLogger(), sys.excepthook
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("json", "debug", stream)
    yield stream
    root.handlers, root.level = before, level
    sys.excepthook = hook
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
def gone(desk: Desk) -> Iterator[Desk]:
    """The same desk while its database is away."""
    engine = open_engine("sqlite:////nowhere/at/all/desk.sqlite3")
    yield replace(desk, engine=engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("rang +390212344587 now", "rang …4587 now"),
        ("rang +39 02 1234 4587 now", "rang …4587 now"),
        ("rang (02) 1234-4587 now", "rang (…4587 now"),
        ("rang 02.1234.4587 now", "rang …4587 now"),
        ("rang 02/12344587", "rang …4587"),
        ("tel:+18889624587", "tel:…4587"),
        ("From=%2B390212344587&To=x", "From=…4587&To=x"),
        ("From390212344587x", "From…4587x"),
        ("٠٢١٢٣٤٤٥٨٧", "…٤٥٨٧"),
        ("Digits=482913&To=x", "Digits=hidden&To=x"),
        ("{'Digits': '482913', 'x': 1}", "{'Digits': hidden, 'x': 1}"),
        ("MultiDict([('Digits', '4829'), ('x', '1')])", "MultiDict([('Digits', hidden), ('x', '1')])"),
        ('{"extension_code": "4829"}', '{"extension_code": hidden}'),
        ("extension code 482913 refused", "extension code hidden refused"),
        ("the code is 482913.", "the code is hidden."),
        ("code 4 8 2 9 1 3", "code hidden"),
        ("heard 4, 8, 2, 9, 1, 3 and #", "heard hidden and #"),
        ("SpeechResult=four+eight+two&a=1", "SpeechResult=hidden&a=1"),
        ("Authorization: Bearer abc.def", "Authorization: hidden"),
        ("sent Basic QUMxMjM6dG9rZW4=", "sent hidden"),
        ("password: hunter2", "password: hidden"),
        ("auth_token='0a1b2c'", "auth_token=hidden"),
        ("0123456789abcdef0123456789abcdef", "hidden"),
        ("postgresql://desk:pw@db/desk", "postgresql://hidden@db/desk"),
        (
            "bad\n[SQL: SELECT]\n[parameters: ('482913', 7)]\n(Background",
            "bad\n[SQL: SELECT]\n[parameters hidden]\n(Background",
        ),
        ("\x1b[31mred\x00", "\\x1b[31mred\\x00"),
    ],
)
def test_what_must_not_be_kept_is_not(said: str, kept: str) -> None:
    assert logs.redacted(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "callback 482913 of Acme is late since 2026-11-27T16:30:00.123456Z",
        "closes 2026-11-27 16:30:00 in Europe/Rome",
        f"call {SID} began",
        "127.0.0.1:5050 and 192.168.100.200",
        "exit code 1, error code 11200",
        "entry 3f2a9912-3456-4789-8abc-def012345678",
        "web ended; starting it again in 0.25 s on port 5000",
        '"POST /ivr/turn/3 HTTP/1.1" 200 [23/Nov/2026 12:53:15]',
    ],
)
def test_what_a_supervisor_needs_stays_readable(said: str) -> None:
    assert logs.redacted(said) == said


def test_named_secrets_are_hidden_at_any_depth(lines: io.StringIO) -> None:
    form = {"Digits": "4829", "From": "+390212344587", "inner": [{"token": "abc"}, ("+390212344587",)]}
    structlog.get_logger("desk").info(
        "turn", form=form, code="4829", status_code=200, ids=[7], whole=390212344587
    )
    line = json.loads(lines.getvalue())
    assert line["form"] == {"Digits": "hidden", "From": "…4587", "inner": [{"token": "hidden"}, ["…4587"]]}
    assert (line["code"], line["status_code"], line["ids"], line["whole"]) == ("hidden", 200, [7], "…4587")


def test_the_libraries_lines_go_the_same_way(lines: io.StringIO) -> None:
    logging.getLogger("sqlalchemy.engine").warning("bound %s", {"digits": "4829", "n": "+390212344587"})
    assert json.loads(lines.getvalue())["event"] == "bound {'digits': hidden, 'n': '…4587'}"


def test_an_exception_keeps_its_place_and_loses_its_secrets(lines: io.StringIO) -> None:
    class Odd(Exception):
        def __str__(self) -> str:
            return "code=482913 of +390212344587"

    try:
        raise Odd
    except Odd:
        logging.getLogger("desk").exception("a turn failed")
    assert "test_logs.py" in lines.getvalue()
    _holds_no_secret(lines.getvalue())


def test_an_exception_nobody_caught_is_logged_and_not_printed(lines: io.StringIO) -> None:
    try:
        raise RuntimeError("token=abcdef for +390212344587")
    except RuntimeError as fault:
        sys.excepthook(RuntimeError, fault, fault.__traceback__)
    assert json.loads(lines.getvalue())["level"] == "critical"
    _holds_no_secret(lines.getvalue())


def test_a_caller_cannot_write_a_line_of_their_own(lines: io.StringIO) -> None:
    logging.getLogger("desk").warning("spoke %r and %s", "x", "one\ntwo\rthree")
    assert lines.getvalue().count("\n") == 1


def test_what_we_do_not_know_is_shown_by_its_redacted_repr(lines: io.StringIO) -> None:
    class Form:
        def __repr__(self) -> str:
            return "<Form digits=482913 from +390212344587>"

    structlog.get_logger().warning("odd", form=Form(), fault=ValueError("+390212344587"))
    _holds_no_secret(lines.getvalue())


def test_a_line_for_people_is_redacted_too() -> None:
    record = logging.LogRecord("desk", logging.INFO, __file__, 1, "rang %s", ("+390212344587",), None)
    assert "…4587" in logs.formatter("text").format(record)


PREFIXES = st.sampled_from(["", "+", "%2B", "00", "From=", "tel:", "x", "('", "id-"])
GAPS = st.sampled_from(["", " ", "-", ".", "/", " (", ") "])


@settings(max_examples=150, deadline=None)
@given(PREFIXES, st.text("0123456789", min_size=9, max_size=14), GAPS, st.integers(2, 5))
def test_however_a_number_is_written_only_its_tail_stays(
    prefix: str, number: str, gap: str, every: int
) -> None:
    written = gap.join(number[start : start + every] for start in range(0, len(number), every))
    found = logs.NUMBERS.search(prefix + written)
    assert found is not None
    if found["kept"]:  # it looks like a date or an address
        return
    left = "".join(c for c in logs.redacted(f"{prefix}{written} rang") if c.isdigit())
    assert len(left) <= 6, "at most the tail, and the zeros of a prefix"


def _holds_no_secret(text: str) -> None:
    secrets: list[Any] = ["482913", "0212344587", "390212344587", "abcdef"]
    assert not [secret for secret in secrets if secret in text]


def test_a_whole_call_leaves_no_code_no_token_and_no_number_in_the_log(
    phone: Phone, lines: io.StringIO, gone: Desk, served_desk: Served
) -> None:
    """Everything that runs in this process is heard at its loudest: the desk, its database, the exchange."""
    call = phone.ring()
    call.press("481516#")
    call.speak(" ".join(phone.cast.acme_code))
    call.press("1")
    call.record(seconds=20)
    call.press("2")
    call.press("0287654321#")
    whole, served_desk.app = served_desk.app, phone_app(gone, served_desk.url)
    call.press("1")
    call.record(seconds=10)
    served_desk.app = whole
    call.deliver_all()
    said = lines.getvalue()
    assert "the caller hears the trouble line" in said
    secrets = (phone.cast.acme_code, "481516", AUTH_TOKEN, ACME_PHONE[1:], ACME_PHONE[3:], "0287654321")
    assert [secret for secret in secrets if secret in said] == []
