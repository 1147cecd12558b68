"""The figures of an accepted revision, read again from the original bytes that were kept.

The store keeps what came and which flags the transfer point raised; the figures follow from these, so
there is nothing that could disagree. The last ones are remembered, because a batch is made of what was
accepted a moment ago.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from threading import Lock

from app.documents.intake_formats import recognise
from app.election.complete import complete
from app.election.content import content_hash
from app.election.model import Reading
from app.station import records
from app.station.errors import StoreTrouble
from app.station.flags import flagged

_REMEMBERED = 64


class Versions:
    """Readings of accepted revisions, as they were accepted. Safe from any thread."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._readings: OrderedDict[int, Reading] = OrderedDict()

    def remember(self, version_id: int, reading: Reading) -> None:
        with self._guard:
            self._readings[version_id] = reading
            while len(self._readings) > _REMEMBERED:
                self._readings.popitem(last=False)

    def reading(self, db: sqlite3.Connection, version: records.Version) -> Reading:
        """Raises `StoreTrouble` when the bytes no longer say what was accepted."""
        with self._guard:
            known = self._readings.get(version.id)
        if known is not None:
            return known
        original = records.original(db, version.original_sha256)
        stated = recognise(original.data).readings[version.position]
        reading = flagged(stated, corrected=version.corrected, passable_error=version.passable_error)
        if content_hash(complete(reading)) != version.content_hash:
            raise StoreTrouble(
                "STA-13",
                f"Uložený zápis {version.key} neodpovídá tomu, co bylo převzato. Zavolejte technika: "
                "databáze byla změněna nebo poškozena.",
                f"The stored protocol {version.key} is not what was accepted. Call the technician: the "
                "database was changed or damaged.",
            )
        self.remember(version.id, reading)
        return reading
