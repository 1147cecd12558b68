"""Which copy a station is rebuilt from: the newest that proves itself whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.election.errors import KnownError
from app.station.anchors import read_anchors
from app.station.audit.verify import Audit, verify
from app.station.backup import errors
from app.station.backup.place import PREFIX, Copy, copies, read_copy
from app.station.config import (
    CONFIG_FILE,
    REFERENCE_FILE,
    REFERENCE_SIGNATURE_FILE,
    StationConfig,
    read_config,
)
from app.station.store import STORE_FILE


@dataclass(frozen=True, slots=True)
class Source:
    """What a station is rebuilt from: a copy, or the folder of a station whose database went back in time.
    `made_at` is None for the latter; `reference` is the folder with the reference data."""

    folder: Path
    reference: Path
    made_at: datetime | None
    config: StationConfig
    audit: Audit


def choose(place: Path, station: str = "") -> Source:
    """The newest whole copy in a place, in a station's folder of it, or this very copy; `station` says whose
    where there are several. Raises `RestoreRefused` BAK-04."""
    candidates = _candidates(place, station)
    if not candidates and (place / CONFIG_FILE).is_file() and (place / STORE_FILE).is_file():
        return _living(place)
    detail = "none"
    for copy in candidates:
        try:
            return proved(copy)
        except KnownError as error:
            detail = f"{copy.folder.name}: {error.en}"
    raise errors.nothing_usable(place, detail)


def proved(copy: Copy) -> Source:
    """A copy with everything in it verified. Raises `KnownError` for one that is not whole."""
    for name, digest in copy.manifest.files.items():
        try:
            same = sha256((copy.folder / name).read_bytes()).hexdigest() == digest
        except OSError:
            same = False
        if not same:
            raise errors.differs(copy.folder, name)
    config = read_config(copy.folder)
    audit = verify(copy.folder / STORE_FILE, config, read_anchors(copy.folder))
    if not audit.is_whole:
        raise errors.differs(copy.folder, audit.broken[0].place)
    if (audit.seal.seq, audit.seal.hash) != (copy.manifest.seal, copy.manifest.seal_hash):
        raise errors.differs(copy.folder, "head")
    for name in (REFERENCE_FILE, REFERENCE_SIGNATURE_FILE):
        if not (copy.reference_folder / name).is_file():
            raise errors.differs(copy.folder, name)
    return Source(copy.folder, copy.reference_folder, copy.manifest.made_at, config, audit)


def _living(folder: Path) -> Source:
    """A station's own folder. Its mark knows more than its database, which is why it is rebuilt."""
    config = read_config(folder)
    audit = verify(folder / STORE_FILE, config, read_anchors(folder))
    if not audit.is_whole:
        raise errors.nothing_usable(folder, audit.broken[0].place)
    return Source(folder, folder, None, config, audit)


def _candidates(place: Path, station: str) -> list[Copy]:
    one = read_copy(place)
    if one is not None:
        return [one]
    own = copies(place)
    if own:
        return own
    found: dict[str, list[Copy]] = {}
    try:
        homes = sorted(place.glob(f"{PREFIX}*"))
    except OSError:
        homes = []
    for home in homes:
        for copy in copies(home):
            found.setdefault(copy.manifest.station, []).append(copy)
    if station:
        return found.get(station, [])
    if len(found) > 1:
        raise errors.several(place, sorted(found))
    return next(iter(found.values()), [])
