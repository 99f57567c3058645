"""The addresses of an app, worked out once a run: each test makes an app of its own, all with the same."""

from collections.abc import Callable

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

_work_out = Rule._compile_builder
_known: dict[tuple[object, ...], Builder] = {}


def _remembered(rule: Rule, append_unknown: bool = True) -> Builder:
    """How an address is put together hangs on nothing but the words of its rule."""
    if rule.defaults:
        return _work_out(rule, append_unknown)
    key = (rule.rule, *rule._trace, append_unknown)
    if key not in _known:
        _known[key] = _work_out(rule, append_unknown)
    return _known[key]


def remember() -> None:
    """Worked out anew for each app they took a quarter of the time of all tests of pages."""
    setattr(Rule, "_compile_builder", _remembered)  # noqa: B010 - a method, whatever its type
