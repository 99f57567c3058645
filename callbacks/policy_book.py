"""The book of the policy: how a new version comes about, by a page, by a command, or by the file."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import func, select

from callbacks import journal, round
from callbacks.errors import Overtaken, Refused
from callbacks.policy.editing import GONE, Changes, differences, edited, value_at
from callbacks.policy.faults import fault
from callbacks.policy.lines import Path
from callbacks.policy.statements import TOKENS
from callbacks.policy_version import PolicyVersion, newest, newest_file
from callbacks.work import Work

MOVE = "policy_changed"
THE_FILE = "the file"
ONE_AT_A_TIME = 7_255_423
"""The advisory lock of whoever makes a version on PostgreSQL; on SQLite there is one writer anyway."""

NOTHING_NEW = fault("nothing_new", "this is the policy already: nothing was changed")
MOST_LINES = 400
"""Lines of a difference that the journal keeps."""


@dataclass(frozen=True)
class Hand:
    """Who changes the policy, from where, and why."""

    by: str
    address: str = ""
    why: str = ""


def current(work: Work) -> tuple[int, str]:
    """The newest version's number and text; before the first, that of the policy in force."""
    found = newest(work.session)
    return (found.number, found.text) if found else (0, work.policy.text)


def take(work: Work, text: str, hand: Hand, *, file: str | None = None) -> PolicyVersion:
    """This whole text from now on; PolicyError where it is at fault, Refused where it changes nothing.

    `file` is the policy file, where it is taken in by this; what held before the first was the file's.
    """
    work.judge.read(text)
    _hold(work)
    found = newest(work.session)
    if found and found.text == text and file is None:
        raise Refused(NOTHING_NEW)
    version = PolicyVersion(
        number=found.number + 1 if found else 1, text=text, made_at=work.now, by=hand.by[:120],
        address=hand.address[:64], why=hand.why[:500],
        file=file if found or file else work.policy.text,
    )  # fmt: skip
    work.session.add(version)
    work.session.flush()
    facts = {"version": version.number, "from": version.address, "why": version.why}
    changed = list(difference(found.text if found else work.policy.text, text))
    journal.write(work, journal.DESK, MOVE, version.by, facts=facts | {"changed": changed[:MOST_LINES]})
    round.walk_now(work)
    return version


def change(work: Work, changes: Changes, hand: Hand, seen: int | None = None) -> PolicyVersion | None:
    """These places of the policy, and no others; None where they stand so already.

    `seen` is the version that the page showed. Overtaken where somebody else has changed one of these places
    since; PolicyError where the whole policy would be at fault.
    """
    _hold(work)
    number, text = current(work)
    if seen is not None and seen != number:
        _refuse_overtaken(work, changes, seen, text)
    written = edited(text, changes)
    if tomllib.loads(written) == tomllib.loads(text):
        return None
    return take(work, written, hand)


def take_file(work: Work, file: str) -> PolicyVersion | None:
    """What somebody changed in the policy file since it was last taken in; None where that is nothing.

    What pages changed meanwhile stands, but where both changed the same: there the file has the last word.
    """
    _hold(work)
    kept, before = newest(work.session), newest_file(work.session)
    hand = Hand(THE_FILE)
    if kept is None or before is None:
        return take(work, file, hand, file=file) if kept is None else None
    work.judge.read(file)
    was, now = tomllib.loads(before), tomllib.loads(file)
    if was == now:
        return None
    text = file if kept.text == before else edited(kept.text, differences(was, now))
    return take(work, text, hand, file=file)


def add_closure(work: Work, closure: dict[str, Any], hand: Hand) -> PolicyVersion:
    """One more closure: `{"name": …, "from": date, "until": date, "hours": ["14:00-18:00"]}`, or a `rule`.

    Promises given stay as they are; PolicyError says what is wrong with it.
    """
    return _add(work, ("office", "closures"), closure, hand)


def add_opening(work: Work, opening: dict[str, Any], hand: Hand) -> PolicyVersion:
    """One more opening: `{"name": …, "date": date, "hours": ["09:00-13:00"]}`."""
    return _add(work, ("office", "openings"), opening, hand)


def _add(work: Work, listed: Path, table: dict[str, Any], hand: Hand) -> PolicyVersion:
    """To the end of a list; that somebody else added to it too takes nothing from either."""
    _hold(work)
    _, text = current(work)
    there = value_at(tomllib.loads(text), listed)
    place = 0 if there is GONE else len(there)
    given = {key: value for key, value in table.items() if value not in (None, "", [], ())}
    version = change(work, {(*listed, place): given}, hand)
    if version is None:
        raise Refused(NOTHING_NEW)
    return version


def _hold(work: Work) -> None:
    """One writer of the policy at a time, so that what was read still stands when it is written upon."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))


def would_be(work: Work, changes: Changes) -> str:
    """The text that these changes would make; nothing is kept."""
    return edited(current(work)[1], changes)


def difference(old: str, new: str) -> Iterator[str]:
    """The lines that differ, as people read them: "- before", "+ after"; no secret is among them."""
    hidden = {**_secrets(old), **_secrets(new)}
    before, after = list(_lines(old)), list(_lines(new))
    for _, gone, gone_to, come, come_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if before[gone:gone_to] != after[come:come_to]:
            yield from (f"- {_masked(line, hidden)}" for line in before[gone:gone_to])
            yield from (f"+ {_masked(line, hidden)}" for line in after[come:come_to])


def _lines(text: str) -> Iterator[str]:
    """Each line that says something, with its table before it and without the comment behind it."""
    table = ""
    for line in text.splitlines():
        pieces = (piece for piece in TOKENS.finditer(line) if piece.lastgroup != "comment")
        said = "".join(piece[0] for piece in pieces).strip()
        if said.startswith("["):
            table = said
        if said:
            yield said if said == table or not table else f"{table} {said}"


def masked(text: str) -> str:
    """The text without the secrets in addresses of notices."""
    return _masked(text, _secrets(text))


def _masked(text: str, hidden: dict[str, str]) -> str:
    """However it is written: an address with a quote in it stands escaped in the text."""
    if hidden and "\\" in text:
        text = TOKENS.sub(lambda piece: _hidden(piece[0], hidden), text)
    for secret, shown in hidden.items():
        text = text.replace(secret, shown)
    return text


def _hidden(piece: str, hidden: dict[str, str]) -> str:
    if not (piece.startswith('"') and "\\" in piece):
        return piece
    try:
        said = tomllib.loads(f"said = {piece}")["said"]
    except ValueError:
        return piece
    return f'"{hidden[said]}"' if said in hidden else piece


def _secrets(text: str) -> dict[str, str]:
    """Addresses of notices that say more than a scheme, and what is shown for each."""
    try:
        written = value_at(tomllib.loads(text), ("notices", "to"))
    except ValueError:
        return {}
    addresses = [each for each in written if isinstance(each, str)] if isinstance(written, list) else []
    return {each: f"{each.partition('://')[0]}://…" for each in addresses if "://" in each}


def _refuse_overtaken(work: Work, changes: Changes, seen: int, text: str) -> None:
    """Only where the same place was changed: two people may work on two pages."""
    shown = work.session.get(PolicyVersion, seen)
    was, now = tomllib.loads(shown.text) if shown else {}, tomllib.loads(text)
    for path in changes:
        place = _listed(path)
        if value_at(was, place) != value_at(now, place):
            latest = newest(work.session)
            who = latest.by.removeprefix("agent:") if latest else THE_FILE
            raise Overtaken(
                f"{who} changed this while your page was open: look at what stands now, then try again",
                who,
            )


def _listed(path: Path) -> Path:
    """A place in a list stands for the list: what is third now may have been second."""
    numbers = [at for at, step in enumerate(path) if isinstance(step, int)]
    return path[: numbers[0]] if numbers else path
