"""The doctor: what is missing or unsafe, all at once, each with its mend."""

import secrets
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import fsspec
import requests
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from callbacks import staffing
from callbacks.agent import Agent
from callbacks.subscription import Subscription
from callbacks.work import Work
from console import carriers_number
from console.health import PATIENT, behind
from console.queue_server import queue_server
from console.room import Room

FAULT, ADVICE = "fault", "advice"


@dataclass(frozen=True)
class Finding:
    """`weight` is fault (callers may suffer, or strangers gain) or advice."""

    weight: str
    about: str
    says: str


Check = Callable[[Room], Iterator[Finding]]


def findings(room: Room) -> list[Finding]:
    """All that is found; a check that itself breaks is a finding, and hides no other."""
    found: list[Finding] = []
    for check in CHECKS:
        try:
            found += check(room)
        except Exception as broken:
            found.append(
                Finding(FAULT, check.__name__.strip("_"), f"could not be looked at: {type(broken).__name__}")
            )
    return found


def _database(room: Room) -> Iterator[Finding]:
    try:
        current = room.is_current(room.desk.engine)
    except SQLAlchemyError:
        yield Finding(FAULT, "database", "does not answer: mend DATABASE_URL, or start it")
        return
    if not current:
        yield Finding(FAULT, "database", "is not migrated: run script/start, or script/setup")
        return
    with room.desk.reading() as work:
        yield from _kept(work)


def _kept(work: Work) -> Iterator[Finding]:
    """What stands in the database."""
    lag = behind(work)
    if lag > PATIENT:
        waited = timedelta(seconds=round(lag.total_seconds()))
        yield Finding(
            FAULT, "clock", f"stands still: an alarm has waited {waited}; start python -m worker.clock"
        )
    if not _count(work, Agent):
        yield Finding(FAULT, "agents", "there are none: add them with script/desk user add")
    elif not staffing.has_administrator(work):
        mend = "script/desk user change NAME --role agent --role administrator makes somebody one"
        yield Finding(ADVICE, "administrator", f"there is none to set the desk up by its pages: {mend}")
    if not _count(work, Subscription):
        yield Finding(ADVICE, "subscriptions", "there are none: add them with script/desk subscription add")


def _count(work: Work, kind: Any) -> int:
    return work.session.scalar(select(func.count()).select_from(kind)) or 0


def _workers(room: Room) -> Iterator[Finding]:
    seen = queue_server(room.place.redis_url)
    if not seen.answers:
        yield Finding(ADVICE, "redis", "does not answer: the clock does the work itself until it does")
    elif not seen.workers:
        yield Finding(
            ADVICE, "workers", "none is alive: start python -m worker; the clock does the work meanwhile"
        )


def _recordings(room: Room) -> Iterator[Finding]:
    """A small file is written, read back and removed."""
    files, root = fsspec.core.url_to_fs(room.place.media_url)
    trial = f"{root.rstrip('/')}/doctor-{secrets.token_hex(4)}"
    try:
        files.makedirs(root, exist_ok=True)
        files.pipe_file(trial, b"doctor")
        kept = files.cat_file(trial)
        files.rm_file(trial)
    except Exception as refusal:
        yield Finding(FAULT, "recordings", f"cannot be stored under MEDIA_URL: {refusal}")
        return
    if kept != b"doctor":
        yield Finding(FAULT, "recordings", "what MEDIA_URL stores comes back changed")


def _addresses(room: Room) -> Iterator[Finding]:
    place = room.place
    if not place.public_url.startswith("https:"):
        weight = FAULT if place.in_production else ADVICE
        yield Finding(weight, "PUBLIC_URL", "is not https: sign-ins and callers' numbers travel in the open")
    if not place.in_production:
        yield Finding(ADVICE, "demo", "no Twilio account is set: calls come from the exchange in a box alone")
    if place.metrics_token is None:
        yield Finding(ADVICE, "METRICS_TOKEN", "is not set: /metrics answers on this machine only")


def _policy(room: Room) -> Iterator[Finding]:
    """A policy that is wrong was refused at start; this is what may be meant, and should be known."""
    policy, unsound = room.desk.policy, room.desk.unsound_policy
    if unsound:
        yield Finding(
            FAULT, "policy", f"the newest version cannot be used, an older one holds: {unsound.faults[0]}"
        )
    if not [each for each in policy.notices.to if str(each) != "log"]:
        yield Finding(ADVICE, "notices.to", "tells nobody but the log when a promise is at risk or late")
    if policy.sales.number is None:
        yield Finding(ADVICE, "sales.number", "is empty: callers for Sales can only leave a message")


def _time(room: Room) -> Iterator[Finding]:
    if not zoneinfo.available_timezones():
        yield Finding(FAULT, "time zones", "no time zone data is installed: install tzdata")
    try:
        with room.desk.reading() as work:
            theirs = work.session.scalar(select(func.current_timestamp()))
    except SQLAlchemyError:
        return
    if (
        theirs is not None
        and getattr(theirs, "tzinfo", None)
        and abs(theirs - work.now) > timedelta(seconds=2)
    ):
        yield Finding(
            FAULT, "clocks", f"the database's clock is {abs(theirs - work.now)} away from this machine's"
        )


def _carrier(room: Room) -> Iterator[Finding]:
    """In a demo the exchange knows where to ask; a real number is told so by hand."""
    if not room.place.in_production:
        return
    try:
        for fault in carriers_number.faults(room):
            yield Finding(FAULT, "Twilio", fault)
    except requests.HTTPError as refusal:
        told = f"does not let us look ({refusal.response.status_code})"
        yield Finding(FAULT, "Twilio", f"{told}: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
    except requests.RequestException as away:
        yield Finding(ADVICE, "Twilio", f"cannot be reached from here: {type(away).__name__}")


CHECKS: tuple[Check, ...] = (_database, _workers, _recordings, _addresses, _carrier, _policy, _time)
