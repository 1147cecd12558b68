"""The tables that others rely on: refusal codes, and the SQL that SQLAlchemy believes in."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from app.central import schema
from app.central.centre import Centre
from app.central.database import Database
from app.central.refusals import REFUSALS
from app.election.errors import KnownError


def test_the_refusal_codes_are_stable() -> None:
    assert {code: (refusal.http_status, refusal.alarm) for code, refusal in REFUSALS.items()} == {
        "ING-01": (413, False),
        "ING-02": (415, False),
        "ING-03": (400, False),
        "ING-04": (403, False),
        "ING-05": (403, False),
        "ING-06": (422, False),
        "ING-07": (403, True),
        "ING-08": (422, False),
        "ING-09": (422, True),
        "ING-10": (409, True),
        "ING-11": (409, True),
        "ING-12": (429, False),
        "ING-13": (408, False),
        "ING-14": (503, True),
        "ING-15": (409, False),
        "ING-16": (409, True),
        "ING-20": (200, True),
        "ING-21": (200, False),
        "ING-22": (200, False),
        "ING-23": (200, True),
        "ING-24": (200, False),
        "ING-17": (403, False),
        "ING-50": (403, False),
        "ING-51": (409, True),
        "ING-52": (422, False),
        "ING-53": (403, True),
        "ING-40": (429, False),
        "ING-41": (429, False),
        "ING-42": (503, False),
        "ING-43": (408, False),
        "ING-44": (400, False),
        "ING-45": (415, False),
        "ING-46": (411, False),
        "ING-47": (404, False),
        "ING-48": (405, False),
        "ING-30": (422, False),
        "ING-31": (403, False),
        "ING-32": (403, True),
    }


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=lambda refusal: refusal.code)
def test_each_refusal_is_a_sentence_in_both_languages(refusal: object) -> None:
    for sentence in (refusal.cs, refusal.en):  # type: ignore[attr-defined]
        assert sentence[0].isupper()
        assert sentence.endswith(".")
    assert refusal.cs != refusal.en  # type: ignore[attr-defined]


def test_the_migrations_make_the_tables_that_the_program_knows(centre: Centre) -> None:
    with centre.database.reading() as connection:
        inspector = inspect(connection)
        made = {
            name: [column["name"] for column in inspector.get_columns(name)]
            for name in inspector.get_table_names()
            if name != "migration"
        }
    assert made == {name: [c.name for c in table.columns] for name, table in schema.metadata.tables.items()}


def test_a_database_of_a_newer_program_is_not_opened(tmp_path: Path) -> None:
    database = Database(tmp_path / "centre.sqlite")
    with database.writing() as connection:
        connection.execute(text("INSERT INTO migration (name) VALUES ('9999_future.sql')"))
    database.close()
    with pytest.raises(KnownError, match="CEN-10"):
        Database(tmp_path / "centre.sqlite")


@pytest.mark.only_on("sqlite")
def test_a_commit_is_flushed_and_readers_never_wait(centre: Centre) -> None:
    with centre.database.reading() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", 2, 1]
