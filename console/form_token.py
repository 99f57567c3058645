"""The token of a session's forms, in another disguise on every page.

A page travels packed and may repeat what was typed: without the disguise its length would tell, guess by
guess, whether what was typed is like the token (BREACH).
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from flask import Flask, g
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf


class FormToken(CSRFProtect):  # type: ignore[misc]
    """Takes the disguise off again where a form comes back."""

    def init_app(self, app: Flask) -> None:
        """Templates ask for the token by this name."""
        super().init_app(app)
        app.context_processor(lambda: {"csrf_token": _disguised_once})

    def _get_csrf_token(self) -> str | None:
        token: str | None = super()._get_csrf_token()
        return _undisguised(token) if token else None


def _disguised_once() -> str:
    """The same in all forms of one page."""
    if "form_token" not in g:
        g.form_token = _disguised(generate_csrf().encode())
    return str(g.form_token)


def _disguised(token: bytes) -> str:
    mask = secrets.token_bytes(len(token))
    return urlsafe_b64encode(mask + _mixed(token, mask)).decode()


def _undisguised(shown: str) -> str | None:
    try:
        whole = urlsafe_b64decode(shown)
        half = len(whole) // 2
        return _mixed(whole[half:], whole[:half]).decode("ascii")
    except (Error, ValueError):
        return None


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
