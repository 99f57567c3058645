"""The policy is kept in versions: made by the file, by pages and by commands, known everywhere at once."""

import multiprocessing
import threading
import time
import tomllib
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from callbacks import journal, policy_book, policy_version
from callbacks.database import open_engine
from callbacks.errors import Overtaken, PolicyError, Refused
from callbacks.policy import Policy
from callbacks.policy.editing import GONE, Changes
from callbacks.policy_book import Hand
from callbacks.policy_in_force import Judge, PolicyInForce
from callbacks.policy_version import PolicyVersion
from callbacks.round import Round
from callbacks.work import Desk
from tests.people import CODE_KEY, POLICY_FILE, Clock, rome, shipped_policy

SHIPPED = POLICY_FILE.read_text()
DORA = Hand("agent:dora", "203.0.113.9", "the new year")
SHORT_MONDAY = {("office", "hours", "mon"): ["09:00-12:00"]}
JUDGE = Judge({})


class Ticks:
    """Seconds that pass when a test says so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def begun(engine: Engine, clock: Clock, ticks: Ticks) -> Desk:
    """A desk that has taken the policy file in."""
    desk = desk_at(engine, clock, ticks)
    desk.do(lambda work: policy_book.take_file(work, SHIPPED))
    desk.look_again()
    return desk


def desk_at(engine: Engine, clock: Clock, ticks: Callable[[], float] = time.monotonic) -> Desk:
    """One process's desk on this database."""
    return Desk(engine, PolicyInForce(engine, shipped_policy, JUDGE, ticks), CODE_KEY, clock)


def changed(desk: Desk, changes: dict[Any, Any], hand: Hand = DORA, seen: int | None = None) -> PolicyVersion:
    """A page is saved."""
    version = desk.do(lambda work: policy_book.change(work, changes, hand, seen))
    desk.look_again()
    assert version is not None
    return version


def mondays(desk: Desk) -> list[str]:
    return [str(period) for period in desk.policy.office.hours[0]]


def entries(desk: Desk) -> list[journal.Entry]:
    with desk.reading() as work:
        return [each for each in journal.lines(work.session, journal.DESK) if each.move == policy_book.MOVE]


# --- the file begins it ---


def test_a_desk_without_versions_has_the_policy_of_the_file(engine: Engine, clock: Clock) -> None:
    assert desk_at(engine, clock).policy is shipped_policy()


def test_the_file_is_the_first_version_and_a_second_start_makes_none(begun: Desk) -> None:
    assert begun.do(lambda work: policy_book.take_file(work, SHIPPED)) is None
    with begun.reading() as work:
        (first,) = policy_version.history(work.session)
    assert (first.number, first.text, first.by) == (1, SHIPPED, "the file")


def test_a_file_whose_comments_alone_changed_makes_no_version(begun: Desk) -> None:
    assert begun.do(lambda work: policy_book.take_file(work, SHIPPED + "\n# a word\n")) is None


def test_a_file_changed_by_hand_becomes_a_version_with_its_comments(begun: Desk) -> None:
    edited = SHIPPED.replace('name = "Acme Support"', 'name = "Zenith"  # renamed')
    version = begun.do(lambda work: policy_book.take_file(work, edited))
    assert version is not None
    assert version.text == edited
    begun.look_again()
    assert begun.policy.office.name == "Zenith"


def test_what_pages_changed_survives_a_file_changed_elsewhere(begun: Desk) -> None:
    changed(begun, SHORT_MONDAY)
    edited = SHIPPED.replace('name = "Acme Support"', 'name = "Zenith"')
    begun.do(lambda work: policy_book.take_file(work, edited))
    begun.look_again()
    assert mondays(begun) == ["09:00-12:00"]
    assert begun.policy.office.name == "Zenith"
    assert begun.do(lambda work: policy_book.take_file(work, edited)) is None


def test_where_both_changed_the_same_the_file_has_the_last_word(begun: Desk) -> None:
    changed(begun, {("office", "name"): "By a page"})
    begun.do(lambda work: policy_book.take_file(work, SHIPPED.replace('"Acme Support"', '"By hand"')))
    begun.look_again()
    assert begun.policy.office.name == "By hand"


def test_a_page_may_come_before_the_first_file(engine: Engine, clock: Clock) -> None:
    desk = desk_at(engine, clock)
    changed(desk, SHORT_MONDAY)
    assert len(entries(desk)[-1].facts["changed"]) == 2
    assert desk.do(lambda work: policy_book.take_file(work, SHIPPED)) is None
    desk.do(lambda work: policy_book.take_file(work, SHIPPED.replace("Acme Support", "Zenith")))
    desk.look_again()
    assert (mondays(desk), desk.policy.office.name) == (["09:00-12:00"], "Zenith")


def test_a_file_with_faults_makes_no_version_and_all_are_named(begun: Desk) -> None:
    broken = SHIPPED.replace('mon = ["09:00-13:00"', 'mon = ["9-13"').replace('window = "2h"', 'window = "x"')
    with pytest.raises(PolicyError) as refused:
        begun.do(lambda work: policy_book.take_file(work, broken))
    assert len(refused.value.faults) == 2
    assert "line " in refused.value.faults[0]


# --- a page changes its part ---


def test_a_page_changes_its_part_and_every_comment_stays(begun: Desk) -> None:
    version = changed(begun, SHORT_MONDAY)
    assert mondays(begun) == ["09:00-12:00"]
    assert [line.partition("#")[2] for line in version.text.splitlines()] == [
        line.partition("#")[2] for line in SHIPPED.splitlines()
    ]


def test_the_journal_says_who_when_from_where_why_and_what_was_and_is(begun: Desk) -> None:
    changed(begun, SHORT_MONDAY)
    entry = entries(begun)[-1]
    assert entry.by == "agent:dora"
    assert entry.at == rome("2026-11-23 12:10")
    assert {**entry.facts, "changed": None} == {
        "version": 2, "from": "203.0.113.9", "why": "the new year", "changed": None,
    }  # fmt: skip
    old, new = entry.facts["changed"]
    assert old == '- [office.hours] mon = ["09:00-13:00", "14:00-18:00"]'
    assert new == '+ [office.hours] mon = ["09:00-12:00"]'


def test_no_secret_of_an_address_reaches_the_journal(begun: Desk) -> None:
    changed(begun, {("notices", "to"): ["log", "mailtos://dora:hunter2@example.com"]})
    changed(begun, {("notices", "to"): ["log"]})
    told = str([entry.facts for entry in entries(begun)])
    assert "hunter2" not in told
    assert "mailtos://…" in told


def test_a_change_that_would_break_the_whole_is_refused_with_the_place_of_each_fault(begun: Desk) -> None:
    with pytest.raises(PolicyError) as refused:
        changed(begun, {("promise", "window"): "0m", ("topics", 1, "says", "it"): GONE})
    assert set(refused.value.placed) == {"promise.window", "topics.1.says"}
    with begun.reading() as work:
        assert work.session.scalar(select(func.count(PolicyVersion.number))) == 1


def test_what_stands_so_already_makes_no_version(begun: Desk) -> None:
    same: Changes = {("office", "hours", "mon"): ["09:00-13:00", "14:00-18:00"]}
    assert begun.do(lambda work: policy_book.change(work, same, DORA)) is None
    with pytest.raises(Refused, match="already"):
        begun.do(lambda work: policy_book.take(work, SHIPPED, DORA))


def test_closures_are_added_and_taken_out_and_the_list_goes_with_the_last(begun: Desk) -> None:
    first = {
        "name": 'Tom\'s "Summer" = {}',
        "from": date(2027, 8, 9),
        "until": date(2027, 8, 20),
        "hours": [],
    }
    begun.do(lambda work: policy_book.add_closure(work, first, DORA))
    begun.do(lambda work: policy_book.add_closure(work, {"name": "One day", "from": date(2027, 1, 7)}, DORA))
    begun.look_again()
    assert [each.name for each in begun.policy.office.closures] == [first["name"], "One day"]
    changed(begun, {("office", "closures", 0): GONE})
    last = changed(begun, {("office", "closures", 0): GONE})
    assert begun.policy.office.closures == ()
    assert "closures" not in tomllib.loads(last.text)["office"]


def test_a_closure_that_closes_for_good_is_refused(begun: Desk) -> None:
    for_good = {"name": "Goodbye", "rule": "FREQ=DAILY"}
    with pytest.raises(PolicyError, match="never opens again"):
        begun.do(lambda work: policy_book.add_closure(work, for_good, DORA))


def test_rounds_look_at_once_when_the_policy_changed(begun: Desk, clock: Clock) -> None:
    with begun.work() as work:
        later = rome("2026-11-24 12:00")
        work.session.add(Round(name="hand_over", looked_until=work.now, alarm_at=later))
    changed(begun, SHORT_MONDAY)
    with begun.reading() as work:
        assert work.session.scalars(select(Round.alarm_at)).one() == clock()


# --- two at once ---


def test_of_two_who_change_the_same_the_second_is_told_and_nothing_is_overwritten(begun: Desk) -> None:
    changed(begun, SHORT_MONDAY, seen=1)
    with pytest.raises(Overtaken, match="dora changed this"):
        changed(begun, {("office", "hours", "mon"): ["10:00-12:00"]}, Hand("agent:eva"), seen=1)
    assert mondays(begun) == ["09:00-12:00"]


def test_two_who_change_different_places_are_both_heard(begun: Desk) -> None:
    changed(begun, SHORT_MONDAY, seen=1)
    changed(begun, {("promise", "window"): "3h"}, Hand("agent:eva"), seen=1)
    assert mondays(begun) == ["09:00-12:00"]
    assert begun.policy.promise.window.total_seconds() == 3 * 3600


def test_what_is_third_in_a_list_is_not_taken_out_when_the_list_has_changed(begun: Desk) -> None:
    for name in ("A", "B"):
        closure = {"name": name, "from": date(2027, 1, 7)}
        begun.do(partial(policy_book.add_closure, closure=closure, hand=DORA))
    changed(begun, {("office", "closures", 0): GONE}, seen=3)
    with pytest.raises(Overtaken):
        changed(begun, {("office", "closures", 0): GONE}, seen=3)
    assert [each.name for each in begun.policy.office.closures] == ["B"]


def test_many_at_one_instant_make_one_version_after_another(begun: Desk) -> None:
    def add(number: int) -> None:
        closure = {"name": f"Closure {number}", "from": date(2027, 1, number)}
        begun.do(lambda work: policy_book.add_closure(work, closure, DORA))

    hands = [threading.Thread(target=add, args=(number,)) for number in (1, 2, 3)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    begun.look_again()
    assert sorted(each.name for each in begun.policy.office.closures) == [
        "Closure 1",
        "Closure 2",
        "Closure 3",
    ]


# --- known in every process ---


def test_another_process_knows_within_a_second_and_asks_once_a_second(
    begun: Desk, engine: Engine, clock: Clock, ticks: Ticks, statements: list[str]
) -> None:
    other = desk_at(engine, clock, ticks)
    changed(begun, SHORT_MONDAY)
    assert mondays(other) == ["09:00-13:00", "14:00-18:00"]
    ticks.now += 1.01
    assert mondays(other) == ["09:00-12:00"]
    statements.clear()
    for _ in range(100):
        other.policy  # noqa: B018 - to ask for it is the act
    assert statements == []
    ticks.now += 1.01
    for _ in range(100):
        other.policy  # noqa: B018
    assert [each for each in statements if each != "BEGIN"] == [str(policy_version.NEWEST)]


def test_a_work_has_one_policy_from_beginning_to_end(begun: Desk, ticks: Ticks) -> None:
    with begun.reading() as work:
        policy_of_the_call = work.policy
        begun.look_again()
        ticks.now += 5
        assert work.policy is policy_of_the_call


def test_a_database_that_is_away_leaves_the_policy_at_hand(
    begun: Desk, ticks: Ticks, tmp_path: Path, clock: Clock
) -> None:
    away = open_engine(f"sqlite:///{tmp_path}/no/such/folder/desk.sqlite3")
    desk = desk_at(away, clock, ticks)
    ticks.now += 5
    assert desk.policy is shipped_policy()


def watch_for_monday(url: str, ready: Any, seen: Any) -> None:
    """Another process, which only looks."""
    desk = desk_at(open_engine(url), Clock())
    ready.set()
    until = time.monotonic() + 10
    while time.monotonic() < until and mondays(desk) != ["09:00-12:00"]:
        time.sleep(0.02)
    seen.put((mondays(desk), time.time()))


def test_a_change_is_seen_by_another_process_within_two_seconds(begun: Desk, database_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready, seen = spawn.Event(), spawn.Queue()
    other = spawn.Process(target=watch_for_monday, args=(database_url, ready, seen))
    other.start()
    assert ready.wait(60)
    changed(begun, SHORT_MONDAY)
    at = time.time()
    hours, seen_at = seen.get(timeout=20)
    other.join()
    assert hours == ["09:00-12:00"]
    assert seen_at - at < 2


# --- a version that this release cannot read ---


def keep_unread(desk: Desk, number: int, text: str) -> None:
    """As if another release had written it."""
    with desk.work() as work:
        work.session.add(
            PolicyVersion(number=number, text=text, made_at=work.now, by="agent:dora", address="", why="")
        )


def test_a_version_that_cannot_be_read_never_stops_the_phone(
    begun: Desk, engine: Engine, clock: Clock
) -> None:
    keep_unread(begun, 2, SHIPPED + "\n[from_the_future]\nx = 1\n")
    desk = desk_at(engine, clock)
    assert desk.policy.text == SHIPPED
    assert desk.unsound_policy is not None
    assert "from_the_future" in str(desk.unsound_policy)
    desk.do(lambda work: policy_book.take(work, SHIPPED.replace("Acme", "Zenith"), DORA))
    desk.look_again()
    assert desk.policy.office.name == "Zenith Support"
    assert desk.unsound_policy is None


def test_a_desk_of_which_no_version_can_be_read_is_refused_at_start(engine: Engine, clock: Clock) -> None:
    keep_unread(Desk(engine, shipped_policy(), CODE_KEY, clock), 1, "nothing = 1")
    with pytest.raises(PolicyError, match="version 1 of the policy"):
        desk_at(engine, clock)


def test_a_policy_keeps_its_text() -> None:
    assert Policy.parse(SHIPPED, environ={}).text == SHIPPED
