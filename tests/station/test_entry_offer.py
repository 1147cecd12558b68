"""A paper typed twice as an offer: accepted, refused, approved, judged by what the clerk said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.documents import protocol_file
from app.documents.batch import Source
from app.election.circumstances import Signatures
from app.election.complete import complete
from app.election.content import content_hash
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station.changes import Change
from app.station.errors import (
    OwnWork,
    SecondEntryMissing,
)
from app.station.offers import Answers, Standing
from app.station.states import Role, State, User
from app.station.station import Station
from tests.support.invented_election import regional_protocol
from tests.support.paper_entry import (
    BOTH,
    KEY,
    SENATE_KEY,
    closed,
    paper_of,
    type_in,
    unchanged,
)
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    Clock,
    FakeCentre,
    fixed_chance,
    one_more_envelope,
    protocols,
)


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
    unchanged(station, SecondEntryMissing, lambda: station.intake.accept(offer, CLERK))
    unchanged(station, SecondEntryMissing, lambda: station.intake.hold(offer, CLERK, "obálka"))
    forged = replace(offer, provisional=False)
    unchanged(station, SecondEntryMissing, lambda: station.intake.hold(forged, CLERK, "obálka"))
    station.intake.refuse(offer, CLERK, "nesedí obálky")
    assert station.row(KEY).state is State.REFUSED  # type: ignore[union-attr]
    assert station.entries.drafts(KEY) == (draft,)


def test_who_typed_either_reading_cannot_approve_it(station: Station, reference: Reference) -> None:
    second = User("Věra Šťastná", Role.SUPERVISOR)
    flawed = one_more_envelope(regional_protocol(reference, KEY.precinct, 1))
    offer = closed(station, flawed, (CLERK, second))
    held = station.intake.hold(offer, CLERK, "obálka navíc")
    assert station.intake.held(KEY)[0].offer == replace(offer, state=State.HELD)
    unchanged(station, OwnWork, lambda: station.intake.approve(KEY, second, held.content_hash))
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
    unchanged(station, SecondEntryMissing, lambda: station.intake.accept(forged, CLERK))


def test_answers_about_the_visit_reach_the_verdict_of_a_paper(station: Station, reference: Reference) -> None:
    closed(station, regional_protocol(reference, KEY.precinct, 1), BOTH)
    offer = station.entries.closed(KEY, Answers(signatures=Signatures.ANNEX))
    assert offer is not None
    assert offer.answers.signatures is Signatures.ANNEX
    pr_04, kc_05 = offer.verdict.result("PR-04"), offer.verdict.result("KC-05")
    assert pr_04 is not None
    assert kc_05 is not None
    assert {pr_04.outcome, kc_05.outcome} == {"NOT_COMPARED"}
