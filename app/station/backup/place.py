"""A place for backups: a folder for each station, in it a folder for each copy.

    prebirka-662-1/
      20240921T140512Z-000123/     store.sqlite station.toml ca.pem station.pem [station.key] manifest.json
      reference-1a2b3c4d5e6f/      reference.sqlite reference.sqlite.p7s, once for all copies

A copy is written under another name and renamed when it is whole and verified, so what bears its name is
one. Copies are the program's own files, no results: all but the newest few are removed.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from app.election.model import Mode
from app.station.store import from_instant, instant

MANIFEST_FILE = "manifest.json"
PREFIX = "prebirka-"
PART = ".part-"
_FORMAT = 1
#: Seconds after which an unfinished copy is nobody's any more.
_LEFT_BEHIND = 3600


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy says of itself. Heads as in `app.station.head_mark`; `batches` is the last batch's number
    (0: none); `files` are SHA-256 by name, as written and read again."""

    election: str
    mode: Mode
    station: str
    transfer_point: int
    made_at: datetime
    program: str
    seal: int
    seal_hash: str
    journal: int
    journal_hash: str
    batches: int
    reference: str
    files: dict[str, str]

    def to_json(self) -> str:
        told = asdict(self) | {"made_at": instant(self.made_at), "format": _FORMAT}
        return json.dumps(told, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Raises ValueError, KeyError or TypeError for anything else."""
        told = json.loads(text)
        if told.pop("format") != _FORMAT:
            raise ValueError("format")
        return cls(**told | {"made_at": from_instant(told["made_at"]), "mode": Mode(told["mode"])})


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy in a place."""

    folder: Path
    manifest: Manifest

    @property
    def reference_folder(self) -> Path:
        return self.folder.parent / self.manifest.reference


def folder_of(place: Path, station: str) -> Path:
    return place / f"{PREFIX}{station}"


def copies(folder: Path) -> list[Copy]:
    """The copies in a station's folder of a place, newest first; what is no copy is passed over."""
    found = []
    with suppress(OSError):
        for one in folder.iterdir():
            copy = None if one.name.startswith(PART) else read_copy(one)
            if copy is not None:
                found.append(copy)
    return sorted(found, key=lambda copy: (copy.manifest.made_at, copy.manifest.seal), reverse=True)


def read_copy(folder: Path) -> Copy | None:
    """The copy in this very folder; None when it is none."""
    try:
        return Copy(folder, Manifest.from_json((folder / MANIFEST_FILE).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def prune(folder: Path, keep: int) -> None:
    """Remove all but the newest `keep` copies, and what an interrupted one left an hour ago or more: a
    younger one may be another program's that is just being written."""
    found = copies(folder)
    for copy in found[keep:]:
        shutil.rmtree(copy.folder, ignore_errors=True)
    with suppress(OSError, IndexError):
        newest = found[0].folder.stat().st_mtime
        for one in folder.iterdir():
            if one.name.startswith(PART) and one.stat().st_mtime < newest - _LEFT_BEHIND:
                shutil.rmtree(one, ignore_errors=True)
