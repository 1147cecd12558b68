"""Two protocols side by side: the fields in which they differ, in the order of the paper.

Serves a different file for the same precinct, both readings of a paper after closing, a protocol before
and after it was mended, and a correction beside what it corrects.
"""

from __future__ import annotations

from typing import NamedTuple

from app.election.model import Protocol, Reading
from app.election.verdict import FieldRef
from app.station.entry.drafts import Draft
from app.station.figures import Figures, figures, normal, order
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
    one, other = figures_of(left), figures_of(right)
    fields = sorted(one.keys() | other.keys(), key=order)
    return tuple(
        FieldDifference(field, *sides)
        for field in fields
        if (sides := (_shown(left, one, field), _shown(right, other, field)))[0] != sides[1]
    )


def figures_of(content: Figured) -> Figures:
    """The figures of whatever has them."""
    if isinstance(content, Draft):
        return content.values
    return figures(content.reading if isinstance(content, Offer) else content)


def _shown(content: Figured, values: Figures, field: FieldRef) -> int | None:
    # A candidate of T/5 who is not in a file or a protocol has no votes; in a draft nobody typed yet.
    absent = None if isinstance(content, Draft) or field.name not in ("HLASY", "POC_HLASU") else 0
    return normal(content.key, field, values.get(field, absent))
