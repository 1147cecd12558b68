"""The trial protocol: an invented one that goes to the centre and back before a rehearsal, and is not stored.

It is signed as a batch is and holds a protocol in the same words, but it is no batch: without a number and a
place in the chain, nobody who caught it on the line can pass it off as an accepted one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents import xml
from app.documents.protocol_xml import Vocabulary, protocol_text, reading_of
from app.documents.xml_text import DECLARATION, escaped, time_of, time_text
from app.election.model import Mode, Reading

SCHEMA = "zkusebni.xsd"
NAMESPACE = "urn:prebirka:zkusebni:1"
#: Bytes of the document and of the signed file: a protocol of the largest form has 120 kB.
MAX_BYTES = 200_000
MAX_SIGNED_BYTES = MAX_BYTES + 16_000
_VOCABULARY = Vocabulary(NAMESPACE)


@dataclass(frozen=True, slots=True)
class TrialProtocol:
    """`reading` is of the same election."""

    election: str
    mode: Mode
    station: str
    transfer_point: int
    sent_at: datetime
    reading: Reading


def write(trial: TrialProtocol) -> bytes:
    """The canonical bytes."""
    return (
        f'{DECLARATION}<ZKUSEBNI xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(trial.election)}"'
        f' REZIM="{trial.mode}" STANICE="{escaped(trial.station)}" CPOU="{trial.transfer_point}"'
        f' DATUM_CAS_ODESLANI="{time_text(trial.sent_at)}">\n{protocol_text(trial.reading)}</ZKUSEBNI>\n'
    ).encode()


def read(data: bytes) -> TrialProtocol:
    """The trial in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    told = xml.attributes_of(root)
    return TrialProtocol(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        station=told["STANICE"],
        transfer_point=int(told["CPOU"]),
        sent_at=time_of(told["DATUM_CAS_ODESLANI"]),
        reading=reading_of(root[0], told["VOLBY"], _VOCABULARY),
    )
