"""What a rule of the catalogue is: its severity, who judges it, its words and default thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.election.model import Contest
from app.election.thresholds import DEFAULTS

EVERY_CONTEST = frozenset(Contest)
REGIONAL_ONLY = frozenset({Contest.REGIONAL})
ROUND_2_ONLY = frozenset({Contest.SENATE_ROUND_2})


class Severity(StrEnum):
    """What a failed rule means for the clerk; the letters are those of the election's data."""

    BLOCKING = "B"  # the protocol cannot be accepted
    PASSABLE = "P"  # accepted with CHYBA=1, a reason and a supervisor's approval
    WARNING = "W"  # a reason and approval
    INFORMATION = "I"

    @property
    def rank(self) -> int:
        """3 for the gravest, 0 for information."""
        return 3 - "BPWI".index(self.value)

    @property
    def needs_reason(self) -> bool:
        """A passable error or a warning is accepted only with a reason."""
        return self in (Severity.PASSABLE, Severity.WARNING)


class JudgedBy(StrEnum):
    """Where a rule is run today."""

    PROTOCOL = "protocol"  # `app.election.checks.judge`
    TALLY = "tally"  # `app.election.tally`, at every publication
    LATER = "later"  # in the catalogue, not judged yet: it never appears in a verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `title` says what must hold, `help` what to look at or do when it does not."""

    id: str  # group and number, such as LG-01
    severity: Severity  # the default; an election's data may set another
    title_cs: str
    title_en: str
    help_cs: str
    help_en: str
    contests: frozenset[Contest] = EVERY_CONTEST
    judged_by: JudgedBy = JudgedBy.PROTOCOL

    @property
    def thresholds(self) -> Mapping[str, int | Fraction]:
        """Default thresholds by name (see `app.election.thresholds`); an election's data may set others."""
        return DEFAULTS.of(self.id)

    @property
    def group(self) -> str:
        """ID identity, FM form, LG logic, KC control numbers, PL plausibility, PR procedure, AG sums."""
        return self.id[:2]
