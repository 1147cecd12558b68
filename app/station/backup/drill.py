"""The drill: is what lies in the place for backups enough to rebuild from? Tried, not believed.

The newest copy is laid out in a temporary folder, its database verified row by row and opened as a store
would be. The key is not needed and the centre is not asked, so it can run at any time beside the work.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.election.errors import KnownError
from app.station.anchors import read_anchors
from app.station.audit.verify import verify
from app.station.backup import errors
from app.station.backup.choosing import choose
from app.station.backup.making import make_standalone
from app.station.config import (
    CA_FILE,
    REFERENCE_FILE,
    REFERENCE_SIGNATURE_FILE,
    StationConfig,
)
from app.station.reference_file import load_verified
from app.station.store import STORE_FILE, Store


@dataclass(frozen=True, slots=True)
class Drilled:
    """What a drill found. `made_at` is when the copy was made; `trouble` is None when it is good."""

    at: datetime
    made_at: datetime | None
    accepted: int
    journal: int
    trouble: KnownError | None

    @property
    def passed(self) -> bool:
        return self.trouble is None


def drill(place: Path, station: str, at: datetime) -> Drilled:
    """Rebuild the newest copy of a station into a temporary folder and verify it there."""
    try:
        source = choose(place, station)
        with tempfile.TemporaryDirectory(prefix="prebirka-drill-") as base:
            folder = Path(base)
            shutil.copyfile(source.folder / CA_FILE, folder / CA_FILE)
            for name in (REFERENCE_FILE, REFERENCE_SIGNATURE_FILE):
                shutil.copyfile(source.reference / name, folder / name)
            make_standalone(source.folder / STORE_FILE, folder / STORE_FILE)
            accepted = _opened(folder, source.config, at)
        return Drilled(at, source.made_at, accepted, source.audit.journal[0], None)
    except KnownError as error:
        return Drilled(at, None, 0, 0, error)
    except OSError as error:
        return Drilled(at, None, 0, 0, errors.not_written(place, str(error)))


def _opened(folder: Path, config: StationConfig, at: datetime) -> int:
    """Open what was laid out as a station would, and prove it again; how many protocols are accepted."""
    anchors = read_anchors(folder)
    load_verified(folder, config, anchors, at)
    store = Store(folder / STORE_FILE, config, lambda: at)
    try:
        accepted = int(store.rows("SELECT count(*) FROM protocols WHERE revision > 0")[0][0])
    finally:
        store.close()
    audit = verify(folder / STORE_FILE, config, anchors)
    if not audit.is_whole:
        raise errors.differs(folder, audit.broken[0].place)
    return accepted
