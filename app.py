"""The composition root of the web: Settings, the desk, Flask with phone line and console."""

import gc

from flask import Flask

import console
import logs
from callbacks.work import Desk
from ivr import Line, phone_line, sound_line
from launch.desk import open_desk
from launch.migrate import is_current
from settings import Settings


def create_app(settings: Settings | None = None, desk: Desk | None = None) -> Flask:
    """The web application. Without settings it reads the environment, and sets up logs for this process."""
    alone = settings is None
    settings = settings or Settings.load()
    if alone:
        logs.configure(settings.log_format, settings.log_level)
    desk = desk or open_desk(settings)
    app = Flask("ringback", static_folder=None)
    line = Line(
        settings.twilio_account_sid, settings.twilio_auth_token, settings.public_url, settings.media_url
    )
    app.register_blueprint(phone_line(desk, line))
    app.register_blueprint(sound_line(desk, line))
    console.register(app, desk, settings, is_current)
    if alone:
        gc.freeze()  # what is loaded lives as long as the process: no turn of a call looks it through again
    return app
