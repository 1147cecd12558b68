"""What "this rule alone caught it" means, for the tables of mutations."""

from __future__ import annotations

from dataclasses import replace

from app.election.catalogue import RULES
from app.election.checks import Circumstances, Severity, judge, judge_again, text_cs, text_en
from app.election.model import Reading

#: Rules that speak of what is merely unlikely.
PLAUSIBILITY = ("LG-08", *(rule for rule in RULES if rule.startswith("PL")))


def caught_alone(
    reading: Reading, circumstances: Circumstances, rule_id: str, *, besides: tuple[str, ...] = ()
) -> None:
    """Only that rule fails, in the full form and in the fast one, and it says so in both languages; the
    verdict is the same when the totals from the paper come later.

    `besides` are rules that may fail too, such as the plausibility of a real protocol with a fault in it.
    """
    verdict = judge(reading, circumstances)
    assert [failed for failed in verdict.failed_ids if failed not in besides] == [rule_id]
    fast = judge(reading, circumstances, passed_cases=False)
    assert [(r.rule_id, r.outcome) for r in fast.results] == [(r.rule_id, r.outcome) for r in verdict.results]
    untyped = judge(reading, replace(circumstances, retyped=None))
    assert judge_again(untyped, reading, circumstances, ("KC-05",)) == verdict
    result = verdict.result(rule_id)
    told_fast = fast.result(rule_id)
    assert result is not None
    assert told_fast is not None
    assert told_fast.cases == result.failed_cases
    for case in result.failed_cases:
        assert text_cs(result, case).endswith(".")
        assert text_en(result, case).endswith(".")
    assert verdict.acceptable is (result.severity is not Severity.BLOCKING)
