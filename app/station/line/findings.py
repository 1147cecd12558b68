"""What an examination of the line finds: for each step a state, a sentence with its code, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.station.line.steps import State, Step
from app.station.line.words import TABLE

_PRAGUE: Final = ZoneInfo("Europe/Prague")


@dataclass(frozen=True, slots=True)
class Finding:
    """One step: `cs` and `en` say what was found, `do_cs` and `do_en` what to do (empty: nothing)."""

    step: Step
    state: State
    code: str
    cs: str
    en: str
    do_cs: str = ""
    do_en: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All steps in order, found at the instant `at`."""

    at: datetime
    findings: tuple[Finding, ...]

    @property
    def worst(self) -> Finding | None:
        """The first fault, else the first warning: where to begin. None when all is well."""
        for state in (State.FAULT, State.WARNING):
            for finding in self.findings:
                if finding.state is state:
                    return finding
        return None

    def of(self, step: Step) -> Finding:
        return next(each for each in self.findings if each.step is step)


_SKIPPED: Final = ("Nezkoušeno: napřed opravte předchozí krok.", "Not tried: mend the step before first.")


def found(code: str, **values: object) -> Finding:
    """The finding of a code."""
    words = TABLE[code]
    cs, en = words.cs.format(**values), words.en.format(**values)
    return Finding(words.step, words.state, code, cs, en, words.do_cs, words.do_en)


def skipped(step: Step) -> Finding:
    """An earlier step failed."""
    return Finding(step, State.SKIPPED, "", *_SKIPPED)


def instant(at: datetime) -> str:
    """An instant for a sentence, in Prague."""
    local = at.astimezone(_PRAGUE)
    return f"{local.day}. {local.month}. {local.year} {local:%H:%M:%S}"
