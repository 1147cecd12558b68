"""Opening the reference file: the whole nation at the centre, one transfer point at a station.

The floor is SQLite alone: the same rows of the same file, fetched as tuples and thrown away.
"""

import sqlite3
import tempfile
from pathlib import Path

from app.documents.reference import build, load, opened
from app.documents.reference.tables import TABLES
from app.election.reference import Reference
from app.rehearsal.generator import Plan, invent
from tests.benchmarks._report import best_of, report

NATION_AT_MOST = 400.0
POINT_AT_MOST = 30.0
"""Milliseconds: a station's window has 600 for everything."""


def main() -> None:
    """Print two lines; exit with 1 above the budgets of the design."""
    reference: Reference = invent(Plan())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "reference.sqlite")
        build(reference, path)
        sizes: dict[int, int] = {}
        for precinct in reference.precincts.values():
            sizes[precinct.transfer_point] = sizes.get(precinct.transfer_point, 0) + 1
        largest = max(sizes, key=lambda point: sizes[point])
        region = next(p.region for p in reference.precincts.values() if p.transfer_point == largest)

        def all_rows() -> None:
            with opened(path) as connection:
                for table in TABLES:
                    connection.execute(f"SELECT * FROM {table}").fetchall()

        def rows_of_point() -> None:
            with opened(path) as connection:
                _rows(connection, "precinct", "transfer_point", largest)
                _rows(connection, "candidate", "region", region)

        nation, point = best_of(lambda: load(path)), best_of(lambda: load(path, largest), repeats=20)
        floors = best_of(all_rows), best_of(rows_of_point, repeats=20)
    report("reference-point", point * 1000, "ms", floor=floors[1] * 1000, at_most=POINT_AT_MOST)
    report("reference-nation", nation * 1000, "ms", floor=floors[0] * 1000, at_most=NATION_AT_MOST)


def _rows(connection: sqlite3.Connection, table: str, column: str, value: int | None) -> None:
    connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", (value,)).fetchall()


if __name__ == "__main__":
    main()
