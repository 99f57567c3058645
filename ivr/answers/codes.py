"""The private extension: who is calling, what they are owed, and in which language they are spoken to."""

from datetime import timedelta

from callbacks import extension_code, guard, presence
from callbacks.agent import Agent
from callbacks.extension_code import ExtensionCode
from callbacks.subscription import Entitlement
from ivr.answers.spoken_digits import digits_in
from ivr.answers.through import is_being_called
from ivr.hearing import Answer, Hearing
from ivr.steps import Again, Go, On, Repeat, Verdict

REPEAT, SALES = "*", "0"


def judge(hearing: Hearing, answer: Answer) -> Verdict:
    """A code opens the line; `*` repeats, `0` is Sales, a language's key changes to it."""
    typed = answer.digits or digits_in(answer.speech, hearing.language)
    if REPEAT in typed:
        return Repeat()
    if typed == SALES:
        return Go("sales")
    if language := language_of_key(hearing, typed):
        hearing.call.language = language
        hearing.remember(language_chosen=True)
        return Repeat()
    return _judge_code(hearing, typed) if typed else Again()


def key_of_language(hearing: Hearing, language: str) -> str:
    """The key that changes to this language: always the same, whatever is spoken now."""
    return str(hearing.work.policy.languages.offered.index(language) + 1)


def language_of_key(hearing: Hearing, typed: str) -> str | None:
    """The language that was asked for, where the policy lets callers choose."""
    languages = hearing.work.policy.languages
    keys = {key_of_language(hearing, language): language for language in languages.offered}
    return keys.get(typed) if languages.key_at_welcome and len(keys) > 1 else None


def _judge_code(hearing: Hearing, typed: str) -> Verdict:
    """Every try is counted. A right code works however many wrong ones there were."""
    work, call = hearing.work, hearing.call
    if not extension_code.SHORTEST <= len(typed) <= extension_code.LONGEST:
        return _wrong(hearing, timedelta(0))
    digest = extension_code.digest_of(work.code_key, extension_code.digits_of(typed))
    agent = presence.of_code(work, call.from_, typed)
    if agent is not None:
        return _agents(hearing, agent, digest)
    code = extension_code.find(work, typed)
    guard.note(work, call, digest, right=code is not None)
    return _opened(hearing, code) if code else _wrong(hearing, guard.slow_down(work, call, digest))


def _agents(hearing: Hearing, agent: Agent, digest: str) -> Verdict:
    """One of us, at the registered phone: spoken to in the agent's own language."""
    guard.note(hearing.work, hearing.call, digest, right=True)
    spoken = [each for each in agent.languages if each in hearing.work.policy.languages.offered]
    hearing.call.language = spoken[0] if spoken else hearing.call.language
    hearing.remember(agent=agent.id)
    return Go("agent")


def _wrong(hearing: Hearing, pause: timedelta) -> Verdict:
    hearing.call.wrong_codes += 1
    hearing.remember(pause=int(pause.total_seconds()) or None)
    return Again("code_unknown")


def _opened(hearing: Hearing, code: ExtensionCode) -> Verdict:
    """The caller is known now: speak their language, and give what their plan owes them today."""
    call, subscription = hearing.call, code.subscription
    call.extension_code_id, call.subscription_id = code.id, subscription.id
    code.used(hearing.work.now)
    spoken = [each for each in subscription.languages if each in hearing.work.policy.languages.offered]
    if spoken and not hearing.known("language_chosen"):
        call.language = spoken[0]
    owed = subscription.entitlement(hearing.local(hearing.work.now).date())
    if owed is not Entitlement.PREMIUM:
        return Go(owed.value)
    return Go("being_called") if is_being_called(hearing) else On()
