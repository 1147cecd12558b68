"""The files of a version, and what lies beside each: its signature and its compressed forms.

Whatever changed is signed and compressed here, once, on the publisher's thread: nothing is compressed on a
reader's request, and what did not change is neither signed nor written again. Gzip at level 4 and brotli at
quality 4 cost about 10 ms a megabyte each; a publication of a rush changes one to three megabytes, so both
fit beside the counting, for the largest files too. One body under two names (the latest batch has a number
too) is one file.

The order is fixed, because later files speak of earlier ones: documents, CSV tables, acts, checkpoint,
pointer, and the manifest, which lists them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from app import resources
from app.central.senders import Seal
from app.central.site import ENDINGS, WORTH_COMPRESSING, Packed, compressed
from app.documents.act import Act
from app.documents.act import published as acts_published
from app.documents.feed import checkpoint, index, manifest, zero
from app.documents.feed.index import State
from app.documents.feed.manifest import Listed
from app.documents.feed.parts import Issue
from app.election.reference import Reference
from app.trust import cms

SIGNATURE = ".p7s"
#: Schemas of published documents, by the beginnings of their names.
_PUBLISHED = ("kz_", "se_", "feed_", "ukony.", "ukon_udaje.", "zapis.")


@dataclass(frozen=True, slots=True)
class File:
    """One file with its SHA-256 in hexadecimal, its detached signature and its compressed forms."""

    body: bytes
    sha256: str
    signature: bytes
    packed: Packed

    def written(self, path: str) -> dict[str, bytes]:
        """Everything that lies on the disk of it, by path."""
        beside = {path + ENDINGS[coding]: body for coding, body in self.packed.items()}
        return {path: self.body, path + SIGNATURE: self.signature, **beside}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the pointer and the checkpoint say: how far publication is, and the list of changes."""

    state: State
    size: int
    root: bytes
    last_changes: int
    acts: tuple[Act, ...] = field(default=())


def folder_of(election: str) -> str:
    """Where the feed's own documents lie in a version."""
    return f"feed/{election}"


class Editions:
    """The files as they are now; `unwritten` are the paths that the last version on disk has not."""

    def __init__(self, reference: Reference, seal: Seal) -> None:
        self.files: dict[str, File] = {}
        self.unwritten: set[str] = set()
        self.issue = Issue(reference.election.code, reference.election.mode)
        self.folder = folder_of(reference.election.code)
        self._reference = reference
        self._seal = seal

    def put(self, documents: Mapping[str, bytes], now: datetime) -> None:
        """Take documents by path; one whose bytes are as before is not new."""
        made: dict[bytes, File] = {}
        for path, body in documents.items():
            before = self.files.get(path)
            if before is None or before.body != body:
                if body not in made:
                    made[body] = self.made(body, now)
                self.files[path] = made[body]
                self.unwritten.add(path)

    def made(self, body: bytes, now: datetime) -> File:
        """A file with all that lies beside it."""
        signature = cms.sign_detached(body, self._seal.key, self._seal.certificate, now)
        worth = len(body) > WORTH_COMPRESSING
        packed = {coding: compressed(body, coding) for coding in ENDINGS} if worth else {}
        return File(body, hashlib.sha256(body).hexdigest(), signature, packed)

    def put_fixed(self, now: datetime) -> None:
        """What is the same for the whole night: the zero file and the schemas."""
        fixed = {"zero.xml": zero.write(self._reference)}
        fixed |= {f"xsd/{name}": body for name, body in _schemas().items()}
        self.put(self._placed(fixed), now)

    def adopt(self, files: Mapping[str, File]) -> None:
        """Take files that were made elsewhere (`tables`)."""
        self.files.update(files)
        self.unwritten.update(files)

    def tables(self, number: int, tables: Mapping[str, bytes], now: datetime) -> dict[str, File]:
        """The CSV twin of `vysledky_okrsky` batch `number`, from its tables by name; on any thread."""
        named = {f"csv/{name}_{number:05d}.csv": body for name, body in tables.items()}
        return {path: self.made(body, now) for path, body in self._placed(named).items()}

    def close(self, version: int, standing: Standing, now: datetime) -> None:
        """Acts, checkpoint, pointer and manifest of a version, after everything else was put."""
        issue, last = self.issue, standing.last_changes
        point = checkpoint.Checkpoint(issue, version, standing.size, standing.root, last, now)
        pointer = index.Index(issue, standing.state, version, now, self.folder, last)
        own = {
            "acts.xml": acts_published(issue.election, issue.mode, standing.acts),
            "checkpoint.xml": checkpoint.write(point),
            "index.xml": index.write(pointer),
        }
        self.put(self._placed(own), now)
        listing = f"{self.folder}/manifest.xml"
        listed = [
            Listed(path, len(file.body), file.sha256) for path, file in self.files.items() if path != listing
        ]
        self.put({listing: manifest.write(issue, version, now, listed)}, now)

    def on_disk(self) -> dict[str, bytes]:
        """Everything that a version's folder holds, by path."""
        return {name: body for path, file in self.files.items() for name, body in file.written(path).items()}

    def on_disk_new(self) -> set[str]:
        """The paths of `on_disk` that have to be written; the rest is as in the version before."""
        return {name for path in self.unwritten for name in self.files[path].written(path)}

    def served(self) -> tuple[dict[str, bytes], dict[str, Packed]]:
        """Plain files and signatures by path, and the compressed forms of those that changed."""
        plain = {path: file.body for path, file in self.files.items()}
        plain |= {path + SIGNATURE: file.signature for path, file in self.files.items()}
        return plain, {path: self.files[path].packed for path in self.unwritten}

    def _placed(self, documents: Mapping[str, bytes]) -> dict[str, bytes]:
        return {f"{self.folder}/{path}": body for path, body in documents.items()}


@cache
def _schemas() -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in sorted(resources.path("schemas").glob("*.xsd"))
        if path.name.startswith(_PUBLISHED)
    }
