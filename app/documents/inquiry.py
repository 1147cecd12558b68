"""The inquiry: what a station asks the centre, signed as a batch is.

Two kinds. STAV asks what changed at the station's transfer point after a cursor, so that every
workstation shows the whole point. DAVKY asks for the batches of one workstation of the point after a
number: its own when a destroyed station is rebuilt, another's when two contents are to be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.documents import xml
from app.documents.xml_text import DECLARATION, escaped, time_of, time_text
from app.election.model import Mode

SCHEMA = "dotaz.xsd"
NAMESPACE = "urn:prebirka:dotaz:1"
#: Bytes.
MAX_BYTES = 4_000


class Kind(StrEnum):
    """What is asked for."""

    STATE = "STAV"
    BATCHES = "DAVKY"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question. `after` is a cursor of `PointState` (STAV) or a batch number (DAVKY), 0 from the
    beginning; `batches_of` is the workstation whose batches are asked for (with STAV the asking one
    itself); `waiting` counts accepted protocols that the station has no answer to yet."""

    election: str
    mode: Mode
    station: str
    transfer_point: int
    kind: Kind
    after: int
    batches_of: str
    waiting: int
    asked_at: datetime


def write(inquiry: Inquiry) -> bytes:
    """The canonical bytes of `inquiry`."""
    return (
        f'{DECLARATION}<DOTAZ xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(inquiry.election)}"'
        f' REZIM="{inquiry.mode}" STANICE="{escaped(inquiry.station)}" CPOU="{inquiry.transfer_point}"'
        f' DRUH="{inquiry.kind}" STANICE_DAVEK="{escaped(inquiry.batches_of)}" PO="{inquiry.after}"'
        f' CEKA="{inquiry.waiting}" DATUM_CAS_DOTAZU="{time_text(inquiry.asked_at)}"/>\n'
    ).encode()


def read(data: bytes) -> Inquiry:
    """The inquiry in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    told = xml.attributes_of(xml.parse(data, SCHEMA, max_bytes=MAX_BYTES))
    return Inquiry(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        station=told["STANICE"],
        transfer_point=int(told["CPOU"]),
        kind=Kind(told["DRUH"]),
        after=int(told["PO"]),
        batches_of=told["STANICE_DAVEK"],
        waiting=int(told["CEKA"]),
        asked_at=time_of(told["DATUM_CAS_DOTAZU"]),
    )
