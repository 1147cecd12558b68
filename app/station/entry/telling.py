"""Drafts as the desk sees them: immutable, with their progress and the sums that grow while typing."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from app.election.verdict import FieldRef
from app.station.entry.drafts import Draft, ListTotals, Progress, RunningTotals
from app.station.entry.rows import Stored
from app.station.figures import COUNTS, mandatory_blanks

_VALID_VOTES = COUNTS[3]


def told(stored: Stored, form: Iterable[FieldRef]) -> Draft:
    """A snapshot of a draft."""
    values = stored.values
    filled = len(values) - list(values.values()).count(None)
    return Draft(
        id=stored.id,
        key=stored.key,
        number=stored.number,
        owner=stored.owner,
        state=stored.state,
        mended=stored.mended,
        values=MappingProxyType(values),
        progress=Progress(filled, mandatory_blanks(stored.key, values, form)),
        last_field=stored.last_field,
        begun_at=stored.begun_at,
        saved_at=stored.saved_at,
    )


def totals(draft: Draft, preferences_per_ballot: int) -> RunningTotals:
    """Sums of what is typed so far."""
    votes: dict[int, int | None] = {}
    preferences: dict[int, int] = {}
    total = 0
    for (name, number, _), value in draft.values.items():
        if name == "POC_HLASU" and number is not None:
            votes[number] = value
            total += value or 0
        elif name == "HLASY" and number is None:
            total += value or 0
        elif name == "HLASY" and number is not None:
            preferences[number] = preferences.get(number, 0) + (value or 0)
    valid = draft.values.get(_VALID_VOTES)
    lists = {
        number: ListTotals(
            given := votes.get(number),
            preferences.get(number, 0),
            None if given is None else preferences_per_ballot * given,
        )
        for number in sorted(votes.keys() | preferences.keys())
    }
    return RunningTotals(total, valid, None if valid is None else valid - total, lists)
