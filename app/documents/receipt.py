"""The receipt: the centre's signed answer to one batch.

It answers for the batch as a whole (by the hash of its signed file) and for each protocol in it, so
that one refused protocol never holds the others, and names the batches that the centre still lacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from app.documents import xml
from app.documents.xml_text import DECLARATION, escaped, time_of, time_text
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey

SCHEMA = "potvrzeni.xsd"
NAMESPACE = "urn:prebirka:potvrzeni:1"
#: Bytes. A receipt of 300 protocols has about 80 kB.
MAX_BYTES = 1_000_000

_CHYBI = f"{{{NAMESPACE}}}CHYBI"


class Status(StrEnum):
    """What happened to the batch."""

    ACCEPTED = "PRIJATO"
    QUEUED = "ZARAZENO"  # kept; batches before it are missing
    REFUSED = "ODMITNUTO"
    QUARANTINED = "KARANTENA"


class Outcome(StrEnum):
    """What happened to one protocol of it."""

    ACCEPTED = "PRIJATO"
    KNOWN = "ZNAMO"  # the centre has the same content already
    REFUSED = "ODMITNUTO"
    CONFLICT = "KONFLIKT"  # the centre has other content for the precinct


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """The answer for one protocol. `code` is the reason's stable code or empty; `rules` are the ids of
    the checks that failed; `processing_order` is the centre's number for it (None: not processed)."""

    key: ProtocolKey
    revision: int
    outcome: Outcome
    code: str
    rules: tuple[str, ...]
    content_hash: str
    processing_order: int | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer for one batch. `batch_number` is None when it could not be read; `batch_hash` is the
    SHA-256 of the signed file; `missing` are closed ranges of batch numbers the centre lacks."""

    election: str
    mode: Mode
    station: str
    batch_number: int | None
    batch_hash: str
    received_at: datetime
    status: Status
    code: str
    items: tuple[ReceiptItem, ...]
    missing: tuple[tuple[int, int], ...]


def write(receipt: Receipt) -> bytes:
    """The canonical bytes of `receipt`."""
    number = "" if receipt.batch_number is None else f' PORADI_DAVKY="{receipt.batch_number}"'
    parts = [
        f'{DECLARATION}<POTVRZENI xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(receipt.election)}"'
        f' REZIM="{receipt.mode}" STANICE="{escaped(receipt.station)}"{number}'
        f' OTISK_DAVKY="{escaped(receipt.batch_hash)}" DATUM_CAS_PRIJETI="{time_text(receipt.received_at)}"'
        f' STAV="{receipt.status}"{_optional("KOD", receipt.code)}>\n'
    ]
    parts += [_item_text(item) for item in receipt.items]
    parts += [f'<CHYBI OD="{first}" DO="{last}"/>\n' for first, last in receipt.missing]
    parts.append("</POTVRZENI>\n")
    return "".join(parts).encode()


def read(data: bytes) -> Receipt:
    """The receipt in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    head = xml.attributes_of(root)
    number = head.get("PORADI_DAVKY")
    return Receipt(
        election=head["VOLBY"],
        mode=Mode(head["REZIM"]),
        station=head["STANICE"],
        batch_number=None if number is None else int(number),
        batch_hash=head["OTISK_DAVKY"],
        received_at=time_of(head["DATUM_CAS_PRIJETI"]),
        status=Status(head["STAV"]),
        code=head.get("KOD", ""),
        items=tuple(_item(element) for element in root if element.tag != _CHYBI),
        missing=tuple(
            (int(element.attrib["OD"]), int(element.attrib["DO"])) for element in root.iter(_CHYBI)
        ),
    )


def _range(told: dict[str, str]) -> tuple[int, int]:
    return int(told["OD"]), int(told["DO"])


def _optional(name: str, value: str) -> str:
    return f' {name}="{escaped(value)}"' if value else ""


def _item_text(item: ReceiptItem) -> str:
    precinct, contest = item.key
    order = "" if item.processing_order is None else f' PORADI_ZPRAC="{item.processing_order}"'
    return (
        f'<ZAPIS DRUH="{contest}" OBEC="{precinct.municipality}" OKRSEK="{precinct.number}"'
        f' VERZE_ZAPISU="{item.revision}" VYSLEDEK="{item.outcome}"{_optional("KOD", item.code)}'
        f"{_optional('KONTROLY', ' '.join(item.rules))}"
        f' OTISK_OBSAHU="{escaped(item.content_hash)}"{order}/>\n'
    )


def _item(element: etree._Element) -> ReceiptItem:
    told = xml.attributes_of(element)
    order = told.get("PORADI_ZPRAC")
    return ReceiptItem(
        key=ProtocolKey(PrecinctId(int(told["OBEC"]), int(told["OKRSEK"])), Contest(told["DRUH"])),
        revision=int(told["VERZE_ZAPISU"]),
        outcome=Outcome(told["VYSLEDEK"]),
        code=told.get("KOD", ""),
        rules=tuple(told.get("KONTROLY", "").split()),
        content_hash=told["OTISK_OBSAHU"],
        processing_order=None if order is None else int(order),
    )
