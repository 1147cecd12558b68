"""The journal, or the rows of a search, as a file: CSV for offices, JSON Lines for whoever checks the chain.

A line of JSON Lines holds a row's exact values and both hashes, so that the chain can be checked from the
export alone (`resources/manual/journal-export.md` says how, with a short program). CSV is for reading: words
instead of codes, times of Prague, and no cell that a spreadsheet would take for a formula. That somebody
exported, what, and the file's hash stands in the journal before the file has its name.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from app.election.reference import Reference
from app.station import journal
from app.station.config import StationConfig
from app.station.errors import StationError
from app.station.journal import Entry, entry_of
from app.station.journal_search import JournalSearch, Search
from app.station.journal_words import LANGUAGES, Words, act_name, told
from app.station.permissions import Permission, require
from app.station.states import User
from app.station.store import Store, instant

_PRAGUE: Final = ZoneInfo("Europe/Prague")
#: What a spreadsheet takes for the beginning of a formula, its wide forms included.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
_COLUMNS: Final = (
    Words("číslo", "number"),
    Words("čas", "time"),
    Words("uživatel", "user"),
    Words("úkon", "act"),
    Words("kód úkonu", "code of the act"),
    Words("obec", "municipality"),
    Words("název obce", "name of the municipality"),
    Words("okrsek", "precinct"),
    Words("volby", "contest"),
    Words("revize", "revision"),
    Words("podrobnosti", "details"),
    Words("otisk řádku", "hash of the row"),
)
_PAGE: Final = 1000

Progress = Callable[[int, int], None]


class Format(StrEnum):
    """What is written; the values are the names' endings too."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. `seq` is the journal's row that says so."""

    path: Path
    rows: int
    sha256: str
    seq: int


class JournalExport:
    """`station.journal_export`. Safe from any thread."""

    def __init__(
        self, store: Store, config: StationConfig, reference: Reference, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._config, self._reference, self._clock = store, config, reference, clock
        self._search = JournalSearch(store)

    def write(
        self,
        path: Path,
        search: Search,
        format_: Format,
        user: User,
        language: str = "cs",
        progress: Progress = lambda done, total: None,
    ) -> Exported:
        """Write the rows that a search takes, oldest first; a file of that name is replaced.

        `progress` is told rows written and rows in all. Raises `RoleRefused`, and `StationError` STA-87
        when the file cannot be written: then nothing of it stays.
        """
        require(user, Permission.EXPORT_JOURNAL)
        part = path.with_name(path.name + ".part")
        try:
            try:
                rows, digest, last = self._write(part, search, format_, language, user, progress)
                seq = self._note(path, search, format_, user, rows, digest, last)
                part.replace(path)
            finally:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
        except OSError as error:
            raise StationError(
                "STA-87",
                f"Deník nelze zapsat do souboru {path}. Zvolte složku, do které smíte zapisovat a kde je "
                "volné místo.",
                f"The journal cannot be written to {path} ({error.strerror}). Choose a folder that you may "
                "write to and that has room.",
            ) from error
        return Exported(path, rows, digest, seq)

    def _write(
        self, part: Path, search: Search, format_: Format, language: str, user: User, progress: Progress
    ) -> tuple[int, str, int]:
        """Rows written, the file's hash, and the last row that the journal had."""
        extent, digest, done = self._search.extent(search), sha256(), 0
        stored = self._search.stored(search, extent.last, _PAGE)
        lines = self._csv(stored, language) if format_ is Format.CSV else _json_lines(stored)
        head = (
            self._csv_head(language) if format_ is Format.CSV else self._json_head(search, user, extent.last)
        )
        with part.open("wb") as file:
            file.write(head)
            digest.update(head)
            for line in lines:
                file.write(line)
                digest.update(line)
                done += 1
                if done % _PAGE == 0:
                    progress(done, extent.found)
            file.flush()
            os.fsync(file.fileno())
        progress(done, extent.found)
        return done, digest.hexdigest(), extent.last

    def _note(
        self, path: Path, search: Search, format_: Format, user: User, rows: int, digest: str, last: int
    ) -> int:
        with self._store.transaction() as db:
            journal.write(
                db, self._clock(), user.name, "journal-exported", name=path.name, format=format_.value,
                filter=_described(search), rows=rows, last=last, sha256=digest,
            )  # fmt: skip
            return journal.head(db)[0]

    # --- JSON Lines ----------------------------------------------------------------------------------

    def _json_head(self, search: Search, user: User, last: int) -> bytes:
        rows = self._store.rows("SELECT hash FROM journal WHERE seq = ?", (last,))
        return _line(
            {
                "format": "prebirka-journal-1",
                "election": self._config.election,
                "mode": self._config.mode.value,
                "station": self._config.station,
                "exported_at": instant(self._clock()),
                "exported_by": user.name,
                "filter": _described(search),
                "journal_last": last,
                "journal_hash": rows[0]["hash"] if rows else journal.GENESIS,
            }
        )

    # --- CSV -----------------------------------------------------------------------------------------

    def _csv_head(self, language: str) -> bytes:
        place = LANGUAGES.index(language)
        # The mark of UTF-8 is what makes office programs read Czech letters right.
        return "\N{ZERO WIDTH NO-BREAK SPACE}".encode() + _cells([words[place] for words in _COLUMNS])

    def _csv(self, stored: Iterator[sqlite3.Row], language: str) -> Iterator[bytes]:
        for row in stored:
            yield _cells(self._row(entry_of(row), language))

    def _row(self, entry: Entry, language: str) -> list[str]:
        key = entry.key
        municipality = self._reference.municipalities.get(key.precinct.municipality) if key else None
        details = "; ".join(f"{name}: {', '.join(text.splitlines())}" for name, text in told(entry, language))
        return [
            str(entry.seq),
            entry.at.astimezone(_PRAGUE).strftime("%Y-%m-%d %H:%M:%S"),
            entry.user,
            act_name(entry.act, language),
            entry.act,
            str(key.precinct.municipality) if key else "",
            municipality.name if municipality else "",
            str(key.precinct.number) if key else "",
            key.contest.value if key else "",
            "" if entry.revision is None else str(entry.revision),
            details,
            entry.hash,
        ]


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe makes it a text."""
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}").startswith(_FORMULA) else text


def _cells(cells: list[str]) -> bytes:
    line = io.StringIO()
    # Czech offices' decimal sign is the comma, so their lists are parted by semicolons.
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return line.getvalue().encode()


def _json_lines(stored: Iterator[sqlite3.Row]) -> Iterator[bytes]:
    for row in stored:
        yield _line({name: row[name] for name in row.keys()})  # noqa: SIM118 - a Row's keys are its columns


def _line(values: dict[str, object]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _described(search: Search) -> str:
    """A search as one line of the journal and of the export; empty when it takes all."""
    parts = (
        ("precinct", search.precinct and str(search.precinct)),
        ("user", search.user.strip()),
        ("acts", ",".join(sorted(search.acts))),
        ("since", search.since and instant(search.since)),
        ("until", search.until and instant(search.until)),
    )
    return " ".join(f"{name}={value}" for name, value in parts if value)
