"""The composition root of the web: Settings, the desk, Flask with phone line and console."""

import gc
from collections.abc import Sequence

from flask import Flask

import console
import logs
from callbacks.database import open_engine
from callbacks.policy import Policy
from callbacks.work import Desk
from console.room import Lent, Practice, Sentence
from ivr import Line, phone_line, sound_line
from ivr.prompt_list import prompts
from launch import rehearsal
from launch.desk import open_desk
from launch.keepsakes import demo_codes
from launch.migrate import is_current
from launch.proxies import Behind, Proxies
from launch.refusal import or_says_why
from settings import Settings


def _sentences(policy: Policy) -> Sequence[Sentence]:
    return [Sentence(each.name, each.texts, each.changing, each.examples) for each in prompts(policy)]


def _try_notice(address: str, title: str, line: str) -> bool:
    """By the very way that the worker tells people."""
    from worker.notices.channel import channel_to  # noqa: PLC0415 - slow to load, and seldom needed
    from worker.notices.notice import Notice  # noqa: PLC0415

    return channel_to(address).send(Notice("test", title, (line,)))


def _practice(settings: Settings, desk: Desk) -> Practice:
    """The desk itself where it is only tried; where callers are real, its rehearsal, a desk apart."""
    exchange = f"http://127.0.0.1:{settings.exchange_port}"
    if not settings.in_production:
        return Practice(exchange, lambda: demo_codes(settings.var), desk)
    if not settings.rehearsal:
        return Practice()
    var = rehearsal.folder(settings)
    apart = desk.kept_at(open_engine(f"sqlite:///{var}/desk.sqlite3"))
    return Practice(exchange, lambda: demo_codes(var), apart, is_apart=True)


def create_app(settings: Settings | None = None, desk: Desk | None = None) -> Flask:
    """The web application. Without settings it reads the environment, and sets up logs for this process."""
    if settings is None:
        return _alone()
    desk = desk or open_desk(settings)
    app = Flask("ringback", static_folder=None)
    if settings.trusted_proxies != Proxies():
        app.wsgi_app = Behind(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    line = Line(
        settings.twilio_account_sid, settings.twilio_auth_token, settings.public_url, settings.media_url
    )
    app.register_blueprint(phone_line(desk, line))
    app.register_blueprint(sound_line(desk, line))
    console.register(
        app, desk, settings, is_current, lent=Lent(_sentences, _try_notice, _practice(settings, desk))
    )
    return app


def _alone() -> Flask:
    """A process of its own; where it cannot begin it says why, a line for each fault, and ends."""
    with or_says_why():
        settings = Settings.load()
        logs.configure(settings.log_format, settings.log_level)
        app = create_app(settings)
    gc.freeze()  # what is loaded lives as long as the process: no turn of a call looks it through again
    return app
