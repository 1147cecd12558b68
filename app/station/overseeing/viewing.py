"""Looking at a station's folder beside the program that works in it: for the wall, which needs no login.

It takes neither the folder's lock nor the key, and the database is opened for reading only: whoever stands
before the wall has nothing in hand that could change anything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.station.completeness import Overview
from app.station.config import CA_FILE, read_config
from app.station.errors import FolderRefused, StoreTrouble
from app.station.overseeing.wall import Wall, wall
from app.station.reference_file import load_verified
from app.station.store import STORE_FILE, from_instant
from app.trust.anchors import Anchors

_HEARD = (
    "SELECT max(at) AS at FROM (SELECT max(received_at) AS at FROM receipts UNION ALL"
    " SELECT max(received_at) AS at FROM point_documents WHERE came = 'centre')"
)


class _Reading:
    """The store for reading only; empty while the station was never opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def rows(self, sql: str, parameters: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        if self._connection is None and not self._path.exists():
            return []
        try:
            if self._connection is None:
                uri = f"{self._path.resolve().as_uri()}?mode=ro"
                self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
                self._connection.row_factory = sqlite3.Row
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            self.close()
            raise StoreTrouble(
                "STA-19",
                "Stav přebíracího místa se teď nepodařilo přečíst. Nástěnka zatím ukazuje poslední známý "
                "stav a zkouší to znovu; trvá-li to, zavolejte technika.",
                f"The point's state could not be read now ({error}). The wall shows the last state known and "
                "tries again; if it goes on, call the technician.",
            ) from error

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PublicView:
    """Reads the wall of the station in `folder`. Use it from one thread at a time."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        """Raises a `KnownError` when it is no station's folder or its reference data are not proved."""
        config = read_config(folder)
        try:
            anchors = Anchors.from_pem((folder / CA_FILE).read_bytes())
        except OSError as error:
            raise FolderRefused(
                "STA-18",
                f"Certifikát volební autority ({CA_FILE}) ve složce {folder} nelze přečíst. "
                "Zkontrolujte, že je to složka přebíracího místa a smíte ji číst.",
                f"The election authority's certificate ({CA_FILE}) in {folder} cannot be read "
                f"({error.strerror}). Check that it is a station's folder that you may read.",
            ) from error
        self.reference = load_verified(folder, config, anchors, clock())
        self._store = _Reading(folder / STORE_FILE)
        self._overview = Overview(self._store, self.reference, config.transfer_point, clock, config.station)
        seat = self.reference.municipalities.get(config.transfer_point)
        self.point = seat.name if seat else str(config.transfer_point)

    def wall(self) -> Wall:
        """What hangs on the wall now. Raises `StoreTrouble` when the store cannot be read."""
        heard = self._store.rows(_HEARD)
        at = heard[0]["at"] if heard else None
        rows = self._overview.completeness().rows
        return wall(self.reference.election, self.point, rows, from_instant(at) if at else None)

    def mark(self) -> int:
        """A number that differs once somebody else has written to the store; cheap."""
        found = self._store.rows("PRAGMA data_version")
        return int(found[0][0]) if found else 0

    def close(self) -> None:
        self._store.close()
