"""Writing the reference file: rows in order of their keys, the same bytes each time, replaced in one step."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.documents.reference.tables import APPLICATION_ID, FORMAT, TABLES, ReferenceFileError
from app.election.reference import Candidate, ElectionInfo, Reference, Round1Area, SenateDistrict

_PRECINCT = tuple(TABLES["precinct"].columns)[2:]  # columns and attributes have the same names


def build(reference: Reference, path: Path) -> None:
    """Write the reference file; an older one under that name is replaced in one step, whole or not at all."""
    from sqlite_utils import Database  # heavy; only the builder needs it

    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        database = Database(connection)
        with database.atomic():
            for name, table in TABLES.items():
                created = database.table(name).create(
                    dict(table.columns),
                    pk=table.key if len(table.key) > 1 else table.key[0],
                    not_null=[column for column in table.columns if column not in table.nullable],
                    strict=True,
                )
                created.insert_all(_rows_of(name, reference), batch_size=2000)
                if table.indexed:
                    created.create_index(list(table.indexed))
        connection.execute("ANALYZE")
        connection.commit()
        image = connection.serialize()
    finally:
        connection.close()
    _replace(path, image)


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ReferenceFileError(
            "REF-01",
            f"Soubor číselníků {path} nelze zapsat. Zkontrolujte místo na disku a práva ke složce.",
            f"The reference file {path} cannot be written ({error}). Check disk space and permissions.",
        ) from error


def _rows_of(name: str, reference: Reference) -> Iterator[dict[str, Any]]:
    columns = tuple(TABLES[name].columns)
    for values in sorted(_values_of(name, reference), key=lambda row: row[: len(TABLES[name].key)]):
        yield dict(zip(columns, values, strict=True))


def _values_of(name: str, reference: Reference) -> Iterable[tuple[Any, ...]]:
    election = reference.election
    regions, senate = reference.regions.values(), reference.senate_districts.values()
    match name:
        case "election":
            return _settings(election).items()
        case "severity":
            return election.severities.items()
        case "threshold":
            return ((f.name, str(getattr(election.thresholds, f.name))) for f in fields(election.thresholds))
        case "feed":
            return election.feed.items()
        case "region":
            return ((r.number, r.name, r.seats) for r in regions)
        case "list":
            return (
                (r.number, x.number, x.party_code, x.name, x.short_name)
                for r in regions
                for x in r.lists.values()
            )
        case "candidate":
            return (
                (r.number, x.number, *_person(c))
                for r in regions
                for x in r.lists.values()
                for c in x.candidates.values()
            )
        case "district":
            return ((d.code, d.nuts, d.name, d.region) for d in reference.districts.values())
        case "municipality":
            return (
                (m.code, m.name, m.district, m.transfer_point, m.presented_under, m.presented_name)
                for m in reference.municipalities.values()
            )
        case "precinct":
            return (
                (*p.id, *(getattr(p, column) for column in _PRECINCT)) for p in reference.precincts.values()
            )
        case "senate_district":
            return ((d.number, d.name) for d in senate)
        case "senate_candidate":
            return ((d.number, *_person(c)) for d in senate for c in d.candidates.values())
        case "senate_finalist":
            return ((d.number, number) for d in senate for number in d.finalists)
        case "senate_round1":
            return (
                (d, code, area.precincts_expected, area.precincts_processed, *area.counts, elected)
                for d, code, area, elected in _round1(senate)
            )
        case "senate_round1_votes":
            return ((d, code, *row) for d, code, area, _ in _round1(senate) for row in area.votes.items())
    raise LookupError(name)


def _round1(districts: Iterable[SenateDistrict]) -> Iterator[tuple[int, int, Round1Area, int | None]]:
    """District, municipality (0: all of it), the result there, who was elected."""
    for district in districts:
        if (result := district.round1) is not None:
            yield district.number, 0, result, result.elected
            for code, area in result.municipalities.items():
                yield district.number, code, area, None


def _person(c: Candidate) -> tuple[Any, ...]:
    return c.number, c.first_name, c.last_name, c.title_before, c.title_after, int(c.valid), c.party_code


def _settings(election: ElectionInfo) -> dict[str, str]:
    rules, calendar = election.rules, election.calendar
    round1 = {} if election.round1_date is None else {"round1_date": election.round1_date.isoformat()}
    return {
        **round1,
        "code": election.code,
        "name": election.name,
        "date": election.date.isoformat(),
        "mode": election.mode.value,
        "contests": " ".join(contest.value for contest in election.contests),
        "voting_begins": _utc(calendar.voting_begins),
        "voting_ends": _utc(calendar.voting_ends),
        "delivery_ends": _utc(calendar.delivery_ends),
        "clause": str(rules.clause),
        "preference_threshold": str(rules.preference_threshold),
        "preferences_per_ballot": str(rules.preferences_per_ballot),
        "first_divisor": str(rules.first_divisor),
        "form_version": rules.form_version,
    }


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
