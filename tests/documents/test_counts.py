"""Published counts are read back as they were written; what is damaged is told."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.documents.results import (
    Processed,
    senate_vysledky,
    vysledky,
    vysledky_kandid,
    vysledky_okrsky,
)
from app.documents.results.counts import batches, region_sums, senate_sums
from app.election.errors import KnownError
from app.election.model import Contest, Counts, PrecinctId, SenateProtocol
from app.election.tally import ElectionTally
from app.rehearsal import ballots
from app.rehearsal.expected import plain_sums
from app.rehearsal.generator import invent
from tests.support.invented_election import protocols, reference
from tests.support.nights import TINY

AT = datetime(2024, 9, 21, 13, 0, tzinfo=UTC)
RECORDS = (
    Processed(PrecinctId(900_001, 1), 1, AT, False, Counts(100, 60, 59, 50), ((3, 20), (47, 30))),
    Processed(PrecinctId(900_001, 2), 2, AT, True, Counts(90, 40, 40, 0), ()),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A published folder of the tiny night, with two batches."""
    election = invent(TINY)
    tally = ElectionTally(election, Contest.REGIONAL)
    for precinct in election.precincts.values():
        if precinct.region is not None:
            tally.apply(ballots.write(election, precinct, Contest.REGIONAL, TINY.seed).truth, None)
    (tmp_path / "vysledky.xml").write_bytes(vysledky(election, tally, AT))
    (tmp_path / "vysledky_kandid.xml").write_bytes(vysledky_kandid(election, tally, AT))
    place = tmp_path / "okrsky"
    place.mkdir()
    (place / "vysledky_okrsky_00001.xml").write_bytes(vysledky_okrsky(RECORDS, 1, 12, 2, AT))
    (place / "vysledky_okrsky_00002.xml").write_bytes(vysledky_okrsky((), 2, 12, 2, AT))
    (place / "vysledky_okrsky.xml").write_bytes(vysledky_okrsky((), 2, 12, 2, AT))
    return tmp_path


def test_what_was_written_from_tallies_reads_as_the_plain_sums(folder: Path) -> None:
    election = invent(TINY)
    truth = [
        ballots.write(election, precinct, Contest.REGIONAL, TINY.seed).truth
        for precinct in election.precincts.values()
        if precinct.region is not None
    ]
    assert region_sums(folder) == plain_sums(election, truth)


def test_every_batch_is_read_once_with_all_it_says(folder: Path) -> None:
    first, second = batches(folder)
    assert (first.file_number, first.number, first.size) == (1, 1, 2)
    assert (first.precincts_expected, first.precincts_processed, first.generated_at) == (12, 2, AT)
    assert first.records == RECORDS
    assert (second.file_number, second.number, second.records) == (2, 2, ())


def test_the_senates_sums_and_batches_are_read_back_too(tmp_path: Path) -> None:
    of, contest = reference(), Contest.SENATE_ROUND_1
    tally, records, truth = ElectionTally(of, contest), [], dict[int, Counter[str]]()
    columns = ("ZAPSANI_VOLICI", "VYDANE_OBALKY", "ODEVZDANE_OBALKY", "PLATNE_HLASY")
    for order, protocol in enumerate(protocols(of, contest), 1):
        assert isinstance(protocol, SenateProtocol)
        tally.apply(protocol)
        told = protocol.counts, protocol.votes, protocol.senate_district
        records.append(Processed(protocol.precinct, order, AT, False, *told))
        into = truth.setdefault(protocol.senate_district, Counter())
        into.update({"OKRSKY_ZPRAC": 1, **dict(zip(columns, protocol.counts, strict=True))})
        into.update({f"HLASY {number}": votes for number, votes in protocol.votes})
    (tmp_path / "okrsky").mkdir()
    (tmp_path / "vysledky.xml").write_bytes(senate_vysledky(of, tally, AT))
    path = tmp_path / "okrsky" / "vysledky_okrsky_00001.xml"
    path.write_bytes(vysledky_okrsky(records, 1, len(records), len(records), AT, contest))
    assert {number: +sums for number, sums in senate_sums(tmp_path, 1).items()} == truth
    assert senate_sums(tmp_path, 2) == {number: Counter() for number in truth}
    (batch,) = batches(tmp_path)
    assert batch.records == tuple(records)


def test_documents_that_are_not_there_give_nothing(tmp_path: Path) -> None:
    assert region_sums(tmp_path) == {}
    assert batches(tmp_path) == []


@pytest.mark.parametrize(
    ("document", "old", "new"),
    [
        ("vysledky.xml", "PLATNE_HLASY=", "PLATNE="),
        ("vysledky.xml", 'HLASY="', 'HLASY="-'),
        ("okrsky/vysledky_okrsky_00001.xml", "DAVKA ", "DAVKY "),
        ("okrsky/vysledky_okrsky_00001.xml", "UCAST_OKRSEK", "UCAST"),
        ("okrsky/vysledky_okrsky_00001.xml", 'DATUM_CAS_ZPRAC="', 'DATUM_CAS_ZPRAC="x'),
    ],
)
def test_a_value_that_is_missing_is_a_known_trouble(folder: Path, document: str, old: str, new: str) -> None:
    path = folder / document
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(KnownError) as trouble:
        (region_sums if "okrsky" not in document else batches)(folder)
    assert trouble.value.code == "CMP-02"
