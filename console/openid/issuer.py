"""The organisation's own sign-in, by OpenID Connect: where it is, what it says, and whether that is so."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from callbacks.errors import DeskError
from console.room import OpenId

PATIENCE = (3.05, 5.0)
"""Seconds to find it, and to hear its answer."""
KNOWN_FOR = timedelta(hours=1)
"""So long it is not asked again where its addresses and keys are."""
KEYS_AGAIN = timedelta(minutes=1)
"""A key that is not known is asked for at most so often: anybody may name one."""
LEEWAY = 60
"""Seconds by which its clock may be wrong."""
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures that it alone can make; `none`, and those by the secret that we hold too, are not among them."""


class Away(DeskError):  # noqa: N818 - it is no error of ours
    """It cannot be reached, or answers nothing that can be used."""


class NotProved(DeskError):  # noqa: N818
    """What came back does not prove who somebody is."""


@dataclass(frozen=True)
class Asked:
    """What was asked: kept by the browser's session until the answer comes, and good for one answer."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def anew(cls) -> "Asked":
        """At random."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


class Issuer:
    """One organisation's sign-in. It is asked nothing until somebody wants to come in by it."""

    def __init__(self, told: OpenId, back: str) -> None:
        self.told, self.back = told, back
        self._places: tuple[datetime, Mapping[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def address(self, asked: Asked, now: datetime) -> str:
        """Where the browser is sent; Away where nobody knows."""
        places = self._found(now)
        url, _state = self._session().create_authorization_url(
            places["authorization_endpoint"],
            state=asked.state,
            nonce=asked.nonce,
            code_verifier=asked.verifier,
        )
        return cast(str, url)

    def who(self, answer: Mapping[str, str], asked: Asked, now: datetime) -> str:
        """The name by which the desk may know them; NotProved where anything of the answer is not right."""
        if not hmac.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
            raise NotProved("the answer is to another question")
        if "code" not in answer:
            raise NotProved(f"it answered {answer.get('error', 'nothing')[:40]}")
        return self._name(self._proved(self._token(answer["code"], asked, now), asked, now))

    def _token(self, code: str, asked: Asked, now: datetime) -> str:
        """What it says of the person, signed."""
        places = self._found(now)
        methods = places.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        way = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        try:
            given = self._session(way).fetch_token(
                places["token_endpoint"], code=code, code_verifier=asked.verifier, timeout=PATIENCE
            )
        except AuthlibBaseError as refusal:
            raise NotProved(f"it does not take the code: {refusal.error}") from refusal
        except (requests.RequestException, ValueError) as away:
            raise Away(type(away).__name__) from away
        return str(given.get("id_token", ""))

    def _proved(self, token: str, asked: Asked, now: datetime) -> Mapping[str, Any]:
        """The claims, where it signed them, for us, for this question, and they still hold."""
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()), leeway=LEEWAY,
            iss={"essential": True, "value": self._found(now)["issuer"]},
            aud={"essential": True, "value": self.told.client_id},
            exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
            nonce={"essential": True, "value": asked.nonce},
        )  # fmt: skip
        try:
            claims = self._read(token, now)
            rules.validate(claims)
        except (JoseError, ValueError, TypeError) as wrong:
            raise NotProved(f"{type(wrong).__name__}: {wrong}"[:200]) from wrong
        if claims.get("azp", self.told.client_id) != self.told.client_id:
            raise NotProved("it is meant for somebody else")
        return claims

    def _read(self, token: str, now: datetime) -> dict[str, Any]:
        """By the keys that are known; where it is signed by none of them, they may be new."""
        try:
            return jwt.decode(token, self._keys_at(now), algorithms=SIGNED_BY).claims
        except (JoseError, ValueError):
            if self._keys and now - self._keys[0] < KEYS_AGAIN:
                raise
            self._keys = None
            return jwt.decode(token, self._keys_at(now), algorithms=SIGNED_BY).claims

    def _name(self, claims: Mapping[str, Any]) -> str:
        name = claims.get(self.told.claim)
        if not isinstance(name, str) or not name.strip():
            raise NotProved(f"it says no {self.told.claim}")
        if self.told.claim == "email" and claims.get("email_verified") not in (True, "true"):
            raise NotProved("it does not vouch for the e-mail address")
        return name

    def _session(self, way: str = "client_secret_basic") -> Any:
        return OAuth2Session(
            self.told.client_id, self.told.client_secret, token_endpoint_auth_method=way,
            scope="openid email profile", redirect_uri=self.back, code_challenge_method="S256",
        )  # fmt: skip

    def _found(self, now: datetime) -> Mapping[str, Any]:
        """Its own description; one that names another issuer, or leads out of TLS, is not believed."""
        if self._places and now - self._places[0] < KNOWN_FOR:
            return self._places[1]
        found = _fetched(f"{self.told.issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self.told.issuer:
            raise Away("it calls itself by another name")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not str(found.get(name, "")).startswith(("https://", self.told.issuer)):
                raise Away(f"its {name} is no https address")
        self._places = now, found
        return found

    def _keys_at(self, now: datetime) -> KeySet:
        if self._keys is None or now - self._keys[0] >= KNOWN_FOR:
            self._keys = now, KeySet.import_key_set(cast(Any, _fetched(self._found(now)["jwks_uri"])))
        return self._keys[1]


def _fetched(url: str) -> dict[str, Any]:
    try:
        response = requests.get(url, timeout=PATIENCE, allow_redirects=False)
        found = response.json() if response.status_code == 200 else None
    except (requests.RequestException, ValueError) as away:
        raise Away(type(away).__name__) from away
    if not isinstance(found, dict):
        raise Away(f"it answers {response.status_code}")
    return found
