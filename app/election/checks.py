"""Judging a protocol: every rule of the catalogue that concerns one protocol, in one call.

The same call runs when a number is typed, at acceptance, before sending and again at the centre;
only the circumstances differ. Rules that depend on a number which is missing or unusable say "not
compared", so that each fault is caught by the one rule that is about it. The sentences for people
are in `app.election.sentences`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.election import judge_course, judge_form, judge_identity, judge_numbers
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
    "text_cs",
    "text_en",
]

Judge = Callable[[Subject], Found]

_MODULES = (judge_identity, judge_form, judge_numbers, judge_course)


def _function(rule: Rule) -> Judge:
    """The function of a rule is named by its id: LG-05 is `lg_05`."""
    name = rule.id.lower().replace("-", "_")
    function: Judge = next(getattr(module, name) for module in _MODULES if hasattr(module, name))
    return function


_JUDGED = tuple((rule, _function(rule)) for rule in RULES.values() if rule.judged_by is JudgedBy.PROTOCOL)
#: The rules that apply to each contest; a round that does not exist is judged as round 1.
_BY_CONTEST: Mapping[Contest, tuple[tuple[Rule, Judge], ...]] = MappingProxyType(
    {contest: tuple(pair for pair in _JUDGED if contest in pair[0].contests) for contest in Contest}
)
#: Results without cases are shared: most results of most protocols.
_PASSED = {
    (rule.id, severity): Result(rule.id, Outcome.PASSED, severity)
    for rule, _ in _JUDGED
    for severity in Severity
}
_NOT_COMPARED = {key: result._replace(outcome=Outcome.NOT_COMPARED) for key, result in _PASSED.items()}


def judge(reading: Reading, circumstances: Circumstances, *, passed_cases: bool = True) -> Verdict:
    """Judge a reading. Every rule that applies to its contest has one result.

    With `passed_cases` every comparison is told with the numbers of both sides; without, only
    failed rules carry cases, which is the fast form for the centre.
    """
    subject = Subject(reading, circumstances, passed_cases)
    overrides = circumstances.reference.election.severities
    results = []
    for rule, function in _BY_CONTEST[subject.contest or Contest.SENATE_ROUND_1]:
        found = function(subject)
        severity = Severity(overrides[rule.id]) if rule.id in overrides else rule.severity
        if found.cases:
            results.append(Result(rule.id, _outcome(found), severity, tuple(found.cases)))
        else:
            known = _NOT_COMPARED if found.unknown else _PASSED
            results.append(known[rule.id, severity])
    return Verdict(tuple(results))


def _outcome(found: Found) -> Outcome:
    if not all(case.ok for case in found.cases):
        return Outcome.FAILED
    return Outcome.NOT_COMPARED if found.unknown else Outcome.PASSED
