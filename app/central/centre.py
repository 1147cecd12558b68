"""An opened centre: its folder, store, ingest, publisher and the documents it serves, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.central.database import Database
from app.central.ingest import Ingest
from app.central.publisher import Publisher
from app.central.settings import CentreSettings
from app.central.site import Site
from app.election.reference import Reference
from app.trust.certificate import Certificate
from app.trust.keys import PrivateKey

Clock = Callable[[], datetime]


class Centre:
    """`open` checks everything before anything starts; `close` ends it in order."""

    settings: CentreSettings
    reference: Reference
    database: Database
    ingest: Ingest
    publisher: Publisher
    site: Site

    @classmethod
    def open(cls, folder: Path, clock: Clock) -> Centre:
        """Open a centre's folder. Raises KnownError when a part of it is missing, wrong or of another mode."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop the publisher after what it is doing, then close the store."""
        raise NotImplementedError


def init(
    folder: Path,
    settings: CentreSettings,
    *,
    authority: bytes,
    key: PrivateKey,
    certificate: Certificate,
    reference: Path,
    reference_signature: Path,
) -> None:
    """Make a centre's folder: settings, the election authority (PEM), key, certificate, reference file."""
    raise NotImplementedError
