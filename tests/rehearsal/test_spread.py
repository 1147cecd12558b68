"""Invented protocols add up to the sums that they were made from, and each is in order by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.model import Counts
from app.rehearsal.spread import spread, spread_counts, spread_votes

weights = st.lists(st.integers(0, 13_517), min_size=1, max_size=60).filter(any)


@st.composite
def districts(draw: st.DrawFn) -> tuple[list[int], Counts, dict[int, int]]:
    """Registered voters by precinct, a district's four counts in order, and votes that are the valid ones."""
    registered = draw(weights)
    counts = [draw(st.integers(1, sum(registered)))]
    for _ in range(3):
        counts.append(draw(st.integers(0, counts[-1])))
    candidates = draw(st.integers(1, 22))
    shares = draw(st.lists(st.integers(0, 1000), min_size=candidates, max_size=candidates).filter(any))
    return registered, Counts(*counts), dict(enumerate(spread(counts[-1], shares), 1))


@given(st.integers(0, 1_000_000), weights)
def test_parts_add_up_and_none_is_a_whole_one_away_from_its_quota(total: int, parts: list[int]) -> None:
    found = spread(total, parts)
    assert sum(found) == total
    whole = sum(parts)
    assert all(abs(got * whole - total * weight) < whole for got, weight in zip(found, parts, strict=True))


@given(districts())
def test_every_precinct_is_in_order_and_the_district_is_exact(
    district: tuple[list[int], Counts, dict[int, int]],
) -> None:
    registered, counts, votes = district
    of_precincts = spread_counts(counts, registered)
    rows = spread_votes(votes, [each.valid_votes for each in of_precincts])
    assert tuple(map(sum, zip(*of_precincts, strict=True))) == counts
    for each, row in zip(of_precincts, rows, strict=True):
        voters, issued, returned, valid = each
        assert 0 <= valid <= returned <= issued <= voters
        assert sum(row.values()) == valid
        assert min(row.values(), default=1) > 0
    for number, total in votes.items():
        assert sum(row.get(number, 0) for row in rows) == total


@pytest.mark.parametrize(("total", "parts"), [(-1, [1]), (1, []), (1, [0, 0]), (1, [2, -1])])
def test_what_cannot_be_spread_is_not(total: int, parts: list[int]) -> None:
    with pytest.raises(ValueError, match="cannot be spread"):
        spread(total, parts)


def test_counts_that_contradict_themselves_are_not_spread() -> None:
    with pytest.raises(ValueError, match="not in order"):
        spread_counts(Counts(10, 11, 5, 5), [5, 5])
    with pytest.raises(ValueError, match="3 votes, 4 valid"):
        spread_votes({1: 3}, [2, 2])
