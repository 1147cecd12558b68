"""Tallies against a shadow model that simply counts everything again, and the rules AG-01, AG-02."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.complete import with_flags
from app.election.model import Contest, PrecinctId, Protocol, RegionalProtocol, Sheet
from app.election.tally import ElectionTally, Inconsistent, Progress, Tally
from tests.support import invented_election as invented

REFERENCE = invented.reference()
PRECINCTS = [key.precinct for key in REFERENCE.expected if key.contest is Contest.REGIONAL]


def test_every_area_is_there_with_zeros_before_the_first_result() -> None:
    tally = ElectionTally(REFERENCE, Contest.REGIONAL)
    assert {code: area.precincts_expected for code, area in tally.municipality.items()} == {
        550001: 3,
        550002: 1,
        550003: 4,
        550004: 2,
    }
    assert set(tally.district) == {4101, 4102, 3101}
    assert tally.region[1].votes == dict.fromkeys((2, 5, 12, 33, 70, 99), 0)
    assert len(tally.region[1].preferences) == 50 + 50 + 70 + 8 + 3 + 50
    assert tally.country.precincts_expected == 10
    assert set(tally.country.votes) == {2, 5, 7, 12, 33, 45, 70, 99}
    assert not tally.country.complete


def _shadow(kept: dict[PrecinctId, RegionalProtocol], region: int) -> tuple[int, ...]:
    counted = [p for p in kept.values() if REFERENCE.precincts[p.precinct].region == region]
    return (len(counted), *(sum(p.counts[at] for p in counted) for at in range(4)))


@given(st.lists(st.tuples(st.sampled_from(PRECINCTS), st.integers(0, 9)), max_size=30))
def test_any_order_of_protocols_and_corrections_counts_what_is_in_force(
    acts: list[tuple[PrecinctId, int]],
) -> None:
    tally = ElectionTally(REFERENCE, Contest.REGIONAL)
    kept: dict[PrecinctId, RegionalProtocol] = {}
    for precinct, seed in acts:
        previous = kept.get(precinct)
        new = invented.regional_protocol(REFERENCE, precinct, seed)
        new = with_flags(new, corrected=previous is not None)
        touched = tally.apply(new, previous)
        place = REFERENCE.precincts[precinct]
        assert touched == (precinct.municipality, place.district, place.region, None)
        kept[precinct] = new
    tally.assert_consistent(kept.values())
    for number, area in tally.region.items():
        assert area.sums()[1:] == _shadow(kept, number)
        votes: Counter[int] = Counter()
        preferences: Counter[tuple[int, int]] = Counter()
        for protocol in kept.values():
            if REFERENCE.precincts[protocol.precinct].region == number:
                for sheet in protocol.sheets:
                    votes[sheet.list_number] += sheet.votes
                    preferences.update({(sheet.list_number, c): given for c, given in sheet.preferences})
        assert {k: v for k, v in area.votes.items() if v} == votes
        assert {k: v for k, v in area.preferences.items() if v} == preferences


@pytest.mark.parametrize("contest", [Contest.SENATE_ROUND_1, Contest.SENATE_ROUND_2])
def test_senate_districts_add_up_even_where_a_municipality_is_split(contest: Contest) -> None:
    reference = REFERENCE if contest is Contest.SENATE_ROUND_1 else invented.round_2_reference()
    tally = ElectionTally(reference, contest)
    made = invented.protocols(reference, contest)
    touched = {tally.apply(protocol) for protocol in made}
    assert {place.senate_district for place in touched} == {2, 17}
    assert tally.municipality_part[2, 550003].precincts_expected == 3  # the fourth votes for nobody
    assert tally.senate_district[2].complete
    assert tally.country.votes == {}
    assert tally.country.valid_votes == sum(protocol.counts.valid_votes for protocol in made)
    assert sum(tally.senate_district[17].votes.values()) == tally.senate_district[17].valid_votes
    tally.assert_consistent(made)


def _counted() -> tuple[ElectionTally, list[Protocol]]:
    tally = ElectionTally(REFERENCE, Contest.REGIONAL)
    made = invented.protocols(REFERENCE, Contest.REGIONAL)
    for protocol in made:
        tally.apply(protocol)
    return tally, made


def _snapshot(tally: ElectionTally) -> object:
    areas: list[Tally] = [*tally.municipality.values(), *tally.district.values(), *tally.region.values()]
    return [(area.sums(), dict(area.votes)) for area in [*areas, tally.country]]


def test_a_protocol_that_would_be_counted_twice_or_lost_is_refused_and_changes_nothing() -> None:
    tally, made = _counted()
    before = _snapshot(tally)
    first, second = made[0], made[1]
    foreign = invented.regional_protocol(REFERENCE, first.precinct, 7)
    strange = RegionalProtocol(first.precinct, 4101, True, False, first.counts, (Sheet(98, 1, ()),))
    beyond = RegionalProtocol(first.precinct, 4101, True, False, first.counts, (Sheet(33, 1, ((9, 1),)),))
    ballot = invented.protocols(REFERENCE, Contest.SENATE_ROUND_1)[0]
    refused: list[tuple[str, Protocol, Protocol | None]] = [
        ("AG-01", first, None),
        ("AG-02", foreign, first),  # replaces, but is not flagged as a correction
        ("AG-02", with_flags(second, corrected=True), first),
        ("AG-01", strange, first),  # a list, then a candidate, who does not stand
        ("AG-01", beyond, first),
        ("AG-01", ballot, None),
    ]
    for rule_id, new, previous in refused:
        with pytest.raises(Inconsistent) as trouble:
            tally.apply(new, previous)
        assert trouble.value.code == rule_id
        assert _snapshot(tally) == before
    fresh = ElectionTally(REFERENCE, Contest.REGIONAL)
    with pytest.raises(Inconsistent):
        fresh.apply(with_flags(first, corrected=True), first)  # nothing there to replace


def test_a_slip_in_any_sum_of_any_area_is_found() -> None:
    tally, made = _counted()
    tally.assert_consistent(made)
    for area in (tally.municipality[550001], tally.district[4101], tally.region[1], tally.country):
        for name in ("valid_votes", "envelopes_issued", "precincts_processed"):
            setattr(area, name, getattr(area, name) + 1)
            with pytest.raises(Inconsistent):
                tally.assert_consistent()
            setattr(area, name, getattr(area, name) - 1)
        area.votes[2] += 1
        with pytest.raises(Inconsistent):
            tally.assert_consistent()
        area.votes[2] -= 1
    tally.assert_consistent(made)
    with pytest.raises(Inconsistent):
        tally.assert_consistent(made[1:])


def test_the_sums_may_agree_and_be_wrong_which_only_counting_again_shows() -> None:
    tally, made = _counted()
    for area in (tally.municipality[550001], tally.district[4101], tally.region[1], tally.country):
        area.valid_votes += 5
    tally.assert_consistent()
    with pytest.raises(Inconsistent):
        tally.assert_consistent(made)


def test_preferential_votes_are_counted_again_too() -> None:
    tally, made = _counted()
    tally.region[1].preferences[2, 1] += 1
    with pytest.raises(Inconsistent):
        tally.assert_consistent(made)


def test_processed_precincts_never_fall_and_votes_fall_only_with_a_correction() -> None:
    tally, made = _counted()
    published = tally.progress()
    assert published == Progress(10, sum(p.counts.valid_votes for p in made), 0)
    tally.assert_monotonic(published)
    with pytest.raises(Inconsistent):
        tally.assert_monotonic(published._replace(precincts_processed=11))
    with pytest.raises(Inconsistent):
        tally.assert_monotonic(published._replace(valid_votes=published.valid_votes + 1))
    old = made[0]
    assert isinstance(old, RegionalProtocol)
    fewer = RegionalProtocol(old.precinct, old.district, True, False, old.counts._replace(valid_votes=0), ())
    tally.apply(fewer, old)
    tally.assert_monotonic(published)
    assert tally.progress().corrections == 1


def test_a_withdrawn_protocol_leaves_every_area_and_its_precinct_is_open_again() -> None:
    tally, made = _counted()
    empty = ElectionTally(REFERENCE, Contest.REGIONAL)
    published, first = tally.progress(), made[0]
    touched = tally.withdraw(first)
    assert touched.municipality == first.precinct.municipality
    assert not tally.is_counted(first.precinct)
    tally.assert_consistent(made[1:])
    tally.assert_monotonic(published)
    assert tally.progress() == Progress(9, sum(p.counts.valid_votes for p in made[1:]), 0, 1)
    assert tally.missing_in("country", 0) == [first.precinct]
    tally.apply(with_flags(first, corrected=True))  # nothing to take away
    tally.assert_consistent(made)
    for protocol in made:
        tally.withdraw(protocol)
    assert _snapshot(tally) == _snapshot(empty)
    with pytest.raises(Inconsistent, match="AG-02"):
        tally.withdraw(first)


def test_precincts_fall_by_no_more_than_were_withdrawn() -> None:
    tally, made = _counted()
    published = tally.progress()
    tally.withdraw(made[0])
    fewer = ElectionTally(REFERENCE, Contest.REGIONAL)
    for protocol in made[2:]:
        fewer.apply(protocol)
    fewer.country.withdrawn = 1
    with pytest.raises(Inconsistent, match="AG-02"):
        fewer.assert_monotonic(published)
    tally.assert_monotonic(published)


def test_precincts_given_up_are_counted_apart_until_a_protocol_comes() -> None:
    tally = ElectionTally(REFERENCE, Contest.REGIONAL)
    made = {p.precinct: p for p in invented.protocols(REFERENCE, Contest.REGIONAL)}
    one, other = PrecinctId(550004, 1), PrecinctId(550004, 2)
    tally.apply(made[one])
    tally.give_up(other)
    tally.give_up(other)
    region = tally.region[2]
    assert (region.precincts_expected, region.precincts_processed, region.never) == (2, 1, 1)
    assert (region.complete, region.settled, tally.country.settled) == (False, True, False)
    assert tally.never == {other}
    assert tally.missing_in("region", 2) == []
    assert len(tally.missing_in("country", 0)) == 8
    tally.assert_consistent([made[one]])
    for precinct in (one, PrecinctId(550009, 1)):
        with pytest.raises(Inconsistent, match="AG-01"):
            tally.give_up(precinct)
    tally.apply(made[other])
    assert (region.complete, region.settled, region.never, tally.never) == (True, True, 0, frozenset())
    tally.withdraw(made[other])
    assert not region.settled, "what came once is waited for again"
    tally.give_up(other)
    tally.expect(other)
    assert not region.settled
    region.never += 1
    with pytest.raises(Inconsistent, match="AG-01"):
        tally.assert_consistent()


def test_areas_are_found_by_kind_and_number() -> None:
    tally = ElectionTally(REFERENCE, Contest.REGIONAL)
    assert tally.area("region", 1) is tally.region[1]
    assert tally.area("district", 4101) is tally.district[4101]
    assert tally.area("country", 0) is tally.country
    assert tally.area("senate", 2) is None
    senate = ElectionTally(REFERENCE, Contest.SENATE_ROUND_1)
    assert senate.area("senate", 2) is senate.senate_district[2]
    assert senate.area("district", 4101) is None
    assert {p.municipality for p in tally.precincts_in("district", 4101)} == {550001, 550002}
    assert tally.some_place("region", 2).region == 2
