"""The floor under a night: what the same data cost with the bare libraries, one core, no logic.

For every protocol: its file parsed with the schema at the station and one durable SQLite commit of
its bytes there; for every batch: one signature made and verified, its XML parsed with the schema at
the centre, one durable commit of its bytes there, one signature for the receipt. Nothing is checked,
tallied, sent or published: a program that does all that can only be slower.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from app.documents.floor import raw_parse_seconds
from app.trust.floor import raw_signature_seconds


@dataclass(frozen=True, slots=True)
class Floor:
    """Seconds by part."""

    parse: float
    signatures: float
    commits: float

    @property
    def seconds(self) -> float:
        return self.parse + self.signatures + self.commits


def measure(files: Sequence[bytes], batches: Sequence[bytes], folder: Path) -> Floor:
    """The floor for these protocol files and these batches' XML; `folder` is on the disk to measure."""
    parse = raw_parse_seconds(files, "zapisy.xsd") + raw_parse_seconds(batches, "davka.xsd")
    # A batch is signed and verified, its receipt too: two signatures a batch.
    signatures = 2 * raw_signature_seconds(batches)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        commits = _commit_seconds(files, Path(place, "station.sqlite"))
        commits += _commit_seconds(batches, Path(place, "centre.sqlite"))
    return Floor(parse, signatures, commits)


def _commit_seconds(blobs: Iterable[bytes], path: Path) -> float:
    """Seconds for one durable transaction a blob."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE blobs (id INTEGER PRIMARY KEY, content BLOB NOT NULL)")
    started = perf_counter()
    for blob in blobs:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO blobs (content) VALUES (?)", (blob,))
        connection.execute("COMMIT")
    seconds = perf_counter() - started
    connection.close()
    return seconds
