"""What the checks answer: a verdict of results, each with its cases and the numbers of both sides."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from app.election.rule import Severity


class Outcome(StrEnum):
    """A rule that could not be judged says so; it never counts as passed."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    NOT_COMPARED = "NOT_COMPARED"


class FieldRef(NamedTuple):
    """One field of the form, by its official column: leads to the field on the screen.

    HLASY with a candidate is a preference box of a sheet (with `list_number`), or a candidate's
    row of T/5 (without).
    """

    name: str
    list_number: int | None = None
    candidate: int | None = None


#: Named values for a sentence: numbers are shown grouped, codes and names are strings.
Params = tuple[tuple[str, int | str], ...]


class Case(NamedTuple):
    """One comparison of a rule: `left` is what is stated, `right` what it is compared with.

    `kind` names the sentence in `app.election.sentences`. `noted`: not more than information, because
    only the first line of two is crossed (see `app.election.thresholds`).
    """

    kind: str
    fields: tuple[FieldRef, ...]
    left: int | str | None
    right: int | str | None
    ok: bool
    params: Params = ()
    noted: bool = False


class Result(NamedTuple):
    """The result of one rule. Severity is the election's; information when all that failed is only noted."""

    rule_id: str
    outcome: Outcome
    severity: Severity
    cases: tuple[Case, ...] = ()

    @property
    def failed_cases(self) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if not case.ok)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Results of all rules that apply to the contest, in catalogue order."""

    results: tuple[Result, ...]
    #: Looked for once: each step of an acceptance asks for them.
    failed: tuple[Result, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        failed = tuple([result for result in self.results if result.outcome is Outcome.FAILED])
        object.__setattr__(self, "failed", failed)

    @property
    def blocking(self) -> tuple[Result, ...]:
        return self._failed_as(Severity.BLOCKING)

    @property
    def passable(self) -> tuple[Result, ...]:
        """Failed rules that are let through with CHYBA=1."""
        return self._failed_as(Severity.PASSABLE)

    @property
    def warnings(self) -> tuple[Result, ...]:
        return self._failed_as(Severity.WARNING)

    @property
    def needs_reason(self) -> bool:
        """A reason and a supervisor's approval are needed before acceptance."""
        return any(result.severity.needs_reason for result in self.failed)

    @property
    def acceptable(self) -> bool:
        """No blocking rule failed."""
        return not self.blocking

    @property
    def worst(self) -> Severity | None:
        """The gravest severity among the failed rules; `None` when nothing failed."""
        return max((result.severity for result in self.failed), key=lambda s: s.rank, default=None)

    def result(self, rule_id: str) -> Result | None:
        """The result of one rule; `None` when the rule does not apply to this contest."""
        return next((result for result in self.results if result.rule_id == rule_id), None)

    @property
    def failed_ids(self) -> tuple[str, ...]:
        return tuple(result.rule_id for result in self.failed)

    def _failed_as(self, severity: Severity) -> tuple[Result, ...]:
        return tuple([result for result in self.failed if result.severity is severity])
