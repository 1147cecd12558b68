"""The usual course of arrivals is what the open data say: derived here anew, and tried on points it is not
made of. Source of the data: Czech Statistical Office, volby.cz."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from app import resources
from tests.support.opendata import needs_data, rows

VOTING_ENDED = datetime(2022, 9, 24, 14)
SHARES = range(0, 101, 5)
POINTS = (10, 25, 50, 75, 90)

pytestmark = needs_data


@cache
def points() -> tuple[tuple[int, ...], ...]:
    """For each transfer point of ten precincts or more, the minutes after which its precincts were first
    processed, ascending. The municipalities' points are those of the register of 2024."""
    first: dict[tuple[str, str], datetime] = {}
    for row in rows("feed_samples/kv2022_arrivals.csv.gz"):
        precinct = (row["CIS_OBEC"], row["CIS_OKRSEK"])
        at = datetime.fromisoformat(row["DATUM_CAS_ZPRAC"])
        first[precinct] = min(at, first.get(precinct, at))
    point_of = {row["OBEC"]: row["CPOU"] for row in rows("kz2024/kzcoco.csv.gz")}
    found: dict[str, list[int]] = {}
    for (municipality, _), at in first.items():
        if municipality in point_of:
            minutes = int((at - VOTING_ENDED).total_seconds()) // 60
            found.setdefault(point_of[municipality], []).append(minutes)
    return tuple(tuple(sorted(one)) for one in found.values() if len(one) >= 10)


def reached(point: Sequence[int], share: int) -> int:
    """The minute at which a share (per cent) of a point was there; share 0: its first precinct."""
    return point[max(1, -(-len(point) * share // 100)) - 1]


def quantile(values: list[int], share: int) -> int:
    return sorted(values)[(len(values) - 1) * share // 100]


def derived(of: Sequence[Sequence[int]]) -> list[dict[str, str]]:
    table = []
    for share in SHARES:
        after = [reached(point, share) for point in of]
        left = [point[-1] - reached(point, share) for point in of]
        table.append(
            {"VOLBY": "kv2022", "PODIL": str(share)}
            | {f"MINUT_{one}": str(quantile(after, one)) for one in POINTS}
            | {f"ZBYVA_{one}": str(quantile(left, one)) for one in (10, 50, 90)}
        )
    return table


def test_the_committed_facts_are_what_the_open_data_give() -> None:
    with resources.path("facts", "arrivals.csv").open(encoding="utf-8", newline="") as file:
        committed = list(csv.DictReader(file))
    assert committed == derived(points())
    assert (len(points()), sum(map(len, points()))) == (357, 13123)


def test_on_points_that_it_was_not_made_of_the_estimate_holds_for_about_eight_in_ten() -> None:
    mixed = list(points())
    random.Random(1).shuffle(mixed)
    made_of, others = mixed[::2], mixed[1::2]
    for row in derived(made_of):
        share = int(row["PODIL"])
        if 10 <= share < 100:
            inside = [
                reached(point, share) + int(row["ZBYVA_10"])
                <= point[-1]
                <= reached(point, share) + int(row["ZBYVA_90"])
                for point in others
            ]
            assert 75 <= 100 * sum(inside) // len(inside) <= 95, share
