"""The least a phone line could do: bare Flask, one read, one write, one sentence of TwiML; no signature."""

import os

from flask import Flask, Response, request
from sqlalchemy import text

from callbacks.database import open_engine

GATHER = '<Gather action="/ivr/turn/1"><Say>Hello</Say></Gather>'
TWIML = f'<?xml version="1.0" encoding="UTF-8"?><Response>{GATHER}</Response>'


def create_app() -> Flask:
    """A server of hellos, on the database that DATABASE_URL names."""
    app = Flask("hello")
    engine = open_engine(os.environ["DATABASE_URL"])

    @app.post("/<path:_anything>")
    def hello(_anything: str) -> Response:
        sid = {"sid": request.form["CallSid"]}
        with engine.begin() as connection:
            seen = connection.execute(text("SELECT turns FROM hellos WHERE sid = :sid"), sid).scalar()
            if seen is None:
                connection.execute(text("INSERT INTO hellos (sid, turns) VALUES (:sid, 1)"), sid)
            else:
                connection.execute(text("UPDATE hellos SET turns = turns + 1 WHERE sid = :sid"), sid)
        return Response(TWIML, mimetype="text/xml")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    return app
