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
from app.documents.xml_text import DECLARATION, SHORT_TEXT, escaped, free_text, time_of, time_text
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
    itself); `waiting` counts accepted protocols that the station has no answer to yet; `program` is how its
    program names itself (`app.program`), empty from one that does not."""

    election: str
    mode: Mode
    station: str
    transfer_point: int
    kind: Kind
    after: int
    batches_of: str
    waiting: int
    asked_at: datetime
    program: str = ""


def write(inquiry: Inquiry) -> bytes:
    """The canonical bytes of `inquiry`."""
    program = f' PROGRAM="{free_text(inquiry.program, "PROGRAM", SHORT_TEXT)}"' if inquiry.program else ""
    return (
        f'{DECLARATION}<DOTAZ xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(inquiry.election)}"'
        f' REZIM="{inquiry.mode}" STANICE="{escaped(inquiry.station)}" CPOU="{inquiry.transfer_point}"'
        f' DRUH="{inquiry.kind}" STANICE_DAVEK="{escaped(inquiry.batches_of)}" PO="{inquiry.after}"'
        f' CEKA="{inquiry.waiting}" DATUM_CAS_DOTAZU="{time_text(inquiry.asked_at)}"{program}/>\n'
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
        program=told.get("PROGRAM", ""),
    )
