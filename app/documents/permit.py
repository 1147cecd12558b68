"""The permit: the centre's signed permission to take one protocol in after the 24 hours (rule PR-02).

It names one protocol (transfer point, precinct, contest) and the instant until which it may be accepted,
a first time or as a correction. The centre signs it with its own key and keeps what it gave; a station
takes it from a file, as from a stick.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents import xml
from app.documents.xml_text import DECLARATION, escaped, free_text, time_of, time_text
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey

SCHEMA = "povoleni.xsd"
NAMESPACE = "urn:prebirka:povoleni:1"
#: Bytes of the document, and of the signed file.
MAX_BYTES = 8_000
MAX_SIGNED_BYTES = 24_000
#: Characters of a reason.
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Permit:
    """`number` is the centre's, from 1; `valid_until` is the last instant of an acceptance by it."""

    election: str
    mode: Mode
    number: int
    transfer_point: int
    key: ProtocolKey
    valid_until: datetime
    reason: str
    issued_at: datetime


def write(permit: Permit) -> bytes:
    """The canonical bytes of `permit`. Raises `DocumentError` for a reason that no document could carry."""
    precinct, contest = permit.key
    reason = free_text(permit.reason, "DUVOD", LONGEST_REASON)
    return (
        f'{DECLARATION}<POVOLENI xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(permit.election)}"'
        f' REZIM="{permit.mode}" CISLO="{permit.number}" CPOU="{permit.transfer_point}" DRUH="{contest}"'
        f' OBEC="{precinct.municipality}" OKRSEK="{precinct.number}"'
        f' PLATI_DO="{time_text(permit.valid_until)}" VYDANO="{time_text(permit.issued_at)}"'
        f' DUVOD="{reason}"/>\n'
    ).encode()


def read(data: bytes) -> Permit:
    """The permit in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    told = xml.attributes_of(xml.parse(data, SCHEMA, max_bytes=MAX_BYTES))
    return Permit(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        number=int(told["CISLO"]),
        transfer_point=int(told["CPOU"]),
        key=ProtocolKey(PrecinctId(int(told["OBEC"]), int(told["OKRSEK"])), Contest(told["DRUH"])),
        valid_until=time_of(told["PLATI_DO"]),
        reason=told["DUVOD"],
        issued_at=time_of(told["VYDANO"]),
    )
