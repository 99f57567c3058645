"""What callers hear and do on the main line, from the welcome to the goodbye."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from callbacks import journal
from callbacks.call import Kind
from callbacks.work import Desk
from tests.desk import Served, phone_app
from tests.people import ACME_PHONE, Clock, rome, shipped_policy
from tests.phone import Phone, heard, messages, moves, requests, standing, the_request, then, then_silence


def test_a_premium_caller_needs_the_code_one_key_and_the_message(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    call.press("1")
    call.record(seconds=20, then="hangup")
    callback = the_request(desk)
    assert (callback.kind, callback.topic, callback.level) == (Kind.CALLBACK, "delivery", 1)
    assert (callback.number, callback.language) == (ACME_PHONE, "en")
    assert (callback.opens, callback.closes) == (rome("2026-11-23 15:10"), rome("2026-11-23 17:10"))
    assert [message.seconds for message in messages(desk)] == [20]


def test_a_caller_who_stays_hears_the_window_the_number_and_the_reference(phone: Phone, desk: Desk) -> None:
    call = phone.at_the_time()
    assert heard(call) == (
        "We will call you back between 3:10 and 5:10 this afternoon. For another time, press 3."
    )
    call.silence()
    callback = the_request(desk)
    spoken = " ".join(callback.reference[:3]) + ", " + " ".join(callback.reference[3:])
    assert heard(call) == (
        "We will call you back between 3:10 and 5:10 this afternoon. We will ring the number ending 4 5 8 7. "
        f"Your reference is {spoken}. Thank you. Goodbye."
    )
    assert call.state == "completed"


def test_what_the_caller_was_told_is_kept_word_for_word(phone: Phone, desk: Desk) -> None:
    call = phone.at_the_time()
    told = [heard(call)]
    call.silence()
    told.append(heard(call))
    with desk.reading() as work:
        lines = journal.lines(work.session, the_request(desk).subject)
    assert [line.facts["words"] for line in lines if line.move == "told_caller"] == told


def test_an_italian_caller_is_spoken_to_in_italian(phone: Phone, desk: Desk) -> None:
    call = phone.at_the_time(language_key="2")
    assert heard(call) == (
        "La richiamiamo tra le 15 e 10 e le 17 e 10 di oggi pomeriggio. Per un altro orario, prema 3."
    )
    assert the_request(desk).language == "it"


def test_the_welcome_says_when_a_message_left_now_would_be_answered(phone: Phone, clock: Clock) -> None:
    clock.set("2026-11-28 11:00")
    assert heard(phone.ring()) == (
        "Acme Support. The office is closed. "
        "Leave a message now and we will call you back on Monday between 11 AM and 1 PM. "
        "Per l'italiano, prema 2. Enter your private extension, then pound."
    )


def test_a_closed_office_is_never_named_to_a_caller_in_office_hours(phone: Phone) -> None:
    assert "closed" not in heard(phone.ring())


def test_three_silences_at_the_topics_lead_to_the_message_all_the_same(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    said = [heard(call), then_silence(call), then_silence(call)]
    assert len({*said}) == 3
    assert [len(text.split()) for text in said] == sorted((len(t.split()) for t in said), reverse=True)
    call.silence()
    assert call.verb == "record"
    call.record(then="hangup")
    assert the_request(desk).topic == "delivery"


def test_a_key_that_is_no_topic_is_one_try(phone: Phone) -> None:
    call = phone.ring_with_code()
    assert then(call, "8").startswith("One key: 1, a problem with sending")
    assert then(call, "*").startswith("One key: 1")
    assert then(call, "2").startswith("After the tone")


def test_a_level_2_topic_goes_to_level_2(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    call.press("3")
    call.record(then="hangup")
    assert (the_request(desk).topic, the_request(desk).level) == ("integration", 2)


def test_a_silent_message_is_still_a_message(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    call.press("1")
    call.silence()
    assert the_request(desk).kind == Kind.CALLBACK
    assert heard(call).startswith("We will call you")


@pytest.mark.parametrize("seconds", [1, 180], ids=["a second", "to the limit"])
def test_a_very_short_and_a_very_long_message_is_a_request(phone: Phone, desk: Desk, seconds: int) -> None:
    call = phone.ring_with_code()
    call.press("1")
    call.record(seconds=seconds)
    assert heard(call).startswith("We will call you")
    call.deliver_all()
    assert the_request(desk).kind == Kind.CALLBACK
    assert [message.seconds for message in messages(desk)] == [seconds]


def test_a_recording_the_carrier_did_not_keep_is_still_a_request(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    call.press("1")
    call.record(absent=True)
    assert the_request(desk).kind == Kind.CALLBACK
    assert not messages(desk)


def test_a_caller_who_passed_the_code_and_hung_up_is_looked_after(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    call.hang_up()
    call.deliver_all()
    assert the_request(desk).kind == Kind.NO_MESSAGE


def test_a_caller_without_a_code_who_hangs_up_leaves_nothing(phone: Phone, desk: Desk) -> None:
    call = phone.ring()
    call.hang_up()
    call.deliver_all()
    assert not requests(desk)


def test_a_repeated_answer_hears_where_the_call_stands_and_changes_nothing(phone: Phone, desk: Desk) -> None:
    call = phone.at_the_time()
    before = standing(desk, call).version
    for earlier in range(len(call.webhooks)):
        again = call.resend(earlier)
        assert "We will call you back between 3:10 and 5:10" in again.text
    assert standing(desk, call).version == before
    assert len(requests(desk)) == 1
    assert moves(desk, the_request(desk)) == ["received", "message_joined", "told_caller"]


def test_an_answer_of_a_call_nobody_heard_of_begins_it(phone: Phone, desk: Desk, served_desk: Served) -> None:
    call = phone.ring(voice_url=f"{served_desk.url}/ivr/turn/7")
    assert heard(call).startswith("Acme Support.")
    assert call.press(f"{phone.cast.acme_code}#")[0].startswith("For a problem")


def test_the_topics_of_a_policy_are_the_keys_of_the_call(
    desk: Desk, served_desk: Served, phone: Phone
) -> None:
    policy = shipped_policy()
    served_desk.app = phone_app(
        replace(desk, policy=replace(policy, topics=policy.topics[:1])), served_desk.url
    )
    call = phone.ring_with_code()
    assert heard(call) == "For a problem with sending or receiving, press 1."


def test_a_policy_may_leave_callers_without_a_message_alone(
    desk: Desk, served_desk: Served, phone: Phone
) -> None:
    serve_with(desk, served_desk, item_without_message=False)
    call = phone.ring_with_code()
    call.hang_up()
    call.deliver_all()
    assert not requests(desk)


@pytest.mark.parametrize("tries", [1, 2, 5])
def test_a_policy_says_how_often_a_question_is_asked(
    desk: Desk, served_desk: Served, phone: Phone, tries: int
) -> None:
    serve_with(desk, served_desk, tries=tries)
    call = phone.ring()
    for _ in range(tries):
        assert call.verb == "gather"
        call.silence()
    assert heard(call).startswith("Without an extension, Sales can help you.")


def test_a_policy_says_how_long_is_waited_and_recorded(desk: Desk, served_desk: Served, phone: Phone) -> None:
    minute = timedelta(minutes=1)
    serve_with(desk, served_desk, key_wait=minute / 10, message_limit=2 * minute, message_silence=minute / 4)
    call = phone.ring_with_code()
    assert 'timeout="6"' in call.webhooks[-1].text
    call.press("1")
    assert 'maxLength="120"' in call.webhooks[-1].text
    assert 'timeout="15"' in call.webhooks[-1].text


def test_a_prompt_is_replaced_by_a_recording_sentence_by_sentence(
    desk: Desk, served_desk: Served, phone: Phone
) -> None:
    policy = replace(shipped_policy(), prompts={"en.welcome": "https://media.example.com/welcome.wav"})
    served_desk.app = phone_app(replace(desk, policy=policy), served_desk.url)
    call = phone.ring()
    assert "<Play>https://media.example.com/welcome.wav</Play>" in call.webhooks[0].text
    assert "Enter your private extension" in heard(call)


def serve_with(desk: Desk, served_desk: Served, **lines: object) -> None:
    """The desk under these lines of `[call]`."""
    policy = shipped_policy()
    changed = replace(policy, call=replace(policy.call, **lines))  # type: ignore[arg-type]
    served_desk.app = phone_app(replace(desk, policy=changed), served_desk.url)


def test_a_turn_where_nothing_is_made_costs_one_look_and_one_write(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    statements: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    call.press("8")
    verbs = [statement.split()[0] for statement in statements]
    assert verbs in (["SELECT", "UPDATE"], ["BEGIN", "SELECT", "UPDATE"]), statements


def test_a_caller_the_carrier_vouches_for_is_known_as_such(phone: Phone, desk: Desk) -> None:
    vouched = phone.ring(params={"StirVerstat": "TN-Validation-Passed-A"})
    doubtful = phone.ring(params={"StirVerstat": "TN-Validation-Passed-B"})
    assert [standing(desk, call).verified for call in (vouched, doubtful)] == [True, False]
