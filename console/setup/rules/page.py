"""A page of the policy: shown as it stands, changed in its place, checked whole before it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import policy_book
from callbacks.errors import Overtaken, PolicyError
from callbacks.policy import Policy
from callbacks.policy.editing import Changes
from callbacks.policy_book import Hand
from callbacks.policy_version import PolicyVersion
from callbacks.work import Work
from console.catalogue import Catalogue
from console.hands import who_was_first
from console.room import Room, address, me
from console.setup.hand import said_by_place
from console.setup.rules.fields import Field, Form, Row, faults_by_field, values_of

CONFLICT, UNPROCESSABLE = 409, 422
PAGE_OF = {
    "office": "rules_hours", "office.holidays": "rules_holidays", "office.closures": "rules_closures",
    "office.openings": "rules_closures", "promise": "rules_promise", "topics": "rules_topics",
    "referrals": "rules_topics", "languages": "rules_languages", "prompts": "rules_prompts",
    "numbers": "rules_numbers", "sales": "rules_numbers", "ring": "rules_ringing", "call": "rules_calls",
    "guards": "rules_calls", "retention": "rules_retention", "notices": "rules_notices",
}  # fmt: skip
"""Where each table of the policy is changed."""


@dataclass
class Sheet:
    """What a page shows. `form` is what was typed, where something was; `policy` is the one shown."""

    work: Work
    number: int
    values: Mapping[str, Any]
    policy: Policy
    form: Form | None = None
    placed: Mapping[str, str] = field(default_factory=dict)
    overtaken: str | None = None
    looks: bool = False
    """The policy shown is what the form would make."""


class Subject:
    """What a page is about. A subject of plain lines only says which; others say more."""

    name: str
    template = "setup/rules/lines.html"
    looks = False
    """Whether what a change would bring about can be looked at before it is kept."""

    def fields(self, values: Mapping[str, Any]) -> Sequence[Field]:
        """The lines to show."""
        raise NotImplementedError

    def changes(self, values: Mapping[str, Any], form: Form) -> Changes:
        """What the form wants otherwise than the values that its page showed."""
        return {
            path: value for each in self.fields(values) for path, value in each.changes(values, form).items()
        }

    def more(self, room: Room, sheet: Sheet) -> dict[str, Any]:
        """What else the page shows."""
        del room, sheet
        return {}


class RulesPage:
    """The views of one subject."""

    def __init__(self, room: Room, subject: Subject) -> None:
        self.room, self.subject = room, subject

    def show(self) -> str:
        """As the newest version has it."""
        with self.room.desk.reading() as work:
            number, text = policy_book.current(work)
            return self._page(Sheet(work, number, values_of(text), _read(work, text)))

    def keep(self) -> str | AnyResponse | tuple[str, int]:
        """A new version, or the form again with what is wrong beside what was typed."""
        form = request.form.to_dict()
        try:
            if self.subject.looks and "look" in form:
                return self._look(form)
            version = self.room.desk.do(lambda work: self._change(work, form))
        except PolicyError as fault:
            return self._again(form, said_by_place(self.room.words(), fault)), UNPROCESSABLE
        except Overtaken as fault:
            return self._again(form, overtaken=who_was_first(self.room, fault)), CONFLICT
        self.room.desk.look_again()
        say = self.room.words().say
        flash(say("rules.kept") if version else say("rules.same"))
        return redirect(url_for(f"console.{self.subject.name}"))

    def _change(self, work: Work, form: Form) -> PolicyVersion | None:
        seen, values = _seen(work, form)
        return policy_book.change(work, self.subject.changes(values, form), hand(form), seen)

    def _look(self, form: Form) -> str:
        with self.room.desk.reading() as work:
            _, values = _seen(work, form)
            text = policy_book.would_be(work, self.subject.changes(values, form))
            sheet = Sheet(work, _number(form), values, work.judge.read(text), form, looks=True)
            return self._page(sheet)

    def _again(
        self, form: Form, placed: Mapping[str, str] | None = None, overtaken: str | None = None
    ) -> str:
        """Nothing typed is lost. Who was overtaken sees what stands now, and may keep theirs over it."""
        with self.room.desk.reading() as work:
            (number, text), seen = policy_book.current(work), _text_seen(work, form)
            if overtaken:
                form = self._with_theirs(form, values_of(seen), values_of(text))
            else:
                number, text = _number(form), seen
            sheet = Sheet(work, number, values_of(text), _read(work, text), form, placed or {}, overtaken)
            return self._page(sheet)

    def _with_theirs(self, form: Form, seen: Mapping[str, Any], now: Mapping[str, Any]) -> Form:
        """What was typed, and elsewhere what somebody else has made of it meanwhile."""
        untouched = [each for each in self.subject.fields(seen) if each.typed(form) == each.written(seen)]
        return {**form, **{each.name: each.written(now) for each in untouched}}

    def _page(self, sheet: Sheet) -> str:
        fields = self.subject.fields(sheet.values)
        beside, elsewhere = faults_by_field(fields, sheet.placed)
        rest = [place_of(self.room.words(), place, sentence) for place, sentence in elsewhere.items()]
        rows = {each.name: _row(each, sheet, beside.get(each.name)) for each in fields}
        more = self.subject.more(self.room, sheet)
        why = (sheet.form or {}).get("why", "")
        return render_template(
            self.subject.template, subject=self.subject, sheet=sheet, rows=rows, rest=rest, why=why, **more
        )


def place_of(words: Catalogue, place: str, sentence: str) -> str:
    """A fault that no field of this page holds, with the page that does."""
    inside = [name for name in PAGE_OF if f"{place}.".startswith(f"{name}.")]
    if not inside:
        return f"{place}: {sentence}" if place else sentence
    page = words.say(f"nav.{PAGE_OF[max(inside, key=len)]}")
    return f"{page}: {sentence}"


def hand(form: Form) -> Hand:
    """The signed-in person's."""
    why = "".join(sign for sign in form.get("why", "") if sign.isprintable()).strip()
    return Hand(f"agent:{me().sign_in}", address(), why[:200])


def _row(each: Field, sheet: Sheet, fault: str | None) -> Row:
    stands = each.written(sheet.values)
    if sheet.form is None:
        return Row(each, stands, fault)
    typed = each.typed(sheet.form)
    return Row(each, typed, fault, stands if sheet.overtaken and stands != typed else None)


def _number(form: Form) -> int:
    """The version that the page showed."""
    seen = form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def _text_seen(work: Work, form: Form) -> str:
    kept = work.session.get(PolicyVersion, _number(form))
    return kept.text if kept else policy_book.current(work)[1]


def _seen(work: Work, form: Form) -> tuple[int, Mapping[str, Any]]:
    return _number(form), values_of(_text_seen(work, form))


def _read(work: Work, text: str) -> Policy:
    """The policy of a kept text; where this release cannot read it, the one in force."""
    if text == work.policy.text:
        return work.policy
    try:
        return work.judge.read(text)
    except PolicyError:
        return work.policy
