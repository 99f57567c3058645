"""`agent add`, `agent list`, `agent code`: who works at the desk."""

import sys
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from callbacks import journal, presence
from callbacks.agent import Agent, Role, by_sign_in
from callbacks.errors import Refused
from callbacks.phone_number import PhoneNumber, read
from callbacks.work import Work
from console.catalogue import offered
from console.commands import as_json, the_desk, the_room, verb
from console.passwords import new_password

agents = AppGroup("agent", help="Who works at the desk.")


@agents.command("add")
@click.argument("sign_in")
@click.option("--name", required=True, help="As colleagues and customers know them.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.AGENT.value)
@click.option("--level", type=click.IntRange(1, 2), default=1, show_default=True)
@click.option("--language", "languages", multiple=True, help="Repeat it; the first is that of their screens.")
@click.option("--phone", default="", help="Where the desk rings them.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input; else one is made."
)
@verb
def add(sign_in: str, password_stdin: bool, languages: tuple[str, ...], phone: str, **said: Any) -> None:
    """Add a person. A password made here is shown this once."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else new_password()
    person = Agent(sign_in=_sign_in(sign_in), languages=list(languages) or list(offered()[:1]), **said)
    person.phone = _phone(phone, the_desk().policy.numbers.country or "")
    person.password_hash = the_room().passwords.digest(password)
    with the_desk().work() as work:
        _join(work, person)
    click.echo(f"{person.name} may sign in as {person.sign_in}")
    if not password_stdin:
        click.echo(f"password: {password}")


@agents.command("list")
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@verb
def show(in_json: bool) -> None:
    """List the people of the desk."""
    with the_desk().reading() as work:
        here = select(Agent).where(Agent.left_at.is_(None)).order_by(Agent.sign_in)
        people = list(work.session.scalars(here))
    if in_json:
        shown = ("sign_in", "name", "role", "level", "languages", "phone")
        as_json([{name: getattr(person, name) for name in shown} for person in people])
        return
    for one in people:
        languages = ", ".join(one.languages)
        click.echo(f"{one.sign_in:<14} {one.name:<22} {one.role:<14} level {one.level}  {languages}")


@agents.command("code")
@click.argument("sign_in")
@verb
def code(sign_in: str) -> None:
    """Give a person a new code, shown this once: from their own phone it lets them be ready or away."""
    with the_desk().work() as work:
        person = by_sign_in(work.session, sign_in)
        if person is None or not person.phone:
            raise Refused(f"{sign_in} is nobody here with a phone: give one to script/desk agent add")
        click.echo(f"code for {person.name} at {person.phone}: {presence.new_code(work, person)}")


def _join(work: Work, person: Agent) -> None:
    taken = select(Agent.id).where(Agent.sign_in == person.sign_in)
    if work.session.scalar(taken) is not None:
        raise Refused(f"somebody signs in as {person.sign_in} already: choose another name")
    person.created_at = work.now
    work.session.add(person)
    facts = {"agent": person.sign_in, "role": person.role, "level": person.level}
    journal.write(work, journal.DESK, "agent_added", "administrator", facts=facts)


def _sign_in(text: str) -> str:
    name = text.strip().lower()
    if not (0 < len(name) <= 80 and name.isprintable() and not any(sign.isspace() for sign in name)):
        raise Refused(f"{text!r} is no name to sign in with: write one short word, like ada")
    return name


def _phone(text: str, country: str) -> str | None:
    if not text.strip():
        return None
    number = read(text, *([country] if country else []))
    if not isinstance(number, PhoneNumber):
        raise Refused(f"{text!r} is no phone number that can be rung: write it like +390212345678")
    return number.e164
