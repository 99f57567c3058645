"""What the screens share: the desk, who is looking, in which language, at which moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from flask import has_request_context, request
from flask_login import UserMixin, current_user
from sqlalchemy import Engine

from callbacks.agent import Agent
from callbacks.policy import Policy
from callbacks.work import Desk, Work
from console.catalogue import Catalogue, offered
from console.counted import Counted
from console.listening import Listening
from console.passwords import Passwords
from console.stays import Stays
from console.times import Times

COMMAND_LINE = "command line"


class OpenId(Protocol):
    """An organisation whose own sign-in lets people in; `claim` is the word by which we know them."""

    @property
    def issuer(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def client_secret(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def claim(self) -> str: ...


class Place(Protocol):
    """What the screens must know of the place the desk runs in; Settings has all of it."""

    @property
    def in_production(self) -> bool: ...
    @property
    def public_url(self) -> str: ...
    @property
    def media_url(self) -> str: ...
    @property
    def redis_url(self) -> str: ...
    @property
    def metrics_token(self) -> str | None: ...
    @property
    def twilio_account_sid(self) -> str: ...
    @property
    def twilio_auth_token(self) -> str: ...
    @property
    def twilio_number(self) -> str | None: ...
    @property
    def twilio_api_base(self) -> str | None: ...
    @property
    def openid(self) -> OpenId | None: ...
    @property
    def listeners(self) -> int: ...
    def key_for(self, purpose: str) -> bytes: ...


@dataclass(frozen=True)
class Sentence:
    """What callers hear, in each language. `changing` names what is different in each call, `examples` say
    what each gap may hold then, by language."""

    name: str
    texts: Mapping[str, str]
    changing: Sequence[str] = ()
    examples: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def _no_sentences(_policy: Policy) -> Sequence[Sentence]:
    return ()


def _nobody(_address: str, _title: str, _line: str) -> bool:
    return False


@dataclass(frozen=True)
class Practice:
    """A telephone to call a desk by: this one where it is only tried, else its rehearsal, a desk apart.

    `exchange` is where the telephone's exchange is found, empty where there is none; `codes` are those of the
    companies made up for it; `desk` is the one that is called.
    """

    exchange: str = ""
    codes: Callable[[], Mapping[str, str]] = dict
    desk: Desk | None = None
    is_apart: bool = False


@dataclass(frozen=True)
class Lent:
    """What other rooms lend the screens: the phone line's sentences, a notice sent to try an address, and a
    telephone to call the desk by."""

    sentences: Callable[[Policy], Sequence[Sentence]] = _no_sentences
    try_notice: Callable[[str, str, str], bool] = _nobody
    practice: Practice = Practice()


class Person(UserMixin):  # type: ignore[misc]
    """Who is signed in, as flask-login carries them: the cookie holds the stay's key and no more."""

    def __init__(self, key: str, agent: Agent) -> None:
        self.key = key
        self.agent = agent

    def get_id(self) -> str:
        return self.key


@dataclass(frozen=True)
class Room:
    """`is_current` tells whether the database has seen every migration."""

    desk: Desk
    place: Place
    passwords: Passwords
    is_current: Callable[[Engine], bool]
    lent: Lent = field(default=Lent())

    @property
    def over_https(self) -> bool:
        """Whether browsers reach the desk by TLS: then cookies are for TLS alone."""
        return self.place.public_url.startswith("https:")

    @cached_property
    def listening(self) -> Listening:
        """The pages that listen at this process."""
        return Listening(self.desk, self.place.listeners)

    @cached_property
    def stays(self) -> Stays:
        """Who is signed in, as this process found lately."""
        return Stays(self.desk, self.listening.lines_lately)

    @cached_property
    def counted(self) -> Counted:
        """The backlog in numbers, as this process knows it."""
        return Counted()

    def words(self) -> Catalogue:
        """The signed-in person's first language that the screens speak; before that, the browser's choice."""
        if current_user.is_authenticated:
            spoken = [language for language in current_user.agent.languages if language in offered()]
            if spoken:
                return Catalogue.of(spoken[0])
        return Catalogue.of(request.accept_languages.best_match(offered()) or offered()[0])

    def times(self, work: Work) -> Times:
        """How this page writes time."""
        return Times(work, self.words())


def me() -> Agent:
    """The signed-in person."""
    agent: Agent = current_user.agent
    return agent


def address() -> str:
    """Where the request comes from, as far as the server knows."""
    return (request.remote_addr or "")[:64]


def where() -> str:
    """From where the desk is acted upon: what the journal keeps of every change."""
    return address() if has_request_context() else COMMAND_LINE
