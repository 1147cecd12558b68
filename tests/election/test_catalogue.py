"""The catalogue as a table, and its sentences as people read them."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from app.election import (
    judge_course,
    judge_form,
    judge_identity,
    judge_numbers,
    judge_plausibility,
    judge_surroundings,
    sentences_plausibility,
)
from app.election.catalogue import GROUPS, RULES, JudgedBy, Severity, severity_of
from app.election.checks import Case, FieldRef, Outcome, Result, judge, text_cs, text_en
from app.election.model import Contest, Reading
from app.election.reference import Reference
from app.election.sentences import MEANINGS, TEMPLATES
from tests.support import invented_election as invented
from tests.support.implausible import IMPLAUSIBLE
from tests.support.mutations import REGIONAL
from tests.support.neighbours import around, judged, regional, senate
from tests.support.senate_mutations import SENATE, SENATE_ROUND_2
from tests.support.snapshots import assert_snapshot

SNAPSHOTS = Path(__file__).parent / "snapshots"


def _threshold(value: int | Fraction) -> str:
    return str(value) if isinstance(value, int) else f"{value.numerator}/{value.denominator}"


def test_the_catalogue() -> None:
    lines = []
    for rule in RULES.values():
        forms = " ".join(contest.value for contest in Contest if contest in rule.contests)
        thresholds = ", ".join(f"{name} {_threshold(value)}" for name, value in rule.thresholds.items())
        lines.append(f"{rule.id} {rule.severity} {rule.judged_by} [{forms}] {thresholds}".rstrip())
        lines += [f"    {text}" for text in (rule.title_cs, rule.help_cs, rule.title_en, rule.help_en)]
    assert_snapshot(SNAPSHOTS / "catalogue.txt", "\n".join(lines) + "\n")


def test_the_sentences_of_every_fault_and_of_a_good_protocol() -> None:
    reference, later = invented.reference(), invented.round_2_reference()
    regional = invented.stated(reference, invented.protocols(reference, Contest.REGIONAL)[0])
    senate = invented.stated(reference, invented.protocols(reference, Contest.SENATE_ROUND_1)[0])
    round_2 = invented.stated(later, invented.protocols(later, Contest.SENATE_ROUND_2)[0])
    lines: list[str] = []
    faults: tuple[tuple[tuple[Any, ...], Reference, Reading], ...] = (
        (REGIONAL, reference, regional),
        (SENATE, reference, senate),
        (SENATE_ROUND_2, later, round_2),
    )
    for table, known, reading in faults:
        for mutation in table:
            mutated = mutation.apply(reading, invented.good_circumstances(known, reading))
            assert mutated is not None
            (result,) = judge(*mutated).failed
            lines.append(str(mutation))
            lines += [
                f"    {text(result, case)}" for case in result.failed_cases for text in (text_cs, text_en)
            ]
    for reading in (regional, round_2):
        lines.append(f"good {reading.contest}")
        known = later if reading is round_2 else reference
        for result in judge(reading, invented.good_circumstances(known, reading)).results:
            for case in result.cases[:1]:
                lines += [f"    {text_cs(result, case)}", f"    {text_en(result, case)}"]
    assert_snapshot(SNAPSHOTS / "sentences.txt", "\n".join(lines).replace("\u00a0", "~") + "\n")


def test_the_sentences_of_what_is_implausible() -> None:
    lines: list[str] = []
    told = set()
    for oddity in IMPLAUSIBLE:
        (result,) = oddity.verdict.failed
        assert result.rule_id == oddity.rule_id
        lines.append(f"{oddity} ({result.severity})")
        for case in result.failed_cases:
            told.add((result.rule_id, case.kind))
            lines += [f"    {text_cs(result, case)}", f"    {text_en(result, case)}"]
            lines.append(f"    → {', '.join(str(part) for field in case.fields for part in field if part)}")
    assert told == {key for key, sentences in sentences_plausibility.TEMPLATES.items() if sentences[0]}
    lines.append("good")
    for protocol, known in ((regional(), around()), (senate(), around([regional()]))):
        for result in judged(protocol, surroundings=known).results:
            if result.rule_id in RULES_OF_NEIGHBOURS:
                for case in result.cases[:1]:
                    lines += [f"    {text_cs(result, case)}", f"    {text_en(result, case)}"]
    assert_snapshot(SNAPSHOTS / "implausible.txt", "\n".join(lines).replace("\u00a0", "~") + "\n")


RULES_OF_NEIGHBOURS = [rule for rule in RULES if rule.startswith("PL") or rule in ("ID-05", "FM-06", "LG-08")]


def test_every_rule_of_the_domain_is_listed_once_in_its_group() -> None:
    assert [rule.id for rule in RULES.values()] == list(RULES)
    assert {rule.group for rule in RULES.values()} == set(GROUPS)
    assert len(RULES) == 43


def test_every_judged_rule_has_a_function_and_no_function_lacks_its_rule() -> None:
    functions = {
        name.upper().replace("_", "-")
        for module in (
            judge_identity,
            judge_form,
            judge_numbers,
            judge_plausibility,
            judge_surroundings,
            judge_course,
        )
        for name in vars(module)
        if len(name) == 5 and name[2] == "_" and name[3:].isdigit()
    }
    assert functions == {rule.id for rule in RULES.values() if rule.judged_by is JudgedBy.PROTOCOL}


def test_rules_not_judged_yet_never_appear_in_a_verdict() -> None:
    reference = invented.reference()
    for contest in reference.election.contests:
        reading = invented.stated(reference, invented.protocols(reference, contest)[0])
        verdict = judge(reading, invented.good_circumstances(reference, reading))
        ids = [result.rule_id for result in verdict.results]
        judged = [r.id for r in RULES.values() if r.judged_by is JudgedBy.PROTOCOL and contest in r.contests]
        assert ids == judged


def test_every_template_belongs_to_a_judged_rule_and_has_words_in_both_languages() -> None:
    for (rule_id, kind), (failed_cs, failed_en, passed_cs, passed_en) in TEMPLATES.items():
        assert RULES[rule_id].judged_by is JudgedBy.PROTOCOL
        assert bool(failed_cs) is bool(failed_en), kind
        assert bool(passed_cs) is bool(passed_en), kind
        assert failed_cs or passed_cs
    assert all(cs and en for cs, en in MEANINGS.values())


def _sentence(left: int | None, right: int) -> tuple[str, str]:
    case = Case(
        "preference",
        (FieldRef("HLASY", 5, 3),),
        left,
        right,
        False,
        (("candidate", "3"), ("candidate_name", ""), ("list", "5"), ("list_name", " (ODS)")),
    )
    result = Result("LG-06", Outcome.FAILED, Severity.BLOCKING, (case,))
    return text_cs(result, case).replace("\u00a0", " "), text_en(result, case)


def test_numbers_take_the_right_plural_and_are_grouped() -> None:
    assert _sentence(1, 0) == (
        "Kandidát č. 3 má 1 přednostní hlas, ale listina č. 5 (ODS) jen 0 hlasů. Zkontrolujte oba údaje.",
        "Candidate 3 has 1\u00a0preferential vote, but list 5 (ODS) only 0\u00a0votes. Check both numbers.",
    )
    assert "má 3 přednostní hlasy, ale" in _sentence(3, 2)[0]
    assert "jen 2 hlasy." in _sentence(3, 2)[0]
    assert "má 12 517 přednostních hlasů" in _sentence(12_517, 5)[0]
    assert "has 12,517\u00a0preferential votes" in _sentence(12_517, 5)[1]
    assert "má prázdné pole" in _sentence(None, 5)[0]


def test_an_election_may_set_another_severity() -> None:
    assert severity_of("LG-03", {}) is Severity.PASSABLE
    assert severity_of("LG-03", {"LG-03": "B"}) is Severity.BLOCKING
    assert [severity.rank for severity in Severity] == [3, 2, 1, 0]
