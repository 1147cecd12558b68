"""Stores as earlier versions of the program left them: rows, and the certificates that prove them.

The files were written by those versions and are never made again. `0004.json` holds what a store could hold
with the migrations up to 0004.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import column, table

from app.central import schema
from app.central.database import Database
from app.central.senders import Seal
from app.trust import keys
from app.trust.anchors import Anchors
from app.trust.certificate import Certificate

FOLDER = Path(__file__).resolve().parents[1] / "central" / "stores"
Rows = dict[str, list[dict[str, object]]]


@dataclass(frozen=True)
class Frozen:
    """`version` is the number of its last migration."""

    version: str
    election: str
    seal: Seal
    rows: Rows

    def put_into(self, database: Database) -> None:
        """Write the rows, each after those that it speaks of."""
        with database.writing() as connection:
            for name in (*_order(), *(self.rows.keys() - set(_order()))):
                for row in self.rows.get(name, ()):
                    connection.execute(table(name, *map(column, row)).insert(), row)

    def found_in(self, database: Database) -> Rows:
        """The same columns of the same tables, as they are now."""
        found: Rows = {}
        with database.reading() as connection:
            for name, rows in self.rows.items():
                of_table = schema.metadata.tables[name]
                columns = [of_table.c[each] for each in rows[0]] if rows else list(of_table.c)
                query = of_table.select().with_only_columns(*columns).order_by(*columns[:2])
                found[name] = [dict(row) for row in connection.execute(query).mappings()]
        return found


@cache
def stores() -> list[Frozen]:
    """All of them, oldest first."""
    return [_read(path) for path in sorted(FOLDER.glob("*.json"))]


def _read(path: Path) -> Frozen:
    told = json.loads(path.read_text("utf-8"))
    rows = {
        name: [{key: _value(value) for key, value in row.items()} for row in rows]
        for name, rows in told["rows"].items()
    }
    anchors = Anchors.from_pem(told["authority"].encode())
    seal = Seal(anchors, keys.make_key(), Certificate.from_pem(told["centre"].encode()))
    return Frozen(path.stem, told["election"], seal, rows)


def _value(value: object) -> object:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _order() -> list[str]:
    return [
        "station_act", "batch", "set_aside", "revision", "verdict", "journal", "permit", "chain_act",
        "released", "publication", "published_batch", "act", "change", "belongs",
    ]  # fmt: skip
