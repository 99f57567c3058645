"""What an agent may do with one request: each button, when it is there, and the move it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from callbacks import dial as dials
from callbacks import handling, passing
from callbacks.agent import Agent, Role, by_sign_in
from callbacks.callback import Callback
from callbacks.errors import Refused
from callbacks.moves import MOVES, ON_A_DIAL, Disposition, Move, State
from callbacks.search import is_on_a_dial
from callbacks.work import Work


class Unfinished(Refused):
    """Something is still to be filled in; its text is the name of the sentence that says what."""


Press = Callable[[Work, Callback, Agent, Mapping[str, str]], None]
LONGEST_NOTE = 4000
NO_SERVICE = "none"
"""What is said of a referral where none of the policy's services fits."""
NO_END = (Disposition.ESCALATED, Disposition.WAITING)
"""What may come of a talk without ending the request."""


@dataclass(frozen=True)
class Button:
    """`is_there` beside what the table of moves allows; a note typed with it is always kept."""

    name: str
    move: Move
    press: Press
    is_there: Callable[[Callback, Agent], bool] = lambda _callback, _agent: True

    def shown(self, callback: Callback, agent: Agent) -> bool:
        """Whether this person sees it now. While the desk rings for it, there is only the note."""
        if callback.state in ON_A_DIAL and self.move is not Move.NOTED:
            return False
        return callback.state in MOVES[self.move].allowed and self.is_there(callback, agent)


def by_line(agent: Agent) -> str:
    """The agent as the journal writes them."""
    return f"agent:{agent.sign_in}"


def has_it(callback: Callback, agent: Agent) -> bool:
    """Whether the request is this person's."""
    return callback.agent_id == agent.id


def _may_release(callback: Callback, agent: Agent) -> bool:
    """One's own; a supervisor takes from others what lies too long with them."""
    return has_it(callback, agent) or (callback.agent_id is not None and agent.is_any(Role.SUPERVISOR))


def _is_promise(callback: Callback, _agent: Agent) -> bool:
    """A message for Sales is only to be passed on."""
    return callback.opens is not None


def _is_before_the_talk(callback: Callback, agent: Agent) -> bool:
    """Who is to be wrapped up has been talked to: it is not said twice."""
    return _is_promise(callback, agent) and callback.state != State.WRAP_UP


def _may_call(callback: Callback, agent: Agent) -> bool:
    """What is owed a ring and is with nobody else."""
    return _is_promise(callback, agent) and callback.agent_id in (None, agent.id)


def _may_move(callback: Callback, agent: Agent) -> bool:
    """One's own, and what nobody has; a supervisor moves what others have. Who is waited for is not moved."""
    is_theirs = callback.agent_id is None or _may_release(callback, agent)
    return is_theirs and callback.state != State.PAUSED


def _call_now(work: Work, callback: Callback, agent: Agent, _form: Mapping[str, str]) -> None:
    """The desk rings this person's phone and, when they accept, the customer's."""
    held = work.held(Agent, agent.id)
    if held is None or not held.phone:
        raise Unfinished("refused.no_phone")
    if callback.number is None:
        raise Unfinished("refused.no_number")
    if is_on_a_dial(work.session, held):
        raise Unfinished("refused.on_a_dial")
    if dials.live_of(work.session, callback) is not None:
        raise Unfinished("refused.being_rung")
    handling.ring_agent(work, callback, held, by_line(agent))


def _close(work: Work, callback: Callback, agent: Agent, form: Mapping[str, str]) -> None:
    """What came of it: an end, a level up, or a wait for the customer."""
    chosen = form.get("disposition", "")
    if chosen not in outcomes(callback):
        raise Unfinished("refused.choose")
    referral = _referral(work, form) if chosen == Disposition.OUT_OF_SCOPE else None
    handling.wrap_up(work, callback, Disposition(chosen), by_line(agent), referral)


def _referral(work: Work, form: Mapping[str, str]) -> str | None:
    """The policy's service that covers it; that none does is an answer, silence is not."""
    chosen = form.get("referral", "")
    if chosen not in work.policy.referrals and chosen != NO_SERVICE and work.policy.referrals:
        raise Unfinished("refused.referral")
    return chosen if chosen in work.policy.referrals else None


def _pass_on(work: Work, callback: Callback, agent: Agent, form: Mapping[str, str]) -> None:
    """To a colleague by name."""
    to = by_sign_in(work.session, form.get("to", "").replace("\x00", ""))
    if to is None or to not in passing.colleagues(work, callback, agent):
        raise Unfinished("refused.colleague")
    passing.pass_on(work, callback, to, by_line(agent))


def _later(work: Work, callback: Callback, agent: Agent, form: Mapping[str, str]) -> None:
    """Not before the moment chosen, by the office's clock."""
    try:
        moment = datetime.fromisoformat(form.get("not_before", "")).replace(tzinfo=work.hours.zone)
    except ValueError:
        raise Unfinished("refused.moment") from None
    if not work.now < moment <= work.now + passing.FURTHEST:
        raise Unfinished("refused.moment")
    if passing.would_break(work, callback, moment):
        raise Unfinished("refused.after_closing")
    passing.try_later(work, callback, moment, by_line(agent))


def _nobody_there(result: str) -> Press:
    """It rang, nobody was reached: whoever holds it lets go, and it comes again after the policy's pause."""

    def press(work: Work, callback: Callback, agent: Agent, _form: Mapping[str, str]) -> None:
        callback.rang(work, by_line(agent), result)
        if callback.may(Move.MISSED):
            callback.missed(work, by_line(agent))

    return press


def _note(_work: Work, _callback: Callback, _agent: Agent, form: Mapping[str, str]) -> None:
    """A note is kept with every button; this one only wants that there is one."""
    if not note_of(form):
        raise Unfinished("refused.write")


BUTTONS: dict[str, Button] = {
    button.name: button
    for button in (
        Button("call_now", Move.OFFERED, _call_now, _may_call),
        Button(
            "take", Move.ASSIGNED,
            lambda work, callback, agent, _: callback.assign(work, agent, by_line(agent)),
            lambda callback, _agent: callback.agent_id is None and callback.state != State.ASSIGNED,
        ),
        Button("resume", Move.RESUMED, lambda w, c, a, _: c.resume(w, by_line(a))),
        Button("no_answer", Move.RANG, _nobody_there("no_answer"), _is_promise),
        Button("busy", Move.RANG, _nobody_there("busy"), _is_promise),
        Button("reached", Move.REACHED, lambda w, c, a, _: c.reached(w, by_line(a)), _is_before_the_talk),
        Button("pass_on", Move.CLOSED, _pass_on, _may_move),  # whatever is still open
        Button("later", Move.RELEASED, _later, _may_move),
        Button("give_back", Move.RELEASED, lambda w, c, a, _: c.release(w, by_line(a)), _may_release),
        Button("note", Move.NOTED, _note),
        Button("close", Move.CLOSED, _close),
    )
}  # fmt: skip


def note_of(form: Mapping[str, str]) -> str:
    """The note typed beside the buttons, without the one sign that no database keeps."""
    return form.get("note", "").replace("\x00", "").replace("\r\n", "\n").strip()[:LONGEST_NOTE]


def dispositions(callback: Callback) -> list[Disposition]:
    """How this one may end: what carries no promise was handled or was not ours."""
    if callback.opens is None:
        return [Disposition.HANDLED, Disposition.OUT_OF_SCOPE, Disposition.WITHDRAWN]
    return [each for each in Disposition if each not in NO_END]


def outcomes(callback: Callback) -> list[Disposition]:
    """What an agent may say came of it, ends and others."""
    if callback.opens is None:
        return dispositions(callback)
    others = [Disposition.WAITING] if callback.may(Move.PAUSED) and callback.state != State.PAUSED else []
    return [*dispositions(callback), *others, *([Disposition.ESCALATED] if callback.level == 1 else [])]
