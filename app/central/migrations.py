"""Migrations: the scripts that bring a database from whatever version it has to the newest one.

`resources/migrations/central/NNNN_name.sql` is for every database, `NNNN_name.{dialect}.sql` for one. What
was applied stands in the table `migration`; a script that was published is never changed.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from app.central.engines import Store
from app.election.errors import KnownError


def migrate(store: Store, connection: Connection, upto: str = "") -> None:
    """Apply the migrations that the database has not seen yet, in the caller's transaction.

    `upto` (such as "0003") leaves out those after it. Raises KnownError CEN-10.
    """
    if not inspect(connection).has_table("migration"):  # asked first: who may only append may make no table
        connection.execute(text("CREATE TABLE migration (name TEXT PRIMARY KEY)"))
    done = set(connection.execute(text("SELECT name FROM migration")).scalars())
    known = {script.name: script for script in store.scripts()}
    if unknown := done - known.keys():
        raise KnownError(
            "CEN-10",
            f"Databáze ústředí je z novější verze programu ({max(unknown)}). Spusťte ji.",
            f"The centre's database is of a newer version of the program ({max(unknown)}): run it.",
        )
    for name, script in known.items():
        if name in done or (upto and name[: len(upto)] > upto):
            continue
        store.run_script(connection, script.read_text("utf-8"))
        connection.execute(text("INSERT INTO migration (name) VALUES (:name)"), {"name": name})
