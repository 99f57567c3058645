"""The environment, read once into one frozen Settings; every fault is named at once, with its mend."""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from launch.environ import (
    MAKE_A_KEY,
    Reading,
    account_sid,
    count,
    database,
    existing_file,
    issuer,
    long_enough,
    number,
    one_of,
    redis,
    storage,
    tcp_port,
    web_address,
)
from launch.keepsakes import kept_account, kept_secret
from launch.proxies import Proxies

ROOT = Path(__file__).resolve().parent
LONGEST_SOCKET_PATH = 100
"""A unix socket's address has room for 108 bytes."""


class SettingsError(ValueError):
    """The environment cannot be used; the message has one line for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class OpenId:
    """The organisation whose own sign-in lets people in, and what it says of them that we know them by."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str
    claim: str


@dataclass(frozen=True)
class Settings:
    """What the desk was told about the place it runs in. Secrets are never part of its repr."""

    var: Path
    host: str
    port: int
    exchange_port: int
    rehearsal: bool
    rehearsal_port: int
    web_workers: int
    web_threads: int
    web_listeners: int
    public_url: str
    trusted_proxies: Proxies
    openid: OpenId | None
    policy_file: Path
    log_format: str
    log_level: str
    in_production: bool
    twilio_account_sid: str
    twilio_number: str | None
    twilio_api_base: str | None
    redis_embedded: bool
    twilio_auth_token: str = field(repr=False)
    secret_key: str = field(repr=False)
    metrics_token: str | None = field(repr=False)
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    media_url: str = field(repr=False)

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment (the process's own by default); SettingsError names every fault at once."""
        reading = Reading(os.environ if environ is None else environ)
        var = reading.read("VAR_FOLDER", ROOT / "var", lambda text: Path(text).absolute())
        port = reading.read("PORT", 5000, tcp_port)
        real = reading.text("TWILIO_ACCOUNT_SID") is not None
        settings = cls(
            var=var,
            host=reading.read("HOST", "127.0.0.1", str),
            port=port,
            exchange_port=reading.read("EXCHANGE_PORT", 5050, tcp_port),
            rehearsal=reading.read("REHEARSAL", "yes", one_of("yes", "no")) == "yes",
            rehearsal_port=reading.read("REHEARSAL_PORT", 5060, tcp_port),
            web_workers=reading.read("WEB_WORKERS", 2 if real else 1, count),
            web_threads=reading.read("WEB_THREADS", 4, count),
            web_listeners=reading.read("WEB_LISTENERS", 200, count),
            public_url=reading.read("PUBLIC_URL", f"http://127.0.0.1:{port}", web_address),
            trusted_proxies=reading.read("TRUSTED_PROXIES", Proxies(), Proxies.read),
            openid=_openid(reading),
            policy_file=reading.read("POLICY_FILE", ROOT / "policy.toml", existing_file),
            log_format=reading.read("LOG_FORMAT", "text", one_of("text", "json")),
            log_level=reading.read("LOG_LEVEL", "info", one_of("debug", "info", "warning", "error")),
            in_production=real,
            twilio_account_sid=reading.read("TWILIO_ACCOUNT_SID", "", account_sid),
            twilio_number=reading.read("TWILIO_NUMBER", None, number),
            twilio_api_base=reading.read("TWILIO_API_BASE", None, web_address),
            redis_embedded=reading.text("REDIS_URL") is None,
            twilio_auth_token=reading.read("TWILIO_AUTH_TOKEN", "", str),
            secret_key=reading.read("SECRET_KEY", "", long_enough),
            metrics_token=reading.read("METRICS_TOKEN", None, long_enough),
            database_url=reading.read("DATABASE_URL", f"sqlite:///{var}/desk.sqlite3", database),
            redis_url=reading.read("REDIS_URL", f"unix://{socket_path(var)}", redis),
            media_url=reading.read("MEDIA_URL", f"file://{var}/recordings", storage),
        )
        return settings._ready(reading)

    def _ready(self, reading: Reading) -> "Settings":
        """Refuse what is at fault; without an account, add what the desk makes for itself."""
        if self.in_production:
            reading.faults += self._faults_of_a_real_line(reading)
        elif reading.text("TWILIO_AUTH_TOKEN") is not None:
            reading.faults.append("TWILIO_AUTH_TOKEN is set without TWILIO_ACCOUNT_SID: set both, or neither")
        if self.port == self.exchange_port and not self.in_production:
            reading.faults.append(f"PORT and EXCHANGE_PORT are both {self.port}: give one another number")
        if reading.faults:
            raise SettingsError(reading.faults)
        return self if self.in_production else self._as_a_demo()

    def _faults_of_a_real_line(self, reading: Reading) -> list[str]:
        """With an account the desk answers real callers, so nothing is left to a default made for trying."""
        mends = {
            "SECRET_KEY": f"codes and sign-ins hang on it; make one with {MAKE_A_KEY} and keep it safe",
            "TWILIO_AUTH_TOKEN": "it proves that a request is Twilio's; copy it from Twilio's console",
            "PUBLIC_URL": "Twilio must find the desk; set the address it has from outside, https://…",
        }
        faults = [f"{n} is missing: {mend}" for n, mend in mends.items() if reading.text(n) is None]
        if self.public_url.startswith("http:") and reading.text("PUBLIC_URL") is not None:
            faults.append("PUBLIC_URL must begin with https:// where real callers are answered")
        return faults

    def _as_a_demo(self) -> "Settings":
        """The exchange stands in for Twilio, with an account of its own."""
        account_sid, auth_token = kept_account(self.var / "exchange.json")
        return replace(
            self,
            twilio_account_sid=account_sid,
            twilio_auth_token=auth_token,
            twilio_api_base=self.twilio_api_base or f"http://127.0.0.1:{self.exchange_port}",
            secret_key=self.secret_key or kept_secret(self.var / "secret.key"),
        )

    @property
    def listeners(self) -> int:
        """Pages that hear of changes at once from each web process; they are so many in all."""
        return -(-self.web_listeners // self.web_workers)

    def key_for(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, derived from the secret key."""
        return hmac.new(self.secret_key.encode(), purpose.encode(), hashlib.sha256).digest()


def _openid(reading: Reading) -> OpenId | None:
    """All of it, or nothing."""
    needed = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    given = [name for name in needed if reading.text(name) is not None]
    if not given:
        return None
    missing = [name for name in needed if name not in given]
    reading.faults += [f"{name} is missing: {given[0]} is set, and needs it" for name in missing]
    return OpenId(
        issuer=reading.read("OIDC_ISSUER", "", issuer),
        client_id=reading.read("OIDC_CLIENT_ID", "", str),
        client_secret=reading.read("OIDC_CLIENT_SECRET", "", str),
        label=reading.read("OIDC_NAME", "OpenID", str)[:40],
        claim=reading.read("OIDC_CLAIM", "email", one_of("email", "preferred_username")),
    )


def socket_path(var: Path) -> Path:
    """Where the embedded Valkey listens: in the var folder, or near by where that path is too long."""
    path = var / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    mark = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return Path("/tmp") / f"ringback-{os.getuid()}-{mark}" / "valkey.sock"  # noqa: S108 - made with mode 700
