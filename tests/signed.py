"""Requests signed as the carrier signs them, for tests that need no call."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.desk import ACCOUNT_SID, AUTH_TOKEN, SUPPORT
from tests.people import ACME_PHONE

PUBLIC_URL = "https://desk.example.com"
CALL_SID = "CA" + "a" * 32
RECORDING = {
    "RecordingSid": "RE" + "b" * 32,
    "RecordingUrl": "http://127.0.0.1:9/recording",
    "RecordingDuration": "12",
}
USUAL = {
    "CallSid": CALL_SID, "AccountSid": ACCOUNT_SID, "From": ACME_PHONE, "To": SUPPORT,
    "CallStatus": "in-progress", "ApiVersion": "2010-04-01", "Direction": "inbound",
}  # fmt: skip


@dataclass(frozen=True)
class Signed:
    """Posts forms to an app whose public address is PUBLIC_URL."""

    app: Flask

    def usual(self, path: str, more: Mapping[str, str] | None = None, without: str = "") -> TestResponse:
        """The parameters of every request, and these."""
        fields = {**USUAL, **(more or {})}
        fields.pop(without, None)
        return self.post(path, MultiDict(fields))

    def post(self, path: str, fields: MultiDict[str, str]) -> TestResponse:
        """These fields and no others, under a good signature."""
        signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC_URL}{path}", fields)
        return self.raw(
            path, urlencode(list(fields.items(multi=True))).encode(), {"X-Twilio-Signature": signature}
        )

    def raw(
        self,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        content_type: str = "application/x-www-form-urlencoded",
    ) -> TestResponse:
        """Whatever a stranger may send."""
        return self.app.test_client().post(
            path, data=body, headers=dict(headers), content_type=content_type, base_url="http://internal:8080"
        )
