"""The workstations that packages were issued for, with the hashes of their one-time tokens: for the centre.

The tokens themselves are in the packages only, so that who reads the centre's database cannot ask in a
station's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents import xml
from app.documents.xml_text import DECLARATION, escaped, time_of, time_text
from app.election.model import Mode

SCHEMA = "ocekavane.xsd"
NAMESPACE = "urn:prebirka:ocekavane:1"
#: Bytes. 9 000 workstations have about 1.2 MB.
MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class ExpectedStation:
    """`token_sha256` is the hash of the token's text, in lower-case hexadecimal."""

    station: str
    serial: int
    token_sha256: str


@dataclass(frozen=True, slots=True)
class ExpectedStations:
    """One issue of packages."""

    election: str
    mode: Mode
    issued_at: datetime
    stations: tuple[ExpectedStation, ...]


def write(expected: ExpectedStations) -> bytes:
    """The canonical bytes."""
    parts = [
        f'{DECLARATION}<OCEKAVANE xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(expected.election)}"'
        f' REZIM="{expected.mode}" VYDANO="{time_text(expected.issued_at)}">\n'
    ]
    parts += [
        f'<PRACOVISTE STANICE="{escaped(one.station)}" PORADI="{one.serial}"'
        f' OTISK="{escaped(one.token_sha256)}"/>\n'
        for one in expected.stations
    ]
    parts.append("</OCEKAVANE>\n")
    return "".join(parts).encode()


def read(data: bytes) -> ExpectedStations:
    """The list in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    told = xml.attributes_of(root)
    return ExpectedStations(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        issued_at=time_of(told["VYDANO"]),
        stations=tuple(
            ExpectedStation(one["STANICE"], int(one["PORADI"]), one["OTISK"])
            for one in map(xml.attributes_of, root)
        ),
    )
