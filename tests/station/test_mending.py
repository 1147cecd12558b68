"""Mended on the spot: original and mended are both kept, OPRAVA=1, and never approved by who mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.batch import Source
from app.election.checks import judge
from app.election.complete import complete
from app.election.content import content_hash
from app.election.errors import KnownError
from app.election.model import (
    Contest,
    Mode,
    PrecinctId,
    ProtocolKey,
    Reading,
    RegionalProtocol,
    RegionalReading,
)
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.entry.errors import FieldRefused
from app.station.errors import (
    NotAuthorised,
    NothingMended,
    OwnWork,
    ReasonMissing,
    RoleRefused,
    SecondEntryMissing,
    StepRefused,
)
from app.station.figures import COUNTS, box, figures, votes_field
from app.station.mended import mended
from app.station.offers import Offer
from app.station.states import Role, User
from app.station.station import Station
from tests.support import invented_election as invented
from tests.support.invented_election import good_circumstances, regional_protocol, stated
from tests.support.paper_entry import paper_of, type_in
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    Clock,
    all_rows,
    file_of,
    one_more_envelope,
    protocols,
)

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
SENATE_KEY = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1)
REFERENCE = invented.reference(mode=Mode.REHEARSAL)
VALID = COUNTS[3]


def offered(station: Station, reading: Reading) -> Offer:
    (made,) = station.intake.read_bytes("zapis.xml", file_of(reading))
    return made


def refused(station: Station, error: type[KnownError], act: Callable[[], object]) -> None:
    before = all_rows(station)
    with pytest.raises(error):
        act()
    assert all_rows(station) == before


@pytest.fixture
def right(reference: Reference) -> RegionalProtocol:
    return regional_protocol(reference, KEY.precinct, 1)


@pytest.fixture
def wrong(right: RegionalProtocol) -> RegionalProtocol:
    """One vote too many on the first list."""
    first = right.sheets[0]
    return replace(right, sheets=(first._replace(votes=first.votes + 1), *right.sheets[1:]))


def test_a_mended_protocol_is_accepted_with_oprava_and_both_are_kept(
    station: Station, reference: Reference, right: RegionalProtocol, wrong: RegionalProtocol
) -> None:
    offer = offered(station, stated(reference, wrong))
    assert offer.verdict.blocking
    change = {votes_field(2): right.sheets[0].votes}
    again = station.mending.mend(offer, change, CLERK, True, "komise přepočítala listinu 2")
    assert not again.verdict.failed
    assert again.content_hash == content_hash(replace(right, corrected=True))
    assert (again.source, again.hands, again.revision) == (Source.FILE, (CLERK.name,), 1)
    accepted = station.intake.accept(again, CLERK)
    assert station.intake.current(KEY) == (accepted, replace(right, corrected=True))
    kept = {row[0] for row in all_rows(station)["originals"]}
    assert {offer.original.sha256, again.original.sha256} <= kept
    entry = next(e for e in station.journal.entries() if e.act == "mend")
    assert entry.details["changes"] == [f"POC_HLASU 2={right.sheets[0].votes}"]
    assert station.journal.first_broken() is None


def test_only_an_authorised_commission_with_a_reason_mends_and_only_something(
    station: Station, reference: Reference, wrong: RegionalProtocol
) -> None:
    offer = offered(station, stated(reference, wrong))
    change = {VALID: 7}
    refused(station, NotAuthorised, lambda: station.mending.mend(offer, change, CLERK, False, "součet"))
    refused(station, ReasonMissing, lambda: station.mending.mend(offer, change, CLERK, True, " "))
    technician = User("Oto", Role.TECHNICIAN)
    refused(station, RoleRefused, lambda: station.mending.mend(offer, change, technician, True, "součet"))
    same = {VALID: wrong.counts.valid_votes}
    refused(station, NothingMended, lambda: station.mending.mend(offer, same, CLERK, True, "součet"))
    for odd in (votes_field(3), box(2, 71), FieldRef("OBEC")):
        refused(station, FieldRefused, partial(station.mending.mend, offer, {odd: 1}, CLERK, True, "x"))
    refused(station, FieldRefused, lambda: station.mending.mend(offer, {VALID: 10_000}, CLERK, True, "x"))


def test_whoever_mended_cannot_approve_the_result(station: Station, reference: Reference) -> None:
    flawed = one_more_envelope(regional_protocol(reference, KEY.precinct, 1))
    offer = offered(station, stated(reference, flawed))
    again = station.mending.mend(offer, {COUNTS[0]: 9999}, SUPERVISOR, True, "voliči")
    held = station.intake.hold(again, CLERK, "obálka")
    refused(station, OwnWork, lambda: station.intake.approve(KEY, SUPERVISOR, held.content_hash))
    refused(station, StepRefused, lambda: station.mending.mend(offer, {COUNTS[0]: 9998}, CLERK, True, "x"))
    other = User("Hana Vedoucí", Role.SUPERVISOR)
    accepted = station.intake.approve(KEY, other, held.content_hash)
    current = station.intake.current(KEY)
    assert current is not None
    assert current[1].corrected
    assert current[1].passable_error
    assert accepted.content_hash == again.content_hash == content_hash(current[1])


def test_a_mended_offer_is_found_again_after_a_crash_until_it_is_decided(
    folder: Path, clock: Clock, reference: Reference, right: RegionalProtocol, wrong: RegionalProtocol
) -> None:
    with Station.open(folder, clock) as station:
        offer = offered(station, stated(reference, wrong))
        change = {votes_field(2): right.sheets[0].votes}
        again = station.mending.mend(offer, change, CLERK, True, "přepočteno")
    with Station.open(folder, clock) as station:
        found = station.mending.mended(KEY)
        assert found == again
        station.intake.accept(found, CLERK)
        assert station.mending.mended(KEY) is None
        assert station.mending.mended(SENATE_KEY) is None


def test_a_closed_paper_is_mended_and_one_reading_is_not(
    station: Station, reference: Reference, right: RegionalProtocol, wrong: RegionalProtocol
) -> None:
    draft = type_in(station, station.entries.begin(KEY, CLERK), paper_of(station, wrong), CLERK)
    change = {votes_field(2): right.sheets[0].votes}
    single = station.entries.offer(draft)
    refused(station, SecondEntryMissing, lambda: station.mending.mend(single, change, CLERK, True, "x"))
    forged = replace(single, provisional=False)
    refused(station, SecondEntryMissing, lambda: station.mending.mend(forged, change, CLERK, True, "x"))
    second = station.entries.begin_second(KEY, OTHER_CLERK)
    type_in(station, second, paper_of(station, wrong), OTHER_CLERK)
    offer = station.entries.close(KEY, OTHER_CLERK)
    again = station.mending.mend(offer, change, SUPERVISOR, True, "přepočteno")
    assert station.entries.closed(KEY) is None
    assert set(again.hands) == {CLERK.name, OTHER_CLERK.name, SUPERVISOR.name}
    assert station.intake.accept(again, CLERK).revision == 1


@pytest.mark.parametrize("contest", [Contest.REGIONAL, Contest.SENATE_ROUND_1])
@given(data=st.data())
def test_control_numbers_that_were_right_stay_right(contest: Contest, data: st.DataObject) -> None:
    protocol = protocols(REFERENCE)[ProtocolKey(KEY.precinct, contest)]
    reading = stated(REFERENCE, protocol)
    known = [field for field in figures(reading) if field not in COUNTS]
    fields = data.draw(st.lists(st.sampled_from(known), unique=True, min_size=1, max_size=4))
    changes: dict[FieldRef, int | None] = {field: data.draw(st.integers(0, 60)) for field in fields}
    changes[COUNTS[3]] = data.draw(st.integers(0, 999))
    verdict = judge(mended(reading, changes), good_circumstances(REFERENCE, reading))
    assert not {"KC-01", "KC-02", "KC-03", "KC-04", "FM-02", "ID-01"} & set(verdict.failed_ids)


def test_a_wrong_control_number_is_healed_by_the_right_figure_and_hidden_by_no_other(
    right: RegionalProtocol,
) -> None:
    reading = stated(REFERENCE, right)
    assert isinstance(reading, RegionalReading)
    sheet = reading.sheets[0]
    (candidate, votes), *others = sheet.preferences
    damaged = replace(
        reading,
        sheets=(sheet._replace(preferences=((candidate, (votes or 0) + 1), *others)), *reading.sheets[1:]),
    )
    good = good_circumstances(REFERENCE, reading)
    assert "KC-02" in judge(damaged, good).failed_ids
    healed = mended(damaged, {box(2, candidate): votes})
    assert complete(healed) == replace(right, corrected=True)
    assert not judge(healed, good).failed
    elsewhere = mended(damaged, {COUNTS[0]: 9999, votes_field(2): sheet.votes})
    assert "KC-02" in judge(elsewhere, good).failed_ids
    told = mended(damaged, {FieldRef(name, 2): 1 for name in ("KC_3", "KC_SUM")})
    assert told.sheets[0].kc_3 == told.sheets[0].kc_sum == 1  # type: ignore[union-attr]


def test_a_list_gains_and_loses_its_sheet_with_its_mark(right: RegionalProtocol) -> None:
    reading = stated(REFERENCE, right)
    more = mended(reading, {votes_field(99): 4, box(99, 1): 2})
    assert isinstance(more, RegionalReading)
    assert (len(more.sheets), more.lists_mark[98]) == (len(right.sheets) + 1, "1")
    less = mended(more, {votes_field(99): 0, box(99, 1): None})
    assert isinstance(less, RegionalReading)
    assert (len(less.sheets), less.lists_mark[98]) == (len(right.sheets), "0")
    assert complete(less) == replace(right, corrected=True)
