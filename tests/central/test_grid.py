"""Batches of precincts: when they close and what they hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.central.grid import Cut, Grid, Processed
from app.election.model import Contest
from tests.support.invented_election import protocols, reference

NIGHT = datetime(2024, 9, 21, 12, 0, tzinfo=UTC)
PROTOCOL = protocols(reference(Contest.REGIONAL), Contest.REGIONAL)[0]


def at(seconds: float) -> datetime:
    return NIGHT + timedelta(seconds=seconds)


def filled(grid: Grid, *seconds: float, resent: tuple[int, ...] = ()) -> Grid:
    for order, second in enumerate(seconds, start=1):
        grid.add(Processed(PROTOCOL, order, at(second), order in resent, int(order not in resent)))
    return grid


def orders(cut: Cut) -> list[int]:
    return [each.order for each in cut.processed]


def test_a_batch_closes_on_the_grid_with_everything_processed_before_it() -> None:
    grid = filled(Grid(300, NIGHT), 10, 299.9, 300, 301)
    assert list(grid.due(at(299))) == []
    [cut] = grid.due(at(300))
    assert (cut.number, cut.generated_at, orders(cut)) == (1, at(300), [1, 2])
    [cut] = grid.due(at(600))
    assert (cut.number, cut.generated_at, orders(cut)) == (2, at(600), [3, 4])


def test_nothing_processed_means_no_batch_and_no_number() -> None:
    grid = filled(Grid(300, NIGHT), 10)
    [first] = grid.due(at(3000))
    assert first.generated_at == at(300)
    assert list(grid.due(at(9000))) == []
    grid.add(Processed(PROTOCOL, 2, at(9001), False, 1))
    [second] = grid.due(at(9400))
    assert (second.number, second.generated_at) == (2, at(9300))


def test_a_late_look_at_the_clock_closes_each_batch_that_was_due() -> None:
    grid = filled(Grid(300, NIGHT), 10, 310, 320, 910)
    cuts = list(grid.due(at(1000)))
    assert [(cut.number, cut.generated_at, orders(cut)) for cut in cuts] == [
        (1, at(300), [1]),
        (2, at(600), [2, 3]),
    ]
    assert grid.waiting


def test_a_correction_counts_as_an_element_but_not_as_another_precinct() -> None:
    grid = filled(Grid(300, NIGHT), 1, 2, 3, resent=(3,))
    [cut] = grid.due(at(300))
    assert (len(cut.processed), cut.precincts_processed) == (3, 2)


def test_without_a_grid_each_publication_closes_a_batch() -> None:
    grid = filled(Grid(0, NIGHT), 1, 2)
    [cut] = grid.due(at(2))
    assert (cut.generated_at, orders(cut)) == (at(2), [1, 2])


def test_a_batch_can_be_closed_before_its_time() -> None:
    grid = filled(Grid(300, NIGHT), 1, 2)
    [cut] = grid.due(at(50), close=True)
    assert (cut.generated_at, orders(cut)) == (at(50), [1, 2])


def test_no_batch_is_made_before_the_embargo_ends() -> None:
    grid = filled(Grid(300, at(1000)), 1, 2, 950)
    assert list(grid.due(at(999))) == []
    [cut] = grid.due(at(1000))
    assert (cut.generated_at, orders(cut)) == (at(1000), [1, 2, 3])


@given(
    seconds=st.integers(0, 600),
    gaps=st.lists(st.tuples(st.integers(0, 400), st.booleans(), st.integers(0, 200)), max_size=40),
)
def test_batches_are_gapless_complete_and_bounded_by_their_times(
    seconds: int, gaps: list[tuple[int, bool, int]]
) -> None:
    grid, now, order, cuts = Grid(seconds, NIGHT), 0, 0, list[Cut]()
    last_cut = 0.0
    for gap, resent, look in gaps:
        # the store never gives a time before a batch that was made already
        now = max(now + gap, int(last_cut))
        order += 1
        grid.add(Processed(PROTOCOL, order, at(now), resent, int(not resent)))
        new = list(grid.due(at(now + look)))
        cuts += new
        if new:
            last_cut = (new[-1].generated_at - NIGHT).total_seconds()
    cuts += grid.due(at(now + 1000))
    assert [cut.number for cut in cuts] == list(range(1, len(cuts) + 1))
    assert [number for cut in cuts for number in orders(cut)] == list(range(1, order + 1))
    previous = NIGHT
    for cut in cuts:
        assert previous <= cut.processed[0].at <= cut.processed[-1].at <= cut.generated_at
        previous = cut.generated_at
    assert cuts == [] or cuts[-1].precincts_processed == sum(not resent for _, resent, _ in gaps)
