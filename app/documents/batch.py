"""The batch: accepted protocols on their way from a station to the centre.

A batch is the content of one signed file. It says who sends it and where it stands in the station's
chain, and carries for each protocol the numbers and the story of its acceptance. Everything here is
stated by the station; the centre compares it with the signature and checks every protocol again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from app.documents import xml
from app.documents.protocol_xml import Vocabulary, check_twice, protocol_text, reading_of
from app.documents.xml_text import DECLARATION, LONG_TEXT, SHORT_TEXT, escaped, free_text, time_of, time_text
from app.election.model import Mode, Reading

SCHEMA = "davka.xsd"
NAMESPACE = "urn:prebirka:davka:1"
#: Bytes. The largest imaginable batch (30 precincts × 99 lists × 70 boxes) has about 3.5 MB.
MAX_BYTES = 8_000_000

_VOCABULARY = Vocabulary(NAMESPACE)


class Source(StrEnum):
    """What a protocol was taken from."""

    FILE = "SOUBOR"
    PAPER = "PAPIR"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How a protocol was accepted at the transfer point.

    `revision` counts from 1; `reason` is empty when none was needed; `source_sha256` is the hash of
    the original file (None for paper); `content_hash` is the hash of the protocol's content;
    `handed_over` is when the commission brought it (None: not said), which is what the 24 hours count to.
    """

    revision: int
    accepted_at: datetime
    accepted_by: str
    approved_by: str | None
    reason: str
    source: Source
    source_sha256: str | None
    content_hash: str
    handed_over: datetime | None = None


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One protocol of a batch, as stated, and its acceptance."""

    reading: Reading
    acceptance: Acceptance


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch: `number` from 1, `previous_hash` of the signed file before it, `software` the version
    of the program, `journal_head` the hash of the last row of the station's journal and `journal_seq` its
    number (None where it was not said). All hashes are SHA-256 in lower-case hexadecimal."""

    election: str
    mode: Mode
    station: str
    transfer_point: int
    number: int
    previous_hash: str
    created_at: datetime
    software: str
    journal_head: str
    items: tuple[BatchItem, ...]
    journal_seq: int | None = None


def write(batch: Batch) -> bytes:
    """The canonical bytes of `batch`: the same batch always gives the same bytes.

    Raises `DocumentError` DOC-40 for a text that does not fit, DOC-30 for the same revision twice.
    """
    check_twice((item.reading.key, item.acceptance.revision) for item in batch.items)
    parts = [
        f'{DECLARATION}<DAVKA xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(batch.election)}"'
        f' REZIM="{batch.mode}" STANICE="{escaped(batch.station)}" CPOU="{batch.transfer_point}"'
        f' PORADI_DAVKY="{batch.number}"'
        f' PREDCHOZI="{escaped(batch.previous_hash)}" DATUM_CAS_GENEROVANI="{time_text(batch.created_at)}"'
        f' PROGRAM="{free_text(batch.software, "PROGRAM", SHORT_TEXT)}"'
        f' DENIK="{escaped(batch.journal_head)}"{_journal_seq(batch)}>\n'
    ]
    for item in batch.items:
        if item.reading.election != batch.election:
            raise ValueError("a protocol of another election has no place in this batch")
        parts += (
            "<ZAPIS",
            _acceptance_text(item.acceptance),
            ">\n",
            protocol_text(item.reading),
            "</ZAPIS>\n",
        )
    parts.append("</DAVKA>\n")
    return "".join(parts).encode()


def read(data: bytes) -> Batch:
    """The batch in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    head = xml.attributes_of(root)
    election, seq = head["VOLBY"], head.get("DENIK_PORADI")
    items = tuple(_item(element, election) for element in root)
    check_twice((item.reading.key, item.acceptance.revision) for item in items)
    return Batch(
        election=election,
        mode=Mode(head["REZIM"]),
        station=head["STANICE"],
        transfer_point=int(head["CPOU"]),
        number=int(head["PORADI_DAVKY"]),
        previous_hash=head["PREDCHOZI"],
        created_at=time_of(head["DATUM_CAS_GENEROVANI"]),
        software=head["PROGRAM"],
        journal_head=head["DENIK"],
        items=items,
        journal_seq=None if seq is None else int(seq),
    )


def _journal_seq(batch: Batch) -> str:
    return "" if batch.journal_seq is None else f' DENIK_PORADI="{batch.journal_seq}"'


def _acceptance_text(acceptance: Acceptance) -> str:
    text = (
        f' VERZE_ZAPISU="{acceptance.revision}" DATUM_CAS_PREVZETI="{time_text(acceptance.accepted_at)}"'
        f' PREVZAL="{free_text(acceptance.accepted_by, "PREVZAL", SHORT_TEXT)}"'
    )
    if acceptance.handed_over is not None:
        text += f' DATUM_CAS_PREDANI="{time_text(acceptance.handed_over)}"'
    if acceptance.approved_by is not None:
        text += f' SCHVALIL="{free_text(acceptance.approved_by, "SCHVALIL", SHORT_TEXT)}"'
    if acceptance.reason:
        text += f' DUVOD="{free_text(acceptance.reason, "DUVOD", LONG_TEXT)}"'
    text += f' ZDROJ="{acceptance.source}"'
    if acceptance.source_sha256 is not None:
        text += f' OTISK_ZDROJE="{escaped(acceptance.source_sha256)}"'
    return f'{text} OTISK_OBSAHU="{escaped(acceptance.content_hash)}"'


def _item(element: etree._Element, election: str) -> BatchItem:
    told = xml.attributes_of(element)
    handed_over = told.get("DATUM_CAS_PREDANI")
    acceptance = Acceptance(
        revision=int(told["VERZE_ZAPISU"]),
        accepted_at=time_of(told["DATUM_CAS_PREVZETI"]),
        accepted_by=told["PREVZAL"],
        approved_by=told.get("SCHVALIL"),
        reason=told.get("DUVOD", ""),
        source=Source(told["ZDROJ"]),
        source_sha256=told.get("OTISK_ZDROJE"),
        content_hash=told["OTISK_OBSAHU"],
        handed_over=None if handed_over is None else time_of(handed_over),
    )
    return BatchItem(reading_of(element[0], election, _VOCABULARY), acceptance)
