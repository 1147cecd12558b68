"""What "this rule alone caught it" means, for the tables of mutations."""

from __future__ import annotations

from app.election.checks import Circumstances, Severity, judge, text_cs, text_en
from app.election.model import Reading


def caught_alone(reading: Reading, circumstances: Circumstances, rule_id: str) -> None:
    """Only that rule fails, in the full form and in the fast one, and it says so in both languages."""
    verdict = judge(reading, circumstances)
    assert verdict.failed_ids == (rule_id,)
    fast = judge(reading, circumstances, passed_cases=False)
    assert [(r.rule_id, r.outcome) for r in fast.results] == [(r.rule_id, r.outcome) for r in verdict.results]
    result = verdict.result(rule_id)
    told_fast = fast.result(rule_id)
    assert result is not None
    assert told_fast is not None
    assert told_fast.cases == result.failed_cases
    for case in result.failed_cases:
        assert text_cs(result, case).endswith(".")
        assert text_en(result, case).endswith(".")
    assert verdict.acceptable is (result.severity is not Severity.BLOCKING)
