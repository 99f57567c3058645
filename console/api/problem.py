"""What the API refuses: problem details (RFC 9457), one clear sentence each."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818 - its name in the standard
    """`errors` names each fault of a request with several: where it is, and the mend."""

    def __init__(
        self,
        code: HTTPStatus,
        detail: str,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail
        self.headers, self.errors = dict(headers or {}), list(errors)

    def answer(self) -> Response:
        """As it is sent."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.code.phrase,
            "status": self.code.value,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = self.errors
        response = Response(json.dumps(body, ensure_ascii=False), self.code.value, self.headers)
        response.content_type = MEDIA_TYPE
        return response


def sentence(refusal: str) -> str:
    """What the core refuses, with a capital and a full stop."""
    return f"{refusal[:1].upper()}{refusal[1:].rstrip('.')}."
