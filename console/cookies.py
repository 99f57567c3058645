"""The cookie of people's stays: looked at where there is one, written where a page has touched it."""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class Cookies(SecureCookieSessionInterface):
    """Flask weighs its cookie at every request; the carrier brings none, and is not made to wait for it."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # type: ignore[override]
        """Empty where no cookie came."""
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to write, and nothing that caches must heed, where no page looked or all get the same."""
        is_theirs = request.blueprint == "console" and not response.cache_control.public
        if session.modified or (session.accessed and is_theirs):
            super().save_session(app, session, response)
