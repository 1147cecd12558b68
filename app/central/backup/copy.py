"""What lies in a copy of a centre: its files and a manifest that the centre signed.

    prebirka-kz2024-20241004T181500Z-000123/
        manifest.p7m       JSON in CMS: what the copy is of, and the SHA-256 of each file
        centre.sqlite      the database at one moment, also where the centre has it in PostgreSQL
        centre.toml, ca.pem, centre.pem, reference.sqlite, reference.sqlite.p7s, media/…
        centre.key         only where it was asked for, and then encrypted

A copy is written under another name and renamed when it is whole, so what bears its name is one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path, PurePosixPath

from app.central import settings as settings_file
from app.central.settings import CentreFolder
from app.election.errors import KnownError
from app.election.model import Mode
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role

MANIFEST_FILE = "manifest.p7m"
PART = ".part-"
_FORMAT = 1
_LARGEST_MANIFEST = 256 * 1024
_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the database holds: what is told to people, and compared after putting it back."""

    batches: int
    revisions: int
    acts: int
    journal: int
    journal_hash: str
    version: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy says of itself. `database` is the kind that the centre has, `migration` the newest one in
    it; `files` are SHA-256 by path, with `/` between."""

    election: str
    mode: Mode
    made_at: datetime
    program: str
    database: str
    migration: str
    counts: Counts
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """The folder of this copy."""
        moment = self.made_at.astimezone(UTC)
        return f"{prefix(self.election, self.mode)}{moment:%Y%m%dT%H%M%SZ}-{self.counts.journal:06}"

    def to_json(self) -> bytes:
        told = asdict(self) | {"made_at": self.made_at.astimezone(UTC).isoformat(), "format": _FORMAT}
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Manifest:
        """Raises ValueError, KeyError, TypeError or AttributeError for anything else."""
        told = json.loads(data)
        if told.pop("format") != _FORMAT:
            raise ValueError("format")
        files = {str(name): str(digest) for name, digest in told.pop("files").items()}
        if len(files) > _MOST_FILES or not all(map(_is_plain, files)):
            raise ValueError("files")
        made_at = datetime.fromisoformat(told.pop("made_at"))
        if made_at.tzinfo is None:
            raise ValueError("made_at")
        counts, mode = Counts(**told.pop("counts")), Mode(told.pop("mode"))
        return cls(**told, made_at=made_at, counts=counts, mode=mode, files=files)


def prefix(election: str, mode: Mode) -> str:
    """How the folders of one centre's copies begin; a rehearsal's never look like a live election's."""
    return f"prebirka-{election}-{'' if mode is Mode.LIVE else 'zkouska-'}"


def read(folder: Path, authority: bytes, at: datetime) -> Manifest:
    """The manifest of a copy, signed by a centre of this authority (PEM), with every file proved.

    Raises KnownError CEN-61 for what is no whole copy.
    """
    try:
        signed = (folder / MANIFEST_FILE).read_bytes()
    except OSError as error:
        raise broken(folder, f"{MANIFEST_FILE}: {error.strerror}") from error
    try:
        election = settings_file.load(CentreFolder(folder)).election  # believed once its hash is proved
        expected = Expected(Role.CENTRE, election)
        verified = cms.verify(signed, Anchors.from_pem(authority), at, expected, _LARGEST_MANIFEST)
    except KnownError as error:
        raise broken(folder, error.en) from error
    try:
        manifest = Manifest.from_json(verified.content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise broken(folder, f"{MANIFEST_FILE}: {type(error).__name__}") from error
    if settings_file.FILE_NAME not in manifest.files or manifest.election != election:
        raise broken(folder, f"{MANIFEST_FILE}: {manifest.election}")
    for name, digest in manifest.files.items():
        if not same(folder / name, digest):
            raise broken(folder, name)
    return manifest


def same(path: Path, digest: str) -> bool:
    """Whether a regular file is there with this SHA-256."""
    try:
        return path.is_file() and not path.is_symlink() and sha256_of(path) == digest
    except OSError:
        return False


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def prune(place: Path, election: str, mode: Mode, keep: int) -> list[Path]:
    """Remove all but the newest `keep` copies of one centre; what was removed. Copies are the program's own
    files, no results: their names tell their age."""
    if keep < 1:
        return []
    own = prefix(election, mode)
    found = [
        each
        for each in place.iterdir()
        if each.name.startswith(own)
        and each.name[len(own) :][:1].isdigit()
        and (each / MANIFEST_FILE).is_file()
    ]
    old = sorted(found, key=lambda each: each.name)[:-keep]
    for each in old:
        with suppress(OSError):
            shutil.rmtree(each)
    return old


def broken(folder: Path, detail: str) -> KnownError:
    return KnownError(
        "CEN-61",
        f"Složka {folder} není celá záloha ústředí této volební autority ({detail}). Zvolte jinou zálohu.",
        f"The folder {folder} is no whole backup of a centre of this election authority ({detail}). Choose "
        "another backup.",
    )


def _is_plain(name: str) -> bool:
    """A relative path of our own making: nothing that leads out of the folder."""
    path = PurePosixPath(name)
    return (
        bool(name)
        and not path.is_absolute()
        and ".." not in path.parts
        and "\\" not in name
        and ":" not in name
    )
