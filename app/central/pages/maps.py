"""The tile maps: each region or district as a square of equal size, roughly where it lies.

Where a tile lies is a fact of ours (`resources/facts/tiles.csv`); equal squares say nothing wrong about how
many people live where. A tile carries its sign, a level that rises with what is processed, and a name that
says both in words, so that colour alone tells nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from app import resources

#: Sides of a tile with its gap, in units of the drawing, by kind of map.
SIDES = {"KRAJ": 56, "OKRES": 26}
_GAP = 3
_WHOLE = 10_000


class Tile(NamedTuple):
    """Where a region (KRZAST) or district (OKRES) is drawn, and its sign."""

    code: int
    sign: str
    row: int
    column: int


class Drawn(NamedTuple):
    """A tile as it is drawn: a square from x, y of `side`, filled from below to `level`."""

    x: int
    y: int
    side: int
    sign: str
    under: str  # what is written below the sign, or empty
    name: str
    url: str
    level: str
    strength: int  # 0 nothing, 1…4 by quarters, 5 complete


class Map(NamedTuple):
    kind: str
    width: int
    height: int
    tiles: tuple[Drawn, ...]


class Said(NamedTuple):
    """What a tile says; `share` as documents have it."""

    name: str
    url: str
    under: str
    share: str


@cache
def tiles(kind: str) -> tuple[Tile, ...]:
    """The tiles of a kind: `KRAJ` or `OKRES`."""
    with resources.path("facts", "tiles.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            Tile(int(row["KOD"]), row["ZKRATKA"], int(row["RADEK"]), int(row["SLOUPEC"]))
            for row in csv.DictReader(stream)
            if row["UZEMI"] == kind
        )


def drawn(kind: str, said: Callable[[int], Said | None]) -> Map | None:
    """The map of what `said` tells of each code; None where not one of them is on the map."""
    pitch = SIDES[kind]
    found = [(tile, told) for tile in tiles(kind) if (told := said(tile.code)) is not None]
    if not found:
        return None
    top, left = min(tile.row for tile, _ in found), min(tile.column for tile, _ in found)
    found.sort(key=lambda each: (each[0].row, each[0].column))
    made = tuple(
        _drawn(told, tile.sign, (tile.column - left) * pitch, (tile.row - top) * pitch, pitch - _GAP)
        for tile, told in found
    )
    return Map(kind, max(each.x for each in made) + pitch, max(each.y for each in made) + pitch, made)


def _drawn(said: Said, sign: str, x: int, y: int, side: int) -> Drawn:
    processed = min(hundredths(said.share), _WHOLE)
    tenths = side * processed * 10 // _WHOLE
    strength = 5 if processed == _WHOLE else 0 if not processed else 1 + processed * 4 // _WHOLE
    return Drawn(x, y, side, sign, said.under, said.name, said.url, f"{tenths // 10}.{tenths % 10}", strength)


def hundredths(share: str) -> int:
    """A percentage of the documents in hundredths of a per cent."""
    return int(share.replace(".", ""))
