"""The counts kept beside the promises equal a count from the journals alone, whatever happened."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.errors import DeskError
from callbacks.figures import asking, keeping, lateness
from callbacks.figures.asking import Wanted
from callbacks.figures.counted import Counted, DaySums
from callbacks.figures.days import Days
from callbacks.figures.kept import as_it_stands, kept
from callbacks.figures.lateness import SOLVE, Asked
from callbacks.figures.tally import LENGTHS, SUMS
from callbacks.moves import Disposition, Move
from callbacks.statement import statement
from callbacks.subscription import by_company
from callbacks.work import Desk, Work
from tests.api import ask
from tests.people import Clock
from tests.test_statement import do

pytestmark = pytest.mark.usefixtures("cast")
NOVEMBER = Days(date(2026, 11, 1), date(2026, 11, 30))


def catch_up(desk: Desk) -> None:
    """Whoever counts, counts all there is."""
    while desk.do(keeping.catch_up):
        pass
    with desk.reading() as work:
        assert not keeping.is_behind(work)


def only(desk: Desk) -> Counted:
    """The one promise, as counted."""
    catch_up(desk)
    with desk.reading() as work:
        return work.session.scalars(select(Counted)).one()


def kept_sums(desk: Desk) -> dict[tuple[str, str, date], Any]:
    """Every sum that is kept."""
    catch_up(desk)
    with desk.reading() as work:
        rows = work.session.scalars(select(DaySums)).all()
    return {
        (row.part, row.of, row.day): ({name: getattr(row, name) for name in SUMS}, row.spread) for row in rows
    }


def counted_by_hand(desk: Desk) -> dict[tuple[str, str, date], Any]:
    """The same counted slowly from each request's journal, with nothing of what adds up."""
    sums: dict[Any, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    spread: dict[Any, dict[str, dict[str, int]]] = defaultdict(
        lambda: {name: {} for name in ("hour", *LENGTHS)}
    )
    with desk.reading() as work:
        ids = list(work.session.scalars(select(Callback.id)))
        for row in filter(None, keeping.recount(work, ids)):
            company = str(row.subscription_id or "")
            for part in (("all", ""), ("agent", row.agent or ""), ("company", company),
                         ("topic", row.topic or ""), ("level", str(row.level))):  # fmt: skip
                for name, amount in amounts(row).items():
                    sums[*part, row.day][name] += amount
                for name in ("hour", *LENGTHS):
                    found = getattr(row, name)
                    if found is not None:
                        into = spread[*part, row.day][name]
                        into[str(found)] = into.get(str(found), 0) + 1
    return {key: (sums[key], {} if key[0] == "company" else spread[key]) for key in sums}


def amounts(row: Counted) -> dict[str, int]:
    """What one row is worth, written out once more."""
    return {
        "promised": 1,
        **{stand: int(row.stand == stand) for stand in ("kept", "late", "broken", "open", "ended")},
        "late_seconds": row.late_seconds,
        "handled_met": int(row.handled == "met"),
        "handled_missed": int(row.handled == "missed"),
        **{
            f"solve_{level}_{how}": int(getattr(row, f"solve_{level}") == how)
            for level in (1, 2)
            for how in ("met", "missed")
        },
        "rings": row.rings,
        "misses": row.misses,
        "reached": int(row.reached is not None),
    }


def acts(dice: random.Random) -> list[Callable[[Work, Callback], object]]:
    """Anything that people do, in no sensible order."""
    who = dice.choice(["ada", "bruno"])

    def agent(work: Work) -> Any:
        return by_sign_in(work.session, who)

    def rang_before(work: Work, it: Callback) -> None:
        it.rang(work, f"agent:{who}", "busy", at=work.now - timedelta(minutes=dice.randint(0, 50)))

    return [
        lambda work, it: it.assign(work, agent(work), f"agent:{who}"),
        lambda work, it: it.release(work, f"agent:{who}", outcome="passed"),
        lambda work, it: it.rang(work, f"agent:{who}", "busy"),
        rang_before,
        lambda work, it: it.reached(work, f"agent:{who}"),
        lambda work, it: it.wish(work, work.now + timedelta(hours=dice.randint(1, 30))),
        lambda work, it: it.pause(work, f"agent:{who}"),
        lambda work, it: it.resume(work, f"agent:{who}"),
        lambda work, it: it.escalate(work, f"agent:{who}"),
        lambda work, it: it.missed(work, f"agent:{who}") if it.may(Move.MISSED) else None,
        lambda work, it: it.note(work, "a note", f"agent:{who}"),
        lambda work, it: it.change_number(work, "+390699887766"),
        lambda work, it: it.close(
            work, dice.choice([Disposition.SOLVED, Disposition.WITHDRAWN]), f"agent:{who}"
        ),
        lambda work, it: it.reopen(work, "again"),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_the_journals_tell_after_whatever_happened(
    desk: Desk, clock: Clock, seed: int
) -> None:
    dice = random.Random(seed)
    clock.set("2026-11-16 09:00")
    asked = [ask(desk, sid=f"CA{number}", company=dice.choice(["Acme", "Bolt"])) for number in range(8)]
    for step in range(80):
        clock.forward(timedelta(minutes=dice.randint(1, 60)))
        try:
            do(desk, dice.choice(asked), dice.choice(acts(dice)))
        except DeskError:
            continue
        if step % 7 == 0:
            catch_up(desk)
        with desk.reading() as work:
            assert kept(work, NOVEMBER) == as_it_stands(work, NOVEMBER)
    assert kept_sums(desk) == counted_by_hand(desk)
    assert sum(sums["promised"] for (part, *_), (sums, _s) in kept_sums(desk).items() if part == "all") == 8
    before = kept_sums(desk)
    desk.do(keeping.begin_again)
    assert kept_sums(desk) == before
    _agrees_with_statements(desk)
    _lateness_agrees_with_itself(desk)
    _tables_agree_with_their_days(desk)


def _tables_agree_with_their_days(desk: Desk) -> None:
    """Whatever is wanted: a table's rows, and the sums of all days, are what the days add up to."""
    with desk.reading() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        for wanted in (
            Wanted(NOVEMBER), Wanted(NOVEMBER, acme.id), Wanted(NOVEMBER, -1), Wanted(NOVEMBER, agent="ada"),
            Wanted(NOVEMBER, topic="delivery"), Wanted(NOVEMBER, level=1),
            Wanted(NOVEMBER, agent="ada", level=2), Wanted(NOVEMBER, acme.id, agent="bruno"),
        ):  # fmt: skip
            added = asking.whole(asking.by_day(work, wanted)).sums
            assert asking.total(work, wanted).sums == added
            for ask in (asking.by_level, asking.by_agent, asking.by_company):
                shares = [share.sums.sums for share in ask(work, wanted)]
                assert sum(shares, Counter()) == added


def _lateness_agrees_with_itself(desk: Desk) -> None:
    """What is added up is what is listed, and a sheet read bit by bit is the list."""
    with desk.reading() as work:
        for asked in (Asked(Wanted(NOVEMBER)), Asked(Wanted(NOVEMBER), SOLVE)):
            listed, totals = lateness.rows(work, asked, 100), lateness.totals(work, asked)
            read = list(lateness.each(work, asked, at_once=2))
            assert [late.callback.id for late in read] == [late.callback.id for late in listed]
            assert [late.due for late in listed] == sorted((late.due for late in listed), reverse=True)
            running = sum(late.ended is None for late in listed)
            assert (totals.count, totals.running) == (len(listed), running)
            assert sum(totals.causes.values()) == len(listed)


def _agrees_with_statements(desk: Desk) -> None:
    """A company's month is the same on its statement, the figures and the wall."""
    sums = kept_sums(desk)
    everything: Iterable[dict[str, int]] = [each for (part, *_), (each, _s) in sums.items() if part == "all"]
    with desk.reading() as work:
        totals = [statement(work, company, NOVEMBER.first).totals for company in ("Acme", "Bolt")]
        on_the_wall = kept(work, NOVEMBER)
        assert on_the_wall == as_it_stands(work, NOVEMBER)
    for name in ("promised", "kept", "ended", "open"):
        assert sum(each[name] for each in everything) == sum(getattr(total, name) for total in totals)
    broken = sum(each["late"] + each["broken"] for each in everything)
    assert broken == sum(total.broken for total in totals)
    assert on_the_wall == (sum(each["kept"] for each in everything), broken)
