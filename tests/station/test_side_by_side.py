"""Two protocols side by side, and one visit with both protocols of a joint precinct."""

from __future__ import annotations

from dataclasses import replace

from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.station.differences import FieldDifference, differences
from app.station.figures import COUNTS, box, votes_field
from app.station.offers import Offer
from app.station.station import Station
from tests.support.invented_election import regional_protocol, stated
from tests.support.paper_entry import paper_of
from tests.support.station_world import CLERK, file_of, protocols

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
SENATE_KEY = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1)
ALONE = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)


def offered(station: Station, reference: Reference, *keys: ProtocolKey) -> tuple[Offer, ...]:
    papers = protocols(reference)
    return station.intake.read_bytes("zapisy.xml", file_of(*(stated(reference, papers[key]) for key in keys)))


def test_only_fields_with_other_figures_differ_in_the_order_of_the_paper(reference: Reference) -> None:
    left = regional_protocol(reference, KEY.precinct, 1)
    first, *others = left.sheets
    boxes = dict(first.preferences)
    (gone, votes), *_ = boxes.items()
    right = replace(
        left,
        corrected=True,
        counts=left.counts._replace(valid_votes=left.counts.valid_votes + 1),
        sheets=(
            first._replace(votes=first.votes + 1, preferences=first.preferences[1:]),
            *others,
        ),
    )
    found = differences(left, right)
    assert found == (
        FieldDifference(COUNTS[3], left.counts.valid_votes, left.counts.valid_votes + 1),
        FieldDifference(votes_field(2), first.votes, first.votes + 1),
        FieldDifference(box(2, gone), votes, 0),
    )
    assert differences(left, stated(reference, left)) == ()
    assert [(f.right, f.left) for f in found] == [(f.left, f.right) for f in differences(right, left)]


def test_another_file_for_an_accepted_precinct_is_shown_beside_it(
    station: Station, reference: Reference
) -> None:
    (offer,) = offered(station, reference, KEY)
    station.intake.accept(offer, CLERK)
    other = regional_protocol(reference, KEY.precinct, 2)
    (again,) = station.intake.read_bytes("jiny.xml", file_of(stated(reference, other)))
    current = station.intake.current(KEY)
    assert current is not None
    assert differences(current[1], again) == differences(offer, other) != ()


def test_a_draft_s_blank_is_no_zero_where_the_paper_has_a_number(
    station: Station, reference: Reference
) -> None:
    protocol = protocols(reference)[SENATE_KEY]
    draft = station.entries.begin(SENATE_KEY, CLERK)
    paper = paper_of(station, protocol)
    for field, value in list(paper.items())[:-1]:
        draft = station.entries.save(draft.id, field, value, CLERK)
    draft = station.entries.save(draft.id, box(None, 7), None, CLERK)
    assert differences(draft, protocol) == (FieldDifference(box(None, 7), None, 0),)


def test_both_protocols_of_a_joint_precinct_are_one_visit(station: Station, reference: Reference) -> None:
    one, other, alone = offered(station, reference, SENATE_KEY, KEY, ALONE)
    first, second = station.visits.of((one, alone, other))
    assert [offer.key for offer in first.offers] == [KEY, SENATE_KEY]
    assert first.contests == (Contest.REGIONAL, Contest.SENATE_ROUND_1)
    assert first.is_complete
    assert first.offers[0].answers.contests_in_visit == {Contest.REGIONAL, Contest.SENATE_ROUND_1}
    assert (second.id, second.contests, second.missing) == (ALONE.precinct, (Contest.REGIONAL,), ())


def test_the_other_protocol_is_missing_until_it_comes_or_is_being_typed(
    station: Station, reference: Reference
) -> None:
    offers = offered(station, reference, KEY)
    (visit,) = station.visits.of(offers)
    assert (visit.missing, visit.is_complete) == ((Contest.SENATE_ROUND_1,), False)
    draft = station.entries.begin(SENATE_KEY, CLERK)
    assert station.visits.of(offers)[0].is_complete
    station.entries.discard(draft.id, CLERK, "omyl")
    assert not station.visits.of(offers)[0].is_complete
    (senate,) = offered(station, reference, SENATE_KEY)
    station.intake.accept(senate, CLERK)
    assert station.visits.of(offers)[0].is_complete
    assert station.visits.empty(KEY.precinct).missing == (Contest.REGIONAL,)


def test_a_precinct_of_elsewhere_has_no_contests_here(station: Station) -> None:
    visit = station.visits.empty(PrecinctId(550003, 1))
    assert (visit.precinct, visit.contests, visit.offers) == (None, (), ())
