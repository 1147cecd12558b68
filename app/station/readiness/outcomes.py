"""What a trial finds: how it stands, a sentence with its code, and what to do; and what all of them make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.station.readiness.words import TABLE


class State(StrEnum):
    """NOT_TRIED: there was nothing to try it with, or it was left out on purpose."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    NOT_TRIED = "not tried"


class Whole(StrEnum):
    """All together. CANNOT_SAY: nothing failed, but something that a night needs was not tried."""

    READY = "ready"
    NOT_READY = "not ready"
    CANNOT_SAY = "cannot say"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one probe: `cs` and `en` say what was found, `do_cs` and `do_en` what to do (empty: nothing).
    `excused`: it was not tried, and nobody has to."""

    probe: str
    state: State
    code: str
    cs: str
    en: str
    do_cs: str = ""
    do_en: str = ""
    excused: bool = False


def found(probe: str, code: str, **values: object) -> Outcome:
    """The outcome of a code of the table."""
    words = TABLE[code]
    cs, en = words.cs.format(**values), words.en.format(**values)
    return Outcome(probe, State(words.state), code, cs, en, words.do_cs, words.do_en, words.excused)


def whole(outcomes: Sequence[Outcome]) -> Whole:
    """One failure is enough; a warning is not."""
    if any(each.state is State.FAILED for each in outcomes):
        return Whole.NOT_READY
    if any(each.state is State.NOT_TRIED and not each.excused for each in outcomes):
        return Whole.CANNOT_SAY
    return Whole.READY
