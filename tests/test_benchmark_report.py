"""The line of a benchmark: a figure beside its floor, and what it is short of."""

from tests.benchmarks._report import line, percentile


def test_a_duration_within_its_budget() -> None:
    text, kept = line("read", 2.0, "ms", floor=0.5, at_most=3, at_most_ratio=4)
    assert (text, kept) == ("read: 2 ms, floor 0.5 ms, ratio 4.00", True)


def test_a_duration_too_many_times_its_floor() -> None:
    text, kept = line("read", 2.5, "ms", floor=0.5, at_most_ratio=4)
    assert text == "read: 2.5 ms, floor 0.5 ms, ratio 5.00; SHORT: a ratio of at most 4 allowed"
    assert not kept


def test_a_rate_is_compared_the_other_way_round() -> None:
    text, kept = line("ingest", 250.0, "batches/s", floor=1000.0, at_least=200)
    assert (text, kept) == ("ingest: 250 batches/s, floor 1000 batches/s, ratio 4.00", True)
    assert not line("ingest", 150.0, "batches/s", floor=1000.0, at_least=200)[1]


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([3.0, 1.0, 2.0], 1.0) == 3.0
