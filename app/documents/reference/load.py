"""Reading the reference file: the whole nation for the centre, one transfer point for a station."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.documents.reference.tables import APPLICATION_ID, FORMAT, TABLES, ReferenceFileError
from app.election.model import Contest, Counts, Mode, PrecinctId
from app.election.reference import (
    Calendar,
    Candidate,
    CandidateList,
    District,
    ElectionInfo,
    ElectionRules,
    Municipality,
    Precinct,
    Reference,
    Region,
    Round1Area,
    Round1Result,
    SenateDistrict,
)
from app.election.thresholds import DEFAULTS, Thresholds

_PRAGUE = ZoneInfo("Europe/Prague")


def load(path: Path, transfer_point: int | None = None) -> Reference:
    """The reference data of a file whose signature has been verified.

    With `transfer_point` (CPOU) only its precincts, and the regions and Senate districts that they
    belong to. Raises ReferenceFileError.
    """
    with opened(path) as connection:
        try:
            return _load(connection, transfer_point)
        except (sqlite3.Error, LookupError, ValueError, TypeError, ArithmeticError) as error:
            # a row that is missing, or a value that no builder of ours ever wrote
            raise _not_a_reference(path, f"{type(error).__name__} {error}") from error


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as a read-only, immutable connection, after its kind and format have been checked."""
    if not path.is_file():
        raise ReferenceFileError(
            "REF-02",
            f"Soubor číselníků {path} chybí. Nahrajte podepsané číselníky těchto voleb.",
            f"The reference file {path} is missing. Copy the signed reference data of this election here.",
        )
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        try:
            connection.execute("PRAGMA query_only = ON")
            kind = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        except (sqlite3.Error, ValueError) as error:  # a damaged schema may not even be text
            raise _not_a_reference(path, str(error)) from error
        if kind != APPLICATION_ID:
            raise _not_a_reference(path, f"application id {kind:#x}")
        if version != FORMAT:
            raise ReferenceFileError(
                "REF-03",
                f"Soubor číselníků {path} má formát {version}, tento program čte formát {FORMAT}.",
                f"The reference file {path} is of format {version}; this program reads format {FORMAT}.",
            )
        yield connection


def _not_a_reference(path: Path, why: str) -> ReferenceFileError:
    return ReferenceFileError(
        "REF-04",
        f"Soubor {path} nejsou číselníky voleb, nebo je poškozený. Nahrajte ho znovu i s podpisem.",
        f"The file {path} is no reference file, or is damaged ({why}). Copy it again with its signature.",
    )


def _load(connection: sqlite3.Connection, point: int | None) -> Reference:
    precincts = _precincts(connection, point)
    if point is not None and not precincts:
        raise ReferenceFileError(
            "REF-05",
            f"Přebírací místo {point} v číselnících není. Zkontrolujte nastavení stanice.",
            f"There is no transfer point {point} in the reference data. Check the station's settings.",
        )
    held = precincts.values()

    def only(numbers: Iterable[int | None]) -> list[int] | None:
        return None if point is None else sorted({number for number in numbers if number is not None})

    municipalities = _municipalities(connection, only(p.id.municipality for p in held))
    return Reference(
        election=_election(connection),
        regions=_regions(connection, only(p.region for p in held)),
        districts=_districts(connection, only(p.district for p in held)),
        municipalities=municipalities,
        precincts=precincts,
        senate_districts=_senate(connection, only(p.senate_district for p in held)),
    )


def _select(
    connection: sqlite3.Connection, table: str, column: str, wanted: list[int] | None
) -> Iterator[tuple[Any, ...]]:
    """Rows of one table in order of its key, all of them or those whose `column` is among `wanted`."""
    order, columns = ", ".join(TABLES[table].key), ", ".join(TABLES[table].columns)
    if TABLES[table].optional and not _has(connection, table):
        return iter(())
    where = "" if wanted is None else f"WHERE {column} IN ({', '.join('?' * len(wanted))})"
    query = f"SELECT {columns} FROM {table} {where} ORDER BY {order}"  # noqa: S608 - names are our own
    return iter(connection.execute(query, wanted or ()))


def _has(connection: sqlite3.Connection, table: str) -> bool:
    query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
    return bool(connection.execute(query, (table,)).fetchone()[0])


def _election(connection: sqlite3.Connection) -> ElectionInfo:
    values: dict[str, str] = dict(connection.execute("SELECT name, value FROM election"))
    calendar = Calendar(
        _prague(values["voting_begins"]), _prague(values["voting_ends"]), _prague(values["delivery_ends"])
    )
    return ElectionInfo(
        code=values["code"],
        name=values["name"],
        date=date.fromisoformat(values["date"]),
        mode=Mode(values["mode"]),
        calendar=calendar,
        contests=tuple(Contest(contest) for contest in values["contests"].split()),
        rules=ElectionRules(
            clause=Fraction(values["clause"]),
            preference_threshold=Fraction(values["preference_threshold"]),
            preferences_per_ballot=int(values["preferences_per_ballot"]),
            first_divisor=Fraction(values["first_divisor"]),
            form_version=values["form_version"],
        ),
        severities=dict(connection.execute("SELECT rule, severity FROM severity")),
        thresholds=_thresholds(connection),
        feed=dict(connection.execute("SELECT name, value FROM feed")),
        round1_date=date.fromisoformat(values["round1_date"]) if "round1_date" in values else None,
    )


def _thresholds(connection: sqlite3.Connection) -> Thresholds:
    """Every line that this program draws, and no other: what is missing is not guessed."""
    values: dict[str, str] = dict(connection.execute("SELECT name, value FROM threshold"))
    known = {each.name: type(getattr(DEFAULTS, each.name)) for each in fields(Thresholds)}
    if values.keys() != known.keys():
        strange = ", ".join(sorted(values.keys() ^ known.keys()))
        raise ReferenceFileError(
            "REF-10",
            f"Číselníky mají jiné meze kontrol, než zná tento program ({strange}). Sestavte je touž verzí "
            "programu, jaká je na stanicích.",
            f"The reference data have other thresholds than this program knows ({strange}). Build them with "
            "the program's version that the stations have.",
        )
    return Thresholds(**{name: known[name](value) for name, value in values.items()})


def _prague(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(_PRAGUE)


def _precincts(connection: sqlite3.Connection, point: int | None) -> dict[PrecinctId, Precinct]:
    found = {}
    for row in _select(connection, "precinct", "transfer_point", None if point is None else [point]):
        identity = PrecinctId(row[0], row[1])
        found[identity] = Precinct(identity, *row[2:])
    return found


def _municipalities(connection: sqlite3.Connection, wanted: list[int] | None) -> dict[int, Municipality]:
    return {row[0]: Municipality(*row) for row in _select(connection, "municipality", "code", wanted)}


def _districts(connection: sqlite3.Connection, wanted: list[int] | None) -> dict[int, District]:
    return {row[0]: District(*row) for row in _select(connection, "district", "code", wanted)}


def _regions(connection: sqlite3.Connection, wanted: list[int] | None) -> dict[int, Region]:
    candidates = {
        key: {row[2]: _candidate(row[2:]) for row in rows}
        for key, rows in groupby(_select(connection, "candidate", "region", wanted), key=lambda row: row[:2])
    }
    lists: dict[int, dict[int, CandidateList]] = defaultdict(dict)
    for region, number, party, name, short_name in _select(connection, "list", "region", wanted):
        of_list = candidates.get((region, number), {})
        lists[region][number] = CandidateList(number, party, name, short_name, of_list)
    return {
        number: Region(number, name, seats, lists[number])
        for number, name, seats in _select(connection, "region", "number", wanted)
    }


def _senate(connection: sqlite3.Connection, wanted: list[int] | None) -> dict[int, SenateDistrict]:
    candidates: dict[int, dict[int, Candidate]] = defaultdict(dict)
    for row in _select(connection, "senate_candidate", "district", wanted):
        candidates[row[0]][row[1]] = _candidate(row[1:])
    finalists: dict[int, list[int]] = defaultdict(list)
    for district, number in _select(connection, "senate_finalist", "district", wanted):
        finalists[district].append(number)
    round1 = _round1(connection, wanted)
    return {
        number: SenateDistrict(number, name, candidates[number], tuple(finalists[number]), round1.get(number))
        for number, name in _select(connection, "senate_district", "number", wanted)
    }


def _round1(connection: sqlite3.Connection, wanted: list[int] | None) -> dict[int, Round1Result]:
    votes: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for district, code, number, given in _select(connection, "senate_round1_votes", "district", wanted):
        votes[district, code][number] = given
    whole: dict[int, tuple[tuple[int, int, Counts, dict[int, int]], int | None]] = {}
    parts: dict[int, dict[int, Round1Area]] = defaultdict(dict)
    for row in _select(connection, "senate_round1", "district", wanted):
        district, code, expected, processed, *counts, elected = row
        area = expected, processed, Counts(*counts), votes[district, code]
        if code:
            parts[district][code] = Round1Area(*area)
        else:
            whole[district] = area, elected
    return {
        district: Round1Result(*area, elected=elected, municipalities=parts[district])
        for district, (area, elected) in whole.items()
    }


def _candidate(row: tuple[Any, ...]) -> Candidate:
    number, first, last, before, after, valid, party = row
    return Candidate(number, first, last, before, after, bool(valid), party)
