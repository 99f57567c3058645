"""Lines of steps joined to a Flow, which checks itself when it is built."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ivr.steps import Ask, Asked, End, Say, Step


class FlowError(ValueError):
    """A conversation that could lead a caller nowhere: one line for each fault."""


@dataclass(frozen=True, init=False)
class Line:
    """Steps in the order they are heard. `then` is the step of another line that it comes back to."""

    name: str
    steps: tuple[Step, ...]
    then: str | None

    def __init__(self, name: str, *steps: Step, then: str | None = None) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "then", then)

    def following(self) -> dict[str, str]:
        """Each step's name to that of the step that comes after it."""
        names = [step.name for step in self.steps] + ([self.then] if self.then else [])
        return dict(pairwise(names))


class Flow:
    """The main line and its side lines; a step is found by its name."""

    def __init__(self, main: Line, *sides: Line) -> None:
        self.lines = (main, *sides)
        self.first = main.steps[0].name
        every = [step for line in self.lines for step in line.steps]
        self.steps = {step.name: step for step in every}
        self.after = {name: after for line in self.lines for name, after in line.following().items()}
        faults = [*self._doubled(every), *self._lost(), *self._unended(), *self._unreached()]
        if faults:
            raise FlowError("\n".join(faults))

    def __getitem__(self, name: str) -> Step:
        return self.steps[name]

    def sentences(self) -> Collection[str]:
        """The name of every sentence the conversation can speak."""
        prompts = {name for step in self.steps.values() for prompt in step.prompts for name in prompt.split()}
        return prompts | {name for step in self.steps.values() for name in step.says}

    def ways(self, step: Step) -> list[str]:
        """Where a caller may be after this step."""
        goes_on = isinstance(step, Asked) and step.name in self.after
        return [*step.leads_to(), *([self.after[step.name]] if goes_on else [])]

    def _doubled(self, every: list[Step]) -> Iterator[str]:
        names = [step.name for step in every]
        yield from (
            f"there are two steps {name}" for name in sorted({n for n in names if names.count(n) > 1})
        )

    def _lost(self) -> Iterator[str]:
        for step in self.steps.values():
            yield from (
                f"{step.name} leads to {to}, which is no step"
                for to in self.ways(step)
                if to not in self.steps
            )

    def _unended(self) -> Iterator[str]:
        for step in self.steps.values():
            if not isinstance(step, End | Say) and step.name not in self.after:
                yield f"nothing comes after {step.name}, which ends its line without an End"
            if not step.prompts or not all(step.prompts):
                yield f"{step.name} says nothing"
            if isinstance(step, Ask) and len(step.prompts) > 5:
                yield f"{step.name} has more prompts than any policy allows tries"

    def _unreached(self) -> Iterator[str]:
        reached, ahead = {self.first}, [self.first]
        while ahead:
            step = self.steps.get(ahead.pop())
            new = [to for to in self.ways(step) if to not in reached] if step else []
            reached.update(new)
            ahead += new
        yield from (f"no caller can come to {name}" for name in self.steps if name not in reached)
