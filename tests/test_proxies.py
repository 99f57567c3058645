"""From where a request came, behind proxies that are trusted and before strangers who are not."""

from pathlib import Path

import pytest
from flask import Flask, request

from app import create_app
from callbacks import journal
from callbacks.work import Desk
from console.room import address
from launch.proxies import Behind, Proxies
from settings import Settings
from tests.people import Cast
from tests.screens import Visitor, give_passwords
from tests.test_settings import faults

NEAR, FAR, PERSON, FORGED = "10.0.0.5", "10.1.2.3", "203.0.113.9", "198.51.100.66"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "from_"),
    [
        ("1", NEAR, PERSON, PERSON),
        ("1", NEAR, f"{FORGED}, {PERSON}", PERSON),
        ("2", NEAR, f"{FORGED}, {PERSON}, {FAR}", PERSON),
        ("2", NEAR, PERSON, NEAR),
        ("1", NEAR, "", NEAR),
        ("1", NEAR, "unknown", NEAR),
        (NEAR, NEAR, PERSON, PERSON),
        (NEAR, NEAR, f"{FORGED}, {PERSON}", PERSON),
        (NEAR, FORGED, PERSON, FORGED),
        (f"{NEAR}, 10.1.0.0/16", NEAR, f"{FORGED}, {PERSON}, {FAR}", PERSON),
        (f"{NEAR}, 10.1.0.0/16", NEAR, FAR, FAR),
        (NEAR, NEAR, f"{PERSON}, <script>", NEAR),
        (NEAR, NEAR, f"{PERSON}:4711", PERSON),
        (NEAR, f"::ffff:{NEAR}", PERSON, PERSON),
        ("fd00::/8", "fd00::1", "[2001:db8::7]:443", "2001:db8::7"),
        (NEAR, NEAR, ", ".join([FORGED] * 50_000 + [PERSON]), PERSON),
        (NEAR, "", PERSON, ""),
    ],
)
def test_an_address_is_believed_from_trusted_proxies_alone(
    trusted: str, peer: str, forwarded: str, from_: str
) -> None:
    proxies = Proxies.read(trusted)
    seen = proxies.origin(peer, forwarded) if proxies.trusts(peer) else peer
    assert seen == from_


def app_behind(proxies: Proxies) -> Flask:
    """An app that tells from where, and by which scheme, it thinks it is asked."""
    app = Flask("tests")
    app.add_url_rule("/", "tell", lambda: {"address": address(), "https": request.is_secure})
    app.wsgi_app = Behind(app.wsgi_app, proxies)  # type: ignore[method-assign]
    return app


def test_https_is_believed_from_a_trusted_proxy_alone() -> None:
    app = app_behind(Proxies.read(NEAR))
    headers = {"X-Forwarded-For": PERSON, "X-Forwarded-Proto": "https"}
    told = [
        app.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": peer}).json
        for peer in (NEAR, FORGED)
    ]
    assert told == [{"address": PERSON, "https": True}, {"address": FORGED, "https": False}]
    odd = app.test_client().get(
        "/", headers={"X-Forwarded-Proto": "gopher"}, environ_base={"REMOTE_ADDR": NEAR}
    )
    assert odd.json == {"address": NEAR, "https": False}


@pytest.mark.parametrize(("trusted", "kept"), [({}, "127.0.0.1"), ({"TRUSTED_PROXIES": "127.0.0.1"}, PERSON)])
def test_the_journal_has_the_address_of_the_person_and_nobody_can_forge_it(
    desk: Desk, cast: Cast, tmp_path: Path, trusted: dict[str, str], kept: str
) -> None:
    give_passwords(desk)
    app = create_app(Settings.load({"VAR_FOLDER": str(tmp_path), **trusted}), desk)
    visitor = Visitor(app)
    visitor.client.environ_base |= {"HTTP_X_FORWARDED_FOR": f"{FORGED}, {PERSON}"}
    assert visitor.sign_in("ada").status_code == 302
    with desk.reading() as work:
        (line,) = journal.lines(work.session, journal.DESK)
        assert line.personal is not None
        assert line.personal.body["address"] == kept


@pytest.mark.parametrize(
    "wrong", ["0", "11", "99999", "everybody", "10.0.0.0/33", "10.0.0.5 10.0.0.6", "10.0.0.5/8"]
)
def test_what_names_no_proxies_is_refused_at_the_start(tmp_path: Path, wrong: str) -> None:
    (fault,) = faults({"TRUSTED_PROXIES": wrong}, tmp_path)
    assert fault.startswith("TRUSTED_PROXIES is ")
