"""What the supervisor's page needs of a window, over rows made by hand: no store, no thread, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.election.model import Mode, ProtocolKey
from app.station.completeness import Row
from app.station.connection import Connection, Line
from tests.support import invented_election
from tests.support.point_rows import NOW


class FakeStation:
    """A station that has these rows and this line, and nothing else."""

    def __init__(self, rows: tuple[Row, ...], connection: Connection) -> None:
        self.rows, self.line = rows, connection
        self.reference = invented_election.reference(mode=Mode.REHEARSAL)
        self.config = SimpleNamespace(transfer_point=41)
        self.point = SimpleNamespace(pull=SimpleNamespace(news=SimpleNamespace(heard=None)))

    def completeness(self) -> Any:
        return SimpleNamespace(rows=self.rows)

    def connection(self) -> Connection:
        return self.line


@dataclass
class PointHost:
    """Runs work at once and remembers what was asked of it."""

    station: Any
    now: datetime = NOW
    opened: list[ProtocolKey] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    messages: Any = None
    documents: Any = None
    user: Any = None

    def clock(self) -> datetime:
        return self.now

    def run(
        self, work: Callable[[], Any], done: Callable[[Any], None], context: QWidget, failed: Any = None
    ) -> None:
        done(work())

    def open_protocol(self, key: ProtocolKey) -> None:
        self.opened.append(key)

    def count(self, section: str, waiting: int) -> None:
        pass


def host(rows: tuple[Row, ...], heard: datetime | None = None) -> PointHost:
    return PointHost(FakeStation(rows, Connection(Line.ONLINE, NOW, last_receipt=heard)))
