"""What axe finds against a page: what somebody could not read or use."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "vendor" / "axe-4.14.1.min.js"
NOT_MINOR = {"moderate", "serious", "critical"}
COLOURS = {"runOnly": ["color-contrast"]}
WORDS = {"rules": {"color-contrast": {"enabled": False}}}


@cache
def axe() -> str:
    """Deque's own build, whole."""
    return AXE.read_text()


def findings(tab: Page, options: dict[str, Any]) -> list[str]:
    """All but what is minor, with where it is."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(axe())
    run = f"axe.run({json.dumps({'resultTypes': ['violations'], **options})})"
    found = tab.evaluate(f"{run}.then(({{violations}}) => violations)")
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in NOT_MINOR
        for node in each["nodes"]
    ]


def in_both_lights(tab: Page) -> list[str]:
    """By day everything, by night its colours."""
    faults = []
    for scheme, options in (("light", {}), ("dark", COLOURS)):
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        faults += [f"{scheme}: {found}" for found in findings(tab, options)]
    return faults
