"""A station's batches as the centre holds them: the exact signed files, and the receipts they got.

A destroyed station is rebuilt with it: the files prove themselves by the station's signature, the
receipts by the centre's, and the head says how long the chain is, so that it goes on without a fork.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from app.documents import xml
from app.documents.document_errors import refusal
from app.documents.xml_text import DECLARATION, escaped, time_of, time_text
from app.election.model import Mode

SCHEMA = "davky.xsd"
NAMESPACE = "urn:prebirka:davky:1"
#: Bytes. One batch of the largest size that the centre takes, in Base64, and its receipt.
MAX_BYTES = 13_000_000
#: An answer holds no further batch once its files have so many bytes, nor more than so many batches.
ENOUGH_BYTES = 1_000_000
MOST_BATCHES = 500

_HLAVA, _DAVKA = f"{{{NAMESPACE}}}HLAVA", f"{{{NAMESPACE}}}DAVKA"


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last batch of a station at the centre, and the head of the station's journal when it was made.
    `journal_seq` is the journal's row number; None in batches that did not say it."""

    number: int
    batch_hash: str
    journal_seq: int | None
    journal_hash: str


@dataclass(frozen=True, slots=True)
class KeptBatch:
    """One batch: the signed file as it came, and the signed receipt as it went."""

    number: int
    data: bytes
    receipt: bytes


@dataclass(frozen=True, slots=True)
class OwnBatches:
    """The answer to one inquiry: batches of `batches_of` with numbers above `after`, ascending; `more`: ask
    again from the last one. `inquiry_hash` is the SHA-256 of the signed inquiry."""

    election: str
    mode: Mode
    station: str
    transfer_point: int
    batches_of: str
    inquiry_hash: str
    answered_at: datetime
    after: int
    more: bool
    head: ChainHead | None
    batches: tuple[KeptBatch, ...]


def write(answer: OwnBatches) -> bytes:
    """The canonical bytes of `answer`."""
    parts = [
        f'{DECLARATION}<DAVKY xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(answer.election)}"'
        f' REZIM="{answer.mode}" STANICE="{escaped(answer.station)}" CPOU="{answer.transfer_point}"'
        f' STANICE_DAVEK="{escaped(answer.batches_of)}" OTISK_DOTAZU="{escaped(answer.inquiry_hash)}"'
        f' DATUM_CAS_ODPOVEDI="{time_text(answer.answered_at)}"'
        f' PO="{answer.after}" DALSI="{int(answer.more)}">\n'
    ]
    if (head := answer.head) is not None:
        seq = "" if head.journal_seq is None else f' DENIK_PORADI="{head.journal_seq}"'
        parts.append(
            f'<HLAVA PORADI_DAVKY="{head.number}" OTISK_DAVKY="{escaped(head.batch_hash)}"'
            f' DENIK="{escaped(head.journal_hash)}"{seq}/>\n'
        )
    parts += [
        f'<DAVKA PORADI_DAVKY="{each.number}"><SOUBOR>{_text(each.data)}</SOUBOR>'
        f"<POTVRZENI>{_text(each.receipt)}</POTVRZENI></DAVKA>\n"
        for each in answer.batches
    ]
    parts.append("</DAVKY>\n")
    return "".join(parts).encode()


def read(data: bytes) -> OwnBatches:
    """The answer in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    told = xml.attributes_of(root)
    head = root.find(_HLAVA)
    return OwnBatches(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        station=told["STANICE"],
        transfer_point=int(told["CPOU"]),
        batches_of=told["STANICE_DAVEK"],
        inquiry_hash=told["OTISK_DOTAZU"],
        answered_at=time_of(told["DATUM_CAS_ODPOVEDI"]),
        after=int(told["PO"]),
        more=told["DALSI"] == "1",
        head=None if head is None else _head(xml.attributes_of(head)),
        batches=tuple(_batch(each) for each in root.iter(_DAVKA)),
    )


def _head(told: dict[str, str]) -> ChainHead:
    seq = told.get("DENIK_PORADI")
    return ChainHead(
        int(told["PORADI_DAVKY"]), told["OTISK_DAVKY"], None if seq is None else int(seq), told["DENIK"]
    )


def _batch(element: etree._Element) -> KeptBatch:
    data, receipt = (_bytes(part) for part in element)
    return KeptBatch(int(element.attrib["PORADI_DAVKY"]), data, receipt)


def _bytes(part: etree._Element) -> bytes:
    """The schema's own check of Base64 lets stray characters pass."""
    try:
        return b64decode(part.text or "", validate=True)
    except ValueError as error:
        raise refusal("DOC-25", element=etree.QName(part).localname) from error


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")
