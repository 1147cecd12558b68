"""What the centre's journal tells of everything else in the store: the audit's witness, read in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from app.central import recorded, schema
from app.central.acts import JOURNALLED
from app.central.audit_acts import ToldAct
from app.central.audit_operators import ToldRow
from app.central.chains import station_of
from app.central.journal import Act

#: Acts of the journal that tell of a stored batch, and of one that was set aside.
_TAKEN = frozenset({Act.BATCH_TAKEN, Act.BATCH_KEPT_OVER_A_GAP})
_ASIDE = frozenset({Act.BATCH_REFUSED, Act.BATCH_QUARANTINED})
_ACTS = frozenset(JOURNALLED.values())


class Told:
    """What the journal tells, in the order in which it was written."""

    def __init__(self, connection: Connection) -> None:
        self.taken: list[tuple[str, str, str, dict[str, Any]]] = []  # chain, number, time, detail
        self.aside: list[tuple[str, str, str, dict[str, Any]]] = []
        self.said: list[tuple[str, str]] = []  # code and rules of each protocol, by the receipts
        self.acts: list[ToldAct] = []
        self.permits: list[ToldRow] = []
        self.readiness: list[ToldRow] = []
        self.chain_acts: list[ToldRow] = []
        self.closed: list[ToldRow] = []
        self.changes: list[ToldRow] = []
        self.recorded: list[dict[str, Any]] = []  # rows that the journal tells whole
        self.stations: list[tuple[str, str, str, dict[str, Any]]] = []  # act too
        columns = schema.journal.c
        rows = connection.execute(
            select(columns.at, columns.act, columns.subject, columns.detail).order_by(columns.id)
        )
        chains: dict[str, str] = {}  # which one of a station goes on
        for at, act, subject, detail in rows:
            row = ToldRow(act, subject, at, json.loads(detail))
            if act in _TAKEN or act in _ASIDE:
                station, _, number = subject.rpartition(" ")
                if act in _TAKEN:
                    self.taken.append((chains.get(station, station), number, at, row.detail))
                else:
                    self.aside.append((station, number, at, row.detail))
            elif act in _ACTS:
                self.acts.append(ToldAct(act, at, row.detail))
            elif act in (Act.STATION_ADDED, Act.STATION_REVOKED):
                self.stations.append((act, subject, at, row.detail))
            elif act in (Act.STATION_QUARANTINED, Act.STATION_SETTLED):
                self.chain_acts.append(row)
                chains[subject] = row.detail["chain"]
            elif act == Act.PERMIT_GIVEN:
                self.permits.append(row)
            elif act in recorded.TELLING:
                self.recorded.append(row.detail)
            elif act == Act.READINESS_REPORTED:
                self.readiness.append(row)
            elif act == Act.BATCH_PUBLISHED:
                self.closed.append(row)
            elif act == Act.CHANGES_PUBLISHED:
                self.changes.append(row)

    def items(self) -> Iterator[tuple[int, int, str, str, list[Any]]]:
        """Each protocol of each batch: batch, position, station, time, and what the journal says of it."""
        for number, (chain, _, at, detail) in enumerate(self.taken, start=1):
            for position, item in enumerate(detail["items"], start=1):
                yield number, position, station_of(chain), at, item
