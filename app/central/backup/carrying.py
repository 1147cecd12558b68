"""Rows of one database carried into another, as they are: between PostgreSQL and the SQLite file of a copy.

The tables are those that the migrations made at the target, read from the database itself, so that a table
which came with a later migration is carried too. What they hold is numbers, text and bytes, the same in
both; nothing is judged here: the centre proves its database when it starts.
"""

from __future__ import annotations

from sqlalchemy import Connection, MetaData, Table, select, text

from app.election.errors import KnownError

#: Rows in one statement: some hold a signed batch.
_AT_ONCE = 500
_MIGRATIONS = "migration"


def applied(connection: Connection) -> set[str]:
    """The migrations that a database has, by the names that both databases share; empty for a new one."""
    names = connection.execute(text(f"SELECT name FROM {_MIGRATIONS}")).scalars()  # noqa: S608 - a constant
    return {name for name in names if name.count(".") == 1}


def carry(source: Connection, target: Connection) -> int:
    """Put every row of `source` into the empty tables of `target`; how many there were.

    Both in a transaction of the caller. Raises KnownError CEN-64 when they are not of one version, or when
    something is in the target already.
    """
    theirs, ours = applied(source), applied(target)
    if theirs != ours:
        raise _not_carried(", ".join(sorted(theirs ^ ours)))
    tables = MetaData()
    tables.reflect(bind=target)
    return sum(
        _carry_table(source, target, each) for each in tables.sorted_tables if each.name != _MIGRATIONS
    )


def _carry_table(source: Connection, target: Connection, table: Table) -> int:
    if target.execute(select(table.c[0]).limit(1)).first() is not None:
        raise _not_carried(table.name)
    order = list(table.primary_key.columns) or list(table.columns)
    # by the key: a row may name an earlier one of its own table
    rows = source.execution_options(stream_results=True).execute(select(table).order_by(*order))
    count = 0
    for part in rows.partitions(_AT_ONCE):
        target.execute(table.insert(), [dict(row._mapping) for row in part])
        count += len(part)
    return count


def _not_carried(detail: str) -> KnownError:
    return KnownError(
        "CEN-64",
        f"Data nelze přenést do jiné databáze: cílová není prázdná, nebo jsou verze různé ({detail}). "
        "Použijte prázdnou databázi a tutéž verzi programu.",
        f"The data cannot be carried into another database: it is not empty, or the versions differ "
        f"({detail}). Use an empty database and the same version of the program.",
    )
