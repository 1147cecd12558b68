"""What the documents of the feed share: their namespaces, the head of each root, instants in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from app.documents.results.parts import Kind
from app.documents.xml_text import escaped
from app.election.model import Mode

#: The condition under which the office's data may be used.
SOURCE = "Zdroj: Český statistický úřad, volby.cz"


#: Each kind's root element, namespace and schema. Change them here and nowhere else.
INDEX = Kind("FEED", "urn:prebirka:feed:1", "feed_index.xsd")
MANIFEST = Kind("MANIFEST", "urn:prebirka:manifest:1", "feed_manifest.xsd")
CHANGES = Kind("ZMENY", "urn:prebirka:zmeny:1", "feed_changes.xsd")
CHECKPOINT = Kind("KONTROLNI_BOD", "urn:prebirka:kontrolni-bod:1", "feed_checkpoint.xsd")
ZERO = Kind("NULA", "urn:prebirka:nula:1", "feed_zero.xsd")
KINDS = (INDEX, MANIFEST, CHANGES, CHECKPOINT, ZERO)


class Issue(NamedTuple):
    """Which election a document is of, and whether it is the real one."""

    election: str
    mode: Mode


def root_of(kind: Kind, issue: Issue) -> str:
    """The beginning of a root element, open for more attributes."""
    return (
        f'<{kind.root} xmlns="{kind.namespace}" VOLBY="{escaped(issue.election)}" REZIM="{issue.mode.value}"'
    )


def utc(instant: datetime) -> str:
    """An instant in UTC to the microsecond, as `2024-09-21T12:30:19.123456Z`."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
