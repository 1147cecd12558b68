"""What was accepted of one protocol, revision by revision: nothing of it is ever overwritten.

Each revision's figures are read again from the bytes that were kept with it, so that the first one can be
looked at and printed long after it was corrected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents.batch import Source
from app.election.complete import complete
from app.election.model import Protocol, ProtocolKey
from app.station import records
from app.station.states import State
from app.station.store import Store
from app.station.versions import Versions


@dataclass(frozen=True, slots=True)
class Past:
    """One accepted revision. `state`: where it stands by itself (accepted, sent, confirmed, returned)."""

    key: ProtocolKey
    revision: int
    protocol: Protocol
    content_hash: str
    accepted_at: datetime
    accepted_by: str
    approved_by: str | None
    reason: str
    source: Source
    state: State


class History:
    """`station.history`. Safe from any thread."""

    def __init__(self, store: Store, versions: Versions) -> None:
        self._store, self._versions = store, versions

    def of(self, key: ProtocolKey) -> tuple[Past, ...]:
        """All revisions that this workstation accepted, the newest first."""
        db = self._store.connection
        return tuple(
            Past(
                key,
                version.revision,
                complete(self._versions.reading(db, version)),
                version.content_hash,
                version.accepted_at,
                version.accepted_by,
                version.approved_by,
                version.reason,
                Source(version.source),
                records.where_version_stands(db, version.id),
            )
            for version in records.versions_of(db, key)
        )
