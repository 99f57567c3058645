"""A desk to try: people, companies and a few days of work, made through the core's own moves, once."""

import json
import os
from dataclasses import replace
from datetime import date, timedelta
from typing import TypedDict

from sqlalchemy import select, update

from callbacks import extension_code
from callbacks.agent import Agent, Role
from callbacks.journal import Entry
from callbacks.subscription import Plan, Subscription
from callbacks.work import Desk, Work
from console.passwords import Passwords, new_password
from launch.demo_phones import PHONES
from launch.demo_stories import STORIES, live
from settings import Settings

COMPANIES: dict[str, tuple[Plan, int | None, date | None, list[str]]] = {
    "Acme": (Plan.PREMIUM, 20_000, None, ["en"]),
    "Rossi Logistica": (Plan.PREMIUM, 50_000, None, ["it"]),
    "Bolt": (Plan.STANDARD, 5_000, None, ["en"]),
    "Cobalt": (Plan.PREMIUM, 10_000, date(2026, 1, 31), ["en"]),
}
"""Plan, contract speed, last day, languages: Cobalt's subscription has lapsed."""

PEOPLE: dict[str, tuple[str, list[Role], int, list[str]]] = {
    "ada": ("Ada", [Role.AGENT], 1, ["en", "it"]),
    "bruno": ("Bruno", [Role.AGENT], 2, ["it"]),
    "sara": ("Sara", [Role.SUPERVISOR], 2, ["en", "it"]),
    "dora": ("Dora", [Role.ADMINISTRATOR], 1, ["en", "it"]),
}


class Demo(TypedDict):
    """What a start prints: each company's extension code, each person's password by sign-in."""

    codes: dict[str, str]
    sign_ins: dict[str, str]


def fill(desk: Desk, settings: Settings, passwords: Passwords | None = None) -> Demo:
    """Fill an empty desk; one that has people already is left alone. Prints the same at every start."""
    with desk.work() as work:
        if work.session.scalar(select(Agent.id).limit(1)) is None:
            demo = _filled(work, settings, passwords or Passwords())
            _keep(settings, demo)
            return demo
    return _kept(settings)


def _filled(work: Work, settings: Settings, passwords: Passwords) -> Demo:
    """All of it in one transaction: a start that is broken off leaves the desk empty."""
    long_ago = replace(work, now=work.now - timedelta(days=90))
    sign_ins = {name: new_password() for name in PEOPLE}
    for name, password in sign_ins.items():
        _add_person(long_ago, name, passwords.digest(password))
    codes = {company: _add_company(long_ago, company) for company in COMPANIES}
    for story in STORIES:
        live(work, story, settings.media_url)
    # What a demo is late with was made up: nobody is to be woken by it.
    untold = update(Entry).where(Entry.alarm_at.is_not(None)).values(told_at=Entry.written_at, alarm_at=None)
    work.session.execute(untold, execution_options={"synchronize_session": False})
    return Demo(codes=codes, sign_ins=sign_ins)


def _add_person(work: Work, sign_in: str, password_hash: str) -> None:
    name, roles, level, languages = PEOPLE[sign_in]
    _, phone = PHONES.get(sign_in, ("", None))
    work.session.add(
        Agent(
            sign_in=sign_in,
            name=name,
            roles=[role.value for role in roles],
            level=level,
            languages=languages,
            phone=phone,
            password_hash=password_hash,
            created_at=work.now,
        )
    )
    work.session.flush()


def _add_company(work: Work, company: str) -> str:
    plan, speed, ends_on, languages = COMPANIES[company]
    contact = {"name": "Reception", "phone": "", "email": f"office@{company[:5].strip().lower()}.example"}
    subscription = Subscription(
        company=company, plan=plan, contract_speed=speed, starts_on=date(2025, 1, 1), ends_on=ends_on,
        languages=languages, contacts=[contact], created_at=work.now,
    )  # fmt: skip
    work.session.add(subscription)
    work.session.flush()
    return extension_code.make(work, subscription, "front desk")


def _kept(settings: Settings) -> Demo:
    """What an earlier start made; nothing where its file is gone: the desk keeps no passwords."""
    path = settings.var / "demo.json"
    told = json.loads(path.read_text()) if path.exists() else {}
    return Demo(codes=told.get("codes", {}), sign_ins=told.get("sign_ins", {}))


def _keep(settings: Settings, demo: Demo) -> None:
    """Readable by us alone, and written whole: codes and passwords are nowhere else."""
    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = settings.var / "demo.json.part"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(demo, file, indent=2)
    draft.replace(settings.var / "demo.json")
