"""The desk's screens, its health and numbers for machines, and the administrator's verbs."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Flask, Response, redirect, request, url_for
from flask_login import LoginManager, current_user
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from callbacks.sign_in import LASTS
from callbacks.work import Desk
from console import headers, look, verbs
from console.api import api
from console.changes import Turns
from console.cookies import Cookies
from console.form_token import FormToken
from console.health import Health
from console.metrics import Metrics
from console.packed import pack
from console.pages import DISPLAYS, OPEN, headings, open_doors, pages, section, weigh
from console.passwords import Passwords
from console.room import Lent, Place, Room, where
from console.signing_in import SigningIn
from console.wall.screen import Screen


def register(
    app: Flask,
    desk: Desk,
    place: Place,
    is_current: Callable[[Engine], bool],
    passwords: Passwords | None = None,
    *,
    lent: Lent | None = None,
) -> None:
    """Add the screens, the health addresses and the command line to the app.

    `is_current` tells whether a database has seen every migration.
    """
    room = Room(desk.told_from(where), place, passwords or Passwords(), is_current, lent or Lent())
    signing_in = SigningIn(room)
    listed = pages(room)
    screens = _screens(signing_in, Screen(room))
    _keep_sessions(app, room, signing_in)
    protection = FormToken(app)
    Turns().guard(app)
    screens.before_request(_signed_in_only)
    weigh(screens, listed)
    screens.before_request(protection.protect)
    screens.after_request(lambda response: headers.put_on(response, room.over_https))
    screens.after_request(pack)
    open_doors(screens, listed)
    integrators = api(room)
    for door in (screens, integrators):
        door.after_request(partial(_forget_who, room))
    look.dress(screens, room, partial(headings, listed), partial(section, listed))
    app.register_blueprint(screens)
    app.register_blueprint(_for_machines(app, room))
    app.register_blueprint(integrators)
    verbs.register(app, room)


def _screens(signing_in: SigningIn, display: Screen) -> Blueprint:
    """The screens, with the door that leads in and out, and what hangs on the wall."""
    screens = Blueprint("console", __name__, template_folder="templates")
    for rule, name, view, method in (
        ("/sign-in", "sign_in", signing_in.show, "GET"),
        ("/sign-in", "enter", signing_in.enter, "POST"),
        ("/sign-in/openid", "openid", signing_in.openid.go, "GET"),
        ("/sign-in/openid/back", "openid_back", signing_in.openid.back, "GET"),
        ("/sign-out", "sign_out", signing_in.leave, "POST"),
        *display.addresses(),
    ):
        screens.add_url_rule(rule, name, view, methods=[method])
    return screens


def _for_machines(app: Flask, room: Room) -> Blueprint:
    """What a supervisor of processes asks: without signing in, and without a word about people."""
    health, metrics = Health(room), Metrics(room)
    machines = Blueprint("machines", __name__)
    machines.add_url_rule("/healthz", "lives", health.lives)
    machines.add_url_rule("/readyz", "ready", health.ready)
    machines.add_url_rule("/metrics", "metrics", metrics.show)
    metrics.watch(app)
    return machines


def _keep_sessions(app: Flask, room: Room, signing_in: SigningIn) -> None:
    """The cookie holds the key of a stay and the token of its forms; it lasts as long as the stay."""
    app.session_interface = Cookies()
    app.secret_key = app.secret_key or room.place.key_for("cookies")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-desk" if room.over_https else "desk",
        SESSION_COOKIE_SECURE=room.over_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=LASTS,
        WTF_CSRF_CHECK_DEFAULT=False,  # the carrier's requests are proved by their signature
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    people = LoginManager(app)
    people.session_protection = None  # a key is only as good as its stay, whatever network it comes from
    people.user_loader(signing_in.person)
    people.unauthorized_handler(_to_sign_in)


def _signed_in_only() -> AnyResponse | None:
    """Nothing is open by being forgotten in a list."""
    if request.endpoint in OPEN | DISPLAYS or current_user.is_authenticated:
        return None
    return _to_sign_in()


def _forget_who(room: Room, response: AnyResponse) -> AnyResponse:
    """Whoever did something may have signed out, or changed who somebody is: that holds here at once."""
    if request.method not in {"GET", "HEAD"}:
        room.stays.forget()
    return response


def _to_sign_in() -> AnyResponse:
    """A page leads back to itself after signing in; what only a script asked for says so."""
    if (request.endpoint or "").endswith(("_live", ".events")):
        return Response(status=401)
    page = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("console.sign_in", next=None if page == "/" else page))
