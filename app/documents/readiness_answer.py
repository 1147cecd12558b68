"""The centre's answer to a readiness report (it is stored) or a trial protocol (it was judged).

It is signed by the centre and names the file that it answers by its hash, as a receipt does; it says nothing
of any result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.documents import xml
from app.documents.xml_text import DECLARATION, escaped, time_of, time_text
from app.election.model import Mode

SCHEMA = "prijem.xsd"
NAMESPACE = "urn:prebirka:prijem:1"
#: Bytes.
MAX_BYTES = 4_000


class Answered(StrEnum):
    """What is answered."""

    REPORT = "ZPRAVA"
    TRIAL = "ZKUSEBNI"


@dataclass(frozen=True, slots=True)
class ReadinessAnswer:
    """`digest` is the SHA-256 of the signed file that came; `rules` the checks that a trial failed."""

    election: str
    mode: Mode
    station: str
    transfer_point: int
    answered: Answered
    digest: str
    received_at: datetime
    rules: tuple[str, ...] = ()


def write(answer: ReadinessAnswer) -> bytes:
    """The canonical bytes."""
    rules = escaped(" ".join(answer.rules))
    return (
        f'{DECLARATION}<PRIJEM xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(answer.election)}"'
        f' REZIM="{answer.mode}" STANICE="{escaped(answer.station)}" CPOU="{answer.transfer_point}"'
        f' DRUH="{answer.answered}" OTISK="{escaped(answer.digest)}"'
        f' DATUM_CAS_PRIJETI="{time_text(answer.received_at)}" KONTROLY="{rules}"/>\n'
    ).encode()


def read(data: bytes) -> ReadinessAnswer:
    """The answer in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    told = xml.attributes_of(xml.parse(data, SCHEMA, max_bytes=MAX_BYTES))
    return ReadinessAnswer(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        station=told["STANICE"],
        transfer_point=int(told["CPOU"]),
        answered=Answered(told["DRUH"]),
        digest=told["OTISK"],
        received_at=time_of(told["DATUM_CAS_PRIJETI"]),
        rules=tuple(told["KONTROLY"].split()),
    )
