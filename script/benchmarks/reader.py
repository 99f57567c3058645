"""A person at a browser, for measuring: signed in, with one connection that is kept."""

import contextlib
import http.client
import re
from collections.abc import Generator
from dataclasses import dataclass
from gzip import decompress
from urllib.parse import urlencode

from script.benchmarks.servers import Place

PASSWORD = "the same for all of them"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ASSET = re.compile(r'(?:href|src)="(/console/[^"]+)"')


@dataclass(frozen=True)
class Answer:
    """`travelled` is how many bytes came, packed as they were; `mark` its ETag."""

    code: int
    text: str
    travelled: int
    mark: str


class Reader:
    """Signs in when made."""

    def __init__(self, place: Place, name: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", place.settings.port, timeout=15)
        self.cookie = ""
        found = TOKEN.search(self.open("/sign-in").text)
        form = {"name": name, "password": PASSWORD, "csrf_token": found[1] if found else ""}
        answer = self._ask("POST", "/sign-in", urlencode(form))
        if answer.code != 302:
            raise RuntimeError(f"{name} could not sign in: {answer.code}")

    def open(self, path: str, mark: str = "", news: str = "") -> Answer:
        """This page; with the mark of what was seen before, only if it changed; with the news that the page
        was told of, as it brings them back. Refusals are raised."""
        marks = {"If-None-Match": mark, "Desk-Heard": news}
        answer = self._ask("GET", path, headers={name: value for name, value in marks.items() if value})
        if answer.code not in {200, 302, 304}:
            raise RuntimeError(f"{path} answered {answer.code}")
        return answer

    def look(self, path: str) -> int:
        """What a living part answered, whatever it was."""
        return self._ask("GET", path).code

    def listen(self) -> Generator[str, None, None]:
        """News as an open page is told of them, one after another; each is waited for."""
        line = http.client.HTTPConnection("127.0.0.1", self._line.port, timeout=15)
        line.request("GET", "/events", headers={"Cookie": self.cookie})
        with contextlib.closing(line), line.getresponse() as told:
            if told.status != 200:
                raise RuntimeError(f"/events answered {told.status}")
            yield ""
            for each in told:
                if each.startswith(b"data: "):
                    yield each.split()[-1].decode()

    def assets(self, page: str) -> int:
        """Bytes of all that the page needs beside itself."""
        return sum(self.open(path).travelled for path in sorted(set(ASSET.findall(page))))

    def _ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        known = {"Cookie": self.cookie, "Accept-Encoding": "gzip", "Accept-Language": "en"}
        if body is not None:
            known["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._line.request(method, path, body, {**known, **(headers or {})})
            answer = self._line.getresponse()
        except http.client.RemoteDisconnected:  # it was idle for long: browsers begin another, too
            self._line.request(method, path, body, {**known, **(headers or {})})
            answer = self._line.getresponse()
        for each in answer.headers.get_all("Set-Cookie") or ():
            self.cookie = each.partition(";")[0]
        found = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
        text = (decompress(found) if packed else found).decode(errors="replace")
        return Answer(answer.status, text, len(found), answer.headers.get("ETag") or "")
