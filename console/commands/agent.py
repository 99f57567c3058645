"""`agent add|list|change|presence|code|password|leave`: who works at the desk."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from callbacks import presence, staffing
from callbacks.agent import Agent, Presence, Role
from callbacks.errors import Refused
from console.catalogue import offered
from console.commands import as_json, the_desk, the_room, verb
from console.commands.agent_words import as_kept, password_of, sign_in_of

BY = "administrator"
SHOWN = (
    "sign_in",
    "name",
    "roles",
    "level",
    "languages",
    "topics",
    "phone",
    "shifts",
    "days_off",
    "presence",
)

agents = AppGroup("agent", help="Who works at the desk.")
typed = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input; else one is made."
)


def terms(act: Callable[..., None]) -> Callable[..., None]:
    """What is said of a person when they join, and may be changed later."""
    options = (
        click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]),
                     help="What they may do; repeat it."),
        click.option("--level", type=click.IntRange(1, 2)),
        click.option("--language", "languages", multiple=True, help="Repeat it; the first is the screens'."),
        click.option("--topic", "topics", multiple=True, help="Those they take; repeat it. `all`: each."),
        click.option("--phone", help='Where the desk rings them; "" for nowhere.'),
        click.option("--shift", "shifts", multiple=True,
                     help='"mon-fri 09:00-13:00"; repeat it. `office`: whenever the office is open.'),
        click.option("--day-off", "days_off", multiple=True, help="2026-12-24; repeat it. `none`: no day."),
    )  # fmt: skip
    return reduce(lambda done, option: option(done), reversed(options), act)


@agents.command("add")
@click.argument("sign_in")
@click.option("--name", required=True, help="As colleagues and customers know them.")
@terms
@typed
@verb
def add(sign_in: str, password_stdin: bool, **said: Any) -> None:
    """Add a person. A password made here is shown this once."""
    take_on(sign_in, password_stdin, **said)


def take_on(sign_in: str, password_stdin: bool, **said: Any) -> None:
    """Add a person, and say how they sign in."""
    password, shown = password_of((sign_in, said["name"]), typed=password_stdin)
    kept = {"roles": [Role.AGENT.value], "level": 1, "languages": list(offered()[:1])}
    person = Agent(sign_in=sign_in_of(sign_in), **kept | as_kept(the_desk().policy, said))
    person.password_hash = the_room().passwords.digest(password)
    the_desk().do(lambda work: staffing.join(work, person, BY))
    click.echo(f"{said['name']} may sign in as {sign_in_of(sign_in)}{shown}")


@agents.command("change")
@click.argument("sign_in")
@click.option("--name", help="As colleagues and customers know them.")
@terms
@verb
def change(sign_in: str, **said: Any) -> None:
    """Change what is said of a person; what is left out stays."""
    kept = as_kept(the_desk().policy, said)
    if not kept:
        raise Refused("nothing to change was said: see script/desk agent change --help")
    with the_desk().work() as work:
        person = staffing.the_person(work, sign_in)
        had_code = person.phone_code is not None
        staffing.change(work, person, kept, BY)
        lost = had_code and person.phone_code is None
    click.echo(f"{sign_in} is changed{'; their code was for the old phone: make a new one' if lost else ''}")


@agents.command("list")
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@verb
def show(in_json: bool) -> None:
    """List the people of the desk."""
    with the_desk().reading() as work:
        here = select(Agent).where(Agent.left_at.is_(None)).order_by(Agent.sign_in)
        people = list(work.session.scalars(here))
    if in_json:
        as_json([{name: getattr(person, name) for name in SHOWN} for person in people])
        return
    for one in people:
        takes = (
            f"level {one.level}  {', '.join(one.languages):<8}  {one.presence:<6}  {one.phone or 'no phone'}"
        )
        click.echo(f"{one.sign_in:<14} {one.name:<22} {', '.join(one.roles):<14} {takes}")


@agents.command("presence")
@click.argument("sign_in")
@click.argument("is_now", metavar="READY|BUSY|AWAY", type=click.Choice([each.value for each in Presence]))
@verb
def be(sign_in: str, is_now: str) -> None:
    """Say whether a person may be rung; who is away lets go of what was assigned."""
    with the_desk().work() as work:
        person = staffing.the_person(work, sign_in)
        presence.change(work, person, Presence(is_now), BY)
        phone = person.phone
    has_none = is_now == Presence.READY and not phone
    click.echo(f"{sign_in} is {is_now}{', but has no phone and is not rung' if has_none else ''}")


@agents.command("code")
@click.argument("sign_in")
@verb
def code(sign_in: str) -> None:
    """Give a person a new code, shown this once: from their own phone it lets them be ready or away."""
    with the_desk().work() as work:
        person = staffing.the_person(work, sign_in)
        if not person.phone:
            raise Refused(
                f"{sign_in} is nobody here with a phone: script/desk agent change {sign_in} --phone"
            )
        told = f"code for {person.name} at {person.phone}: {presence.new_code(work, person)}"
    click.echo(told)


@agents.command("password")
@click.argument("sign_in")
@typed
@verb
def password(sign_in: str, password_stdin: bool) -> None:
    """Give a person a new password and end their stays. One made here is shown this once."""
    chosen, shown = password_of((sign_in,), typed=password_stdin)
    digest = the_room().passwords.digest(chosen)
    with the_desk().work() as work:
        staffing.new_password(work, staffing.the_person(work, sign_in), digest, BY)
    click.echo(f"{sign_in} has a new password and must sign in again{shown}")


@agents.command("leave")
@click.argument("sign_in")
@verb
def leave(sign_in: str) -> None:
    """Say that a person works here no more: they are rung and let in no longer."""
    with the_desk().work() as work:
        staffing.leave(work, staffing.the_person(work, sign_in), BY)
    click.echo(f"{sign_in} has left; what they had is back in the queue")
