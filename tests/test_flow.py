"""The conversation checks itself before any caller meets it."""

import re
from dataclasses import replace

import pytest

from callbacks.call import Kind
from callbacks.errors import PolicyError
from ivr import leg_words
from ivr.catalogue import Catalogue, Template, faults_of
from ivr.check import check
from ivr.flow import FLOW
from ivr.flow_check import Flow, FlowError, Line
from ivr.hearing import Answer, Hearing
from ivr.steps import Ask, End, Keys, On, Say, Take, Verdict
from ivr.tellings import ONLY_WHERE, SAME_FOR_ALL, TELLINGS
from ivr.trouble import SENTENCES
from tests.people import shipped_policy


def anything(_hearing: Hearing, _answer: Answer) -> Verdict:
    return On()


def ask(name: str, *prompts: str, gives_up: str = "end") -> Ask:
    return Ask(name, prompts or ("welcome",), anything, keys=Keys(), gives_up=gives_up)


END = End("end", ("goodbye",))


def test_the_main_line_is_the_call_as_it_is_promised() -> None:
    assert [step.name for step in FLOW.lines[0].steps] == [
        "extension", "open_request", "topic", "message", "number", "time", "promise",
    ]  # fmt: skip


def test_every_question_has_a_prompt_for_each_of_three_tries() -> None:
    for step in FLOW.steps.values():
        assert not isinstance(step, Ask) or len(step.prompts) == 3, step.name


@pytest.mark.parametrize("language", ["en", "it"])
def test_each_prompt_is_no_longer_than_the_one_before(language: str) -> None:
    sentences = Catalogue.of(language).sentences

    def length(prompt: str) -> int:
        text = " ".join(sentences[name].text for name in prompt.split() if name not in ONLY_WHERE)
        return len(re.sub(r"\{\w+\}\S?", "", text).split())

    for step in FLOW.steps.values():
        if isinstance(step, Ask) and step.name not in {"topic", "half_day"}:
            lengths = [length(prompt) for prompt in step.prompts]
            assert lengths == sorted(lengths, reverse=True), step.name


def test_a_step_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(FlowError, match="a leads to nowhere, which is no step"):
        Flow(Line("main", ask("a", gives_up="nowhere"), END))


def test_a_step_that_nobody_can_come_to_is_refused() -> None:
    with pytest.raises(FlowError, match="no caller can come to lonely"):
        Flow(Line("main", ask("a"), END), Line("side", Say("lonely", ("goodbye",), to="end")))


def test_two_steps_of_one_name_are_refused() -> None:
    with pytest.raises(FlowError, match="there are two steps a"):
        Flow(Line("main", ask("a"), ask("a"), END))


def test_a_line_that_ends_with_a_question_is_refused() -> None:
    with pytest.raises(FlowError, match="nothing comes after a"):
        Flow(Line("main", ask("a", gives_up="a")))
    with pytest.raises(FlowError, match="nothing comes after take"):
        Flow(Line("main", ask("a", gives_up="take"), Take("take", ("message",), anything, kind=Kind.SALES)))


def test_a_step_without_a_word_is_refused() -> None:
    with pytest.raises(FlowError, match="a says nothing"):
        Flow(Line("main", ask("a", ""), END))


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(FlowError) as refusal:
        Flow(Line("main", ask("a", "", gives_up="nowhere")), Line("side", Say("lonely", ("x",), to="gone")))
    assert len(str(refusal.value).splitlines()) == 5


def test_the_catalogues_that_ship_leave_no_gap() -> None:
    check(shipped_policy())


def test_a_catalogue_with_a_gap_is_named_with_it() -> None:
    english, italian = Catalogue.of("en"), Catalogue.of("it")
    sentences = dict(italian.sentences)
    del sentences["welcome"]
    sentences |= {"time": Template.of("La richiamiamo {quando}."), "extra": Template.of("Ciao.")}
    spoken, told = {*FLOW.sentences(), *SENTENCES, *leg_words.SENTENCES}, {*TELLINGS, *leg_words.TELLINGS}
    faults = list(faults_of([english, replace(italian, sentences=sentences, fragments={})], spoken, told))
    assert faults == [
        "ivr/prompts/it.toml has no sentence welcome",
        "ivr/prompts/it.toml: nobody speaks extra",
        "ivr/prompts/it.toml: time: nobody knows {quando}",
        "ivr/prompts/it.toml: time does not fill in what en does",
        "ivr/prompts/it.toml has other fragments than en",
    ]


def test_a_language_without_sentences_is_refused() -> None:
    with pytest.raises(LookupError, match=r"ivr/prompts/xx\.toml"):
        Catalogue.of("xx")


def test_a_recording_for_a_sentence_that_nobody_speaks_is_refused_at_start() -> None:
    prompts = {
        "en.wellcome": "https://media.example.com/a.wav",
        "en.welcome": "https://media.example.com/b.wav",
    }
    with pytest.raises(PolicyError) as refusal:
        check(replace(shipped_policy(), prompts=prompts))
    assert refusal.value.faults == (
        "prompts: 'en.wellcome' is no sentence that the phone line speaks; see ivr/prompts",
    )


def test_a_recording_cannot_say_what_differs_from_call_to_call() -> None:
    with pytest.raises(PolicyError, match=r"'it.promise' says window, which no recording can"):
        check(replace(shipped_policy(), prompts={"it.promise": "https://media.example.com/a.wav"}))


def test_the_trouble_line_needs_nothing_of_the_call() -> None:
    for language in ("en", "it"):
        assert not [name for name in SENTENCES if Catalogue.of(language).sentences[name].names]


def test_what_is_said_alike_to_all_is_known() -> None:
    assert set(TELLINGS) >= SAME_FOR_ALL
