"""What this transfer point's accepted protocols say about the one on the desk (`app.election.surroundings`).

The store is the only memory: each question first takes in what was accepted since the last one, so a restart,
a correction or a version approved a moment ago need no message. A version whose bytes no longer say what was
accepted is left out here; the outbox refuses to send it and says so.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock

from app.election.complete import complete
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.election.surroundings import Surroundings, SurroundingsBuilder
from app.station import records
from app.station.errors import StoreTrouble
from app.station.store import Store
from app.station.versions import Versions


class Neighbours:
    """The surroundings of every protocol at this station. Safe from any thread.

    Do not ask within a transaction that has added a version: it might not stay.
    """

    def __init__(self, store: Store, versions: Versions, reference: Reference) -> None:
        self._store, self._versions = store, versions
        self._builder = SurroundingsBuilder(reference)
        self._seen = 0  # id of the last version taken in
        self._guard = Lock()

    def of(self, key: ProtocolKey) -> Surroundings:
        """What is known around this protocol now."""
        db = self._store.connection
        with self._guard:
            for version in records.versions_after(db, self._seen):
                with suppress(StoreTrouble):
                    self._builder.add(complete(self._versions.reading(db, version)))
                self._seen = version.id
            return self._builder.of(key)
