"""`changes/000012.xml`: what version 12 brought, precinct by precinct, as it was taken over.

The files are append-only: none is ever written again, each names the one before, and items are numbered
from 1 without gaps over all contests. `entry` is an item's line in the Merkle tree whose root every
checkpoint signs, so no item can change, vanish or appear later without being seen.

PREDCHOZI_OTISK is the OTISK of the precinct's item before this one: empty for the first, and after a
withdrawal, which has no content. A dynamic answer (`changes?after=`) has the same items, each with the
version and the time of its own file, and DALSI, the cursor to go on with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.documents import xml
from app.documents.feed.parts import CHANGES, Issue, root_of, utc
from app.documents.xml_text import DECLARATION, escaped, time_of
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey

#: Bytes and elements. A whole nation in one file: 20 000 protocols.
MAX_BYTES = 256_000_000
MAX_TAGS = 100_000


class ChangeKind(StrEnum):
    """What happened to a precinct's result."""

    FIRST = "PRVNI"
    CORRECTION = "OPRAVA"
    WITHDRAWAL = "ODVOLANI"


class Change(NamedTuple):
    """One item. `revision` of a withdrawal is the one withdrawn; `reason` is a code, never a sentence.
    Hashes are SHA-256 in lower-case hexadecimal, or empty."""

    number: int
    key: ProtocolKey
    revision: int
    kind: ChangeKind
    reason: str
    taken_at: datetime
    previous_hash: str
    content_hash: str


class Told(NamedTuple):
    """An item with the protocol's canonical text (`app.election.content`), empty for a withdrawal."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Published:
    """When and in which version an item was published."""

    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangesFile:
    """One static file. `previous` is the version of the file before it, 0 for the first."""

    issue: Issue
    published: Published
    previous: int
    items: tuple[Told, ...]


def entry(change: Change, published_at: datetime) -> bytes:
    """The line that stands for an item in the Merkle tree."""
    key = change.key
    return (
        f"{change.number} {key.contest.value} {key.precinct.municipality} {key.precinct.number}"
        f" {change.revision} {change.kind.value} {utc(change.taken_at)} {utc(published_at)}"
        f" {change.previous_hash or '-'} {change.content_hash or '-'}"
    ).encode("ascii")


def write(file: ChangesFile) -> bytes:
    """The bytes of one static file; the same items always give the same bytes. There is at least one."""
    first, last = file.items[0].change.number, file.items[-1].change.number
    parts = [
        f'{DECLARATION}{root_of(CHANGES, file.issue)} VERZE="{file.published.version}"'
        f' PREDCHOZI="{file.previous}" OD="{first}" DO="{last}" ZVEREJNENO="{utc(file.published.at)}">\n'
    ]
    parts += [_item(told, "") for told in file.items]
    parts.append(f"</{CHANGES.root}>\n")
    return "".join(parts).encode()


def answer(
    issue: Issue, now: Published, after: int, items: Sequence[tuple[Published, Told]], cursor: str
) -> bytes:
    """What came after item number `after`, at most as much as the caller gives; `cursor` asks for more.
    `now` is the current version."""
    last = items[-1][1].change.number if items else after
    parts = [
        f'{DECLARATION}{root_of(CHANGES, issue)} VERZE="{now.version}" OD="{after + 1}" DO="{last}"'
        f' ZVEREJNENO="{utc(now.at)}" DALSI="{escaped(cursor)}">\n'
    ]
    parts += [
        _item(told, f' VERZE="{published.version}" ZVEREJNENO="{utc(published.at)}"')
        for published, told in items
    ]
    parts.append(f"</{CHANGES.root}>\n")
    return "".join(parts).encode()


def read(data: bytes) -> ChangesFile:
    """A static file. Raises `DocumentError`."""
    root = xml.parse_published(data, CHANGES.schema, max_bytes=MAX_BYTES, max_tags=MAX_TAGS)
    head = xml.attributes_of(root)
    return ChangesFile(
        Issue(head["VOLBY"], Mode(head["REZIM"])),
        Published(int(head["VERZE"]), time_of(head["ZVEREJNENO"])),
        int(head["PREDCHOZI"]),
        tuple(_told(element) for element in root),
    )


def _item(told: Told, more: str) -> str:
    change = told.change
    return (
        f'<ZMENA PORADI="{change.number}" DRUH="{change.key.contest.value}"'
        f' OBEC="{change.key.precinct.municipality}" OKRSEK="{change.key.precinct.number}"'
        f' REVIZE="{change.revision}" TYP="{change.kind.value}" DUVOD="{escaped(change.reason)}"'
        f' PREVZATO="{utc(change.taken_at)}"{more} OTISK="{change.content_hash}"'
        f' PREDCHOZI_OTISK="{change.previous_hash}">{told.text}</ZMENA>\n'
    )


def _told(element: xml.Element) -> Told:
    told = xml.attributes_of(element)
    key = ProtocolKey(PrecinctId(int(told["OBEC"]), int(told["OKRSEK"])), Contest(told["DRUH"]))
    change = Change(
        int(told["PORADI"]),
        key,
        int(told["REVIZE"]),
        ChangeKind(told["TYP"]),
        told["DUVOD"],
        time_of(told["PREVZATO"]),
        told["PREDCHOZI_OTISK"],
        told["OTISK"],
    )
    return Told(change, element.text or "")
