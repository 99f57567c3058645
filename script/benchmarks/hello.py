"""The least a phone line could do: bare Flask, one read, one write, one sentence of TwiML; no signature."""

import os
from collections.abc import Callable

from flask import Flask, Response, request
from sqlalchemy import Engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from twilio.twiml.voice_response import VoiceResponse

from callbacks.database import open_engine


class _Base(DeclarativeBase):
    """Tables of the hello alone."""


class Hello(_Base):
    """How often a call was greeted."""

    __tablename__ = "hellos"

    sid: Mapped[str] = mapped_column(primary_key=True)
    turns: Mapped[int]


def entities() -> Flask:
    """A server of hellos that keeps an entity, as the desk does."""

    def greet(engine: Engine, sid: str) -> None:
        with Session(engine) as session, session.begin():
            hello = session.get(Hello, sid)
            if hello is None:
                session.add(Hello(sid=sid, turns=1))
            else:
                hello.turns += 1

    return _app(greet)


def statements() -> Flask:
    """A server of hellos that writes its SQL by hand."""

    def greet(engine: Engine, sid: str) -> None:
        with engine.begin() as connection:
            seen = connection.execute(
                text("SELECT turns FROM hellos WHERE sid = :sid"), {"sid": sid}
            ).scalar()
            change = "UPDATE hellos SET turns = turns + 1 WHERE sid = :sid"
            first = "INSERT INTO hellos (sid, turns) VALUES (:sid, 1)"
            connection.execute(text(first if seen is None else change), {"sid": sid})

    return _app(greet)


def _app(greet: Callable[[Engine, str], None]) -> Flask:
    app = Flask("hello")
    engine = open_engine(os.environ["DATABASE_URL"])

    @app.post("/<path:_anything>")
    def hello(_anything: str) -> Response:
        greet(engine, request.form["CallSid"])
        return Response(_twiml(), mimetype="text/xml")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    return app


def _twiml() -> str:
    """Made with Twilio's library, as its own examples make it."""
    response = VoiceResponse()
    gather = response.gather(action="/ivr/turn/1", method="POST")
    gather.say("Hello")
    return str(response)
