"""The reader of the reference file: its bytes and its values may be anything; it ends by the reference or by
a refusal. What a station opens is signed, so this is about mistakes and old files, not about strangers.

An input is a list of changes of one good file. Each is six bytes: what to do, where, and with what.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from app.documents import reference as reference_file
from app.documents.reference.tables import TABLES
from app.election.errors import KnownError
from app.election.model import Contest
from tests.fuzzing import told
from tests.fuzzing.targets import Made
from tests.fuzzing.world import folder
from tests.support.invented_election import POINT, reference

_VALUES: tuple[object, ...] = (
    None, -1, 0, 1, 70, 99, 100_000, 2**31, 2**63 - 1, "", "x", "KZ", "0/0", "1/0", "2024-13-01", "\0", "²",
    "2024-09-21T14:00:00", b"\xff", 1e308,
)  # fmt: skip
_COLUMNS = [(name, column) for name, table in TABLES.items() for column in table.columns]
_STEP = 6


def reference_files() -> Made:
    place = folder() / "reference.sqlite"
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1)
    regions = {
        number: replace(region, lists={each: region.lists[each] for each in sorted(region.lists)[:1]})
        for number, region in known.regions.items()
    }
    reference_file.build(replace(known, regions=regions), place)
    whole = place.read_bytes()

    def run(data: bytes) -> None:
        image = bytearray(whole)
        for step in _steps(data):
            if step[0] < 128:
                image[int.from_bytes(step[1:4], "big") % len(image)] = step[4]
            else:
                image = _other_value(image, step)
        place.write_bytes(image)
        for point in (None, POINT):
            try:
                reference_file.load(place, point)
            except KnownError as refused:
                told.check(refused, "REF-")

    seeds = [bytes((200, 0, number, 0, 0, number % 20)) for number in range(0, len(_COLUMNS), 7)]
    return Made(run, (*seeds, b"\0\0\0\x10\xff\0", b"\0\0\x20\0\x7f\0", b"\1\0\0\x40\1\0"))


def _steps(data: bytes) -> Iterator[bytes]:
    for start in range(0, min(len(data), 30 * _STEP) - _STEP + 1, _STEP):
        yield data[start : start + _STEP]


def _other_value(image: bytearray, step: bytes) -> bytearray:
    table, column = _COLUMNS[step[2] % len(_COLUMNS)]
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.deserialize(bytes(image))
            row = f"{step[3]} % max((SELECT count(*) FROM {table}), 1)"
            chosen = f"SELECT rowid FROM {table} LIMIT 1 OFFSET {row}"
            if step[0] > 240:
                connection.execute(f"DELETE FROM {table} WHERE rowid = ({chosen})")
            else:
                connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE rowid = ({chosen})",
                    (_VALUES[step[5] % len(_VALUES)],),
                )
            connection.commit()
            return bytearray(connection.serialize())
        except (sqlite3.Error, OverflowError, ValueError):
            return image  # a strict table refuses it, or there is no table any more
