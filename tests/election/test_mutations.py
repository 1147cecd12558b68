"""Each fault is caught by the one rule that is about it, on invented protocols."""

import pytest

from app.election.catalogue import RULES, JudgedBy, Severity
from app.election.checks import Outcome, judge
from app.election.model import Contest, Reading, RegionalReading, SenateReading
from app.election.reference import Reference
from tests.support import invented_election as invented
from tests.support.judging import caught_alone
from tests.support.mutations import REGIONAL, Mutation
from tests.support.senate_mutations import SENATE, SENATE_ROUND_2, SenateMutation

ROUND_1 = invented.reference()
ROUND_2 = invented.round_2_reference()


#: Rules that have nothing to compare with in `good_circumstances`, in both forms.
NO_NEIGHBOURS = ("PL-08", "PL-09", "PL-10", "PR-01", "PR-03")


def readings(reference: Reference, contest: Contest) -> list[Reading]:
    return [
        invented.stated(reference, protocol)
        for seed in range(5)
        for protocol in invented.protocols(reference, contest, seed)
    ]


REGIONAL_READINGS = [r for r in readings(ROUND_1, Contest.REGIONAL) if isinstance(r, RegionalReading)]
SENATE_READINGS = [
    (reference, reading)
    for reference, contest in ((ROUND_1, Contest.SENATE_ROUND_1), (ROUND_2, Contest.SENATE_ROUND_2))
    for reading in readings(reference, contest)
    if isinstance(reading, SenateReading)
]


@pytest.mark.parametrize("mutation", REGIONAL, ids=str)
def test_a_fault_in_a_regional_protocol_is_caught_by_its_rule_alone(mutation: Mutation) -> None:
    tried = 0
    for reading in REGIONAL_READINGS:
        mutated = mutation.apply(reading, invented.good_circumstances(ROUND_1, reading))
        if mutated is not None:
            caught_alone(*mutated, mutation.rule_id)
            tried += 1
    assert tried


@pytest.mark.parametrize("mutation", [*SENATE, *SENATE_ROUND_2], ids=str)
def test_a_fault_in_a_senate_protocol_is_caught_by_its_rule_alone(mutation: SenateMutation) -> None:
    tried = 0
    for reference, reading in SENATE_READINGS:
        if mutation in SENATE_ROUND_2 and reading.round != 2:
            continue
        mutated = mutation.apply(reading, invented.good_circumstances(reference, reading))
        if mutated is not None:
            caught_alone(*mutated, mutation.rule_id)
            tried += 1
    assert tried


def test_every_blocking_or_passable_rule_that_is_judged_has_a_fault_that_it_alone_catches() -> None:
    tried = {mutation.rule_id for mutation in (*REGIONAL, *SENATE, *SENATE_ROUND_2)}
    judged = {
        rule.id
        for rule in RULES.values()
        if rule.judged_by is JudgedBy.PROTOCOL and rule.severity in (Severity.BLOCKING, Severity.PASSABLE)
    }
    assert tried == judged


def test_good_protocols_pass_every_rule() -> None:
    for reading in REGIONAL_READINGS:
        verdict = judge(reading, invented.good_circumstances(ROUND_1, reading))
        not_compared = [r.rule_id for r in verdict.results if r.outcome is Outcome.NOT_COMPARED]
        assert (verdict.failed_ids, not_compared) == ((), ["PL-02", "PL-07", *NO_NEIGHBOURS])
    for reference, senate_reading in SENATE_READINGS:
        verdict = judge(senate_reading, invented.good_circumstances(reference, senate_reading))
        assert verdict.failed_ids == ()
