"""A night is judged by three witnesses; each of them notices what it is there for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.documents.results.counts import PublishedBatch
from app.documents.results.vysledky_okrsky import Processed
from app.election.model import Counts, PrecinctId, Protocol, RegionalProtocol, Sheet
from app.rehearsal import ballots
from app.rehearsal.expected import batch_faults, districts_of, plain_sums, sum_faults
from app.rehearsal.generator import invent
from tests.support.nights import SMALL

AT = datetime(2024, 9, 21, 13, 0, tzinfo=UTC)
A, B, C = PrecinctId(1, 1), PrecinctId(1, 2), PrecinctId(2, 1)


def protocol(precinct: PrecinctId, votes: int, *, corrected: bool = False) -> RegionalProtocol:
    return RegionalProtocol(
        precinct, 2101, corrected, False, Counts(100, 60, 60, votes), (Sheet(7, votes, ((1, 2),)),)
    )


def record(of: RegionalProtocol, order: int, *, repeated: bool = False) -> Processed:
    votes = tuple((sheet.list_number, sheet.votes) for sheet in of.sheets)
    return Processed(of.precinct, order, AT + timedelta(seconds=order), repeated, of.counts, votes)


def batch(number: int, processed: int, *records: Processed) -> PublishedBatch:
    return PublishedBatch(number, number, len(records), 3, processed, AT + timedelta(minutes=number), records)


STANDING: list[Protocol] = [protocol(A, 51, corrected=True), protocol(B, 40), protocol(C, 30)]
GOOD = [
    batch(1, 2, record(protocol(A, 50), 1), record(protocol(B, 40), 2)),
    batch(2, 3, record(protocol(C, 30), 3), record(protocol(A, 51), 4, repeated=True)),
]


def test_batches_in_order_have_no_fault() -> None:
    assert list(batch_faults(GOOD, STANDING, 3)) == []


FIRST, SECOND = GOOD
R1, R2 = FIRST.records
R3, R4 = SECOND.records
BAD = {
    "a batch is missing": [SECOND],
    "the file's number is another": [replace(FIRST, file_number=2), SECOND],
    "the number inside is another": [FIRST, replace(SECOND, number=3)],
    "a batch comes twice": [FIRST, FIRST, SECOND],
    "an order is left out": [FIRST, replace(SECOND, records=(R3, replace(R4, order=5)))],
    "orders are exchanged": [replace(FIRST, records=(replace(R1, order=2), replace(R2, order=1))), SECOND],
    "a repeated precinct does not say so": [
        FIRST,
        replace(SECOND, records=(R3, replace(R4, repeated=False))),
    ],
    "a first precinct says that it is repeated": [
        replace(FIRST, records=(replace(R1, repeated=True), R2)),
        SECOND,
    ],
    "the size is not what is there": [replace(FIRST, size=3), SECOND],
    "the expected precincts are others": [replace(FIRST, precincts_expected=4), SECOND],
    "a correction counts as a precinct more": [FIRST, replace(SECOND, precincts_processed=4)],
    "a record is of after its batch": [replace(FIRST, generated_at=AT), SECOND],
    "the last record is not what stands": [
        FIRST,
        replace(SECOND, records=(R3, replace(R4, votes=((7, 50),)))),
    ],
    "the counts are not what stands": [
        FIRST,
        replace(SECOND, records=(replace(R3, counts=Counts(100, 60, 60, 31)), R4)),
    ],
    "a precinct is not there at all": [FIRST, batch(2, 2, replace(R4, order=3))],
}


@pytest.mark.parametrize("batches", BAD.values(), ids=BAD)
def test_whatever_is_wrong_with_the_batches_is_said(batches: list[PublishedBatch]) -> None:
    assert list(batch_faults(batches, STANDING, 3)) != []


def test_a_precinct_that_does_not_stand_at_the_centre_is_said() -> None:
    assert len(list(batch_faults(GOOD, STANDING[:2], 3))) == 1


def test_a_count_that_is_not_the_sum_is_said_with_both_numbers() -> None:
    truth = {3: Counter({"PLATNE_HLASY": 120, "HLASY 7": 80, "PREDNOSTNI 7/1": 6})}
    assert list(sum_faults({3: Counter(truth[3])}, truth, [3])) == []
    assert list(sum_faults({3: truth[3] + Counter({"HLASY 7": 1})}, truth, [3])) == [
        "kraj 3, HLASY 7: zveřejněno · published 81, součet · sum 80"
    ]
    assert len(list(sum_faults({}, truth, [3]))) == 3
    assert len(list(sum_faults({3: truth[3] + Counter({"HLASY 8": 1})}, truth, [3]))) == 1
    assert list(sum_faults({}, truth, [])) == []


def test_plain_sums_add_up_each_region_by_itself_and_leave_the_senate_out() -> None:
    election = invent(SMALL)
    truth = [
        ballots.write(election, precinct, contest, SMALL.seed).truth
        for precinct in election.precincts.values()
        for contest in election.contests_of(precinct)
    ]
    sums = plain_sums(election, truth)
    regional = [each for each in truth if isinstance(each, RegionalProtocol)]
    assert len(regional) < len(truth)
    assert sum(region["OKRSKY_ZPRAC"] for region in sums.values()) == len(regional)
    for number, region in sums.items():
        votes = sum(count for name, count in region.items() if name.startswith("HLASY "))
        assert votes == region["PLATNE_HLASY"]
        assert {int(name.split()[1]) for name in region if name.startswith("HLASY ")} <= set(
            election.regions[number].lists
        )


def test_only_districts_in_which_somebody_votes_are_expected() -> None:
    election = invent(SMALL)
    wanted = districts_of(election, [1, 2])
    assert 0 < len(wanted) < 19  # there are 12 and 7
    voting = {election.districts[precinct.district].nuts for precinct in election.precincts.values()}
    assert set(wanted) <= voting
    assert list(wanted) == sorted(wanted)
