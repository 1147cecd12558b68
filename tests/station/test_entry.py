"""Typing from paper: what a draft keeps, who may type, and what shows while somebody does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.election.model import Contest, Mode, PrecinctId, ProtocolKey, SheetStated
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.entry.drafts import DraftState
from app.station.entry.errors import (
    DraftEnded,
    EntryIncomplete,
    FieldRefused,
    FirstUnfinished,
)
from app.station.errors import (
    NotExpected,
    RoleRefused,
    StepRefused,
    TextRefused,
)
from app.station.figures import COUNTS, box, votes_field
from app.station.states import User
from app.station.station import Station
from tests.support.invented_election import regional_protocol, round_2_reference, senate_protocol, stated
from tests.support.paper_entry import (
    BOTH,
    ELSEWHERE,
    KEY,
    SENATE_KEY,
    TECHNICIAN,
    closed,
    unchanged,
)
from tests.support.station_world import (
    CLERK,
    Clock,
    all_rows,
    file_of,
    make_station,
    one_more_envelope,
)

VOTERS, ISSUED, RETURNED, VALID = COUNTS


def test_the_form_s_fields_stand_in_the_order_of_the_paper(station: Station) -> None:
    fields = station.entries.fields(KEY)
    assert fields[:6] == (*COUNTS, FieldRef("POC_HLASU", 2), FieldRef("HLASY", 2, 1))
    assert len(fields) == 4 + 6 * 71
    assert fields[-1] == FieldRef("HLASY", 99, 70)
    assert station.entries.fields(SENATE_KEY)[4:] == tuple(FieldRef("HLASY", None, n) for n in range(1, 8))


def test_in_the_second_round_only_the_finalists_are_typed(tmp_path: Path, clock: Clock) -> None:
    reference = round_2_reference()
    reference = replace(reference, election=replace(reference.election, mode=Mode.REHEARSAL))
    with Station.open(make_station(tmp_path, reference), clock) as station:
        key = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_2)
        assert station.entries.fields(key)[4:] == (box(None, 3), box(None, 5))
        offer = closed(station, senate_protocol(reference, key.precinct, 2, 1), BOTH)
        assert station.intake.accept(offer, CLERK).revision == 1


def test_each_field_is_durable_as_soon_as_it_was_left(folder: Path, clock: Clock) -> None:
    with Station.open(folder, clock) as station:
        draft = station.entries.begin(KEY, CLERK)
        assert (draft.values, draft.last_field, draft.state) == ({}, None, DraftState.OPEN)
        station.entries.save(draft.id, VOTERS, 812, CLERK)
        station.entries.save(draft.id, ISSUED, 0, CLERK)
        clock.advance(5)
        draft = station.entries.save(draft.id, box(2, 46), None, CLERK)
    with Station.open(folder, clock) as station:
        again = station.entries.begin(KEY, User("jana  nováková"))
        assert again == draft
        assert again.values == {VOTERS: 812, ISSUED: 0, box(2, 46): None}
        assert (again.last_field, again.saved_at) == (box(2, 46), clock.now)
        assert again.progress.filled == 2
        assert again.progress.missing == (RETURNED, VALID)
        assert station.row(KEY).typist == CLERK.name  # type: ignore[union-attr]
        assert station.completeness().rows[0].typist == CLERK.name


def test_a_field_is_one_row_and_a_changed_mind_is_kept_as_history(station: Station) -> None:
    draft = station.entries.begin(KEY, CLERK)
    before = {table: len(rows) for table, rows in all_rows(station).items()}
    for value in (5, 6, None):
        station.entries.save(draft.id, VALID, value, CLERK)
    after = {table: len(rows) for table, rows in all_rows(station).items()}
    assert {table: after[table] - before[table] for table in after if after[table] != before[table]} == {
        "draft_fields": 3,
        "seals": 3,  # of each transaction
    }
    assert station.entries.draft(draft.id).values[VALID] is None


def test_a_snapshot_of_a_draft_does_not_change_when_typing_goes_on(station: Station) -> None:
    draft = station.entries.begin(KEY, CLERK)
    station.entries.save(draft.id, VALID, 5, CLERK)
    assert draft.values == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (VOTERS, 100_000),
        (ISSUED, 10_000),
        (ISSUED, -1),
        (votes_field(3), 1),
        (box(2, 71), 1),
        (box(None, 1), 1),
        (FieldRef("KC_1"), 1),
    ],
)
def test_what_the_form_has_no_box_for_is_refused(station: Station, field: FieldRef, value: int) -> None:
    draft = station.entries.begin(KEY, CLERK)
    unchanged(station, FieldRefused, lambda: station.entries.save(draft.id, field, value, CLERK))


def test_who_may_type_and_what(station: Station, reference: Reference) -> None:
    unchanged(station, NotExpected, lambda: station.entries.begin(ELSEWHERE, CLERK))
    unchanged(station, RoleRefused, lambda: station.entries.begin(KEY, TECHNICIAN))
    unchanged(station, TextRefused, lambda: station.entries.begin(KEY, User("")))
    unchanged(station, FirstUnfinished, lambda: station.entries.begin_second(KEY, CLERK))
    flawed = one_more_envelope(regional_protocol(reference, KEY.precinct, 1))
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(stated(reference, flawed)))
    station.intake.hold(offer, CLERK, "obálka")
    unchanged(station, StepRefused, lambda: station.entries.begin(KEY, CLERK))


def test_a_blank_mandatory_field_stands_against_finishing_and_a_wrong_sum_does_not(station: Station) -> None:
    draft = station.entries.begin(KEY, CLERK)
    for field in COUNTS[:3]:
        station.entries.save(draft.id, field, 100, CLERK)
    station.entries.save(draft.id, box(5, 3), 7, CLERK)
    error = unchanged(station, EntryIncomplete, lambda: station.entries.finish(draft.id, CLERK))
    assert isinstance(error, EntryIncomplete)
    assert error.fields == (VALID, votes_field(5))
    station.entries.save(draft.id, VALID, 0, CLERK)
    station.entries.save(draft.id, votes_field(5), 0, CLERK)
    assert station.entries.finish(draft.id, CLERK).state is DraftState.FINISHED
    unchanged(station, DraftEnded, lambda: station.entries.save(draft.id, VALID, 1, CLERK))
    assert station.entries.begin(KEY, CLERK).state is DraftState.OPEN


def test_every_candidate_of_the_senate_has_to_be_typed_a_zero_too(station: Station) -> None:
    draft = station.entries.begin(SENATE_KEY, CLERK)
    for field in station.entries.fields(SENATE_KEY)[:-1]:
        station.entries.save(draft.id, field, 0, CLERK)
    error = unchanged(station, EntryIncomplete, lambda: station.entries.finish(draft.id, CLERK))
    assert isinstance(error, EntryIncomplete)
    assert error.fields == (box(None, 7),)


def test_errors_and_sums_show_while_typing(station: Station) -> None:
    draft = station.entries.begin(KEY, CLERK)
    assert "FM-01" in station.entries.verdict(draft).failed_ids
    for field, value in {
        VOTERS: 50,
        ISSUED: 60,
        RETURNED: 60,
        VALID: 10,
        votes_field(2): 6,
        box(2, 1): 7,
    }.items():
        draft = station.entries.save(draft.id, field, value, CLERK)
    verdict = station.entries.verdict(draft)
    assert {"LG-01", "LG-05", "LG-06"} <= set(verdict.failed_ids)
    assert not {"KC-01", "KC-02", "KC-03", "KC-04", "FM-01", "FM-02"} & set(verdict.failed_ids)
    totals = station.entries.totals(draft)
    assert (totals.votes, totals.valid_votes, totals.remaining) == (6, 10, 4)
    assert (totals.lists[2].votes, totals.lists[2].preferences, totals.lists[2].most_preferences) == (
        6,
        7,
        24,
    )
    senate = station.entries.begin(SENATE_KEY, CLERK)
    senate = station.entries.save(senate.id, box(None, 2), 9, CLERK)
    assert station.entries.totals(senate).votes == 9
    assert station.entries.totals(senate).remaining is None


def test_a_blank_stays_a_blank_in_the_reading_and_its_control_numbers(station: Station) -> None:
    draft = station.entries.begin(KEY, CLERK)
    draft = station.entries.save(draft.id, box(5, 2), 3, CLERK)
    reading = station.entries.reading(draft)
    assert reading.counts == (None, None, None, None)
    assert reading.kc_2 is None
    (sheet,) = reading.sheets  # type: ignore[union-attr]
    assert sheet == SheetStated(5, None, ((2, 3),), None, None, None, None, None, None)
