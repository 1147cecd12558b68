"""Two protocols side by side: the fields in which they differ, in the order of the paper.

Serves a different file for the same precinct, both readings of a paper after closing, a protocol before
and after it was mended, and a correction beside what it corrects.
"""

from __future__ import annotations

from typing import NamedTuple

from app.election.model import Protocol, Reading
from app.election.verdict import FieldRef
from app.station.entry.drafts import Draft
from app.station.offers import Offer

#: Whatever has figures.
Figured = Offer | Draft | Reading | Protocol


class FieldDifference(NamedTuple):
    """One field with both sides' figures; None where a side has a blank. On T/6 an empty preference box
    and a list without a sheet read as 0."""

    field: FieldRef
    left: int | None
    right: int | None


def differences(left: Figured, right: Figured) -> tuple[FieldDifference, ...]:
    """Fields whose figures differ; flags and control numbers, which follow from them, are left out."""
    raise NotImplementedError
