"""Typing from paper: drafts saved at every field, the blind second reading, and who may close it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.documents import protocol_file
from app.documents.batch import Source
from app.election.circumstances import Signatures
from app.election.complete import complete
from app.election.content import content_hash
from app.election.errors import KnownError
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey, SheetStated
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.changes import Change
from app.station.entry.closing import CLOSINGS, Situation
from app.station.entry.drafts import DraftState
from app.station.entry.errors import (
    DraftEnded,
    DraftOfOther,
    EntryIncomplete,
    FieldRefused,
    FirstUnfinished,
    NotDiffering,
    OwnReading,
    ReadingsDiffer,
    SecondUnfinished,
    SettlementRefused,
)
from app.station.errors import (
    NotAuthorised,
    NotExpected,
    OwnWork,
    ReasonMissing,
    RoleRefused,
    SecondEntryMissing,
    StepRefused,
    TextRefused,
)
from app.station.figures import COUNTS, box, votes_field
from app.station.offers import Answers, Standing
from app.station.states import Role, State, User
from app.station.station import Station
from tests.support.invented_election import regional_protocol, round_2_reference, senate_protocol, stated
from tests.support.paper_entry import closed, paper_of, type_in, type_twice
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    Clock,
    FakeCentre,
    all_rows,
    file_of,
    fixed_chance,
    make_station,
    one_more_envelope,
    protocols,
)

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
SENATE_KEY = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1)
ELSEWHERE = ProtocolKey(PrecinctId(550003, 1), Contest.REGIONAL)
TECHNICIAN = User("Oto Technik", Role.TECHNICIAN)
BOTH = (CLERK, OTHER_CLERK)
VOTERS, ISSUED, RETURNED, VALID = COUNTS


def refused(station: Station, error: type[KnownError], act: Callable[[], object]) -> KnownError:
    """The act raises and leaves the store as it was."""
    before = all_rows(station)
    with pytest.raises(error) as caught:
        act()
    assert all_rows(station) == before
    return caught.value


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
        "draft_fields": 3
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
    refused(station, FieldRefused, lambda: station.entries.save(draft.id, field, value, CLERK))


def test_who_may_type_and_what(station: Station, reference: Reference) -> None:
    refused(station, NotExpected, lambda: station.entries.begin(ELSEWHERE, CLERK))
    refused(station, RoleRefused, lambda: station.entries.begin(KEY, TECHNICIAN))
    refused(station, TextRefused, lambda: station.entries.begin(KEY, User("")))
    refused(station, FirstUnfinished, lambda: station.entries.begin_second(KEY, CLERK))
    flawed = one_more_envelope(regional_protocol(reference, KEY.precinct, 1))
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(stated(reference, flawed)))
    station.intake.hold(offer, CLERK, "obálka")
    refused(station, StepRefused, lambda: station.entries.begin(KEY, CLERK))


def test_a_blank_mandatory_field_stands_against_finishing_and_a_wrong_sum_does_not(station: Station) -> None:
    draft = station.entries.begin(KEY, CLERK)
    for field in COUNTS[:3]:
        station.entries.save(draft.id, field, 100, CLERK)
    station.entries.save(draft.id, box(5, 3), 7, CLERK)
    error = refused(station, EntryIncomplete, lambda: station.entries.finish(draft.id, CLERK))
    assert isinstance(error, EntryIncomplete)
    assert error.fields == (VALID, votes_field(5))
    station.entries.save(draft.id, VALID, 0, CLERK)
    station.entries.save(draft.id, votes_field(5), 0, CLERK)
    assert station.entries.finish(draft.id, CLERK).state is DraftState.FINISHED
    refused(station, DraftEnded, lambda: station.entries.save(draft.id, VALID, 1, CLERK))
    assert station.entries.begin(KEY, CLERK).state is DraftState.OPEN


def test_every_candidate_of_the_senate_has_to_be_typed_a_zero_too(station: Station) -> None:
    draft = station.entries.begin(SENATE_KEY, CLERK)
    for field in station.entries.fields(SENATE_KEY)[:-1]:
        station.entries.save(draft.id, field, 0, CLERK)
    error = refused(station, EntryIncomplete, lambda: station.entries.finish(draft.id, CLERK))
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


@pytest.mark.parametrize("key", [KEY, SENATE_KEY])
def test_two_people_who_read_the_same_make_an_offer_that_is_accepted(
    station: Station, reference: Reference, centre: FakeCentre, clock: Clock, key: ProtocolKey
) -> None:
    protocol = protocols(reference)[key]
    told: list[Change] = []
    offer = closed(station, protocol, BOTH)
    station.subscribe(told.append)
    assert (offer.source, offer.standing, offer.can_accept) == (Source.PAPER, Standing.NEW, True)
    assert offer.content_hash == content_hash(protocol)
    (written,) = protocol_file.read(offer.original.data).readings
    assert complete(written) == protocol
    assert set(offer.hands) == {CLERK.name, OTHER_CLERK.name}
    assert not station.entries.drafts()
    accepted = station.intake.accept(offer, OTHER_CLERK)
    assert station.intake.current(key) == (accepted, protocol)
    station.sender(centre, fixed_chance()).step(clock())
    assert centre.counted == {(key, 1): offer.content_hash}
    assert told
    assert station.row(key).typist == ""  # type: ignore[union-attr]
    assert station.entries.closed(key) is None


def test_a_closed_entry_is_found_again_after_a_crash(
    folder: Path, clock: Clock, reference: Reference
) -> None:
    with Station.open(folder, clock) as station:
        offer = closed(station, regional_protocol(reference, KEY.precinct, 1), BOTH)
    with Station.open(folder, clock) as station:
        again = station.entries.closed(KEY)
        assert again == offer
        station.intake.refuse(again, CLERK, "komise odešla")
        assert station.entries.closed(KEY) is None


def test_one_reading_may_be_refused_but_never_accepted(station: Station, reference: Reference) -> None:
    protocol = one_more_envelope(regional_protocol(reference, KEY.precinct, 1))
    draft = type_in(station, station.entries.begin(KEY, CLERK), paper_of(station, protocol), CLERK)
    offer = station.entries.offer(draft)
    assert not offer.can_accept
    assert not offer.can_hold
    refused(station, SecondEntryMissing, lambda: station.intake.accept(offer, CLERK))
    refused(station, SecondEntryMissing, lambda: station.intake.hold(offer, CLERK, "obálka"))
    forged = replace(offer, provisional=False)
    refused(station, SecondEntryMissing, lambda: station.intake.hold(forged, CLERK, "obálka"))
    station.intake.refuse(offer, CLERK, "nesedí obálky")
    assert station.row(KEY).state is State.REFUSED  # type: ignore[union-attr]
    assert station.entries.drafts(KEY) == (draft,)


def test_who_typed_either_reading_cannot_approve_it(station: Station, reference: Reference) -> None:
    second = User("Věra Šťastná", Role.SUPERVISOR)
    flawed = one_more_envelope(regional_protocol(reference, KEY.precinct, 1))
    offer = closed(station, flawed, (CLERK, second))
    held = station.intake.hold(offer, CLERK, "obálka navíc")
    assert station.intake.held(KEY)[0].offer == replace(offer, state=State.HELD)
    refused(station, OwnWork, lambda: station.intake.approve(KEY, second, held.content_hash))
    other = User("Hana Vedoucí", Role.SUPERVISOR)
    assert station.intake.approve(KEY, other, held.content_hash).approved_by == other.name


def test_a_paper_entry_corrects_what_was_accepted(station: Station, reference: Reference) -> None:
    first, second = (regional_protocol(reference, KEY.precinct, seed) for seed in (1, 2))
    station.intake.accept(closed(station, first, BOTH), CLERK)
    offer = closed(station, second, BOTH)
    assert offer.standing is Standing.DIFFERENT
    accepted = station.intake.correct(offer, CLERK, "komise přepočítala")
    assert accepted.revision == 2
    assert station.intake.current(KEY) == (accepted, replace(second, corrected=True))


def test_one_reading_is_not_accepted_because_two_others_read_the_same_before(
    station: Station, reference: Reference
) -> None:
    protocol = regional_protocol(reference, KEY.precinct, 1)
    station.intake.refuse(closed(station, protocol, BOTH), CLERK, "komise si zápis odnesla")
    draft = type_in(station, station.entries.begin(KEY, CLERK), paper_of(station, protocol), CLERK)
    forged = replace(station.entries.offer(draft), provisional=False)
    refused(station, SecondEntryMissing, lambda: station.intake.accept(forged, CLERK))


# --- the second reading ------------------------------------------------------------------------------


def test_the_second_reading_is_somebody_else_s_and_starts_empty(
    station: Station, reference: Reference
) -> None:
    paper = paper_of(station, regional_protocol(reference, KEY.precinct, 1))
    first = station.entries.begin(KEY, CLERK)
    refused(station, FirstUnfinished, lambda: station.entries.begin_second(KEY, OTHER_CLERK))
    refused(station, DraftOfOther, lambda: station.entries.begin(KEY, OTHER_CLERK))
    type_in(station, first, paper, CLERK)
    refused(station, SecondUnfinished, lambda: station.entries.compare(KEY))
    refused(station, OwnReading, lambda: station.entries.begin_second(KEY, User("JANA NOVÁKOVÁ")))
    second = station.entries.begin_second(KEY, OTHER_CLERK)
    assert (second.number, second.values) == (2, {})
    refused(station, DraftOfOther, lambda: station.entries.begin(KEY, CLERK))
    refused(station, DraftOfOther, lambda: station.entries.begin_second(KEY, SUPERVISOR))
    refused(station, DraftOfOther, lambda: station.entries.save(second.id, VALID, 1, SUPERVISOR))
    refused(station, SecondUnfinished, lambda: station.entries.compare(KEY))
    assert station.entries.begin_second(KEY, OTHER_CLERK) == second


def test_only_differing_fields_are_told_and_without_values(station: Station, reference: Reference) -> None:
    paper = paper_of(station, regional_protocol(reference, KEY.precinct, 1))
    filled = next(field for field in paper if field.candidate)
    other = {**paper, RETURNED: 1, filled: None, box(99, 70): 0}
    assert type_twice(station, KEY, paper, other, BOTH) == (RETURNED, filled)
    error = refused(station, ReadingsDiffer, lambda: station.entries.close(KEY, CLERK))
    assert isinstance(error, ReadingsDiffer)
    assert error.fields == (RETURNED, filled)
    # what was compared is not typed again
    refused(station, DraftEnded, lambda: station.entries.begin_second(KEY, OTHER_CLERK))


def test_a_zero_and_a_blank_differ_where_the_paper_has_a_number(station: Station) -> None:
    zeros: dict[FieldRef, int | None] = dict.fromkeys(station.entries.fields(SENATE_KEY), 0)
    draft = type_in(station, station.entries.begin(SENATE_KEY, CLERK), zeros, CLERK)
    assert draft.progress.filled == 11
    second = station.entries.begin_second(SENATE_KEY, OTHER_CLERK)
    blank = {**zeros, box(None, 1): None}
    for field, value in blank.items():
        station.entries.save(second.id, field, value, OTHER_CLERK)
    refused(station, EntryIncomplete, lambda: station.entries.finish(second.id, OTHER_CLERK))


TABLE = """\
agreed          clerk, supervisor
others-reading  clerk, supervisor
own-reading     supervisor; reason
third-value     supervisor; reason; nobody who typed
"""


def test_the_table_of_closing_is_exactly_this() -> None:
    lines = []
    for situation, rule in CLOSINGS.items():
        who = ", ".join(sorted(rule.roles)) + ("; reason" if rule.needs_reason else "")
        lines.append(f"{situation:<15} {who}{'' if rule.typist_may else '; nobody who typed'}\n")
    assert "".join(lines) == TABLE
    assert set(CLOSINGS) == set(Situation)


THIRD = User("Třetí Obsluha")
TYPING_SUPERVISOR = User("Petr Říha", Role.SUPERVISOR)


@pytest.mark.parametrize(
    ("value", "user", "reason", "error"),
    [
        (10, OTHER_CLERK, "", None),  # the other one's reading
        (11, CLERK, "", None),
        (10, THIRD, "", None),
        (10, CLERK, "", SettlementRefused),  # the own one, again
        (11, OTHER_CLERK, "jsem si jistý", SettlementRefused),
        (11, TYPING_SUPERVISOR, "", ReasonMissing),
        (11, TYPING_SUPERVISOR, "číslice je přepsaná", None),
        (12, THIRD, "nečitelné", SettlementRefused),
        (12, SUPERVISOR, "", ReasonMissing),
        (12, TYPING_SUPERVISOR, "nečitelné", SettlementRefused),
        (12, SUPERVISOR, "nečitelné, komise potvrdila", None),
        (None, SUPERVISOR, "komise pole nevyplnila", None),
    ],
)
def test_a_differing_field_is_settled_by_whom_the_table_allows(
    station: Station,
    reference: Reference,
    value: int | None,
    user: User,
    reason: str,
    error: type[KnownError] | None,
) -> None:
    paper = paper_of(station, regional_protocol(reference, KEY.precinct, 1))
    type_twice(station, KEY, {**paper, ISSUED: 10}, {**paper, ISSUED: 11}, BOTH)
    attempts = len(station.journal.entries())
    if error is not None:
        with pytest.raises(error):
            station.entries.settle(KEY, ISSUED, value, user, reason)
        assert station.entries.compare(KEY) == (ISSUED,)
        assert station.journal.entries(attempts)[0].act == "settle-refused"
        return
    assert station.entries.settle(KEY, ISSUED, value, user, reason) == ()
    offer = station.entries.close(KEY, THIRD)
    assert offer.reading.counts.envelopes_issued == value
    assert user.name in offer.hands


def test_what_does_not_differ_is_not_settled_and_a_settlement_can_be_changed(
    station: Station, reference: Reference
) -> None:
    protocol = regional_protocol(reference, KEY.precinct, 1)
    paper = paper_of(station, protocol)
    type_twice(station, KEY, paper, {**paper, VOTERS: 99_999, VALID: 1}, BOTH)
    refused(station, NotDiffering, lambda: station.entries.settle(KEY, ISSUED, 1, OTHER_CLERK))
    assert station.entries.settle(KEY, VOTERS, 99_999, CLERK) == (VALID,)
    assert station.entries.settle(KEY, VOTERS, paper[VOTERS], OTHER_CLERK) == (VALID,)
    assert station.entries.settle(KEY, VALID, paper[VALID], OTHER_CLERK) == ()
    assert station.entries.close(KEY, OTHER_CLERK).content_hash == content_hash(protocol)


# --- hand-over, putting away, mending ------------------------------------------------------------------


def test_an_absent_colleague_s_draft_is_handed_over_with_a_reason(station: Station, folder: Path) -> None:
    draft = station.entries.begin(KEY, CLERK)
    station.entries.save(draft.id, VALID, 5, CLERK)
    refused(station, ReasonMissing, lambda: station.entries.take_over(draft.id, OTHER_CLERK, " "))
    taken = station.entries.take_over(draft.id, OTHER_CLERK, "Jana odešla domů")
    assert (taken.owner, taken.values) == (OTHER_CLERK.name, {VALID: 5})
    refused(station, DraftOfOther, lambda: station.entries.save(draft.id, VALID, 6, CLERK))
    station.entries.save(draft.id, VALID, 6, OTHER_CLERK)
    (entry,) = [e for e in station.journal.entries() if e.act == "entry-taken-over"]
    assert (entry.user, entry.details["before"], entry.details["reason"]) == (
        OTHER_CLERK.name, CLERK.name, "Jana odešla domů",
    )  # fmt: skip
    assert station.entries.take_over(draft.id, OTHER_CLERK, "") == station.entries.draft(draft.id)


def test_nobody_gets_a_hand_in_both_readings_by_a_hand_over(station: Station, reference: Reference) -> None:
    paper = paper_of(station, regional_protocol(reference, KEY.precinct, 1))
    first = station.entries.begin(KEY, CLERK)
    station.entries.take_over(first.id, OTHER_CLERK, "oběd")
    type_in(station, first, paper, OTHER_CLERK)
    for typist in BOTH:
        refused(station, OwnReading, lambda user=typist: station.entries.begin_second(KEY, user))  # type: ignore[misc]
    second = station.entries.begin_second(KEY, SUPERVISOR)
    refused(station, OwnReading, lambda: station.entries.take_over(second.id, CLERK, "oběd"))
    refused(station, OwnReading, lambda: station.entries.take_over(first.id, SUPERVISOR, "oběd"))


def test_a_draft_that_was_put_away_comes_back_whole(station: Station, reference: Reference) -> None:
    paper = paper_of(station, regional_protocol(reference, KEY.precinct, 1))
    first = type_in(station, station.entries.begin(KEY, CLERK), paper, CLERK)
    second = station.entries.begin_second(KEY, OTHER_CLERK)
    refused(station, DraftOfOther, lambda: station.entries.discard(first.id, OTHER_CLERK, "špatný okrsek"))
    refused(station, ReasonMissing, lambda: station.entries.discard(first.id, CLERK, ""))
    station.entries.discard(first.id, SUPERVISOR, "špatný okrsek")
    assert station.entries.drafts() == ()
    assert {draft.id for draft in station.entries.discarded(KEY)} == {first.id, second.id}
    refused(station, FirstUnfinished, lambda: station.entries.restore(second.id, OTHER_CLERK))
    assert station.entries.restore(first.id, CLERK) == first
    assert station.entries.restore(second.id, CLERK).values == {}
    station.entries.discard(first.id, CLERK, "znovu")
    station.entries.begin(KEY, OTHER_CLERK)
    refused(station, DraftOfOther, lambda: station.entries.restore(first.id, CLERK))


def test_a_commission_mends_its_paper_while_it_is_typed(station: Station, reference: Reference) -> None:
    protocol = regional_protocol(reference, KEY.precinct, 1)
    paper = paper_of(station, protocol)
    draft = station.entries.begin(KEY, CLERK)
    station.entries.save(draft.id, VALID, 1, CLERK)
    change = {VALID: paper[VALID]}
    refused(station, NotAuthorised, lambda: station.entries.mend(draft.id, change, CLERK, False, "součet"))
    refused(station, ReasonMissing, lambda: station.entries.mend(draft.id, change, CLERK, True, ""))
    mended = station.entries.mend(draft.id, change, CLERK, True, "komise opravila součet")
    assert mended.mended
    type_in(station, mended, paper, CLERK)
    type_in(station, station.entries.begin_second(KEY, OTHER_CLERK), paper, OTHER_CLERK)
    offer = station.entries.close(KEY, OTHER_CLERK)
    assert offer.reading.corrected == 1
    assert offer.content_hash == content_hash(replace(protocol, corrected=True))
    assert station.intake.accept(offer, CLERK).revision == 1


def test_unknown_drafts_and_closed_ones_are_refused(station: Station, reference: Reference) -> None:
    refused(station, DraftEnded, lambda: station.entries.draft(77))
    first = station.entries.begin(KEY, CLERK)
    station.entries.discard(first.id, CLERK, "omyl")
    closed(station, regional_protocol(reference, KEY.precinct, 1), BOTH)
    (done,) = {e.details["draft"] for e in station.journal.entries() if e.act == "entry-closed"}
    assert isinstance(done, int)
    for act in (
        lambda: station.entries.save(done, VALID, 1, OTHER_CLERK),
        lambda: station.entries.take_over(done, SUPERVISOR, "x"),
        lambda: station.entries.discard(done, SUPERVISOR, "x"),
        lambda: station.entries.restore(done, SUPERVISOR),
    ):
        refused(station, DraftEnded, act)
    refused(station, SecondUnfinished, lambda: station.entries.close(KEY, CLERK))
    assert station.journal.first_broken() is None


def test_answers_about_the_visit_reach_the_verdict_of_a_paper(station: Station, reference: Reference) -> None:
    closed(station, regional_protocol(reference, KEY.precinct, 1), BOTH)
    offer = station.entries.closed(KEY, Answers(signatures=Signatures.ANNEX))
    assert offer is not None
    assert offer.answers.signatures is Signatures.ANNEX
    pr_04, kc_05 = offer.verdict.result("PR-04"), offer.verdict.result("KC-05")
    assert pr_04 is not None
    assert kc_05 is not None
    assert {pr_04.outcome, kc_05.outcome} == {"NOT_COMPARED"}
