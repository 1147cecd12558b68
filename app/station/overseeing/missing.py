"""Who has to be called: the precincts whose commission is not here yet, with its contact, and as a file.

The contact comes from the reference data and is never published; elections without contacts have none to
show. The file is CSV for a spreadsheet: UTF-8 with its mark, semicolons, the open data's column names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.election.model import Contest, PrecinctId
from app.station.completeness import Row
from app.station.overseeing.conditions import Condition, condition_of, is_missing, worst

_PRAGUE = ZoneInfo("Europe/Prague")
COLUMNS = ("OBEC", "NAZEVOBCE", "OKRSEK", "VOLBY", "STAV", "OD", "LHUTA", "SIDLO", "KONTAKT")
#: What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Missing:
    """One precinct that has to come, with the contests it owes; `since`, `deadline` of a refusal, if any."""

    precinct: PrecinctId
    municipality_name: str
    contests: tuple[Contest, ...]
    condition: Condition
    since: datetime | None
    deadline: datetime | None
    seat: str
    contact: str


def missing(rows: Sequence[Row], now: datetime) -> tuple[Missing, ...]:
    """In the order of the rows."""
    found: dict[PrecinctId, list[Row]] = {}
    for row in rows:
        if is_missing(row):
            found.setdefault(row.key.precinct, []).append(row)
    return tuple(_missing(owed, now) for owed in found.values())


def _missing(owed: Sequence[Row], now: datetime) -> Missing:
    first = owed[0]
    return Missing(
        first.key.precinct,
        first.municipality_name,
        tuple(row.key.contest for row in owed),
        worst(condition_of(row, now) for row in owed),
        min((row.since for row in owed if row.since), default=None),
        min((row.deadline for row in owed if row.deadline), default=None),
        first.precinct.seat,
        first.precinct.contact,
    )


def as_csv(rows: Sequence[Row]) -> bytes:
    """The missing protocols of these rows, one a line, for a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        if is_missing(row):
            municipality, number = row.key.precinct
            named, seat, contact = map(
                harmless, (row.municipality_name, row.precinct.seat, row.precinct.contact)
            )
            times = (_local(row.since), _local(row.deadline))
            contest = row.key.contest.value
            writer.writerow((municipality, named, number, contest, row.state.cs, *times, seat, contact))
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what looks like a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def file_name(now: datetime) -> str:
    """Such as chybejici-okrsky-20240921-1840.csv, by the time in Prague."""
    return f"chybejici-okrsky-{now.astimezone(_PRAGUE):%Y%m%d-%H%M}.csv"


def _local(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(_PRAGUE).strftime("%Y-%m-%d %H:%M")
