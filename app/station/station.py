"""One transfer point's workstation without a window (skeleton: the signatures are final).

The desk, the command line and the rehearsal drive this and nothing below it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType

from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station.changes import Listener
from app.station.completeness import Completeness, Progress, Row
from app.station.connection import Connection
from app.station.intake import Intake


class Station:
    """`Station.open(folder, clock)`; use as a context manager, or `close()`."""

    reference: Reference
    intake: Intake

    @classmethod
    def open(cls, folder: Path, clock: Callable[[], datetime], passphrase: str | None = None) -> Station:
        raise NotImplementedError

    def sender(self, transport: object | None = None) -> object:
        """The sender over `transport` (default: HTTP to the configured centre): `.step(now)`,
        `.run_forever(stop_event)`, `.wake()`."""
        raise NotImplementedError

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        raise NotImplementedError

    def completeness(self) -> Completeness:
        raise NotImplementedError

    def row(self, key: ProtocolKey) -> Row | None:
        raise NotImplementedError

    def progress(self) -> Progress:
        raise NotImplementedError

    def connection(self) -> Connection:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Station:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
