"""The plausibility rules on a real night: what they ask of clean protocols, and what they catch.

The figures are printed by `python -m tests.conformance.incidents`; here they may not get worse.
"""

from functools import cache

import pytest

from tests.conformance.finalists import finalists
from tests.conformance.incidents import EXCHANGED, KINDS, measure, report
from tests.conformance.nights import Clean, real_reference, with_expected_voters
from tests.support.opendata import needs_data

pytestmark = [needs_data, pytest.mark.slow]

#: Per cent caught of all incidents of a kind, and of the weighty ones, that it may not fall below.
FLOORS = {
    "two lists exchanged": (52, 88),
    "votes of two lists exchanged": (41, 74),
    "two candidates exchanged": (2, 55),
    "reverse page missing": (33, 80),
    "one digit transposed": (80, 84),
    "one digit of a preference transposed": (23, 48),
    "lists shifted by a row": (76, 94),
    "candidates shifted by a row": (26, 80),
}


@cache
def clean_night() -> Clean:
    """The real protocols alone: a tenth of the whole measure, should two processes share these tests."""
    return measure(real_reference(), kinds=())[0]


def test_at_most_three_in_a_hundred_clean_protocols_ask_for_approval() -> None:
    clean = clean_night()
    assert clean.protocols == 3_626
    assert clean.per_mille < 30, "\n".join(report(clean, {}))


def test_no_real_protocol_is_blocked() -> None:
    assert all(rule.startswith(("PL", "LG-08")) for rule in clean_night().by_rule)


def test_incidents_are_caught() -> None:
    clean, caught = measure(real_reference(), kinds=KINDS)
    missed = {
        kind: (caught[kind].per_cent, caught[kind].weighty_per_cent)
        for kind, (least, weighty) in FLOORS.items()
        if caught[kind].per_cent < least or caught[kind].weighty_per_cent < weighty
    }
    assert FLOORS.keys() == KINDS.keys()
    assert missed == {}, "\n".join(report(clean, caught))
    assert min(kind.tried for kind in caught.values()) > 1_500


def test_exchanged_precincts_are_caught_by_the_voters_that_were_expected() -> None:
    """Nothing else tells two precincts of one town apart; the expectation here is eight years away."""
    clean, caught = measure(with_expected_voters(real_reference()), kinds=[EXCHANGED])
    assert clean.per_mille < 35
    assert caught[EXCHANGED].per_cent >= 55
    assert caught[EXCHANGED].weighty_per_cent >= 63


def test_two_finalists_exchanged_are_caught_and_hardly_any_real_pair_is() -> None:
    clean, caught = finalists(real_reference())
    assert clean.per_mille <= 5
    assert caught.per_cent >= 24
    assert caught.weighty_per_cent >= 50
