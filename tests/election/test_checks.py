"""How verdicts speak: outcomes, severities, what cannot be compared, and the numbers of both sides."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from app.election.checks import (
    Circumstances,
    FieldRef,
    Outcome,
    Severity,
    Verdict,
    judge,
    text_cs,
)
from app.election.complete import complete
from app.election.content import content_hash
from app.election.model import CountsStated, PrecinctId, RegionalReading
from app.election.reference import Reference
from tests.support import invented_election as invented
from tests.support.mutations import restated

REFERENCE = invented.reference()


def good() -> RegionalReading:
    reading = invented.stated(REFERENCE, invented.regional_protocol(REFERENCE, PrecinctId(550001, 1), 1))
    assert isinstance(reading, RegionalReading)
    return reading


def verdict_of(reading: RegionalReading, **changes: object) -> Verdict:
    circumstances = invented.good_circumstances(REFERENCE, reading)
    return judge(reading, replace(circumstances, **changes))  # type: ignore[arg-type]


def outcome(verdict: Verdict, rule_id: str) -> Outcome:
    result = verdict.result(rule_id)
    assert result is not None
    return result.outcome


def test_what_is_not_known_is_not_compared_and_never_passed() -> None:
    verdict = judge(good(), Circumstances(REFERENCE))
    unknown = {r.rule_id for r in verdict.results if r.outcome is Outcome.NOT_COMPARED}
    assert unknown == {
        *("ID-05", "FM-05", "FM-06", "KC-05", "PL-02", "PL-07", "PL-08", "PL-09", "PL-10"),
        *("PR-01", "PR-02", "PR-03", "PR-04"),
    }
    assert verdict.acceptable
    assert verdict.worst is None
    assert verdict.result("LG-09") is None  # no rule of the regional form


def test_a_blank_count_leaves_its_comparisons_open() -> None:
    reading = good()
    counts = reading.counts._replace(envelopes_returned=None)
    verdict = verdict_of(replace(reading, counts=counts))
    assert verdict.failed_ids == ("FM-01",)
    for rule_id in ("LG-02", "LG-03", "KC-01", "KC-05"):
        assert outcome(verdict, rule_id) is Outcome.NOT_COMPARED
    assert outcome(verdict, "LG-01") is Outcome.PASSED


def test_one_blank_sheet_does_not_hide_a_fault_of_another() -> None:
    reading = good()
    blank, wrong, *rest = reading.sheets
    sheets = (blank._replace(votes=None), wrong._replace(kc_3=(wrong.kc_3 or 0) + 1), *rest)
    verdict = verdict_of(replace(reading, sheets=sheets))
    assert verdict.failed_ids == ("FM-01", "KC-02")


def test_a_draft_in_which_nothing_is_typed_yet_can_be_judged() -> None:
    reading = good()
    draft = replace(
        reading,
        district=None,
        form_type=None,
        corrected=None,
        passable_error=None,
        kc_1=None,
        counts=CountsStated(None, None, None, None),
        kc_2=None,
        lists_mark="",
        sheets=(),
    )
    verdict = verdict_of(draft, retyped=None)
    assert set(verdict.failed_ids) == {"ID-01", "ID-03", "ID-06", "FM-01", "FM-02"}


def test_each_case_tells_both_numbers_and_leads_to_its_fields() -> None:
    reading = good()
    valid = (reading.counts.valid_votes or 0) - 1
    wrong = restated(replace(reading, counts=reading.counts._replace(valid_votes=valid)))
    verdict = verdict_of(wrong, retyped=None)
    (result,) = verdict.failed
    assert result.rule_id == "LG-05"
    (case,) = result.failed_cases
    assert (case.left, case.right) == (valid + 1, valid)
    assert case.fields == (FieldRef("PL_HL_CELK"), FieldRef("POC_HLASU"))
    passed = verdict.result("LG-06")
    assert passed is not None
    assert {field.list_number for case in passed.cases for field in case.fields} == {2, 5, 12, 33, 70}


def test_sentences_name_lists_and_candidates() -> None:
    reading = good()
    sheet = reading.sheets[0]
    changed = replace(
        reading, sheets=(sheet._replace(preferences=((1, (sheet.votes or 0) + 1),)), *reading.sheets[1:])
    )
    (result,) = verdict_of(restated(changed)).failed
    sentence = text_cs(result, result.failed_cases[0])
    assert "Kandidát č. 1 (Bořivoj Říha)" in sentence
    assert "listina č. 2 (Strana 2)" in sentence
    assert result.failed_cases[0].fields == (FieldRef("HLASY", 2, 1), FieldRef("POC_HLASU", 2))


def test_the_form_version_leads_to_its_field_of_the_protocol_file() -> None:
    (result,) = verdict_of(replace(good(), form_version="0")).failed
    assert result.failed_cases[0].fields == (FieldRef("VZOR"),)


def _with_severity(rule_id: str, letter: str) -> Reference:
    return replace(REFERENCE, election=replace(REFERENCE.election, severities={rule_id: letter}))


@pytest.mark.parametrize(
    ("letter", "acceptable", "needs_reason"),
    [("B", False, False), ("P", True, True), ("W", True, True), ("I", True, False)],
)
def test_severity_is_the_elections(letter: str, acceptable: bool, needs_reason: bool) -> None:
    reading = good()
    counts = reading.counts._replace(envelopes_returned=(reading.counts.envelopes_issued or 0) + 1)
    changed = restated(replace(reading, counts=counts))
    verdict = verdict_of(changed, retyped=None, reference=_with_severity("LG-02", letter))
    assert verdict.failed_ids == ("LG-02",)
    assert (verdict.acceptable, verdict.needs_reason) == (acceptable, needs_reason)
    assert verdict.worst is Severity(letter)
    groups = {"B": verdict.blocking, "P": verdict.passable, "W": verdict.warnings}
    assert [key for key, results in groups.items() if results] == [letter] * (letter != "I")


def test_a_correction_in_order_passes() -> None:
    reading = restated(replace(good(), corrected=1))
    course = {"revision": 3, "accepted_revision": 2, "reason": "překlep", "author": "novak"}
    verdict = verdict_of(reading, **course)
    assert verdict.failed_ids == ()
    assert outcome(verdict, "PR-01") is Outcome.PASSED


def test_a_first_protocol_that_the_commission_corrected_itself_is_no_correction_of_ours() -> None:
    verdict = verdict_of(restated(replace(good(), corrected=1)))
    assert verdict.failed_ids == ()
    assert outcome(verdict, "PR-01") is Outcome.NOT_COMPARED


def test_the_confirmation_prints_for_exactly_the_received_content() -> None:
    reading = good()
    right = content_hash(complete(reading))
    verdict = verdict_of(reading, printing_confirmation=True, receipt_hash=right)
    assert outcome(verdict, "PR-03") is Outcome.PASSED


def test_a_late_delivery_passes_with_the_centres_permission_and_tells_local_times() -> None:
    ends = REFERENCE.election.calendar.delivery_ends
    late = (ends + timedelta(minutes=5)).astimezone(UTC)
    refused = verdict_of(good(), handed_over=late)
    (result,) = refused.failed
    assert "předán 22. 9. 2024 14:05, doručovat lze do 22. 9. 2024 14:00" in text_cs(result, result.cases[0])
    assert verdict_of(good(), handed_over=late, late_permit=True).failed_ids == ()
    assert verdict_of(good(), handed_over=ends).failed_ids == ()


def test_a_finalist_without_a_vote_in_one_precinct_is_no_fault() -> None:
    reference = invented.round_2_reference()
    protocol = invented.senate_protocol(reference, PrecinctId(550001, 1), 2, 1)
    alone = replace(protocol, votes=((3, protocol.counts.valid_votes),))
    reading = invented.stated(reference, alone)
    assert judge(reading, invented.good_circumstances(reference, reading)).failed_ids == ()
