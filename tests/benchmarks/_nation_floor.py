"""The floor under the nation's night: the same bytes through the bare libraries, on as many cores.

Each process takes its part of the batches: hash and verify a signature, parse the XML with its schema,
commit the bytes durably to the one SQLite file that all share, and sign a receipt's worth of bytes. Nothing
is judged, counted or published.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.documents.floor import raw_parse_seconds
from app.trust import message
from app.trust.floor import raw_signature_seconds


@dataclass(frozen=True)
class Floor:
    """Seconds by the clock, and of processor in all processes together."""

    seconds: float
    processor: float


def measure(stations: Sequence[Sequence[bytes]], folder: Path, cores: int) -> Floor:
    """The floor for all these batches with `cores` processes; `folder` is on the disk to measure."""
    batches = [data for batches in stations for data in batches]
    contents = [message.decode(data).content or b"" for data in batches]
    context = multiprocessing.get_context("fork")
    with TemporaryDirectory(dir=folder) as place:
        path = Path(place, "floor.sqlite")
        _open(path).execute("CREATE TABLE blobs (content BLOB NOT NULL)")
        results = context.SimpleQueue()

        def work(number: int) -> None:
            started = time.process_time()
            raw_signature_seconds(contents[number::cores])
            raw_parse_seconds(contents[number::cores], "davka.xsd")
            _commit(path, batches[number::cores])
            results.put(time.process_time() - started)

        started = time.perf_counter()
        processes = [context.Process(target=work, args=(number,)) for number in range(cores)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        seconds = time.perf_counter() - started
    return Floor(seconds, sum(results.get() for _ in processes))


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _commit(path: Path, blobs: Sequence[bytes]) -> None:
    connection = _open(path)
    for blob in blobs:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO blobs (content) VALUES (?)", (blob,))
        connection.execute("COMMIT")
    connection.close()
