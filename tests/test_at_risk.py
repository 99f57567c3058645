"""At risk is also what nobody can take before it closes: judged each minute, written with why, told once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from callbacks import at_risk, handling, presence, queue, search
from callbacks.agent import Agent, Presence, by_sign_in
from callbacks.callback import Callback
from callbacks.journal import Entry
from callbacks.promise import LatenessState
from callbacks.round import begin
from callbacks.search import Wanted
from callbacks.work import Desk, Work
from console import timeline
from console.catalogue import Catalogue
from console.commands.callbacks import as_facts
from console.row import Row
from console.times import Times
from tests.people import fill, rome
from tests.timed import AT_RISK, LATE, OPENS, TimedDesk
from worker import rounds
from worker.clock import Clock

PHONES = {"ada": "+390255512301", "bruno": "+390255512302", "sara": "+390255512303"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(timed: TimedDesk) -> Clock:
    """Ada and Bruno are ready at their phones, and the rounds are walked."""
    fill(timed.desk)
    timed.desk.do(lambda work: begin(work, rounds.EVERY))
    change(timed.desk, "ada", phone=PHONES["ada"], presence=Presence.READY)
    change(timed.desk, "bruno", phone=PHONES["bruno"], presence=Presence.READY)
    return timed.clock_with()


def change(desk: Desk, name: str, **what: Any) -> None:
    with desk.work() as work:
        person = by_sign_in(work.session, name)
        assert person is not None
        for each, value in what.items():
            setattr(person, each, value)


def at(timed: TimedDesk, clock: Clock, moment: datetime | str) -> None:
    """The clock has looked at this moment until nothing was left to do; nobody's phone is rung."""
    timed.clock.now = rome(f"2026-11-23 {moment}") if isinstance(moment, str) else moment
    for _ in range(3):
        clock._hand_out_due()  # whom to ring is another matter
        assert clock.errands.settle(60)


def asked(timed: TimedDesk, *, language: str = "it", level: int = 1, sid: str = "CA1") -> int:
    """One request of this language and level: opens 11:30, closes 14:30."""
    key = timed.promised(sid)

    def make(work: Work) -> None:
        callback = work.session.get_one(Callback, key)
        callback.language, callback.level = language, level

    timed.desk.do(make)
    return key


def judged(timed: TimedDesk, key: int) -> LatenessState:
    """How it stands, where the core, the database's counts and its search agree."""
    with timed.desk.reading() as work:
        callback = work.session.get_one(Callback, key)
        lateness = callback.lateness(work)
        assert lateness is not None
        backlog = queue.backlog(work.session, work.now)
        assert getattr(backlog, lateness.state, 0) == 1
        found = search.search(work, Wanted(lateness=[lateness.state]), None, 10).callbacks
        assert [each.id for each in found] == [key]
        return lateness.state


def lines(timed: TimedDesk, key: int) -> list[Entry]:
    """What its journal tells of its being at risk."""
    return [line for line in timed.journal(key) if line.move in ("at_risk", "at_risk_no_more")]


def heard(timed: TimedDesk) -> list[tuple[str, ...]]:
    """What Sara was told of what is at risk."""
    return [notice.lines for notice in timed.sara.heard if notice.about == "at_risk"]


def test_what_no_agent_of_level_2_can_take_in_time_is_at_risk_from_the_opening_of_its_window(
    timed: TimedDesk, clock: Clock
) -> None:
    change(timed.desk, "bruno", shifts={"mon": [["14:45", "18:00"]]})
    key = asked(timed, level=2)
    at(timed, clock, OPENS - MINUTE)
    assert judged(timed, key) is LatenessState.EARLY
    at(timed, clock, OPENS)
    at(timed, clock, OPENS + MINUTE)
    assert judged(timed, key) is LatenessState.AT_RISK
    (line,) = lines(timed, key)
    assert OPENS <= line.at <= OPENS + MINUTE
    assert (line.facts["why"], line.facts["because"]["level"], line.facts["because"]["language"]) == (
        "shift_level",
        2,
        "it",
    )
    assert datetime.fromisoformat(line.facts["because"]["starts"]) == rome("2026-11-23 14:45")
    (told,) = heard(timed)
    assert told[0].endswith("no agent for level 2 in Italian before Mon, Nov 23, 2:45 PM")


def test_it_is_written_once_and_told_once_until_it_is_late(timed: TimedDesk, clock: Clock) -> None:
    change(timed.desk, "bruno", shifts={"mon": [["15:00", "18:00"]]})
    key = asked(timed, level=2)
    for moment in (OPENS, "11:45", "12:30", "13:30", AT_RISK, AT_RISK + MINUTE, "14:20", LATE):
        at(timed, clock, moment)
    assert [move for move, _at in timed.marked(key)] == ["due", "at_risk", "late"]
    assert len(heard(timed)) == 1
    assert judged(timed, key) is LatenessState.LATE


def test_somebody_who_can_take_it_ends_the_risk_until_little_time_is_left(
    timed: TimedDesk, clock: Clock
) -> None:
    change(timed.desk, "bruno", presence=Presence.AWAY, presence_since=rome("2026-11-23 09:00"))
    key = asked(timed, level=2)
    at(timed, clock, OPENS)
    assert judged(timed, key) is LatenessState.DUE  # his next shift begins at 14:00
    change(timed.desk, "bruno", level=1)
    at(timed, clock, OPENS + MINUTE)
    assert judged(timed, key) is LatenessState.AT_RISK
    change(timed.desk, "bruno", level=2)
    at(timed, clock, OPENS + 2 * MINUTE)
    assert judged(timed, key) is LatenessState.DUE
    at(timed, clock, AT_RISK)
    assert judged(timed, key) is LatenessState.AT_RISK
    told = [(line.move, line.facts.get("why")) for line in lines(timed, key)]
    assert told == [("at_risk", "desk_level"), ("at_risk_no_more", None), ("at_risk", None)]


def test_whoever_comes_and_goes_makes_lines_and_no_storm_of_notices(timed: TimedDesk, clock: Clock) -> None:
    key = asked(timed, level=2)
    at(timed, clock, OPENS)
    for minutes in range(1, 13, 2):
        change(timed.desk, "bruno", level=1)
        at(timed, clock, OPENS + minutes * MINUTE)
        change(timed.desk, "bruno", level=2)
        at(timed, clock, OPENS + (minutes + 1) * MINUTE)
    assert len(lines(timed, key)) == 12
    assert len(heard(timed)) == 1


@pytest.mark.parametrize("absent", [Presence.BUSY, Presence.AWAY])
def test_who_stepped_away_a_moment_ago_is_taken_to_come_back(
    timed: TimedDesk, clock: Clock, absent: Presence
) -> None:
    change(timed.desk, "bruno", shifts={"mon": [["09:00", "13:00"]]})
    key = asked(timed, level=2)
    at(timed, clock, OPENS)
    timed.desk.do(
        lambda work: presence.change(
            work, by_sign_in(work.session, "bruno") or Agent(), absent, "agent:bruno"
        )
    )
    at(timed, clock, OPENS + at_risk.BACK_SOON - MINUTE)
    assert judged(timed, key) is LatenessState.DUE
    at(timed, clock, OPENS + at_risk.BACK_SOON)
    assert judged(timed, key) is LatenessState.AT_RISK
    assert lines(timed, key)[0].facts["why"] == f"all_{absent}"
    personal = lines(timed, key)[0].personal
    assert personal is not None
    assert personal.body == {"names": ["Bruno"], "idle": ["Bruno"]}


def test_the_minutes_before_the_day_is_begun_alarm_nobody(timed: TimedDesk, clock: Clock) -> None:
    """Whoever comes at nine says so a little after nine."""
    timed.clock.now = rome("2026-11-23 16:00")
    key = asked(timed, level=2)  # opens tomorrow 9:00
    change(timed.desk, "bruno", presence=Presence.AWAY, presence_since=timed.clock.now)
    for moment, state in (
        ("2026-11-24 09:00", LatenessState.DUE),
        ("2026-11-24 09:14", LatenessState.DUE),
        ("2026-11-24 09:15", LatenessState.AT_RISK),
    ):
        at(timed, clock, rome(moment))
        assert judged(timed, key) is state, moment


def test_the_end_of_the_last_shift_of_whoever_may_take_it_makes_it_so(timed: TimedDesk, clock: Clock) -> None:
    """By time alone: nobody did anything. In the shift's last minutes no call is begun that can wait."""
    change(timed.desk, "bruno", shifts={"mon": [["09:00", "12:30"]]})
    key = asked(timed, level=2)
    cut_off = timed.desk.policy.ring.cut_off
    at(timed, clock, rome("2026-11-23 12:30") - cut_off)
    assert judged(timed, key) is LatenessState.DUE
    at(timed, clock, rome("2026-11-23 12:30") - cut_off + MINUTE)
    assert judged(timed, key) is LatenessState.AT_RISK
    assert lines(timed, key)[0].facts["why"] == "shift_ends"


def test_what_somebody_has_taken_is_not_for_nobody(timed: TimedDesk, clock: Clock) -> None:
    change(timed.desk, "bruno", level=1)
    key = asked(timed, level=2)
    at(timed, clock, OPENS)
    at(timed, clock, OPENS + MINUTE)
    assert judged(timed, key) is LatenessState.AT_RISK

    def sara_takes_it(work: Work) -> None:
        sara = by_sign_in(work.session, "sara")
        assert sara
        work.session.get_one(Callback, key).assign(work, sara, "agent:sara")

    timed.desk.do(sara_takes_it)
    at(timed, clock, OPENS + 2 * MINUTE)
    assert judged(timed, key) is LatenessState.DUE


def test_what_the_desk_rings_again_too_late_can_be_taken_by_nobody(timed: TimedDesk, clock: Clock) -> None:
    key = asked(timed, level=2)
    at(timed, clock, OPENS)

    def put_off(work: Work) -> None:
        work.session.get_one(Callback, key).ring_from = rome("2026-11-23 14:31")

    timed.desk.do(put_off)
    at(timed, clock, OPENS + MINUTE)
    assert judged(timed, key) is LatenessState.AT_RISK
    assert lines(timed, key)[0].facts["why"] == "later"


def test_whoever_is_on_a_call_counts_as_able(timed: TimedDesk, clock: Clock) -> None:
    key, other = asked(timed, level=2), asked(timed, level=2, sid="CA2")
    at(timed, clock, OPENS)

    def rung(work: Work) -> None:
        bruno = by_sign_in(work.session, "bruno")
        assert bruno
        handling.ring_agent(work, work.session.get_one(Callback, other), bruno)

    timed.desk.do(rung)
    with timed.desk.reading() as work:
        assert at_risk.to_judge(work) == []
    assert lines(timed, key) == []


def test_nobody_is_missing_at_lunch(timed: TimedDesk, clock: Clock) -> None:
    key = asked(timed, level=2)
    at(timed, clock, "12:59")
    change(timed.desk, "bruno", level=1)
    at(timed, clock, "13:30")
    assert lines(timed, key) == []
    at(timed, clock, "14:00")
    assert [line.move for line in lines(timed, key)] == ["at_risk"]


def test_a_later_wish_begins_anew(timed: TimedDesk, clock: Clock) -> None:
    change(timed.desk, "bruno", level=1)
    key = asked(timed, level=2)
    at(timed, clock, OPENS)
    at(timed, clock, OPENS + MINUTE)
    timed.desk.do(lambda work: work.session.get_one(Callback, key).wish(work, rome("2026-11-23 16:00")))
    assert judged(timed, key) is LatenessState.EARLY
    assert timed.look_at(key).little_left_from is None


def test_many_of_one_reason_are_one_notice(timed: TimedDesk, clock: Clock) -> None:
    change(timed.desk, "bruno", level=1)
    keys = [asked(timed, level=2, sid=f"CA{number}") for number in range(20)]
    with timed.desk.work() as work:
        for number, key in enumerate(keys):
            work.session.get_one(Callback, key).number = f"+3902123456{number:02}"
    at(timed, clock, OPENS)
    at(timed, clock, OPENS + MINUTE)
    (told,) = [notice for notice in timed.sara.heard if notice.about == "at_risk"]
    assert (told.title, len(told.lines)) == ("20 callbacks are at risk", 20)


def test_more_than_are_judged_at_once_are_all_judged(
    timed: TimedDesk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_risk, "AT_ONCE", 3)
    change(timed.desk, "bruno", level=1)
    keys = [asked(timed, level=2, sid=f"CA{number}") for number in range(8)]
    at(timed, clock, OPENS)
    at(timed, clock, OPENS + MINUTE)
    assert [len(lines(timed, key)) for key in keys] == [1] * 8
    change(timed.desk, "bruno", level=2)
    at(timed, clock, OPENS + 2 * MINUTE)
    assert [len(lines(timed, key)) for key in keys] == [2] * 8


@pytest.mark.parametrize(
    ("language", "said", "because"),
    [
        ("en", "at risk: no agent", "nobody at the desk takes level 2"),
        ("it", "a rischio: nessuno", "qui nessuno segue il livello 2"),
    ],
)
def test_the_board_the_command_and_the_journal_say_why(
    timed: TimedDesk, clock: Clock, language: str, said: str, because: str
) -> None:
    change(timed.desk, "bruno", level=1)
    key = asked(timed, level=2)
    at(timed, clock, OPENS)
    at(timed, clock, OPENS + MINUTE)
    with timed.desk.reading() as work:
        callback, times = work.session.get_one(Callback, key), Times(work, Catalogue.of(language))
        assert Row(callback, times).lateness_words == said
        assert as_facts(work, callback, 0, [])["lateness"] == {"state": "at_risk", "working_minutes": 0}
        told = [line.what for line in timeline.lines(times, lines(timed, key))]
    assert because in told[0]


def test_it_is_the_same_however_often_it_is_looked_at(timed: TimedDesk, clock: Clock) -> None:
    """Two clocks, a walk that is walked again: what stands is written once."""
    change(timed.desk, "bruno", level=1)
    key = asked(timed, level=2)
    at(timed, clock, OPENS)
    for _ in range(3):
        timed.desk.do(lambda work: at_risk.judge(work, [key]))
    assert [line.move for line in lines(timed, key)] == ["at_risk"]
