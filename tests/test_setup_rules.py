"""The policy's pages: what administrators change, what they are told when it does not fit, and what stays."""

import html
import io
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from callbacks import journal, policy_book, policy_version
from callbacks.policy import Policy
from callbacks.policy.editing import Changes
from callbacks.policy.form import declared_lines
from callbacks.policy.tables import ABOUT
from callbacks.policy_book import Hand
from callbacks.work import Desk
from console.catalogue import Catalogue, offered
from console.room import Lent
from console.setup.rules import FORMS, LISTED, recording
from console.setup.rules.fields import values_of
from console.setup.rules.recording import NoRecording
from console.topics import topic_name, topic_names
from ivr.examples import COMPANY
from settings import Settings
from tests.living import filled, keep
from tests.people import POLICY_FILE, Cast, shipped_policy
from tests.screens import Visitor, ask, make_screens, signed_in, token

HOSTILE = [
    "<script>alert(1)</script>", "\"'>{{ 7*7 }}", "=cmd|' /C calc'!A0", "\u202etxt.exe", "x" * 10_000,
    "a\x00b", "' = 1\n[office]", '"""', "\\u0000", "😀",
]  # fmt: skip
WAVE = b"RIFF\x00\x00\x01\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00" + b"\x00" * 200


@pytest.fixture
def dora(house: Flask) -> Visitor:
    """Dora, who administers, signed in."""
    return signed_in(house, "dora")


def text_now(desk: Desk) -> str:
    with desk.reading() as work:
        return policy_book.current(work)[1]


def versions(desk: Desk) -> int:
    with desk.reading() as work:
        return len(policy_version.history(work.session))


# --- every page ---


@pytest.mark.parametrize("subject", LISTED)
@pytest.mark.parametrize("language", ["en", "it"])
def test_every_page_opens_in_every_language_and_fits_its_weight(
    house: Flask, subject: str, language: str
) -> None:
    visitor = signed_in(house, "dora")
    visitor.language = language
    page = visitor.open(f"/setup/{subject}")
    assert page.status_code == 200
    assert len(page.data) < 150_000
    assert "style=" not in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize("subject", LISTED)
def test_the_pages_open_on_a_desk_without_versions(
    desk: Desk, cast: Cast, settings: Settings, subject: str
) -> None:
    visitor = signed_in(_with_dora(desk, settings), "dora")
    assert visitor.open(f"/setup/{subject}").status_code == 200


def _with_dora(desk: Desk, settings: Settings) -> Flask:
    from callbacks.agent import by_sign_in
    from tests.screens import CHEAP, PASSWORD

    with desk.work() as work:
        person = by_sign_in(work.session, "dora")
        assert person is not None
        person.password_hash = CHEAP.digest(PASSWORD)
    return make_screens(desk, settings)


@pytest.mark.parametrize("subject", [each.name.removeprefix("rules_") for each in FORMS])
def test_a_form_sent_back_untouched_changes_nothing(dora: Visitor, living: Desk, subject: str) -> None:
    answer = keep(dora, subject)
    assert answer.status_code == 302
    assert versions(living) == 1
    assert "nothing was changed" in dora.open(f"/setup/{subject}").text


@pytest.mark.parametrize("language", offered())
def test_every_line_of_a_page_has_its_words(language: str) -> None:
    words, values = Catalogue.of(language), values_of(POLICY_FILE.read_text())
    said = [
        each.name for subject in FORMS if subject.template.endswith(("lines.html", "promise.html"))
        for each in subject.fields(values)
    ]  # fmt: skip
    assert [name for name in said if not words.knows(f"rules.line.{name}")] == []
    assert [name for name in ABOUT if not words.knows(f"rules.about.{name}")] == []
    assert [name for name in LISTED if not words.knows(f"nav.rules_{name}")] == []
    leads = [name for name in LISTED if not words.knows(f"rules.lead.rules_{name}")]
    assert leads == []


def test_every_line_of_the_policy_is_on_some_page() -> None:
    """But for those that a page shows in a way of its own."""
    values = values_of(POLICY_FILE.read_text())
    shown = {each.name for subject in FORMS for each in subject.fields(values)}
    own = {
        "topics",
        "referrals",
        "prompts",
        "office.closures",
        "office.openings",
        "languages.voices",
    }
    for table, declared in declared_lines(_lines()).items():
        kind = type(getattr(shipped_policy(), table))
        for key in declared_lines(kind) if hasattr(kind, "__dataclass_fields__") else ():
            name = f"{table}.{key}"
            assert name in own or any(each == name or each.startswith(f"{name}.") for each in shown), name
        del declared


def _lines() -> type:
    from callbacks.policy.tables import PolicyLines

    return PolicyLines


# --- hours ---


def test_hours_are_kept_with_who_why_and_from_where(dora: Visitor, living: Desk) -> None:
    answer = keep(dora, "hours", office__hours__mon="9:00-12:00; 15:00-18:00", why="the new year")
    assert answer.status_code == 302
    assert [str(each) for each in living.policy.office.hours[0]] == ["09:00-12:00", "15:00-18:00"]
    with living.reading() as work:
        entry = next(
            each
            for each in reversed(journal.lines(work.session, journal.DESK))
            if each.move == policy_book.MOVE
        )
    assert (entry.by, entry.facts["why"], entry.facts["from"]) == ("agent:dora", "the new year", "127.0.0.1")
    assert "Kept." in dora.open("/setup/hours").text
    changes = dora.open("/setup/history").text
    assert "the new year" in changes
    assert "Version 2" in changes


def test_a_day_left_empty_is_closed(dora: Visitor, living: Desk) -> None:
    keep(dora, "hours", office__hours__fri="")
    assert living.policy.office.hours[4] == ()


def test_each_fault_stands_beside_its_field_and_nothing_typed_is_lost(dora: Visitor, living: Desk) -> None:
    answer = keep(dora, "hours", office__hours__mon="9-13", office__zone="Rome", office__name="Zenith")
    assert answer.status_code == 422
    assert "write times from 00:00 to 24:00" in answer.text
    assert "did you mean Europe/Rome?" in answer.text
    assert 'value="9-13"' in answer.text
    assert 'value="Zenith"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    assert versions(living) == 1


def test_a_week_that_never_opens_is_refused_beside_the_week(dora: Visitor) -> None:
    days = {f"office__hours__{day}": "" for day in ("mon", "tue", "wed", "thu", "fri")}
    answer = keep(dora, "hours", **days)
    assert "never opens" in answer.text
    assert answer.text.count('aria-invalid="true"') == 1


def test_what_would_change_is_counted_and_nothing_is_rewritten(dora: Visitor, living: Desk) -> None:
    request = ask(living)
    answer = keep(dora, "hours", office__hours__mon="09:00-13:00, 15:00-18:00", look="1")
    assert answer.status_code == 200
    assert "One open promise, of 1 in all, would have been different" in answer.text
    assert request.reference in answer.text
    assert 'value="09:00-13:00, 15:00-18:00"' in answer.text
    assert versions(living) == 1
    same = keep(dora, "hours", office__hours__sat="10:00-12:00", look="1")
    assert "The one open promise would have been the same." in same.text


def test_a_look_at_what_is_at_fault_names_the_fault(dora: Visitor) -> None:
    assert keep(dora, "hours", office__hours__mon="x", look="1").status_code == 422


# --- two at once ---


def test_who_comes_second_is_told_sees_both_and_may_have_the_last_word(house: Flask, living: Desk) -> None:
    dora, other = signed_in(house, "dora"), Hand("agent:eva")
    page = dora.open("/setup/hours")
    theirs: Changes = {("office", "hours", "mon"): ["10:00-12:00"], ("office", "name"): "Zenith"}
    living.do(lambda work: policy_book.change(work, theirs, other))
    living.look_again()
    typed = filled(page.text) | {"office.hours.mon": "08:00-12:00"}
    told = dora.send("/setup/hours", csrf_token=token(page), **typed)
    assert told.status_code == 409
    assert "eva changed the same" in told.text
    assert 'value="08:00-12:00"' in told.text
    assert "stands now: 10:00-12:00" in told.text
    again = dora.send("/setup/hours", csrf_token=token(told), **filled(told.text))
    assert again.status_code == 302
    assert [str(each) for each in living.policy.office.hours[0]] == ["08:00-12:00"]
    assert living.policy.office.name == "Zenith"


def test_two_on_different_lines_of_one_page_are_both_heard(house: Flask, living: Desk) -> None:
    dora = signed_in(house, "dora")
    page = dora.open("/setup/ringing")
    living.do(lambda work: policy_book.change(work, {("ring", "attempts"): 5}, Hand("agent:eva")))
    dora.send("/setup/ringing", csrf_token=token(page), **filled(page.text) | {"ring.later": "1h"})
    living.look_again()
    assert living.policy.ring.attempts == 5
    assert living.policy.ring.later.total_seconds() == 3600


# --- holidays, closures ---


def test_the_days_off_of_a_country_are_listed_before_they_are_kept(dora: Visitor, living: Desk) -> None:
    assert "Christmas" in dora.open("/setup/holidays").text or "Natale" in dora.open("/setup/holidays").text
    look = keep(dora, "holidays", office__holidays__country="DE", look="1")
    assert 'value="BY"' in look.text
    assert living.policy.office.holidays.country == "IT"
    keep(dora, "holidays", office__holidays__country="DE", office__holidays__subdivision="BY")
    assert living.policy.office.holidays.subdivision == "BY"


def test_a_part_of_another_country_is_refused(dora: Visitor) -> None:
    answer = keep(dora, "holidays", office__holidays__country="IT", office__holidays__subdivision="XX")
    assert "is not a part of IT" in answer.text


def add(visitor: Visitor, **typed: str) -> TestResponse:
    page = visitor.open("/setup/closures")
    return visitor.send("/setup/closures/add", csrf_token=token(page), **typed)


def remove(visitor: Visitor, page: TestResponse, kind: str, place: str) -> TestResponse:
    seen = re.search(r'name="seen" value="(\d+)"', page.text)
    form = {"csrf_token": token(page), "seen": seen[1] if seen else "", "kind": kind, "place": place}
    return visitor.send("/setup/closures/remove", **form)


def test_a_closure_and_an_opening_are_added_and_taken_out(dora: Visitor, living: Desk) -> None:
    add(dora, kind="closures", name="Summer", **{"from": "2027-08-09", "until": "2027-08-20"})
    add(dora, kind="openings", name="Launch", hours="09:00-13:00", **{"from": "2026-11-28"})
    add(dora, kind="closures", name="Past", **{"from": "2026-01-02"})
    page = dora.open("/setup/closures")
    assert (
        page.text.index("Launch")
        < page.text.index("Summer")
        < page.text.index("One is over")
        < page.text.index("Past")
    )
    assert living.policy.office.openings[0].date_ == date(2026, 11, 28)
    assert remove(dora, page, "closures", "0").status_code == 302
    assert [each.name for each in living.policy.office.closures] == ["Past"]
    assert remove(dora, page, "closures", "0").status_code == 409
    assert [each.name for each in living.policy.office.closures] == ["Past"]


def test_a_yearly_closure_says_when_it_comes_next(dora: Visitor) -> None:
    add(dora, kind="closures", name="Eve", rule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", hours="14:00-18:00")
    assert "next Dec 24, 2026" in dora.open("/setup/closures").text


def test_what_is_wrong_with_a_closure_stands_beside_its_field(dora: Visitor, living: Desk) -> None:
    answer = add(
        dora, kind="closures", name="", hours="14-18", **{"from": "2027-08-20", "until": "2027-08-09"}
    )
    assert answer.status_code == 422
    assert "is not a period" in answer.text
    assert 'value="2027-08-20"' in answer.text
    later = add(dora, kind="closures", name="x", **{"from": "2027-08-20", "until": "2027-08-09"})
    assert "is before the first, 2027-08-20: write a later one" in later.text
    for name in ("from", "hours"):
        empty = add(dora, kind="openings", name="x", **({"from": "2027-01-07"} if name == "hours" else {}))
        assert empty.status_code == 422
    assert versions(living) == 1


@pytest.mark.parametrize(
    ("kind", "place"), [("closures", "7"), ("closures", "-1"), ("x", "0"), ("closures", "٣")]
)
def test_what_is_not_in_the_list_cannot_be_taken_out(
    dora: Visitor, living: Desk, kind: str, place: str
) -> None:
    add(dora, kind="closures", name="A", **{"from": "2027-01-07"})
    page = dora.open("/setup/closures")
    assert remove(dora, page, kind, place).status_code in (302, 409)
    if kind == "closures":
        assert len(living.policy.office.closures) == 1


# --- promise, topics, languages, numbers ---


def test_the_promise_is_worked_out_live_before_it_is_kept(dora: Visitor, living: Desk) -> None:
    assert "between 3:10 and 5:10" in dora.open("/setup/promise").text
    look = keep(dora, "promise", promise__opens_after="1h", look="1")
    assert "between 2:10 and 4:10" in look.text
    assert living.policy.promise.opens_after.total_seconds() == 7200


def test_a_topic_is_added_changed_and_taken_out(dora: Visitor, living: Desk) -> None:
    keep(dora, "topics", topics__1__says__en="the console", topics__2__name="")
    assert [each.name for each in living.policy.topics] == ["delivery", "access", "content", "strategy"]
    assert living.policy.topics[1].says["en"] == "the console"
    words = {"topics__4__says__en": "bills", "topics__4__says__it": "fatture"}
    keep(dora, "topics", topics__4__name="bills", topics__4__takes="2", **words)
    assert (living.policy.topics[4].name, living.policy.topics[4].level) == ("bills", 2)


def test_a_topic_is_called_by_the_word_of_its_readers_language(dora: Visitor, living: Desk) -> None:
    assert dict(living.policy.topics[0].called) == {"en": "delivery", "it": "invio"}
    keep(dora, "topics", topics__0__called__it="consegna", topics__1__called__it="", topics__1__called__en="")
    assert dict(living.policy.topics[0].called) == {"en": "delivery", "it": "consegna"}
    assert dict(living.policy.topics[1].called) == {}
    keep(dora, "topics", topics__1__called__it="ingresso")
    assert topic_names(living.policy, Catalogue.of("it")) == {
        "delivery": "consegna", "access": "ingresso", "integration": "integrazione",
        "content": "contenuti", "strategy": "strategia",
    }  # fmt: skip
    assert topic_names(living.policy, Catalogue.of("en"))["access"] == "access"
    assert topic_name(living.policy, Catalogue.of("it"), "of_old") == "of old"


def test_a_topic_may_lead_to_a_paid_service_and_back(dora: Visitor, living: Desk) -> None:
    keep(dora, "topics", topics__0__takes="full_service")
    assert living.policy.topics[0].referral is not None
    assert living.policy.topics[0].referral.name == "full_service"
    keep(dora, "topics", topics__0__takes="2")
    topic = living.policy.topics[0]
    assert topic.referral is None
    assert topic.level == 2


def test_a_topic_without_words_is_refused_beside_it(dora: Visitor) -> None:
    answer = keep(dora, "topics", topics__0__says__it="")
    assert answer.status_code == 422
    assert "has no words in it" in answer.text
    assert answer.text.count('aria-invalid="true"') == 1


def test_a_service_in_use_cannot_go(dora: Visitor, living: Desk) -> None:
    assert keep(dora, "topics", service__0__name="").status_code == 422
    assert versions(living) == 1


def test_languages_voices_and_numbers_dialled(dora: Visitor, living: Desk) -> None:
    keep(
        dora, "languages", languages__offered="it, en", languages__voices__it="",
        languages__by_number="+39 02 1234 5678 it\n",
    )  # fmt: skip
    assert living.policy.languages.offered == ("it", "en")
    assert "it" not in living.policy.languages.voices
    assert living.policy.languages.by_number == {"+390212345678": "it"}


def test_plain_lines_are_kept_and_judged(dora: Visitor, living: Desk) -> None:
    keep(dora, "ringing", ring__attempts="5", ring__pauses="5m, 10m")
    assert living.policy.ring.attempts == 5
    assert len(living.policy.ring.pauses) == 2
    keep(dora, "numbers", numbers__allowed_countries="IT, FR,\nDE")
    assert living.policy.numbers.allowed_countries == ("IT", "FR", "DE")
    wrong = keep(dora, "ringing", ring__attempts="many", ring__sits="1 day")
    assert wrong.text.count('aria-invalid="true"') == 2
    assert keep(dora, "retention", retention__recordings="0d").status_code == 422


# --- notices ---


def test_addresses_are_shown_without_secrets_and_taken_out_one_by_one(dora: Visitor, living: Desk) -> None:
    keep(dora, "notices", new="mailtos://dora:hunter2@example.com")
    keep(dora, "notices", new="json://hooks.example.com/secret")
    page = dora.open("/setup/notices").text
    assert "mailtos://…" in page
    assert "hunter2" not in page + dora.open("/setup/history").text
    form = filled(page)
    del form["keep.1"]
    dora.send("/setup/notices", csrf_token=token(dora.open("/setup/notices")), **form)
    assert [each.address for each in living.policy.notices.to] == ["log", "json://hooks.example.com/secret"]


def test_what_is_told_of_is_chosen(dora: Visitor, living: Desk) -> None:
    form = filled(dora.open("/setup/notices").text)
    for name in ABOUT[1:]:
        del form[f"about.{name}"]
    dora.send("/setup/notices", csrf_token=token(dora.open("/setup/notices")), **form)
    assert living.policy.notices.about == (ABOUT[0],)


def test_an_address_without_a_scheme_is_refused_and_kept_in_its_field(dora: Visitor) -> None:
    answer = keep(dora, "notices", new="dora at home")
    assert answer.status_code == 422
    assert 'value="dora at home"' in answer.text
    assert "has no scheme" in answer.text


@pytest.mark.parametrize(("answers", "said"), [(True, "took the test"), (False, "did not take the test")])
def test_a_test_is_sent_and_what_became_of_it_is_said(
    living: Desk, settings: Settings, answers: bool, said: str
) -> None:
    told: list[str] = []

    def try_notice(address: str, title: str, line: str) -> bool:
        told.append(f"{address} {title} {line}")
        return answers

    dora = signed_in(make_screens(living, settings, Lent(try_notice=try_notice)), "dora")
    keep(dora, "notices", new="json://hooks.example.com/secret")
    page = dora.open("/setup/notices")
    form = {"csrf_token": token(page), "seen": "2", "try": "1"}
    dora.send("/setup/notices/try", **form)
    page = dora.open("/setup/notices")
    assert said in page.text
    assert "json://hooks.example.com/secret A test from Ringback Dora tries" in told[0]
    dora.send("/setup/notices/try", csrf_token=token(page), seen="1", **{"try": "1"})
    assert len(told) == 1


def test_a_service_that_stumbles_is_one_that_did_not_take_it(living: Desk, settings: Settings) -> None:
    def stumbles(_address: str, _title: str, _line: str) -> bool:
        raise OSError("down")

    dora = signed_in(make_screens(living, settings, Lent(try_notice=stumbles)), "dora")
    page = dora.open("/setup/notices")
    dora.send("/setup/notices/try", csrf_token=token(page), seen="1", **{"try": "0"})
    assert "did not take the test" in dora.open("/setup/notices").text


def test_the_log_takes_a_test_for_real(dora: Visitor) -> None:
    page = dora.open("/setup/notices")
    dora.send("/setup/notices/try", csrf_token=token(page), seen="1", **{"try": "0"})
    assert "The test stands in the log." in dora.open("/setup/notices").text


# --- prompts ---


@pytest.mark.parametrize(("language", "said"), [
    ("en", "We will call you back between 3:10 and 5:10 this afternoon. For another time, press 3."),
    ("it", "La richiamiamo tra le 15 e 10 e le 17 e 10 di oggi pomeriggio. Per un altro orario, prema 3."),
])  # fmt: skip
def test_a_sentence_with_a_gap_is_seen_and_heard_whole(dora: Visitor, language: str, said: str) -> None:
    page = dora.open(f"/setup/prompts?language={language}").text
    assert said in html.unescape(re.sub(r"</?mark>", "", page))
    assert f'data-speak="{said}"' in html.unescape(page)
    heard = re.findall(r'data-speak="([^"]*)"', page)
    assert len(heard) > 60
    assert [each for each in heard if re.search(r"[{}…]", each)] == []
    assert f"<mark>{COMPANY}</mark>" in dora.open(f"/setup/prompts/{language}/agent_connecting").text


def test_examples_are_shown_as_text(dora: Visitor, living: Desk) -> None:
    keep(dora, "hours", office__name="<b>{window}</b>")
    page = dora.open("/setup/prompts").text
    assert "&lt;b&gt;" in page
    assert "<b>{" not in page


def bring(visitor: Visitor, sound: bytes, name: str = "welcome", language: str = "en") -> TestResponse:
    page = visitor.open(f"/setup/prompts/{language}/{name}")
    form = {"csrf_token": token(page), "seen": "0", "sound": (io.BytesIO(sound), "../../welcome.exe")}
    seen = re.search(r'name="seen" value="(\d+)"', page.text)
    return visitor.send(f"/setup/prompts/{language}/{name}", **form | {"seen": seen[1] if seen else "0"})


@pytest.mark.parametrize("sound", [WAVE, b"ID3\x04" + b"\x00" * 200, b"\xff\xfb" + b"\x00" * 200])
def test_a_recording_takes_the_place_of_the_voice_and_gives_it_back(
    dora: Visitor, living: Desk, settings: Settings, sound: bytes
) -> None:
    assert bring(dora, sound).status_code == 302
    written = living.policy.prompts["en.welcome"]
    assert re.fullmatch(r"kept:[0-9a-f]{32}\.(wav|mp3)", written)
    kept = settings.var / "recordings" / "prompts" / written.removeprefix("kept:")
    assert kept.read_bytes() == sound
    page = dora.open("/setup/prompts/en/welcome")
    assert f'src="/prompt/{kept.name}"' in page.text
    seen = re.search(r'name="seen" value="(\d+)"', page.text)
    assert seen is not None
    dora.send("/setup/prompts/en/welcome/voice", csrf_token=token(page), seen=seen[1])
    assert "en.welcome" not in living.policy.prompts


@pytest.mark.parametrize(
    "sound",
    [
        b"", b"<html>" * 50, b"RIFF" + b"\x00" * 300, WAVE[:40],
        WAVE.replace(b"\x01\x00\x01\x00", b"\x55\x00\x01\x00"),
    ],
)  # fmt: skip
def test_what_is_no_recording_is_refused_and_nothing_is_kept(
    dora: Visitor, living: Desk, settings: Settings, sound: bytes
) -> None:
    answer = bring(dora, sound)
    assert answer.status_code == 422
    assert versions(living) == 1
    assert not (settings.var / "recordings" / "prompts").exists()


def test_what_differs_from_call_to_call_cannot_be_recorded(dora: Visitor) -> None:
    assert bring(dora, WAVE, "stands").status_code == 404
    assert bring(dora, WAVE, "no_such").status_code == 404
    assert bring(dora, WAVE, "welcome", "de").status_code == 404


def test_a_recording_that_is_too_large_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(NoRecording, match="too_large"):
        recording.keep(f"file://{tmp_path}", WAVE + b"\x00" * recording.LARGEST)
    assert not list(tmp_path.iterdir())


# --- doors and hostile input ---


def test_the_pages_are_for_administrators_alone(house: Flask) -> None:
    for name in ("ada", "sara"):
        visitor = signed_in(house, name)
        assert visitor.open("/setup/hours").status_code == 403
        page = visitor.open("/board")
        assert visitor.send("/setup/hours", csrf_token=token(page)).status_code == 403


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_refused_or_kept_as_text(dora: Visitor, living: Desk, typed: str) -> None:
    for subject, field in (
        ("hours", "office__name"),
        ("topics", "topics__0__says__en"),
        ("numbers", "sales__email"),
    ):
        answer = keep(dora, subject, why=typed, **{field: typed})
        assert answer.status_code in (302, 422)
        assert "<script>alert" not in answer.text
    add(dora, kind="closures", name=typed, **{"from": "2027-01-07"})
    for subject in LISTED:
        assert "<script>alert" not in dora.open(f"/setup/{subject}").text
    tomllib.loads(text_now(living))
    Policy.parse(text_now(living), environ={})


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999", "9" * 30, "٣"])
def test_a_form_that_does_not_know_what_it_saw_harms_nothing(dora: Visitor, living: Desk, seen: str) -> None:
    answer = keep(dora, "hours", seen=seen, office__hours__mon="10:00-12:00")
    assert answer.status_code in (302, 409)
    Policy.parse(text_now(living), environ={})


def test_a_form_without_its_token_is_refused(dora: Visitor, living: Desk) -> None:
    assert dora.send("/setup/hours", **{"office.name": "Zenith"}).status_code == 400
    assert living.policy.office.name == "Acme Support"


@pytest.mark.parametrize("secret", ['sec"ret', "sec\\ret", "sec'ret"])
def test_a_secret_that_is_written_escaped_is_hidden_too(dora: Visitor, living: Desk, secret: str) -> None:
    keep(dora, "notices", new=f"json://hooks.example.com/{secret}")
    assert living.policy.notices.to[1].address == f"json://hooks.example.com/{secret}"
    for page in ("history", "journal", "notices"):
        shown = html.unescape(dora.open(f"/setup/{page}").text)
        assert "hooks.example.com" not in shown, page
