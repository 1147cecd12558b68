"""The canonical text of a protocol, read by code of its own, and whether it adds up in itself.

zapis:1 KZ 550001 2 4101 0 0 812 400 399 390
7 120 1:30 4:12                                  one line for each list: number, votes, preferences
zapis:1 SE1 550001 2 4101 0 0 812 400 399 390
2 1 1:200 2:190                                  Senate district, round, votes of candidates
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

_K = TypeVar("_K")
_NUMBER = "(?:0|[1-9][0-9]{0,8})"
_PAIRS = f"(?: {_NUMBER}:[1-9][0-9]{{0,8}})*"
_TEXT = re.compile(
    rf"zapis:1 (?:KZ(?: {_NUMBER}){{3}} [01] [01](?: {_NUMBER}){{4}}(?:\n{_NUMBER} {_NUMBER}{_PAIRS})*"
    rf"|SE[12](?: {_NUMBER}){{3}} [01] [01](?: {_NUMBER}){{4}}\n{_NUMBER} [12]{_PAIRS})"
)


class Result(NamedTuple):
    """A precinct's protocol as its text has it. `votes` by list (by candidate for the Senate), as stated,
    `preferences` by (list, candidate); `district` is OKRES, `senate_district` OBVOD or None."""

    contest: str
    municipality: int
    precinct: int
    district: int
    corrected: bool
    passable: bool
    counts: tuple[int, int, int, int]  # registered, issued, returned, valid
    votes: Mapping[int, int]
    preferences: Mapping[tuple[int, int], int]
    senate_district: int | None = None
    round: int = 1


def parse(text: str) -> Result:
    """Read a canonical text. Raises ValueError for anything else, and for a number given twice."""
    if not _TEXT.fullmatch(text):
        raise ValueError("not a canonical text")
    head, *lines = text.split("\n")
    _, contest, *numbers = head.split(" ")
    municipality, precinct, district, corrected, passable, *counts = map(int, numbers)
    votes: dict[int, int] = {}
    preferences: dict[tuple[int, int], int] = {}
    senate_district, round_ = None, 1
    if contest == "KZ":
        for line in lines:
            number, given, *pairs = line.split(" ")
            _put(votes, int(number), int(given))
            for pair in pairs:
                candidate, _, preferred = pair.partition(":")
                _put(preferences, (int(number), int(candidate)), int(preferred))
    else:
        district_number, round_number, *pairs = lines[0].split(" ")
        senate_district, round_ = int(district_number), int(round_number)
        for pair in pairs:
            candidate, _, given = pair.partition(":")
            _put(votes, int(candidate), int(given))
    registered, issued, returned, valid = counts
    return Result(
        contest, municipality, precinct, district, bool(corrected), bool(passable),
        (registered, issued, returned, valid), votes, preferences, senate_district, round_,
    )  # fmt: skip


def _put(into: dict[_K, int], key: _K, value: int) -> None:
    if key in into:
        raise ValueError("a number is there twice")
    into[key] = value
