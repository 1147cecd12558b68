"""A draft in other hands: handed over, put away and restored, mended while it is typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.election.content import content_hash
from app.election.reference import Reference
from app.station.entry.errors import (
    DraftEnded,
    DraftOfOther,
    FirstUnfinished,
    OwnReading,
    SecondUnfinished,
)
from app.station.errors import (
    NotAuthorised,
    ReasonMissing,
)
from app.station.figures import COUNTS
from app.station.station import Station
from tests.support.invented_election import regional_protocol
from tests.support.paper_entry import (
    BOTH,
    KEY,
    closed,
    paper_of,
    type_in,
    unchanged,
)
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
)

_, _, _, VALID = COUNTS


def test_an_absent_colleague_s_draft_is_handed_over_with_a_reason(station: Station, folder: Path) -> None:
    draft = station.entries.begin(KEY, CLERK)
    station.entries.save(draft.id, VALID, 5, CLERK)
    unchanged(station, ReasonMissing, lambda: station.entries.take_over(draft.id, OTHER_CLERK, " "))
    taken = station.entries.take_over(draft.id, OTHER_CLERK, "Jana odešla domů")
    assert (taken.owner, taken.values) == (OTHER_CLERK.name, {VALID: 5})
    unchanged(station, DraftOfOther, lambda: station.entries.save(draft.id, VALID, 6, CLERK))
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
        unchanged(station, OwnReading, lambda user=typist: station.entries.begin_second(KEY, user))  # type: ignore[misc]
    second = station.entries.begin_second(KEY, SUPERVISOR)
    unchanged(station, OwnReading, lambda: station.entries.take_over(second.id, CLERK, "oběd"))
    unchanged(station, OwnReading, lambda: station.entries.take_over(first.id, SUPERVISOR, "oběd"))


def test_a_draft_that_was_put_away_comes_back_whole(station: Station, reference: Reference) -> None:
    paper = paper_of(station, regional_protocol(reference, KEY.precinct, 1))
    first = type_in(station, station.entries.begin(KEY, CLERK), paper, CLERK)
    second = station.entries.begin_second(KEY, OTHER_CLERK)
    unchanged(station, DraftOfOther, lambda: station.entries.discard(first.id, OTHER_CLERK, "špatný okrsek"))
    unchanged(station, ReasonMissing, lambda: station.entries.discard(first.id, CLERK, ""))
    station.entries.discard(first.id, SUPERVISOR, "špatný okrsek")
    assert station.entries.drafts() == ()
    assert {draft.id for draft in station.entries.discarded(KEY)} == {first.id, second.id}
    unchanged(station, FirstUnfinished, lambda: station.entries.restore(second.id, OTHER_CLERK))
    assert station.entries.restore(first.id, CLERK) == first
    assert station.entries.restore(second.id, CLERK).values == {}
    station.entries.discard(first.id, CLERK, "znovu")
    station.entries.begin(KEY, OTHER_CLERK)
    unchanged(station, DraftOfOther, lambda: station.entries.restore(first.id, CLERK))


def test_a_commission_mends_its_paper_while_it_is_typed(station: Station, reference: Reference) -> None:
    protocol = regional_protocol(reference, KEY.precinct, 1)
    paper = paper_of(station, protocol)
    draft = station.entries.begin(KEY, CLERK)
    station.entries.save(draft.id, VALID, 1, CLERK)
    change = {VALID: paper[VALID]}
    unchanged(station, NotAuthorised, lambda: station.entries.mend(draft.id, change, CLERK, False, "součet"))
    unchanged(station, ReasonMissing, lambda: station.entries.mend(draft.id, change, CLERK, True, ""))
    mended = station.entries.mend(draft.id, change, CLERK, True, "komise opravila součet")
    assert mended.mended
    type_in(station, mended, paper, CLERK)
    type_in(station, station.entries.begin_second(KEY, OTHER_CLERK), paper, OTHER_CLERK)
    offer = station.entries.close(KEY, OTHER_CLERK)
    assert offer.reading.corrected == 1
    assert offer.content_hash == content_hash(replace(protocol, corrected=True))
    assert station.intake.accept(offer, CLERK).revision == 1


def test_unknown_drafts_and_closed_ones_are_refused(station: Station, reference: Reference) -> None:
    unchanged(station, DraftEnded, lambda: station.entries.draft(77))
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
        unchanged(station, DraftEnded, act)
    unchanged(station, SecondUnfinished, lambda: station.entries.close(KEY, CLERK))
    assert station.journal.first_broken() is None
