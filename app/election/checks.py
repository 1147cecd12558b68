"""Judging a protocol: every rule of the catalogue that concerns one protocol, in one call.

The same call runs when a number is typed, at acceptance, before sending and again at the centre;
only the circumstances differ. Rules that depend on a number which is missing or unusable say "not
compared", so that each fault is caught by the one rule that is about it. The sentences for people
are in `app.election.sentences`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from app.election import (
    judge_course,
    judge_form,
    judge_identity,
    judge_numbers,
    judge_plausibility,
    judge_surroundings,
)
from app.election.catalogue import RULES
from app.election.circumstances import Circumstances, Totals
from app.election.model import Contest, Reading
from app.election.rule import JudgedBy, Rule, Severity
from app.election.sentences import text_cs, text_en
from app.election.subject import Found, Subject
from app.election.verdict import Case, FieldRef, Outcome, Result, Verdict

__all__ = [
    "Case",
    "Circumstances",
    "FieldRef",
    "Outcome",
    "Result",
    "Severity",
    "Totals",
    "Verdict",
    "judge",
    "judge_again",
    "text_cs",
    "text_en",
]

Judge = Callable[[Subject], Found]

_MODULES = (
    judge_identity,
    judge_form,
    judge_numbers,
    judge_plausibility,
    judge_surroundings,
    judge_course,
)


def _function(rule: Rule) -> Judge:
    """The function of a rule is named by its id: LG-05 is `lg_05`."""
    name = rule.id.lower().replace("-", "_")
    function: Judge = next(getattr(module, name) for module in _MODULES if hasattr(module, name))
    return function


class _Line(NamedTuple):
    """A rule with its function and the results without cases, which are most results and are shared."""

    rule: Rule
    function: Judge
    passed: Result
    not_compared: Result


def _line(rule: Rule, severity: Severity) -> _Line:
    passed = Result(rule.id, Outcome.PASSED, severity)
    return _Line(rule, _function(rule), passed, passed._replace(outcome=Outcome.NOT_COMPARED))


_JUDGED = tuple(_line(rule, rule.severity) for rule in RULES.values() if rule.judged_by is JudgedBy.PROTOCOL)
#: The rules that apply to each contest; a round that does not exist is judged as round 1.
_BY_CONTEST: Mapping[Contest, tuple[_Line, ...]] = MappingProxyType(
    {contest: tuple(line for line in _JUDGED if contest in line.rule.contests) for contest in Contest}
)


def judge(reading: Reading, circumstances: Circumstances, *, passed_cases: bool = True) -> Verdict:
    """Judge a reading. Every rule that applies to its contest has one result.

    With `passed_cases` every comparison is told with the numbers of both sides; without, only
    failed rules carry cases, which is the fast form for the centre.
    """
    subject = Subject(reading, circumstances, passed_cases)
    return Verdict(tuple([_result(line, subject) for line in _lines(subject)]))


def judge_again(
    verdict: Verdict,
    reading: Reading,
    circumstances: Circumstances,
    rules: Collection[str],
    *,
    passed_cases: bool = True,
) -> Verdict:
    """The verdict on the same reading in circumstances that differ only in what `rules` look at.

    The results of all other rules stay as they are: an answer of the clerk costs one rule, not all.
    """
    subject = Subject(reading, circumstances, passed_cases)
    return Verdict(
        tuple(
            [
                _result(line, subject) if line.rule.id in rules else result
                for line, result in zip(_lines(subject), verdict.results, strict=True)
            ]
        )
    )


def _lines(subject: Subject) -> tuple[_Line, ...]:
    return _BY_CONTEST[subject.contest or Contest.SENATE_ROUND_1]


def _result(line: _Line, subject: Subject) -> Result:
    overrides = subject.reference.election.severities
    if overrides and line.rule.id in overrides:
        line = _line(line.rule, Severity(overrides[line.rule.id]))
    _, function, passed, not_compared = line
    found = function(subject)
    if found.cases:
        return _told(passed, found)
    return not_compared if found.unknown else passed


def _told(passed: Result, found: Found) -> Result:
    """The result with its cases; what is only noted is information, whatever the rule's severity."""
    cases = tuple(found.cases)
    failed = [case for case in cases if not case.ok]
    if not failed:
        outcome = Outcome.NOT_COMPARED if found.unknown else Outcome.PASSED
        return passed._replace(outcome=outcome, cases=cases)
    noted = all(case.noted for case in failed)
    severity = Severity.INFORMATION if noted else passed.severity
    return Result(passed.rule_id, Outcome.FAILED, severity, cases)
