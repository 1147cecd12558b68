"""Accepted revisions against their originals, their figures and the journal; acts that the journal counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from app.election.errors import KnownError
from app.station import records
from app.station.audit import finding
from app.station.audit.chains import Told
from app.station.audit.finding import Broken
from app.station.states import Step
from app.station.versions import Versions

#: Acts that make an accepted revision; `recover` is the rebuilding of a station.
ACCEPTING: Final = frozenset({Step.ACCEPT.value, Step.APPROVE.value, Step.CORRECT.value, "recover"})

#: Tables of which each row has its act in the journal.
COUNTED: Final = MappingProxyType(
    {
        "holds": (Step.HOLD.value,),
        "refusals": (Step.REFUSE.value,),
        "mends": ("mend",),
        "drafts": ("entry-begun",),
        "closings": ("entry-closed",),
        "batches": ("batch", "batch-recovered"),
        "receipts": ("receipt",),
    }
)


def check_originals(connection: sqlite3.Connection) -> Iterator[Broken]:
    for row in connection.execute("SELECT sha256, data FROM originals ORDER BY sha256"):
        data = row["data"]
        if not isinstance(data, bytes) or sha256(data).hexdigest() != row["sha256"]:
            yield finding.disagrees("originals", str(row["sha256"]), "Otisk neodpovídá uloženým bajtům.",
                                    "The hash does not belong to the kept bytes.")  # fmt: skip


def check_versions(connection: sqlite3.Connection, told: Told) -> Iterator[Broken]:
    """Each revision: kept bytes → figures → content hash → the act that accepted it, and back."""
    versions = Versions()
    seen: set[tuple[object, ...]] = set()
    for row in connection.execute("SELECT * FROM versions ORDER BY id").fetchall():
        key: tuple[object, ...] = (row["municipality"], row["precinct"], row["contest"], row["revision"])
        seen.add(key)
        try:
            versions.reading(connection, records.version_of(row))
        except KnownError as error:
            yield finding.disagrees("versions", str(row["id"]), error.cs, error.en)
        except (LookupError, TypeError, ValueError) as error:
            yield finding.unreadable("versions", str(row["id"]), str(error))
        if not any(_is_of(act, row) for act in told.revisions.get(key, ())):
            yield finding.disagrees(
                "versions", str(row["id"]), "Deník o tomto převzetí nic neříká, nebo říká něco jiného.",
                "The journal does not tell of this acceptance, or tells otherwise.",
            )  # fmt: skip
    for key, acts in told.revisions.items():
        if key not in seen and any(act["act"] in ACCEPTING for act in acts):
            yield finding.removed("versions", f"{key[0]}/{key[1]} {key[2]} r{key[3]}")


def check_counts(connection: sqlite3.Connection, told: Told) -> Iterator[Broken]:
    """As many rows as acts that made them."""
    for table, acts in COUNTED.items():
        has = int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
        should = sum(told.acts[act] for act in acts)
        if has != should:
            yield finding.disagrees(
                table, f"({has})", f"Řádků je {has}, ale deník jich zná {should}.",
                f"There are {has} rows, but the journal knows of {should}.",
            )  # fmt: skip


def _is_of(act: dict[str, Any], row: sqlite3.Row) -> bool:
    return (
        act["act"] in ACCEPTING
        and act.get("content_hash") == row["content_hash"]
        and act.get("original") == row["original_sha256"]
    )
