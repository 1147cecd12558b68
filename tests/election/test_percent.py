"""Percentages are whole hundredths, cut off or rounded half up, exactly."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.percent import rounded, text, truncated

votes = st.integers(0, 10_000_000)


@pytest.mark.parametrize(
    ("part", "whole", "cut", "round_half_up"),
    [
        (7_972, 159_447, "4.99", "5.00"),  # one vote short of a seat, and printed so
        (1, 3, "33.33", "33.33"),
        (2, 3, "66.66", "66.67"),
        (1, 20_000, "0.00", "0.01"),  # exactly half of a hundredth
        (0, 5, "0.00", "0.00"),
        (5, 5, "100.00", "100.00"),
        (0, 0, "0.00", "0.00"),
        (7, 5, "140.00", "140.00"),
    ],
)
def test_known_shares(part: int, whole: int, cut: str, round_half_up: str) -> None:
    assert (text(truncated(part, whole)), text(rounded(part, whole))) == (cut, round_half_up)


@given(votes, votes)
def test_both_ways_are_the_exact_fraction_cut_off_or_rounded(part: int, whole: int) -> None:
    exact = Fraction(part * 10_000, whole) if whole else Fraction(0)
    assert truncated(part, whole) == floor(exact)
    assert rounded(part, whole) == floor(exact + Fraction(1, 2))
