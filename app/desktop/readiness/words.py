"""What the page and the print of the readiness check say alike: names, states and sentences by language."""

from __future__ import annotations

from typing import Final

from app.desktop.texts import language, t
from app.station.readiness.checking import PROBES
from app.station.readiness.outcomes import Outcome, State, Whole

#: Icon and colour of each state; the words stand beside them always.
LOOKS: Final = {
    State.OK: ("passed", "ok"),
    State.WARNING: ("warning", "warning"),
    State.FAILED: ("blocking", "error"),
    State.NOT_TRIED: ("not_compared", "muted"),
}
#: Kind and icon of the banner.
BANNERS: Final = {
    Whole.READY: ("ok", "passed"),
    Whole.NOT_READY: ("error", "blocking"),
    Whole.CANNOT_SAY: ("info", "info"),
}


def name_of(probe: str) -> str:
    row = next(each for each in PROBES if each.name == probe)
    return row.cs if language() == "cs" else row.en


def state_of(outcome: Outcome) -> str:
    return t(f"readiness.state.{outcome.state.name}")


def said(outcome: Outcome) -> tuple[str, str]:
    """What was found, and what to do (empty: nothing)."""
    return (outcome.cs, outcome.do_cs) if language() == "cs" else (outcome.en, outcome.do_en)
