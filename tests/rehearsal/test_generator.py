"""A fictional election: the same from the same seed, of a believable shape, with believable mistakes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from app.documents import protocol_file, reference
from app.election.checks import judge
from app.election.circumstances import Circumstances, Signatures
from app.election.complete import complete
from app.election.errors import KnownError
from app.election.model import Contest, Mode, ProtocolKey, RegionalProtocol
from app.election.reference import Reference
from app.election.verdict import Verdict
from app.rehearsal import ballots, files
from app.rehearsal.ballots import BLOCKING, Mistake, Paper
from app.rehearsal.generator import Plan, invent
from tests.support.nights import CHECKOUT, SMALL, TINY

#: Enough papers to count mistakes: some 900.
MANY = Plan(seed=3, precincts=700)

#: Which checks catch a mistake; nothing else may block or be passable (warnings are about likelihood).
CAUGHT_BY = {
    Mistake.NONE: set(),
    Mistake.CONTROL_NUMBER: {"KC-01"},
    Mistake.DIGITS_SWAPPED: {"LG-05", "LG-06", "LG-07", "KC-01", "KC-02", "KC-04"},
    Mistake.SHEET_MISSING: {"FM-02", "LG-05"},
    Mistake.BLANK_COUNT: {"FM-01"},
    Mistake.ISSUED_TOO_MANY: {"LG-01"},
    Mistake.EXTRA_ENVELOPE: {"LG-02"},
    Mistake.NEIGHBOURS_SWAPPED: set(),
}


@cache
def election(plan: Plan) -> Reference:
    return invent(plan)


@cache
def papers(plan: Plan) -> dict[ProtocolKey, Paper]:
    made = election(plan)
    written = [
        ballots.write(made, precinct, contest, plan.seed)
        for precinct in made.precincts.values()
        for contest in made.contests_of(precinct)
    ]
    return {paper.truth.key: paper for paper in written}


def judged(reading: object, plan: Plan = MANY) -> Verdict:
    made = election(plan)
    point = made.precincts[reading.key.precinct].transfer_point
    return judge(reading, Circumstances(made, transfer_point=point, signatures=Signatures.ALL))


def caught(verdict: Verdict) -> set[str]:
    """The failed rules that are about right and wrong."""
    return {result.rule_id for result in (*verdict.blocking, *verdict.passable)}


def fingerprint(plan: Plan, folder: Path) -> str:
    """One hash over the reference file's rows and every file of the commissions."""
    made = invent(plan)
    files.write_invented(folder, made, made.precincts.values(), plan.seed)
    digest = hashlib.sha256(repr(made).encode())
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def test_the_same_seed_gives_the_same_election_to_the_byte(tmp_path: Path) -> None:
    assert fingerprint(TINY, tmp_path / "one") == fingerprint(TINY, tmp_path / "two")
    reference.build(invent(TINY), tmp_path / "one.sqlite")
    reference.build(invent(TINY), tmp_path / "two.sqlite")
    assert (tmp_path / "one.sqlite").read_bytes() == (tmp_path / "two.sqlite").read_bytes()


def test_another_process_with_another_order_of_hashes_makes_the_same_election(tmp_path: Path) -> None:
    here = fingerprint(TINY, tmp_path / "here")
    program = (
        "import sys; from pathlib import Path; from tests.rehearsal.test_generator import TINY, fingerprint;"
        "print(fingerprint(TINY, Path(sys.argv[1])))"
    )
    for seed in ("0", "12345"):
        there = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / seed)],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.strip() == here


def test_another_seed_gives_another_election(tmp_path: Path) -> None:
    assert fingerprint(TINY, tmp_path / "one") != fingerprint(replace(TINY, seed=10), tmp_path / "two")


def test_a_file_says_what_the_paper_says_and_is_of_a_rehearsal(tmp_path: Path) -> None:
    made = election(TINY)
    written = files.write_invented(tmp_path, made, made.precincts.values(), TINY.seed)
    first = {}
    for visit in files.visits(tmp_path):
        read = protocol_file.read(visit.first.read_bytes())
        assert (read.election, read.mode) == ("kz2024", Mode.REHEARSAL)
        first.update({reading.key: reading for reading in read.readings})
    assert first == {key: paper.first for key, paper in written.items()}


def test_a_whole_nation_has_a_believable_shape() -> None:
    made = election(Plan())
    points = Counter(precinct.transfer_point for precinct in made.precincts.values())
    assert len(made.precincts) == 13_600
    assert 400 <= len(points) <= 600
    assert 17 <= median(points.values()) <= 25
    assert min(points.values()) >= 1
    assert max(points.values()) <= 177
    sizes = [precinct.expected_voters for precinct in made.precincts.values()]
    assert 400 <= median(sizes) <= 650
    assert 30 <= min(sizes) < max(sizes) <= 2500
    with_senate = sum(precinct.senate_district is not None for precinct in made.precincts.values())
    assert 3_800 <= with_senate <= 5_200
    assert {p.senate_district for p in made.precincts.values()} - {None} == set(made.senate_districts)
    assert {p.region for p in made.precincts.values()} - {None} == set(made.regions) == set(range(1, 14))
    assert len(made.senate_districts) == 27
    assert sum(region.seats for region in made.regions.values()) == 685


def test_most_precincts_have_a_previous_election_to_compare_with() -> None:
    precincts = list(election(MANY).precincts.values())
    known = [p for p in precincts if p.previous_voters is not None]
    assert 0.95 <= len(known) / len(precincts) < 1, "some are new, so that both are rehearsed"
    for precinct in precincts:
        assert (precinct.previous_voters is None) == (precinct.previous_issued is None)
    turnouts = sorted(p.previous_issued / p.previous_voters for p in known)
    assert 0.3 <= median(turnouts) <= 0.42
    assert 0 < turnouts[0] <= turnouts[-1] <= 1


def test_a_rehearsal_compares_turnout_with_the_previous_election_and_notes_what_jumped() -> None:
    compared = noted = 0
    for paper in papers(MANY).values():
        result = judged(paper.mended or paper.first).result("PL-05")
        assert result is not None
        changes = [case for case in result.cases if case.kind == "change"]
        compared += bool(changes)
        noted += any(not case.ok for case in changes)
    assert compared >= 0.9 * len(papers(MANY))
    assert 0 < noted <= 0.03 * compared


def test_prague_votes_for_the_senate_only() -> None:
    made = election(Plan())
    prague = [precinct for precinct in made.precincts.values() if precinct.district == 1199]
    assert prague
    assert all(made.contests_of(precinct) == (Contest.SENATE_ROUND_1,) for precinct in prague)


def test_every_list_has_at_most_five_candidates_more_than_there_are_seats() -> None:
    for region in election(Plan()).regions.values():
        assert len(region.lists) >= 10
        for listed in region.lists.values():
            assert 5 <= len(listed.candidates) <= region.seats + 5
            assert list(listed.candidates) == list(range(1, len(listed.candidates) + 1))
            assert len(listed.short_name) <= 30


@pytest.mark.parametrize(("precincts", "stations"), [(1, 1), (2, 2), (30, 30), (200, 6), (1000, 449)])
def test_a_number_of_transfer_points_is_kept(precincts: int, stations: int) -> None:
    made = invent(Plan(precincts=precincts, stations=stations))
    assert len(made.precincts) == precincts
    assert len({precinct.transfer_point for precinct in made.precincts.values()}) == stations


def test_more_transfer_points_than_precincts_are_refused_in_a_sentence() -> None:
    with pytest.raises(KnownError) as refused:
        invent(Plan(precincts=3, stations=4))
    assert refused.value.code == "REH-07"
    assert "nelze je rozdělit na 4 přebíracích míst" in refused.value.cs


def test_a_home_district_takes_every_precinct() -> None:
    made = invent(Plan(precincts=30, stations=1, home_district=7204))
    assert {p.district for p in made.precincts.values()} == {7204}
    assert {p.senate_district for p in made.precincts.values()} == {80}


def test_every_truth_passes_all_checks_and_only_an_extra_envelope_is_passable() -> None:
    for paper in papers(MANY).values():
        last = judged(paper.mended or paper.first)
        assert last.acceptable
        assert caught(last) == ({"LG-02"} if paper.mistake is Mistake.EXTRA_ENVELOPE else set())
        assert paper.truth.passable_error == (paper.mistake is Mistake.EXTRA_ENVELOPE)
        assert paper.truth.corrected == (paper.mistake is Mistake.NEIGHBOURS_SWAPPED)


def test_about_three_in_a_hundred_first_files_carry_a_mistake_and_one_is_corrected() -> None:
    kinds = Counter(paper.mistake for paper in papers(MANY).values())
    many = sum(kinds.values())
    flawed = many - kinds[Mistake.NONE] - kinds[Mistake.NEIGHBOURS_SWAPPED]
    assert 0.02 <= flawed / many <= 0.045
    assert 0.004 <= kinds[Mistake.NEIGHBOURS_SWAPPED] / many <= 0.02
    assert set(kinds) == set(Mistake), "every kind has to occur for the tests below"


def test_few_right_papers_need_a_supervisor_because_they_are_unlikely() -> None:
    right = [paper for paper in papers(MANY).values() if paper.mistake is Mistake.NONE]
    assert sum(judged(paper.first).needs_reason for paper in right) / len(right) <= 0.06


@pytest.mark.parametrize("mistake", Mistake, ids=lambda mistake: mistake.name)
def test_each_mistake_is_caught_by_the_checks_that_are_about_it(mistake: Mistake) -> None:
    of_kind = [paper for paper in papers(MANY).values() if paper.mistake is mistake]
    for paper in of_kind:
        verdict = judged(paper.first)
        assert caught(verdict) <= CAUGHT_BY[mistake], paper.truth.key
        assert bool(caught(verdict)) == bool(CAUGHT_BY[mistake])
        assert verdict.acceptable == (mistake not in BLOCKING)
        assert (paper.mended is not None) == (mistake in BLOCKING)
        if paper.mended is not None:
            assert caught(judged(paper.mended)) == set()
            assert complete(paper.mended) == paper.truth


def test_a_correction_tells_the_truth_about_two_exchanged_lists() -> None:
    for paper in papers(MANY).values():
        assert (paper.correction is not None) == (paper.mistake is Mistake.NEIGHBOURS_SWAPPED)
        if paper.correction is None:
            continue
        before = complete(paper.first)
        assert isinstance(before, RegionalProtocol)
        assert isinstance(paper.truth, RegionalProtocol)
        assert complete(paper.correction) == paper.truth
        changed = [
            (old.votes, new.votes)
            for old, new in zip(before.sheets, paper.truth.sheets, strict=True)
            if old.votes != new.votes
        ]
        assert len(changed) == 2
        assert changed[0] == changed[1][::-1]


def test_the_small_nights_of_the_tests_have_a_refusal_an_approval_and_a_correction() -> None:
    for plan in (TINY, SMALL):
        kinds = {paper.mistake for paper in papers(plan).values()}
        assert kinds & set(BLOCKING)
        assert {Mistake.EXTRA_ENVELOPE, Mistake.NEIGHBOURS_SWAPPED} <= kinds


def test_every_commission_has_an_invented_contact_that_cannot_be_called() -> None:
    precincts = invent(Plan(seed=5, precincts=60)).precincts.values()
    assert all(re.fullmatch(r"\w+ \w+, 000 \d{3} \d{3}", precinct.contact) for precinct in precincts)
    assert len({precinct.contact for precinct in precincts}) > 50
