"""Is this request the carrier's? Judged by the address it was sent to; refused wherever there is doubt."""

from dataclasses import dataclass, field
from functools import cached_property

from flask import Request
from twilio.request_validator import RequestValidator, compare
from werkzeug.exceptions import HTTPException


@dataclass(frozen=True)
class Signature:
    """What a true request is signed for: our account, its token, our public address."""

    account_sid: str
    auth_token: str = field(repr=False)
    public_url: str

    def is_on(self, request: Request) -> bool:
        """Whether the request is the carrier's and of our account."""
        try:
            return self._is_signed(request) and self._is_ours(request)
        except (HTTPException, ValueError, TypeError, AttributeError, LookupError):
            # The validator raises on much of what a stranger may send; a body too large to read is no better.
            return False

    def _is_signed(self, request: Request) -> bool:
        """Never by the Host header: behind a proxy it is another's word."""
        signature = request.headers.get("X-Twilio-Signature")
        if not signature:
            return False
        query = request.query_string.decode("ascii")
        url = self.public_url + request.path + (f"?{query}" if query else "")
        if request.is_json:
            return bool(self._validator.validate(url, request.get_data(as_text=True), signature))
        as_written = self._validator.compute_signature(url, request.form)
        # The validator tries two addresses, with the port and without: most often the one we know is right.
        return bool(compare(as_written, signature) or self._validator.validate(url, request.form, signature))

    @cached_property
    def _validator(self) -> RequestValidator:
        return RequestValidator(self.auth_token)

    def _is_ours(self, request: Request) -> bool:
        return all(sid == self.account_sid for sid in request.form.getlist("AccountSid"))
