"""One turn of a call: judge the answer, choose the step. No HTTP and no TwiML here."""

from callbacks.call import Call, number_of
from callbacks.work import Work
from ivr.flow import FLOW
from ivr.hearing import Answer, Hearing
from ivr.spoken import Spoken, spoken
from ivr.steps import Again, Ask, Asked, Back, Go, On, Repeat, Say, Step, Take, Verdict


def begin(work: Work, call: Call) -> Spoken:
    """The welcome; a call that has begun already hears where it stands."""
    hearing = Hearing(work, call)
    if call.step not in FLOW.steps:
        call.language = language_of_number(work, call.to)
        hearing.remember(number=number_of(call, work.policy))
        _arrive(hearing, FLOW.first)
    return spoken(hearing, FLOW[call.step])


def turn(work: Work, call: Call, number: int, answer: Answer) -> Spoken:
    """What the answer to this turn leads to.

    An answer to any other turn changes nothing and hears where the call stands; but a message is never lost.
    """
    hearing = Hearing(work, call)
    step = FLOW.steps.get(call.step)
    if number != call.turn or not isinstance(step, Asked):
        if answer.recording:
            hearing.takes(answer.recording, number)
        return begin(work, call)
    hearing.remember(said=None, pause=None)
    _follow(hearing, step, step.judge(hearing, answer))
    return spoken(hearing, FLOW[call.step])


def language_of_number(work: Work, dialled: str) -> str:
    """The language of the number that was dialled, else the first offered."""
    languages = work.policy.languages
    return languages.by_number.get(dialled, languages.offered[0])


def _follow(hearing: Hearing, step: Asked, verdict: Verdict) -> None:
    tries = hearing.call.tries
    match verdict:
        case On(say):
            _arrive(hearing, FLOW.after[step.name], say)
        case Go(way, say):
            _arrive(hearing, step.goes[way], say)
        case Back(way, say):
            asked = step.goes[way]
            _try(hearing, FLOW[asked], (hearing.known("tried") or {}).get(asked, 0) + 1, say)
        case Again(say):
            _try(hearing, step, tries + 1, say)
        case Repeat():
            _stand(hearing, step, tries)


def _try(hearing: Hearing, step: Step, tries: int, say: str) -> None:
    """Ask once more, or give up where the policy's tries are used up."""
    if isinstance(step, Ask) and tries >= hearing.work.policy.call.tries:
        _arrive(hearing, step.gives_up)
    else:
        _stand(hearing, step, tries, [say] if say else [])


def _arrive(hearing: Hearing, name: str, say: str = "") -> None:
    """Come to a step, by way of those that only say something or send elsewhere."""
    step, said = _way_to(hearing, name)
    _stand(hearing, step, 0, [*([say] if say else []), *said])
    if isinstance(step, Take):
        hearing.call.asks_for_message(hearing.call.turn, step.kind)
    if step.arrive:
        step.arrive(hearing)
    if step.kept and hearing.callback:
        hearing.callback.told_caller(hearing.work, spoken(hearing, step).text)


def _way_to(hearing: Hearing, name: str) -> tuple[Step, list[str]]:
    """The step that waits for an answer, and the sentences heard on the way to it."""
    step, said = FLOW[name], list[str]()
    while True:
        if isinstance(step, Say):
            said += step.sentences(0)
            step = FLOW[step.to]
        elif step.instead and step.instead.where(hearing):
            step = FLOW[step.instead.to]
        else:
            return step, said


def _stand(hearing: Hearing, step: Step, tries: int, said: list[str] | None = None) -> None:
    """Where the call stands from now on: one turn further, whatever came of the last."""
    call = hearing.call
    if call.tries and call.step:
        hearing.remember(tried={**(hearing.known("tried") or {}), call.step: call.tries})
    call.step, call.tries, call.turn = step.name, tries, call.turn + 1
    hearing.remember(said=said or None)
