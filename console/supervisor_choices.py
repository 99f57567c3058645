"""What stands to choose on the page of a request for a supervisor; nothing for anybody else."""

from dataclasses import dataclass

from callbacks import supervising
from callbacks.agent import Agent, Role
from callbacks.callback import Callback
from callbacks.moves import ON_A_DIAL, Disposition
from callbacks.work import Work


@dataclass(frozen=True)
class Choices:
    """`fit` may take it, `others` may be asked all the same; `level` is the one it is not at."""

    fit: list[Agent]
    others: list[Agent]
    level: int
    cancels: tuple[Disposition, ...]
    is_held: bool


def choices(work: Work, callback: Callback, person: Agent) -> Choices | None:
    """None where this person supervises nobody, and while people ring or talk about it."""
    if not person.is_any(Role.SUPERVISOR) or not callback.is_open or callback.state in ON_A_DIAL:
        return None
    fit, others = supervising.crew(work, callback)
    return Choices(fit, others, 3 - callback.level, supervising.CANCELS, callback.agent_id is not None)
