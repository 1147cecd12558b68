"""The feed's pointer and checkpoint read: which version, how far, up to which file of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents import xml
from app.documents.feed.index import State
from app.documents.feed.parts import CHECKPOINT, INDEX
from app.documents.published.parts import generated_at, root
from app.election.model import Mode


@dataclass(frozen=True, slots=True)
class Standing:
    """What `index.xml` says."""

    election: str
    mode: Mode
    state: State
    version: int
    generated_at: datetime


def read_index(data: bytes) -> Standing:
    """The content of `index.xml`. Raises `DocumentError`."""
    element = root(data, INDEX)
    said = xml.attributes_of(element)
    return Standing(
        said["VOLBY"], Mode(said["REZIM"]), State(said["STAV"]), int(said["VERZE"]), generated_at(element)
    )


def read_last_changes(data: bytes) -> int:
    """The version of the last changes file by `checkpoint.xml`, 0 when there is none. Raises
    `DocumentError`."""
    return int(root(data, CHECKPOINT).get("ZMENY", ""))
