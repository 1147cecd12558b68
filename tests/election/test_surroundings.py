"""What a station learns from the protocols that it accepted, and what it must not learn from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.checks import FieldRef
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.surroundings import Area, Surroundings, SurroundingsBuilder
from tests.support import invented_election as invented
from tests.support.neighbours import (
    HERE,
    NEIGHBOURS,
    PREFERENCES,
    REFERENCE,
    SENATE_VOTES,
    VOTES,
    around,
    builder,
    judged,
    neighbours,
    regional,
    said,
    senate,
)

KEY = ProtocolKey(HERE, Contest.REGIONAL)


def test_sums_are_those_of_the_neighbours_on_the_same_ballot() -> None:
    other_region = invented.regional_protocol(REFERENCE, PrecinctId(550004, 1), 1)
    found = builder([*neighbours(), other_region, senate()]).of(KEY).around
    assert found.protocols == len(NEIGHBOURS)
    assert found.votes == sum(protocol.counts.valid_votes for protocol in neighbours())
    assert found.lists[12].votes == 40 * len(NEIGHBOURS)
    assert found.lists[12].by_candidate == {1: 12 * 7, 3: 10 * 7, 60: 3 * 7}
    assert found.lists[12].preferred == 25 * 7


def test_a_protocol_is_not_its_own_neighbour() -> None:
    grown = builder([*neighbours(), regional()])
    assert _sums(grown.of(KEY)) == _sums(builder(neighbours()).of(KEY))


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    wrong = regional({2: 9, 99: 400}, precinct=NEIGHBOURS[0])
    mended = builder([wrong, *neighbours()]).of(KEY)
    assert _sums(mended) == _sums(builder(neighbours()).of(KEY))


def test_what_was_handed_out_does_not_change_when_more_comes() -> None:
    grown = builder(neighbours()[:2])
    before = grown.of(KEY)
    kept = _sums(before)
    for protocol in neighbours()[2:]:
        grown.add(protocol)
    assert _sums(before) == kept
    assert grown.of(KEY).around.protocols == len(NEIGHBOURS)


def test_nothing_is_known_at_the_beginning_and_of_a_stranger() -> None:
    empty = SurroundingsBuilder(REFERENCE)
    assert empty.of(KEY) == Surroundings()
    stranger = replace(regional(), precinct=PrecinctId(1, 1))
    empty.add(stranger)
    assert empty.of(KEY) == Surroundings()
    assert empty.of(stranger.key) == Surroundings()


@given(st.lists(st.tuples(st.sampled_from(NEIGHBOURS), st.integers(1, 5)), max_size=12))
def test_sums_do_not_depend_on_the_order_or_on_earlier_revisions(story) -> None:
    grown, last = SurroundingsBuilder(REFERENCE), {}
    for precinct, seed in story:
        last[precinct] = invented.regional_protocol(REFERENCE, precinct, seed)
        grown.add(last[precinct])
    area = Area()
    for _, protocol in sorted(last.items()):
        area = area.including(protocol)
    assert _sums(grown.of(KEY)) == _sums(Surroundings(area, grown.of(KEY).by_sum))
    for each in grown.of(KEY).around.lists.values():
        assert each.preferred == sum(each.by_candidate.values())


def _sums(known: Surroundings) -> object:
    """Everything that can be seen, without candidates and lists whose votes were taken back."""
    lists = {
        number: (each.votes, each.preferred, {n: given for n, given in each.by_candidate.items() if given})
        for number, each in known.around.lists.items()
        if each.votes
    }
    same = {total: sorted(found) for total, found in known.by_sum.items() if found}
    return known.around.protocols, known.around.votes, lists, same, dict(known.beside)


# --- rules without neighbours -------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["PL-02", "PL-07", "PL-10"])
def test_without_neighbours_there_is_no_comparison(rule: str) -> None:
    assert said(judged(regional()), rule) == "not compared"
    assert said(judged(regional(), surroundings=Surroundings()), rule) == "not compared"


@pytest.mark.parametrize("rule", ["PL-02", "PL-07"])
def test_two_neighbours_are_not_enough_and_three_are(rule: str) -> None:
    two, three = around(neighbours()[:2]), around(neighbours()[:3])
    assert said(judged(regional(), surroundings=two), rule) == "not compared"
    assert said(judged(regional(), surroundings=three), rule) == "passed"


@pytest.mark.parametrize("rule", ["PL-02", "PL-07"])
def test_neighbours_with_few_votes_are_not_enough(rule: str) -> None:
    small = [
        regional({2: votes}, {}, precinct=each)
        for each, votes in zip(NEIGHBOURS, (99, 100, 100), strict=False)
    ]
    assert said(judged(regional(), surroundings=around(small)), rule) == "not compared"
    small[0] = regional({2: 100}, {}, precinct=NEIGHBOURS[0])
    assert said(judged(regional(), surroundings=around(small)), rule) == "passed"


# --- the same numbers as another precinct -------------------------------------------------------------


def test_pl_10_names_the_precinct_with_the_same_votes() -> None:
    twin = regional(precinct=NEIGHBOURS[3])
    verdict = judged(regional(), surroundings=around([*neighbours()[:3], twin]))
    assert said(verdict, "PL-10") == "asks"
    result = verdict.result("PL-10")
    assert result is not None
    (case,) = result.failed_cases
    assert (case.left, case.right) == (str(HERE), str(NEIGHBOURS[3]))
    assert case.fields == (FieldRef("OBEC"), FieldRef("OKRSEK"))


def test_pl_10_looks_at_the_votes_of_all_lists() -> None:
    nearly = regional({**VOTES, 2: VOTES[2] - 1, 5: VOTES[5] + 1}, precinct=NEIGHBOURS[3])
    assert said(judged(regional(), surroundings=around([nearly])), "PL-10") == "passed"


@pytest.mark.parametrize(("votes", "told"), [(19, "passed"), (20, "asks")])
def test_pl_10_a_handful_of_equal_votes_is_chance(votes: int, told: str) -> None:
    twin = regional({5: votes}, {}, precinct=NEIGHBOURS[0])
    assert said(judged(regional({5: votes}, {}), surroundings=around([twin])), "PL-10") == told


def test_pl_10_does_not_compare_a_correction_with_what_it_corrects() -> None:
    known = builder([*neighbours(), regional()])
    assert said(judged(regional(), surroundings=known.of(KEY)), "PL-10") == "passed"


def test_pl_10_knows_the_senates_ballot_apart() -> None:
    twin = senate(precinct=NEIGHBOURS[0])
    key = ProtocolKey(HERE, Contest.SENATE_ROUND_1)
    known = builder([*neighbours(), twin])
    assert said(judged(senate(), surroundings=known.of(key)), "PL-10") == "asks"
    assert (
        said(judged(regional(dict(SENATE_VOTES), PREFERENCES), surroundings=known.of(KEY)), "PL-10")
        == "passed"
    )
