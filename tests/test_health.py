"""Alive, ready, and counted: what machines ask of the desk, with the database there and gone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

import console
from callbacks import watch
from callbacks.database import open_engine
from callbacks.work import Desk
from launch.migrate import is_current, upgrade
from settings import Settings
from tests.people import Cast, Clock, make_desk
from tests.screens import CHEAP, ask
from tests.valkey import Server

ROOT = Path(__file__).parents[1]
TOKEN = "a-token-for-the-gatherer-of-numbers"


@pytest.fixture
def migrated(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """A desk on a database that was migrated, rather than drawn from the entities."""
    url = f"sqlite:///{tmp_path}/desk.sqlite3"
    upgrade(url)
    engine = open_engine(url)
    yield make_desk(engine, clock)
    engine.dispose()


def served(desk: Desk, settings: Settings) -> Flask:
    """The console with the true question to the database."""
    app = Flask("tests", static_folder=None)
    console.register(app, desk, settings, is_current, CHEAP)
    return app


def test_the_process_lives_whatever_else_is_gone(clock: Clock, settings: Settings) -> None:
    desk = make_desk(open_engine("sqlite:////nowhere/at/all.sqlite3"), clock)
    assert served(desk, settings).test_client().get("/healthz").status_code == 200


def test_it_is_ready_with_a_migrated_database_and_no_redis(migrated: Desk, settings: Settings) -> None:
    answer = served(migrated, settings).test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "ready": True, "database": "current", "clock": "on time", "redis": "away", "workers": 0,
    }  # fmt: skip


def test_redis_is_told_where_it_answers(migrated: Desk, tmp_path: Path, redis_server: Server) -> None:
    settings = Settings.load({"VAR_FOLDER": str(tmp_path), "REDIS_URL": redis_server.url})
    answer = served(migrated, settings).test_client().get("/readyz")
    assert answer.json
    assert answer.json["redis"] == "answers"


def test_it_is_not_ready_before_the_database_is_migrated(
    tmp_path: Path, clock: Clock, settings: Settings
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/empty.sqlite3")
    answer = served(make_desk(engine, clock), settings).test_client().get("/readyz")
    engine.dispose()
    assert answer.status_code == 503
    assert answer.json
    assert answer.json["database"] == "behind"


def test_it_is_not_ready_while_the_database_is_away(clock: Clock, settings: Settings) -> None:
    for url in ("sqlite:////nowhere/at/all.sqlite3", "postgresql+psycopg://nobody@127.0.0.1:1/none"):
        engine = open_engine(url)
        answer = served(make_desk(engine, clock), settings).test_client().get("/readyz")
        engine.dispose()
        assert answer.status_code == 503
        assert answer.json
        assert answer.json["database"] == "away"


def test_a_clock_that_stands_still_is_told(desk: Desk, cast: Cast, screens: Flask, clock: Clock) -> None:
    callback = ask(desk)
    with desk.work() as work:
        work.session.execute(text("UPDATE messages SET alarm_at = NULL"))
        work.session.execute(text("UPDATE calls SET alarm_at = NULL"))
    clock.set("2026-11-23 15:10:09")
    readyz = screens.test_client().get("/readyz")
    assert readyz.json
    assert readyz.json["clock"] == "on time"
    clock.set("2026-11-23 15:10:11")
    readyz = screens.test_client().get("/readyz")
    assert readyz.json
    assert (readyz.json["clock"], readyz.status_code) == ("behind", 200)
    with desk.work() as work:
        watch.ring(work, callback.id)
    readyz = screens.test_client().get("/readyz")
    assert readyz.json
    assert readyz.json["clock"] == "on time"


def test_numbers_count_what_is_open_and_how_fast_we_answer(screens: Flask, desk: Desk, clock: Clock) -> None:
    ask(desk)
    clock.forward(timedelta(hours=6))
    client = screens.test_client()
    client.get("/healthz")
    told = client.get("/metrics").text
    assert 'ringback_open_requests{which="late"} 1.0' in told
    assert 'ringback_open_requests{which="to_ring"} 1.0' in told
    assert 'ringback_request_seconds_count{code="200",route="/healthz"} 1.0' in told
    assert "ringback_clock_behind_seconds" in told


def test_no_reference_and_no_number_is_ever_a_label(screens: Flask, desk: Desk) -> None:
    callback = ask(desk)
    client = screens.test_client()
    client.get(f"/requests/{callback.reference}")
    client.get("/no/such/+390212344587")
    told = client.get("/metrics").text
    assert callback.reference not in told
    assert "390212344587" not in told
    assert 'route="none"' in told


def test_numbers_are_told_without_a_database_too(clock: Clock, settings: Settings) -> None:
    desk = make_desk(open_engine("sqlite:////nowhere/at/all.sqlite3"), clock)
    answer = served(desk, settings).test_client().get("/metrics")
    assert answer.status_code == 200
    assert "ringback_open_requests{" not in answer.text


@pytest.mark.parametrize(
    ("address", "headers", "code"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.9", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 404),
        ("203.0.113.9", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("203.0.113.9", {"Authorization": "Bearer wrong"}, 404),
        ("203.0.113.9", {"Authorization": "Bearer \u00e9"}, 404),
        ("", {}, 404),
    ],
)
def test_numbers_are_for_this_machine_and_for_who_holds_the_token(
    desk: Desk, tmp_path: Path, address: str, headers: dict[str, str], code: int
) -> None:
    settings = Settings.load({"VAR_FOLDER": str(tmp_path), "METRICS_TOKEN": TOKEN})
    client = served(desk, settings).test_client()
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == code


def test_where_no_token_is_set_none_opens(desk: Desk, settings: Settings) -> None:
    client = served(desk, settings).test_client()
    answer = client.get(
        "/metrics", headers={"Authorization": "Bearer "}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert answer.status_code == 404


ONE_WEB_PROCESS = """
import sys
from flask import Flask
import console
from settings import Settings
from tests.people import Clock, make_desk
from callbacks.database import open_engine
settings = Settings.load()
desk = make_desk(open_engine(settings.database_url), Clock())
app = Flask("tests", static_folder=None)
console.register(app, desk, settings, lambda _: True)
client = app.test_client()
for _ in range(int(sys.argv[1])):
    client.get("/healthz")
print(client.get("/metrics").text)
"""


def test_several_web_processes_are_counted_together(tmp_path: Path) -> None:
    (tmp_path / "counted").mkdir()
    place = {"VAR_FOLDER": str(tmp_path), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "counted")}
    environ = {**os.environ, **place, "PYTHONPATH": str(ROOT)}
    told = [
        subprocess.run(
            [sys.executable, "-c", ONE_WEB_PROCESS, times],
            env=environ, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60,
        ).stdout
        for times in ("2", "3")
    ]  # fmt: skip
    assert 'ringback_request_seconds_count{code="200",route="/healthz"} 5.0' in told[1]
