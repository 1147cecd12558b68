"""The plain page of progress: leading lists while counting, seats once a region is complete."""

from __future__ import annotations

import re

from app.central import progress_page
from app.central.count import Count
from app.election.model import Contest
from app.election.reference import Reference
from app.rehearsal import ballots, generator

SEED = 5


def page(reference: Reference, counted: int) -> str:
    """The page when the first `counted` precincts are in."""
    count = Count(reference, Contest.REGIONAL, 0, ())
    for precinct in list(reference.precincts.values())[:counted]:
        count.tally.apply(ballots.write(reference, precinct, Contest.REGIONAL, SEED).truth)
    now = reference.election.calendar.voting_ends
    return progress_page.pages(reference, {Contest.REGIONAL: count}, now, 1, True)["index.html"].decode()


def test_seats_are_shown_when_the_region_is_complete_and_not_before() -> None:
    reference = generator.invent(generator.Plan(seed=SEED, precincts=40, stations=1, home_district=7204))
    assert "mandát" not in page(reference, 39)
    seats = re.findall(r"<strong>(\d+)\u00a0mandát(?:y|ů)?</strong>", page(reference, 40))
    assert sum(map(int, seats)) == reference.regions[12].seats


def test_regions_that_do_not_vote_have_no_row() -> None:
    reference = generator.invent(generator.Plan(seed=SEED, precincts=3, stations=1, home_district=7204))
    text = page(reference, 0)
    assert text.count("<tr><td>") == 1
    assert "zatím nic" in text


def test_seats_are_counted_as_czech_counts() -> None:
    assert [progress_page._won(seats) for seats in (0, 1, 3, 5)] == [
        "",
        ", <strong>1\u00a0mandát</strong>",
        ", <strong>3\u00a0mandáty</strong>",
        ", <strong>5\u00a0mandátů</strong>",
    ]
