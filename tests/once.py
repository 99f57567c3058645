"""What is worked out once a run, for each test makes an app and a desk of its own out of the same things."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MethodType

from werkzeug.routing import Rule

from callbacks.policy import Policy
from console.assets import Asset

ADDRESS = ("_parts", "_trace", "_converters")
"""All that a rule's words say: how an address is known again, and what is read out of it."""

_work_out, _pack = Rule.compile, Asset.of
_read = vars(Policy)["parse"].__func__
_rules: dict[tuple[str, bool | None], Rule] = {}
_policies: dict[tuple[str, frozenset[tuple[str, str]]], Policy] = {}
MOST = 200
"""Policies that are kept: some tests write hundreds."""


def remember() -> None:
    """What hangs on nothing but its own words comes out the same however often it is worked out."""
    setattr(Rule, "compile", _address)  # noqa: B010 - methods, whatever their types
    setattr(Asset, "of", staticmethod(_packed))  # noqa: B010
    setattr(Policy, "parse", classmethod(_policy))  # noqa: B010


def _address(rule: Rule) -> None:
    """How it is found and put together."""
    if rule.defaults or rule.subdomain or rule.host:
        return _work_out(rule)
    like = _rules.get((rule.rule, rule.merge_slashes))
    if like is None:
        _work_out(rule)
        _rules[rule.rule, rule.merge_slashes] = rule
        return None
    vars(rule).update({name: vars(like)[name] for name in ADDRESS})
    rule.arguments |= like.arguments
    for name in ("_build", "_build_unknown"):
        setattr(rule, name, MethodType(vars(like)[name].__func__, rule))
    return None


def _packed(path: Path) -> Asset:
    """A file of the look, as long as it is not another."""
    there = path.stat()
    return _packed_once(path, there.st_mtime_ns, there.st_size)


@cache
def _packed_once(path: Path, _changed_at: int, _size: int) -> Asset:
    return _pack(path)


def _policy(
    kind: type[Policy], text: str, name: str = "policy.toml", environ: Mapping[str, str] = os.environ
) -> Policy:
    """One that is sound; what is wrong with another is found anew each time."""
    key = (text, frozenset(environ.items()))
    if key not in _policies:
        if len(_policies) == MOST:
            _policies.clear()
        _policies[key] = _read(kind, text, name, environ)
    return _policies[key]
