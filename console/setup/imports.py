"""Subscriptions from a file: laid before the desk, looked over, then taken whole or not at all."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import csv_import, laid_file
from callbacks.amending import Overtaken
from callbacks.csv_import import Imported, Row
from callbacks.errors import ImportRefused
from callbacks.extension_code import Given
from callbacks.laid_file import LaidFile
from callbacks.terms import FIELDS, NEEDED
from callbacks.work import Work
from console.page import ADMINISTRATORS, Page
from console.room import Room, me
from console.setup.hand import by_me, page, said_of_line, typed
from console.sheet import MARK, sheet

TO = "/setup/subscriptions/import"
LARGEST = 5_000_000
"""Bytes of a file; 20,000 companies with their contacts are two million."""
SHOWN = 100
"""So many faults, and so many companies of each kind, are listed; the rest is counted."""


def pages(room: Room) -> Iterator[Page]:
    """Lay a file, look it over, take it, put it away."""
    view = Imports(room)
    yield Page(TO, "import_file", view.show, roles=ADMINISTRATORS)
    yield Page(TO, "import_lay", view.lay, "POST", ADMINISTRATORS, largest=LARGEST + 100_000)
    yield Page(f"{TO}/take", "import_take", view.take, "POST", ADMINISTRATORS)
    yield Page(f"{TO}/away", "import_away", view.away, "POST", ADMINISTRATORS)


class Imports:
    """The pages of an import."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> AnyResponse:
        """What the file would do; without a file, where to lay one."""
        return self._page(200)

    def lay(self) -> AnyResponse:
        """The file, uploaded. One that cannot be read is not kept."""
        sent = request.files.get("file")
        content = sent.stream.read(LARGEST + 1) if sent else b""
        if sent:
            sent.close()
        if not content or len(content) > LARGEST:
            name = "import.too_large" if content else "import.no_file"
            return self._page(400, fault=self.room.words().say(name, most=LARGEST // 1_000_000))
        name = (sent.filename or "" if sent else "").replace("\x00", "").rpartition("/")[2]
        try:
            csv_import.read(content, self.room.desk.policy)
        except ImportRefused as refused:
            return self._page(400, name=name, faults=refused.faults)
        updates = typed("updates") == "yes"
        self.room.desk.do(lambda work: laid_file.lay(work, me(), name, content, updates=updates))
        return redirect(url_for("console.import_file"))

    def take(self) -> AnyResponse:
        """All of it, if it still does what was shown; the new codes come with the answer, and never again."""
        try:
            with self.room.desk.reading() as work:
                laid = laid_file.of(work.session, me())
                rows = csv_import.read(laid.content, work.policy) if laid else []
            done = self.room.desk.do(lambda work: self._take(work, laid, rows)) if laid else None
        except Overtaken:
            return self._page(409, fault=self.room.words().say("import.overtaken"))
        except ImportRefused:
            return self._page(409)
        if done is None:
            flash(self.room.words().say("import.taken_already"), "fault")
            return redirect(url_for("console.import_file"))
        return self._shown_once(done)

    def away(self) -> AnyResponse:
        """Put away, and nothing of it taken."""
        self.room.desk.do(lambda work: laid_file.forget(work, me()))
        flash(self.room.words().say("import.put_away"))
        return redirect(url_for("console.import_file"))

    def _take(self, work: Work, laid: LaidFile, rows: Sequence[Row]) -> Imported | None:
        """None where nothing lies here any more: the form came twice. A long file is read before, so that
        callers never wait for that."""
        held = work.held(LaidFile, laid.id)
        if held is None:
            return None
        if held.content != laid.content:
            raise Overtaken
        done = csv_import.take(work, rows, by_me(), update=held.updates, seen=typed("seen"))
        laid_file.forget(work, me())
        return done

    def _page(self, code: int, *, fault: str = "", name: str = "", faults: Sequence[str] = ()) -> AnyResponse:
        with self.room.desk.reading() as work:
            laid = None if faults else laid_file.of(work.session, me())
            facts: dict[str, Any] = self._looked_over(work, laid) if laid else {"plan": None, "name": name}
            faults = facts.pop("faults", None) or faults
            said = [said_of_line(self.room.words(), each) for each in faults[:SHOWN]]
            shown = page(
                self.room, "setup/import.html", fault=fault, faults=said, faults_count=len(faults),
                columns=FIELDS, needed=NEEDED, shown=SHOWN, **facts,
            )  # fmt: skip
        return make_response(shown, code)

    def _looked_over(self, work: Work, laid: LaidFile) -> dict[str, Any]:
        """What taking it would do now; the policy may have changed since it was laid."""
        try:
            rows = csv_import.read(laid.content, work.policy)
        except ImportRefused as refused:
            return {"plan": None, "name": laid.name, "faults": refused.faults}
        plan = csv_import.plan(work, rows, update=laid.updates)
        return {"plan": plan, "name": laid.name, "faults": plan.faults, "seen": plan.mark()}

    def _shown_once(self, done: Imported) -> Response:
        shown = page(self.room, "setup/imported.html", done=done, file=_as_link(done.codes), shown=SHOWN)
        response = make_response(shown)
        response.headers["Cache-Control"] = "no-store"
        return response


def _as_link(codes: Sequence[Given]) -> str:
    """The file of codes within the page itself: so it lies nowhere, and no address leads to it."""
    rows = [{"company": each.company, "label": each.label, "code": each.code} for each in codes]
    text = MARK + sheet(("company", "label", "code"), rows)
    return f"data:text/csv;charset=utf-8;base64,{b64encode(text.encode()).decode()}"
