"""One row of the journal opened: the act in words, and the figures before and after where it changed some."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from app.documents.document_errors import DocumentError
from app.documents.intake_formats import recognise
from app.election.model import Reading
from app.station import records
from app.station.differences import FieldDifference, differences
from app.station.errors import StoreTrouble
from app.station.journal import Entry
from app.station.store import Store
from app.station.versions import Versions


@dataclass(frozen=True, slots=True)
class Details:
    """`changes` are the fields whose figures the act changed, before and after."""

    entry: Entry
    changes: tuple[FieldDifference, ...]


class JournalDetails:
    """`station.journal_details`. Safe from any thread."""

    def __init__(self, store: Store, versions: Versions) -> None:
        self._store, self._versions = store, versions

    def of(self, entry: Entry) -> Details:
        """Everything about one row. Damaged bytes have no figures: verifying the store tells of them."""
        pair = None
        with suppress(StoreTrouble, DocumentError):
            pair = self._mended(entry) if entry.act == "mend" else self._revised(entry)
        return Details(entry, () if pair is None else differences(*pair))

    def _revised(self, entry: Entry) -> tuple[Reading, Reading] | None:
        """The revision before, and the one that the act made."""
        if entry.key is None or (entry.revision or 0) < 2:
            return None
        db, key, revision = self._store.connection, entry.key, entry.revision or 0
        before, after = records.version(db, key, revision - 1), records.version(db, key, revision)
        if before is None or after is None:
            return None
        return self._versions.reading(db, before), self._versions.reading(db, after)

    def _mended(self, entry: Entry) -> tuple[Reading, Reading] | None:
        """What the commission brought, and what it made of it at the desk."""
        sides = [entry.details.get(name) for name in ("original", "mended")]
        found = [self._reading(entry, str(sha256)) for sha256 in sides]
        return (found[0], found[1]) if found[0] is not None and found[1] is not None else None

    def _reading(self, entry: Entry, sha256: str) -> Reading | None:
        rows = self._store.rows("SELECT data FROM originals WHERE sha256 = ?", (sha256,))
        readings = recognise(rows[0]["data"]).readings if rows else ()
        return next((reading for reading in readings if reading.key == entry.key), None)
