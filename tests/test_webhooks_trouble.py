"""Bad days: whatever breaks inside, the caller hears a sentence, is recorded, and is not forgotten."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from sqlalchemy import text

from callbacks import database
from callbacks.call import Kind
from callbacks.database import open_engine
from callbacks.work import Desk
from tests.desk import SUPPORT, Served, phone_app
from tests.people import ACME_PHONE
from tests.phone import Phone, heard, messages, requests, the_request
from tests.signed import PUBLIC_URL, RECORDING, Signed

SORRY = (
    "Something is wrong on our side. "
    "After the tone, say who you are and what it is about, and a person will listen to it."
)
GONE = (
    "sqlite:////nowhere/at/all/desk.sqlite3",
    "postgresql+psycopg://postgres@127.0.0.1:9/nowhere",
)


@pytest.fixture(params=GONE, ids=["no file", "no server"])
def gone(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Desk]:
    """The same desk while its database is away."""
    engine = open_engine(request.param)
    yield replace(desk, engine=engine)
    engine.dispose()


@pytest.fixture
def goes_away(gone: Desk, served_desk: Served) -> Callable[[], None]:
    """Take the database away under the line."""

    def go() -> None:
        served_desk.app = phone_app(gone, served_desk.url)

    return go


@pytest.fixture
def comes_back(desk: Desk, served_desk: Served) -> Callable[[], None]:
    """And give it back."""

    def come() -> None:
        served_desk.app = phone_app(desk, served_desk.url)

    return come


def test_a_caller_is_heard_while_the_database_is_away(
    phone: Phone, desk: Desk, goes_away: Callable[[], None], comes_back: Callable[[], None]
) -> None:
    goes_away()
    call = phone.ring()
    assert heard(call) == SORRY
    call.record(seconds=15)
    assert heard(call) == "If you do not hear from us soon, please call again. Thank you. Goodbye."
    comes_back()
    call.deliver_all(times=2)
    assert the_request(desk).kind == Kind.TROUBLE
    assert len(messages(desk)) == 1


def test_a_database_that_goes_away_between_two_turns_costs_the_caller_a_sentence(
    phone: Phone, desk: Desk, goes_away: Callable[[], None], comes_back: Callable[[], None]
) -> None:
    call = phone.ring_with_code()
    goes_away()
    call.press("1")
    assert heard(call) == SORRY
    call.record(seconds=15, then="hangup")
    comes_back()
    call.deliver_all()
    assert the_request(desk).kind == Kind.CALLBACK, "who passed the code is owed the promise"


def test_a_caller_who_has_just_spoken_is_not_asked_to_speak_again(
    phone: Phone, desk: Desk, goes_away: Callable[[], None], comes_back: Callable[[], None]
) -> None:
    call = phone.ring_with_code()
    call.press("1")
    goes_away()
    call.record(seconds=15)
    assert heard(call).endswith("If you do not hear from us soon, please call again. Thank you. Goodbye.")
    comes_back()
    call.deliver_all()
    assert the_request(desk).kind == Kind.CALLBACK
    assert len(messages(desk)) == 1


def test_a_database_that_comes_back_during_the_trouble_line_takes_the_message_at_once(
    phone: Phone, desk: Desk, goes_away: Callable[[], None], comes_back: Callable[[], None]
) -> None:
    goes_away()
    call = phone.ring()
    comes_back()
    call.record(seconds=15)
    assert heard(call) == "We have your message. Thank you. Goodbye."
    assert the_request(desk).kind == Kind.TROUBLE


def test_a_message_for_sales_stays_one_when_trouble_begins_there(
    phone: Phone, desk: Desk, goes_away: Callable[[], None], comes_back: Callable[[], None]
) -> None:
    call = phone.ring_with_code(code=phone.cast.bolt_code)
    call.record(seconds=5)
    goes_away()
    assert SORRY in call.resend(0).text
    comes_back()
    call.deliver_all()
    assert the_request(desk).kind == Kind.SALES


@pytest.mark.parametrize("path", ["/ivr/recording/3", "/ivr/ended"])
def test_a_notice_that_could_not_be_kept_is_asked_for_again(gone: Desk, path: str) -> None:
    carrier = Signed(phone_app(gone, PUBLIC_URL))
    assert carrier.usual(path, {**RECORDING, "CallStatus": "completed"}).status_code == 503


@pytest.mark.parametrize(
    "path", ["/ivr/call", "/ivr/turn/1", "/ivr/trouble", "/ivr/fallback", "/ivr/message"]
)
def test_with_everything_dead_every_caller_is_answered(gone: Desk, path: str) -> None:
    carrier = Signed(phone_app(gone, PUBLIC_URL))
    for fields in ({}, RECORDING):
        assert carrier.usual(path, fields).status_code == 200


def test_a_locked_database_is_trouble_and_not_silence(
    phone: Phone, desk: Desk, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the whole database")
    monkeypatch.setattr(database, "LOCK_WAIT", 0.1)
    with desk.engine.connect().execution_options(reading=True) as holder:
        holder.execute(text("SELECT 1"))
        holder.connection.dbapi_connection.execute("COMMIT")  # type: ignore[union-attr]
        holder.connection.dbapi_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]
        call = phone.ring()
        assert heard(call) == SORRY
        holder.connection.dbapi_connection.execute("ROLLBACK")  # type: ignore[union-attr]
    call.record(seconds=5)
    assert heard(call).startswith("We have your message.")
    assert len(requests(desk)) == 1


def test_a_line_that_answers_with_errors_falls_back_to_the_trouble_line(
    phone: Phone, desk: Desk, served_desk: Served
) -> None:
    well = served_desk.app

    def broken(environ: WSGIEnvironment, start_response: StartResponse) -> object:
        if environ["PATH_INFO"].startswith("/ivr/turn"):
            start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [b"broken"]
        return well(environ, start_response)

    call = phone.ring()
    served_desk.app = broken
    call.press(f"{phone.cast.acme_code}#")
    assert heard(call) == SORRY
    call.record(seconds=7)
    assert heard(call) == "We have your message. Thank you. Goodbye."
    call.deliver_all()
    assert len(requests(desk)) == 1
    phone.calls.remove(call)


def test_trouble_speaks_the_language_of_the_number_dialled(
    phone: Phone, gone: Desk, served_desk: Served
) -> None:
    languages = replace(gone.policy.languages, by_number={SUPPORT: "it"})
    policy = replace(gone.policy, languages=languages)
    served_desk.app = phone_app(replace(gone, policy=policy), served_desk.url)
    assert heard(phone.ring()).startswith("Abbiamo un problema da parte nostra.")


def test_a_caller_who_hangs_up_on_the_trouble_line_is_not_lost(
    phone: Phone, desk: Desk, goes_away: Callable[[], None], comes_back: Callable[[], None]
) -> None:
    goes_away()
    call = phone.ring()
    call.record(seconds=9, then="hangup")
    comes_back()
    for notice in list(call.notices):
        notice.deliver(times=2)
    callback = the_request(desk)
    assert (callback.kind, callback.caller, callback.number) == (Kind.TROUBLE, ACME_PHONE, ACME_PHONE)
