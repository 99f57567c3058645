"""Why nobody can take a request before it closes, in a notice's few words."""

from collections.abc import Mapping
from typing import Any

from babel import Locale

from callbacks import at_risk
from callbacks.journal import Entry
from callbacks.wording import Words
from callbacks.work import Work


def words_for(work: Work, words: Mapping[str, Any], language: str, entry: Entry) -> list[str]:
    """`no agent for level 2 in Italian before Mon, Nov 23, 14:30`; nothing of a line that tells of else."""
    reason = at_risk.reason_of(entry)
    if reason is None:
        return []
    starts = reason.facts["starts"]
    spoken = str(reason.facts["language"])
    said = words["for_nobody"]["until" if starts else "soon"]
    moment = Words.of(language).moment_short(starts, work.now, work.hours.zone) if starts else ""
    named = Locale.parse(language).languages.get(spoken, spoken.upper())
    return [said.format(level=reason.facts["level"], language=named, starts=moment)]
