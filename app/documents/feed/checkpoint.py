"""`checkpoint.xml`: how many changes there are and the root of their Merkle tree, signed in each version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents import xml
from app.documents.feed.parts import CHECKPOINT, Issue, root_of
from app.documents.results.parts import local
from app.documents.xml_text import DECLARATION

#: Bytes and elements of a checkpoint.
_MAX_BYTES, _MAX_TAGS = 10_000, 10


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`size` items up to `version`; `root` is the tree's hash, `last_changes` the version of the last
    changes file, 0 when there is none."""

    issue: Issue
    version: int
    size: int
    root: bytes
    last_changes: int
    generated_at: datetime


def read_last_changes(data: bytes) -> int:
    """The version of the last changes file that a checkpoint names, 0 for none. Raises `DocumentError`."""
    root = xml.parse_published(data, CHECKPOINT.schema, max_bytes=_MAX_BYTES, max_tags=_MAX_TAGS)
    return int(xml.attributes_of(root)["ZMENY"])


def write(checkpoint: Checkpoint) -> bytes:
    """The bytes of the checkpoint."""
    return (
        f'{DECLARATION}{root_of(CHECKPOINT, checkpoint.issue)} VERZE="{checkpoint.version}"'
        f' VELIKOST="{checkpoint.size}" KOREN="{checkpoint.root.hex()}" ZMENY="{checkpoint.last_changes}"'
        f' DATUM_CAS_GENEROVANI="{local(checkpoint.generated_at)}"/>\n'
    ).encode()
