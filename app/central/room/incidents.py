"""Incidents: what happened on the night in the operators' words, never changed, listed and handed on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from app.central import journal, recorded
from app.central.database import Database
from app.central.room.errors import FieldRefused
from app.central.schema import incident

LONGEST = 2000
#: A cell of a spreadsheet that begins so would be run as a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Severity(StrEnum):
    """How grave it is; the value stands in the database."""

    NOTE = "note"
    WARNING = "warning"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class Incident:
    """One note; `transfer_point` is None where it is about none alone, `noted_by` a login."""

    number: int
    severity: Severity
    transfer_point: int | None
    words: str
    noted_by: str
    at: str


def note(database: Database, severity: Severity, point: int | None, words: str, by: str, at: datetime) -> int:
    """Note an incident; returns its number. Raises FieldRefused ROM-20."""
    words = "\n".join(" ".join(line.split()) for line in words.strip().splitlines())
    if not words or len(words) > LONGEST or not words.replace("\n", "").isprintable():
        raise FieldRefused("Co se stalo · What happened")
    with database.writing() as connection:
        number = recorded.next_number(connection, incident)
        row = {
            "number": number, "severity": severity.value, "transfer_point": point, "words": words,
            "noted_by": by,
        }  # fmt: skip
        recorded.write(connection, incident, row, journal.Act.INCIDENT_NOTED, f"incident {number}", at)
    return number


def listed(connection: Connection, point: int | None = None) -> list[Incident]:
    """All incidents, or those about one transfer point, newest first."""
    query = select(incident).order_by(incident.c.number.desc())
    if point is not None:
        query = query.where(incident.c.transfer_point == point)
    return [
        Incident(**{**row, "severity": Severity(row["severity"])})
        for row in connection.execute(query).mappings()
    ]


def as_csv(found: Iterable[Incident]) -> str:
    """Semicolons, CR LF, a byte order mark for spreadsheets; no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([field.name for field in fields(Incident)])
    writer.writerows([_cell(value) for value in asdict(each).values()] for each in found)
    return "\ufeff" + text.getvalue()


def as_json(found: Iterable[Incident]) -> str:
    """A list of objects, one for each incident."""
    return json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1) + "\n"


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text
