"""The two chains of a store: the journal and the seals, each row naming the hash of the one before."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from app.station import journal, seals
from app.station.audit import finding
from app.station.audit.finding import Broken


@dataclass
class Told:
    """What the journal tells, ready to be compared with the tables."""

    hashes: dict[int, str] = field(default_factory=dict)
    acts: Counter[str] = field(default_factory=Counter)
    #: By (municipality, precinct, contest, revision): details of each act on an accepted revision.
    revisions: dict[tuple[object, ...], list[dict[str, Any]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    recovered: dict[int, str] = field(default_factory=dict)  # batches got back from the centre: hash

    @property
    def head(self) -> tuple[int, str]:
        last = max(self.hashes, default=0)
        return last, self.hashes.get(last, seals.GENESIS)


def check_journal(connection: sqlite3.Connection, told: Told) -> list[Broken]:
    """The first row at which the journal is broken; fills `told` up to there."""
    expected, previous = 1, journal.GENESIS
    for row in connection.execute("SELECT * FROM journal ORDER BY seq"):
        if row["seq"] != expected or row["previous_hash"] != previous or row["hash"] != _journal_hash(row):
            return [finding.chain_broken("journal", expected)]
        _note(told, row)
        expected, previous = expected + 1, row["hash"]
    return []


def check_seals(connection: sqlite3.Connection, told: Told) -> list[Broken]:
    """The first seal at which their chain is broken, and whether the journal goes as far as they say."""
    expected, previous, journal_seq = 1, seals.GENESIS, 0
    for row in connection.execute("SELECT * FROM seals ORDER BY seq"):
        if row["seq"] != expected or row["previous_hash"] != previous or row["hash"] != _seal_hash(row):
            return [finding.chain_broken("seals", expected)]
        journal_seq = row["journal_seq"]
        if journal_seq and told.hashes.get(journal_seq) != row["journal_hash"]:
            return [finding.removed("journal", str(journal_seq))]
        expected, previous = expected + 1, row["hash"]
    if expected > 1 and told.head[0] > journal_seq:
        return [finding.foreign("journal", str(journal_seq + 1))]
    return []


def _journal_hash(row: sqlite3.Row) -> str:
    try:
        return journal.hash_of_row(row)
    except (TypeError, ValueError):  # a damaged text
        return ""


def _seal_hash(row: sqlite3.Row) -> str:
    try:
        seals.entries_of(row["entries"])
        return seals.hash_of(*tuple(row)[:-1])
    except (TypeError, ValueError):
        return ""


def _note(told: Told, row: sqlite3.Row) -> None:
    told.hashes[row["seq"]] = row["hash"]
    told.acts[row["act"]] += 1
    try:
        details = json.loads(row["details"])
    except ValueError:
        return
    if row["revision"] is not None:
        key = (row["municipality"], row["precinct"], row["contest"], row["revision"])
        told.revisions[key].append({"act": row["act"], **details})
    if row["act"] == "batch-recovered":
        told.recovered[details["batch"]] = details["hash"]
