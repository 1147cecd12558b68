"""October 2016 as it was, both rounds: the official result out of protocols that were invented to it.

Here in memory: protocols spread over the real precincts, judged by every check, added up and published. The
same through the real command, with the regional councils in the same visits, takes minutes and runs when
told: PREBIRKA_ALL_REGIONS=1 python -m pytest tests/conformance/test_replay_senate.py
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.documents import t6
from app.documents.compare_senate import compare_senate
from app.documents.registers import guess, read_registers, round_2, with_round_1
from app.documents.results.senate_counts import senate_sums
from app.documents.results.senate_vysledky import senate_vysledky
from app.election.checks import Circumstances, judge
from app.election.circumstances import Signatures
from app.election.controls import state
from app.election.errors import KnownError
from app.election.model import Contest
from app.election.reference import Reference
from app.election.tally import ElectionTally
from app.rehearsal.senate_night import invented_protocols
from tests.support.nights import figure, prebirka
from tests.support.opendata import DATA, needs_data

pytestmark = [needs_data, pytest.mark.slow]

OFFICIAL = DATA / "senat" / "20161007"
FOLDERS = [DATA / "kz2016", OFFICIAL, OFFICIAL.parent]
PRECINCTS = 4_903


def publish(folder: Path, reference: Reference, round_: int) -> None:
    """Spread, judge, add up, write `vysledky` into `folder`."""
    voters = t6.registered_voters(DATA / "kz2016")
    protocols = invented_protocols(reference, senate_sums(OFFICIAL, round_), round_, voters)
    assert len(protocols) == PRECINCTS
    tally = ElectionTally(reference, Contest.senate(round_))
    info = reference.election
    for protocol in protocols:
        reading = state(protocol, info.code, info.rules.form_version)
        verdict = judge(reading, Circumstances(reference, signatures=Signatures.ALL), passed_cases=False)
        assert not verdict.blocking, (protocol.precinct, verdict.failed_ids)
        # the one thing that proportions cannot avoid: a hamlet where nobody came to round 2
        assert {result.rule_id for result in verdict.passable} <= {"LG-04"}
        tally.apply(protocol, None)
    tally.assert_consistent()
    folder.mkdir()
    (folder / "vysledky.xml").write_bytes(
        senate_vysledky(reference, tally, datetime(2016, 10, 8, 20, tzinfo=UTC))
    )


def test_both_rounds_of_the_senate_are_published_as_the_office_published_them(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    publish(first, read_registers(FOLDERS), 1)
    compared = compare_senate(first, OFFICIAL, 1)
    assert compared.differences == []
    assert compared.values_compared > 2_000
    publish(second, with_round_1(read_registers(FOLDERS, round_2(guess(FOLDERS))), first), 2)
    compared = compare_senate(second, OFFICIAL, 2)
    assert compared.differences == []
    assert compared.values_compared > 2_500


def test_a_result_of_other_precincts_is_not_spread() -> None:
    reference = read_registers(FOLDERS)
    precincts = dict(reference.precincts)
    del precincts[next(p.id for p in precincts.values() if p.senate_district is not None)]
    with pytest.raises(KnownError, match="REH-12"):
        invented_protocols(replace(reference, precincts=precincts), senate_sums(OFFICIAL, 1), 1, {})


@pytest.mark.skipif(not os.environ.get("PREBIRKA_ALL_REGIONS"), reason="only with PREBIRKA_ALL_REGIONS=1")
def test_a_joint_night_and_round_2_after_it_are_published_as_the_office_published_them(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    run = prebirka(
        *("rehearse", "--replay", DATA / "kz2016", "--regions", "3,4,6,7,12", "--senate", OFFICIAL),
        *("--no-floor", "--out", out),
        seconds=1_800,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    nights = run.stdout.split("Noc · The night")
    assert [figure(night, "zápisů · protocols") for night in nights[1:]] == ["8529", "4903"]
    for round_ in (1, 2):
        compared = prebirka("compare", out / f"kolo{round_}", OFFICIAL, "--senate-round", round_)
        assert compared.returncode == 0, compared.stdout
        assert "Differences: 0\n" in compared.stdout
