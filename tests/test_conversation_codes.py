"""Extension codes at the phone: right ones open, wrong ones are slowed, nobody honest is locked out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from callbacks import amending, extension_code, journal
from callbacks.call import Kind
from callbacks.extension_code import ExtensionCode
from callbacks.guard import CodeTry
from callbacks.subscription import Plan, Subscription, by_company
from callbacks.work import Desk, Work
from tests.desk import Served, phone_app
from tests.people import STRANGER_PHONE, Clock
from tests.phone import Phone, heard, requests, standing, the_request, then, then_silence

WRONG = "0000"


def spell(code: str, words: str) -> str:
    return " ".join(words.split()[int(digit)] for digit in code)


@pytest.mark.parametrize(
    ("key", "words", "hears"),
    [
        ("1", "zero one two three four five six seven eight nine", "For a problem"),
        ("2", "zero uno due tre quattro cinque sei sette otto nove", "Per un problema"),
    ],
    ids=["english", "italian"],
)
def test_a_code_may_be_said(phone: Phone, key: str, words: str, hears: str, desk: Desk) -> None:
    speaks(desk, "Acme", [])
    call = phone.ring()
    call.press(f"{key}#")
    call.speak(f"{spell(phone.cast.acme_code, words)}.")
    assert heard(call).startswith(hears)


def test_a_code_may_be_typed_before_the_welcome_has_ended(phone: Phone) -> None:
    call = phone.ring(step=True)
    call.press(f"{phone.cast.acme_code}#")
    assert heard(call).startswith("For a problem")


def test_a_right_code_is_known_as_used_and_a_wrong_one_is_counted(
    phone: Phone, desk: Desk, clock: Clock
) -> None:
    call = phone.ring()
    call.press(f"{WRONG}#")
    call.press(f"{phone.cast.acme_code}#")
    with desk.reading() as work:
        assert [tried.right for tried in work.session.scalars(select(CodeTry).order_by(CodeTry.id))] == [
            False,
            True,
        ]
        used = [
            code.last_used_at for code in work.session.scalars(select(ExtensionCode)) if code.last_used_at
        ]
    assert used == [clock()]
    assert standing(desk, call).wrong_codes == 1


def test_three_wrong_codes_lead_to_sales(phone: Phone) -> None:
    call = phone.ring()
    assert then(call, f"{WRONG}#") == (
        "That extension is not one of ours. Your extension, then pound; for Sales, 0."
    )
    assert then(call, "12#").endswith("Extension, then pound. Sales, 0.")
    assert then(call, f"{WRONG}#").startswith("Without an extension, Sales can help you. After the tone,")


def test_three_silences_lead_to_sales(phone: Phone) -> None:
    call = phone.ring()
    assert then_silence(call) == "Your extension, then pound; for Sales, 0."
    then_silence(call)
    assert "Sales can help you" in then_silence(call)


def test_zero_is_sales_and_star_hears_it_again(phone: Phone) -> None:
    call = phone.ring()
    assert then(call, "*#") == heard(phone.ring())
    assert "message for Sales" in then(call, "0#")


def test_guessing_grows_slow_and_a_right_code_still_opens(phone: Phone, desk: Desk) -> None:
    for _ in range(5):
        stranger = phone.ring(STRANGER_PHONE)
        for guess in ("111111#", "222222#", "333333#"):
            stranger.press(guess)
    stranger = phone.ring(STRANGER_PHONE)
    stranger.press("444444#")
    assert '<Pause length="20" />' in stranger.webhooks[-1].text
    assert then(stranger, f"{phone.cast.acme_code}#").startswith("For a problem")
    assert "Pause" not in stranger.webhooks[-1].text


def test_a_known_customer_is_not_slowed_by_what_strangers_do(
    phone: Phone, desk: Desk, served_desk: Served
) -> None:
    strict = replace(desk.policy.guards, wrong_codes_in_all=12)
    served_desk.app = phone_app(replace(desk, policy=replace(desk.policy, guards=strict)), served_desk.url)
    phone.ring_with_code()
    for number in range(5):
        stranger = phone.ring(f"+39020000000{number}")
        for guess in range(3):
            stranger.press(f"{number}{guess}99999#")
    stranger = phone.ring("+390299999999")
    stranger.press("777777#")
    assert "<Pause" in stranger.webhooks[-1].text
    honest = phone.ring()
    honest.press("777778#")
    assert "<Pause" not in honest.webhooks[-1].text
    with desk.reading() as work:
        assert [line.move for line in journal.lines(work.session, journal.DESK)].count("guessing") == 1


def test_one_wrong_code_tried_from_many_phones_grows_slow_for_all_of_them(phone: Phone) -> None:
    for number in range(12):
        stranger = phone.ring(f"+39020000{number:04}")
        stranger.press("444444#")
    assert "<Pause" in stranger.webhooks[-1].text
    other = phone.ring("+390299999999")
    other.press("555555#")
    assert "<Pause" not in other.webhooks[-1].text


def test_a_standard_company_hears_its_address_and_the_offer_then_sales(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code(code=phone.cast.bolt_code)
    assert heard(call) == (
        "Your plan includes support by email, at support@example.com. "
        "With Premium we also call you back; Sales can tell you more. "
        "After the tone, leave your name, your number and a message for Sales. "
        "Hang up or press pound when done."
    )
    call.record(then="hangup")
    call.deliver_all()
    assert the_request(desk).kind == Kind.SALES
    assert company_of(desk) == "Bolt"


def test_a_lapsed_subscription_is_told_so_kindly(phone: Phone) -> None:
    call = phone.ring_with_code(code=phone.cast.lapsed_code)
    assert heard(call).startswith(
        "Thank you for calling. Your subscription is not active at the moment. "
        "Sales will gladly help you renew it."
    )


def test_a_suspended_subscription_is_told_so_kindly_until_it_is_lifted(phone: Phone, desk: Desk) -> None:
    suspended(desk, now=True)
    assert "not active at the moment. Sales will gladly help you" in heard(phone.ring_with_code())
    suspended(desk, now=False)
    assert heard(phone.ring_with_code()).startswith("For a problem")


def test_a_subscription_is_good_on_its_last_day_and_not_on_the_next(
    phone: Phone, desk: Desk, clock: Clock
) -> None:
    with desk.work() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        acme.ends_on = date(2026, 11, 23)
    clock.set("2026-11-23 23:59")
    assert heard(phone.ring_with_code()).startswith("For a problem")
    clock.set("2026-11-24 00:00")
    assert "not active" in heard(phone.ring_with_code())


def test_a_retired_code_opens_nothing(phone: Phone, desk: Desk, clock: Clock) -> None:
    with desk.work() as work:
        for code in work.session.scalars(select(ExtensionCode)):
            code.retired_at = work.now
    clock.forward(timedelta(seconds=1))
    assert "not one of ours" in heard(phone.ring_with_code())


def test_a_caller_sent_to_sales_who_hangs_up_leaves_support_nothing(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code(code=phone.cast.bolt_code)
    call.end_from_outside()
    call.deliver_all()
    assert not requests(desk)


def suspended(desk: Desk, *, now: bool) -> None:
    with desk.work() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        acme.suspended_at = work.now if now else None


def speaks(desk: Desk, company: str, languages: list[str]) -> None:
    with desk.work() as work:
        subscription = by_company(work.session, company)
        assert subscription is not None
        subscription.languages = languages


def company_of(desk: Desk) -> str:
    with desk.reading() as work:
        callback = work.session.merge(the_request(desk))
        assert callback.subscription is not None
        return callback.subscription.company


def test_the_subscriptions_language_is_spoken_after_the_code(phone: Phone, desk: Desk) -> None:
    speaks(desk, "Acme", ["xx", "it"])
    assert heard(phone.ring_with_code()).startswith("Per un problema")


def test_the_language_a_caller_chose_outlives_the_code(phone: Phone, desk: Desk) -> None:
    speaks(desk, "Acme", ["it"])
    assert heard(phone.ring_with_code(language_key="1")).startswith("For a problem")


def new_code(work: Work, digits: int) -> str:
    company = Subscription(
        company="Cato",
        plan=Plan.PREMIUM,
        starts_on=date(2026, 1, 1),
        languages=[],
        contacts=[],
        created_at=work.now,
    )
    work.session.add(company)
    return extension_code.make(work, company, digits=digits)


@pytest.mark.parametrize("digits", [4, 10])
def test_codes_of_four_and_of_ten_digits_open(phone: Phone, desk: Desk, digits: int) -> None:
    code = desk.do(lambda work: new_code(work, digits))
    assert heard(phone.ring_with_code(code=code)).startswith("For a problem")


def test_a_suspended_code_is_answered_as_one_that_never_was(phone: Phone, desk: Desk) -> None:
    unknown = phone.ring()
    unknown.press(f"{WRONG}#")
    with desk.work() as work:
        code = extension_code.find(work, phone.cast.acme_code)
        assert code is not None
        amending.suspend_code(work, code, "agent:dora")
    suspended_one = phone.ring()
    suspended_one.press(f"{phone.cast.acme_code}#")
    assert heard(suspended_one) == heard(unknown)
    assert not requests(desk)
