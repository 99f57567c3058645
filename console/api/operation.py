"""What may be asked of the API: one operation, and one asking of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from callbacks.token import Scope, Token
from console.api.field import Field


@dataclass(frozen=True)
class Asking:
    """One request, read and found good; `reference` or `sign_in` is empty where the address has none."""

    token: Token | None
    reference: str
    query: Mapping[str, Any]
    body: Mapping[str, Any]
    language: str
    sign_in: str = ""


@dataclass(frozen=True)
class Operation:
    """`gives` names the shape of the answer; `may` are the refusals beside those that any operation has."""

    method: str
    path: str
    name: str
    says: str
    scope: Scope | None
    view: Callable[[Asking], AnyResponse]
    gives: str
    query: tuple[Field, ...] = ()
    body: tuple[Field, ...] | None = None
    headers: tuple[Field, ...] = ()
    may: tuple[int, ...] = field(default=())

    @property
    def is_about_one(self) -> bool:
        """Whether its address names a callback."""
        return "<reference>" in self.path

    @property
    def is_about_a_person(self) -> bool:
        """Whether its address names somebody of the desk."""
        return "<sign_in>" in self.path


def send(body: Any, headers: Mapping[str, str] | None = None) -> Response:
    """JSON with its keys in the order given, which is the contract's."""
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, 200, headers, content_type="application/json")
