"""A request is made once, whichever of the carrier's notices comes first, and never made of nothing."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks import call as calls
from callbacks import extension_code, intake, journal, kept_calendar
from callbacks.call import Call, Kind
from callbacks.callback import Callback
from callbacks.intake import Recording
from callbacks.message import Message
from callbacks.moves import Disposition, Move, State
from callbacks.policy import Policy
from callbacks.work import Desk, Work
from tests.people import ACME_PHONE, POLICY_FILE, Cast, Clock, rome

SID = "CA" + "1" * 32
MESSAGE = Recording("RE" + "1" * 32, "http://carrier/recording", seconds=23)
MESSAGE_TURN = 3


def at_the_beep(work: Work, cast: Cast, kind: Kind = Kind.CALLBACK) -> Call:
    """A call of Acme's that has just been asked for its message at turn 3."""
    call = calls.held(work, SID, ACME_PHONE, "+18889624587")
    code = extension_code.find(work, cast.acme_code)
    assert code is not None
    call.subscription_id, call.extension_code_id, call.language = code.subscription_id, code.id, "en"
    call.answers = {"topic": "delivery", "number": ACME_PHONE}
    call.turn = MESSAGE_TURN
    call.asks_for_message(MESSAGE_TURN, kind)
    return call


def requests(desk: Desk) -> list[Callback]:
    with desk.reading() as work:
        return list(work.session.scalars(select(Callback)))


def test_a_message_becomes_a_promise_from_the_moment_it_arrived(desk: Desk, cast: Cast, clock: Clock) -> None:
    with desk.work() as work:
        callback = intake.take_message(work, at_the_beep(work, cast), MESSAGE_TURN, MESSAGE)
        assert (callback.opens, callback.closes) == (rome("2026-11-23 15:10"), rome("2026-11-23 17:10"))
        assert callback.solve_by_level_1 == rome("2026-11-24 12:10")
        assert (callback.number, callback.topic, callback.state) == (ACME_PHONE, "delivery", State.WAITING)
        assert len(callback.reference) == 6
        assert callback.reference.isdigit()
        assert callback.alarm_at == callback.opens


NOTICES = ("action", "notice", "ended", "sweep")


def tell(desk: Desk, cast: Cast, notice: str) -> None:
    """One of the four ways in which the desk hears of a message, or of the end of the call."""

    def heard(work: Work) -> None:
        call = calls.find(work.session, SID) or at_the_beep(work, cast)
        if notice == "ended":
            call.ended(work.now)
            intake.take_silent_caller(work, call)
        else:
            turn = None if notice == "sweep" else MESSAGE_TURN
            intake.take_message(work, call, turn, MESSAGE)

    desk.do(heard)


@pytest.mark.parametrize("order", list(itertools.permutations(NOTICES)), ids=">".join)
def test_whichever_notice_comes_first_one_message_is_one_request(
    desk: Desk, cast: Cast, order: tuple[str, ...]
) -> None:
    desk.do(lambda work: at_the_beep(work, cast))
    for notice in order:
        tell(desk, cast, notice)
        tell(desk, cast, notice)
    (callback,) = requests(desk)
    assert callback.kind == Kind.CALLBACK
    with desk.reading() as work:
        assert len(work.session.scalars(select(Message)).all()) == 1


def test_a_caller_who_hangs_up_before_the_message_leaves_an_item_to_look_at(desk: Desk, cast: Cast) -> None:
    desk.do(lambda work: at_the_beep(work, cast))
    tell(desk, cast, "ended")
    (item,) = requests(desk)
    assert item.kind == Kind.NO_MESSAGE
    assert item.closes == rome("2026-11-23 17:10")


def test_a_recording_that_turns_up_late_makes_the_item_a_promise_even_after_somebody_closed_it(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    desk.do(lambda work: at_the_beep(work, cast))
    tell(desk, cast, "ended")
    reference = requests(desk)[0].reference
    with desk.work() as work:
        item = work.held(Callback, requests(desk)[0].id)
        assert item is not None
        item.close(work, Disposition.HANDLED, "agent:ada")
    clock.forward(timedelta(minutes=5))
    tell(desk, cast, "sweep")
    (callback,) = requests(desk)
    assert (callback.reference, callback.kind, callback.state) == (reference, Kind.CALLBACK, State.WAITING)


def test_a_recording_recovered_later_is_promised_from_when_it_was_left(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    left = rome("2026-11-23 09:30")
    with desk.work() as work:
        call = at_the_beep(work, cast)
        callback = intake.take_message(
            work, call, None, Recording("RE2", "http://carrier/2", 5, left_at=left)
        )
        assert callback.opens == rome("2026-11-23 11:30")


def test_a_message_for_sales_is_kept_without_a_promise(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        callback = intake.take_message(work, at_the_beep(work, cast, Kind.SALES), MESSAGE_TURN, MESSAGE)
        assert callback.kind == Kind.SALES
        assert callback.promise is None
        assert callback.alarm_at is None
        line = journal.lines(work.session, callback.subject)[0]
        assert line.alarm_at is not None, "Sales are told of it"


def test_a_stranger_recorded_on_the_trouble_line_is_watched_like_a_promise(desk: Desk) -> None:
    with desk.work() as work:
        callback = intake.take_message(work, calls.held(work, "CA9"), None, MESSAGE)
        assert callback.kind == Kind.TROUBLE
        assert callback.promise is not None


def test_the_calendar_of_a_promise_is_kept_beside_it(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        callback = intake.take_message(work, at_the_beep(work, cast), MESSAGE_TURN, MESSAGE)
        assert callback.calendar is not None
    with desk.reading() as work:
        hours = kept_calendar.hours_of(work.session, callback.calendar)
        assert hours is not None
        assert hours.add(rome("2026-12-07 16:45"), timedelta(hours=4)) == rome("2026-12-09 11:45")


def test_a_wish_moves_the_window_and_the_journal_says_so(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        callback = intake.take_message(work, at_the_beep(work, cast), MESSAGE_TURN, MESSAGE)
        callback.wish(work, rome("2026-11-25 13:30"))
        assert callback.opens == rome("2026-11-25 14:00")
        moves = [line.move for line in journal.lines(work.session, callback.subject)]
    assert moves == [Move.RECEIVED, Move.MESSAGE_JOINED, Move.WISHED]


def test_references_run_on_past_six_digits_only_when_they_must(desk: Desk, cast: Cast) -> None:
    with desk.work() as work:
        seen = {intake.new_reference(work.session) for _ in range(50)}
    assert {len(reference) for reference in seen} == {6}
    assert len(seen) > 45


def test_lateness_is_measured_by_the_calendar_of_the_promise_not_by_todays(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    with desk.work() as work:
        intake.take_message(work, at_the_beep(work, cast), MESSAGE_TURN, MESSAGE)
    clock.set("2026-11-24 10:00")
    closed_on_tuesdays = POLICY_FILE.read_text().replace('tue = ["09:00-13:00", "14:00-18:00"]', "tue = []")
    changed = replace(desk, policy=Policy.parse(closed_on_tuesdays, environ={}))
    with changed.reading() as work:
        late = work.session.scalars(select(Callback)).one().lateness(work)
        assert late is not None
        assert late.working == timedelta(minutes=50 + 60)


def test_past_the_days_limit_the_promise_stands_and_a_person_looks_before_it_is_rung(
    desk: Desk, cast: Cast
) -> None:
    few = POLICY_FILE.read_text().replace("per_subscription_a_day = 20", "per_subscription_a_day = 1")
    desk = replace(desk, policy=Policy.parse(few, environ={}))
    with desk.work() as work:
        first = intake.take_message(work, at_the_beep(work, cast), MESSAGE_TURN, MESSAGE)
        again = at_the_beep(work, cast)
        again.answers = {**again.answers, "topic": "access"}
        again.turn = MESSAGE_TURN + 1
        again.asks_for_message(MESSAGE_TURN + 1, Kind.CALLBACK)
        second = intake.take_message(work, again, MESSAGE_TURN + 1, Recording("RE2", "http://carrier/2", 3))
        assert (first.for_person, second.for_person) == (None, "limit")
        assert second.closes is not None
        second.wish(work, rome("2026-11-25 10:00"))
        assert (second.for_person, second.ring_from) == ("limit", None)
