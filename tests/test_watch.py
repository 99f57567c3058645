"""The watch: whatever the moments at which it looks, it writes the same lines, dated when they came true."""

from datetime import datetime, timedelta
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbacks import seal, watch
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.moves import Disposition
from callbacks.work import Work
from tests.timed import AT_RISK, CLOSES, LATE, MONDAY, OPENS, SOLVE_BY, TimedDesk

EVERYTHING = [("due", OPENS), ("at_risk", AT_RISK), ("late", LATE), ("solve_late", SOLVE_BY)]
END = MONDAY + timedelta(days=2)

moments = st.one_of(
    st.sampled_from([OPENS, AT_RISK, CLOSES, LATE, SOLVE_BY]),
    st.datetimes(MONDAY.replace(tzinfo=None), END.replace(tzinfo=None)).map(
        lambda naive: naive.replace(tzinfo=MONDAY.tzinfo)
    ),
)


def ring(timed: TimedDesk, key: int, moment: datetime) -> None:
    """Ring it at this moment."""
    timed.clock.now = moment
    timed.desk.do(partial(watch.ring, callback_id=key))


def handled(timed: TimedDesk, key: int, act: str) -> None:
    """Ada does something with it."""

    def by_ada(work: Work) -> None:
        callback = work.held(Callback, key)
        assert callback is not None
        if act == "rang":
            callback.rang(work, "agent:ada", "no_answer")
        else:
            callback.close(work, Disposition.SOLVED, "agent:ada")

    timed.desk.do(by_ada)


@given(looks=st.lists(moments, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_looks_at_any_moments_in_any_order_write_what_exact_looks_write(
    timed: TimedDesk, looks: list[datetime]
) -> None:
    timed.clock.now = MONDAY
    waiting = timed.promised(f"CA{len(timed.entries('received'))}")
    for moment in looks:
        ring(timed, waiting, moment)
    seen = max(looks, default=MONDAY)
    assert timed.marked(waiting) == [(move, at) for move, at in EVERYTHING if at <= seen]
    ring(timed, waiting, END)
    assert timed.marked(waiting) == EVERYTHING
    assert timed.look_at(waiting).alarm_at is None


@given(looks=st.lists(moments, max_size=5), rang=moments)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_customer_who_was_rung_is_marked_neither_at_risk_nor_late_after_it(
    timed: TimedDesk, looks: list[datetime], rang: datetime
) -> None:
    timed.clock.now = MONDAY
    waiting = timed.promised(f"CA{len(timed.entries('received'))}")
    timed.clock.now = rang
    handled(timed, waiting, "rang")
    for moment in [*sorted(looks), END]:
        ring(timed, waiting, max(moment, rang))
    assert timed.marked(waiting) == [("solve_late", SOLVE_BY)]


def test_a_closed_callback_is_never_marked(timed: TimedDesk) -> None:
    waiting = timed.promised()
    handled(timed, waiting, "close")
    ring(timed, waiting, END)
    assert timed.marked(waiting) == []
    assert timed.look_at(waiting).alarm_at is None


def test_a_message_for_sales_has_no_clock(timed: TimedDesk) -> None:
    waiting = timed.promised(kind=Kind.SALES)
    assert timed.look_at(waiting).alarm_at is None
    ring(timed, waiting, END)
    assert timed.marked(waiting) == []


def test_ringing_at_the_closing_moment_keeps_the_promise(timed: TimedDesk) -> None:
    waiting = timed.promised()
    timed.clock.now = CLOSES
    handled(timed, waiting, "rang")
    ring(timed, waiting, END)
    assert "late" not in dict(timed.marked(waiting))


def test_a_caller_who_wishes_a_later_time_is_marked_by_the_new_window(timed: TimedDesk) -> None:
    waiting = timed.promised()
    timed.clock.forward(timedelta(minutes=1))

    def wish(work: Work) -> datetime:
        callback = work.held(Callback, waiting)
        assert callback is not None
        return callback.wish(work, MONDAY + timedelta(days=1)).opens

    opens = timed.desk.do(wish)
    ring(timed, waiting, OPENS)
    assert timed.marked(waiting) == []
    ring(timed, waiting, opens)
    assert timed.marked(waiting) == [("due", opens)]


def test_many_are_rung_at_once_and_each_chain_holds(timed: TimedDesk) -> None:
    keys = [timed.promised(f"CA{number}") for number in range(20)]
    timed.clock.now = END
    timed.desk.do(lambda work: watch.ring_all(work, [*keys, 999_999]))
    assert [timed.marked(key) for key in keys] == [EVERYTHING] * 20
    with timed.desk.reading() as work:
        assert seal.faults(work.session) == []


def test_a_callback_that_is_gone_is_no_trouble(timed: TimedDesk) -> None:
    assert timed.desk.do(partial(watch.ring, callback_id=12345)) == []
