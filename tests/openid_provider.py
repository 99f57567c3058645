"""An organisation's own sign-in in tests: a small OpenID Connect provider over HTTP, that can go wrong."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.wrappers import Response as AnyResponse

from tests.desk import served

CLIENT, SECRET = "ringback", "a secret for tests alone"


def new_key() -> RSAKey:
    """With a name of its own."""
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})


@dataclass
class Provider:
    """Whoever comes is `claims`; `spoil` changes the token's, `key` signs it, `published` are shown."""

    clock: Callable[[], datetime]
    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    spoil: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=new_key)
    published: list[RSAKey] = field(default_factory=list)
    error: str = ""
    algorithm: str = "RS256"
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    hits: list[str] = field(default_factory=list)

    def app(self, url: str) -> Flask:
        """Its four addresses."""
        self.url, self.published = url, [self.key]
        app = Flask("provider", static_folder=None)
        app.add_url_rule("/.well-known/openid-configuration", "describe", self.describe)
        app.add_url_rule("/authorize", "authorize", self.authorize)
        app.add_url_rule("/token", "token", self.token, methods=["POST"])
        app.add_url_rule("/keys", "keys", self.keys)
        app.before_request(lambda: self.hits.append(request.path))
        return app

    def describe(self) -> AnyResponse:
        """Where everything is."""
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        here = {name: f"{self.url}/{place}" for name, place in places.items()}
        return jsonify({"issuer": self.url, **here, **self.described})

    def authorize(self) -> AnyResponse:
        """Everybody is let in at once, or nobody."""
        asked = request.args.to_dict()
        answer = {"state": asked["state"]}
        if self.error:
            answer["error"] = self.error
        else:
            answer["code"] = secrets.token_hex(8)
            self.asked[answer["code"]] = asked
        return redirect(f"{asked['redirect_uri']}?{urlencode(answer)}")

    def token(self) -> AnyResponse:
        """The token, for who shows the code, the secret, and the proof that it is they who asked."""
        asked = self.asked.pop(request.form["code"], None)
        proof = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        known = request.authorization and (request.authorization.username, request.authorization.password)
        if known != (CLIENT, SECRET):
            return jsonify(error="invalid_client"), 401  # type: ignore[return-value]
        if asked is None or (asked["code_challenge"], asked["code_challenge_method"]) != (challenge, "S256"):
            return jsonify(error="invalid_grant"), 400  # type: ignore[return-value]
        now = int(self.clock().timestamp())
        claims = {"iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300,
                  "nonce": asked["nonce"], **self.claims, **self.spoil}  # fmt: skip
        told = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        signed = jwt.encode(header, told, self.key, algorithms=[self.algorithm])
        return jsonify(access_token="x", token_type="Bearer", expires_in=300, id_token=signed)

    def keys(self) -> AnyResponse:
        """The public halves."""
        return jsonify(KeySet(list(self.published)).as_dict(private=False))


@contextmanager
def provider(clock: Callable[[], datetime]) -> Iterator[Provider]:
    """Served until the test is over."""
    made = Provider(clock)
    with served(made.app):
        yield made
