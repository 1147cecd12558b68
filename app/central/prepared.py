"""Statements of SQLAlchemy Core compiled once and run by the driver itself: the hot path of ingest.

Compiling, binding and wrapping a result cost several times what SQLite needs to answer; a batch needs a
dozen statements. What is prepared stays portable: the text is compiled for whichever database is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import ClauseElement, Connection, Dialect
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]
_T = TypeVar("_T")


class Prepared:
    """One statement. Parameters are given by name; errors are SQLAlchemy's."""

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, tuple[str, ...] | None, dict[str, Any]]] = {}

    def rows(self, connection: Connection, **parameters: Any) -> list[Row]:
        """Every row of the answer."""
        rows: list[Row] = self._run(connection, parameters).fetchall()
        return rows

    def row(self, connection: Connection, **parameters: Any) -> Row | None:
        """The first row of the answer."""
        row: Row | None = self._run(connection, parameters).fetchone()
        return row

    def asked(self, connection: Connection, **parameters: Any) -> Callable[[], Row | None]:
        """Ask for the first row of the answer and return what waits for it: inside `together` a server gets
        the question with the next ones."""
        cursor = self._run(connection, parameters)
        return lambda: guarded(connection, "", cursor.fetchone)

    def each(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run once for each row of parameters."""
        text, names, fixed = self._text(connection.dialect)
        values = [_values(names, {**fixed, **row}) for row in rows]
        cursor = connection.connection.cursor()
        if len(values) == 1:
            guarded(connection, text, lambda: cursor.execute(text, values[0]))
        elif values:
            guarded(connection, text, lambda: cursor.executemany(text, values))

    def rows_of_each(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> list[list[Row]]:
        """The answers to several rows of parameters, in their order; a server is asked for all at once."""
        text, names, fixed = self._text(connection.dialect)
        values = [_values(names, {**fixed, **row}) for row in rows]
        cursor: Any = connection.connection.cursor()
        if not values or not hasattr(cursor, "nextset"):
            return [self._fetched(connection, cursor, text, each) for each in values]
        guarded(connection, text, lambda: cursor.executemany(text, values, returning=True))
        return guarded(connection, text, lambda: [result.fetchall() for result in cursor.results()])

    def _fetched(self, connection: Connection, cursor: Any, text: str, values: Any) -> list[Row]:
        guarded(connection, text, lambda: cursor.execute(text, values))
        found: list[Row] = cursor.fetchall()
        return found

    def _run(self, connection: Connection, parameters: Mapping[str, Any]) -> Any:
        text, names, fixed = self._text(connection.dialect)
        cursor = connection.connection.cursor()
        values = _values(names, {**fixed, **parameters})
        guarded(connection, text, lambda: cursor.execute(text, values))
        return cursor

    def _text(self, dialect: Dialect) -> tuple[str, tuple[str, ...] | None, dict[str, Any]]:
        found = self._compiled.get(dialect.name)
        if found is None:
            compiled = self._statement.compile(dialect=dialect)
            names: list[str] | None = getattr(compiled, "positiontup", None)
            fixed = {name: value for name, value in compiled.params.items() if value is not None}
            found = str(compiled), None if names is None else tuple(names), fixed
            self._compiled[dialect.name] = found
        return found


def _values(names: tuple[str, ...] | None, parameters: Mapping[str, Any]) -> Any:
    return parameters if names is None else tuple([parameters[name] for name in names])


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Send a server these prepared statements in one message: while it holds the writer's lock, a batch is
    not to wait for one answer after the other. Errors are those of each statement, at the latest at the end.
    A database in the same process has nothing to wait for."""
    pipeline = getattr(connection.connection.dbapi_connection, "pipeline", None)
    if pipeline is None:
        yield
        return
    with _errors_of(connection, ""), pipeline():
        yield


def guarded(connection: Connection, text: str, run: Callable[[], _T]) -> _T:
    """Let the driver run a statement; its errors become SQLAlchemy's, which tell whether the connection
    is lost."""
    with _errors_of(connection, text):
        return run()


@contextmanager
def _errors_of(connection: Connection, text: str) -> Iterator[None]:
    dialect = connection.dialect
    errors = dialect.loaded_dbapi.Error
    try:
        yield
    except errors as error:
        lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
        raise DBAPIError.instance(
            text, None, error, errors, hide_parameters=True, connection_invalidated=lost, dialect=dialect
        ) from error
