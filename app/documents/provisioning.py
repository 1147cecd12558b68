"""The provisioning of a transfer point: its stations' certificates, the centre's address, the reference data.

Whoever prepares the election signs it. It carries no secret: keys are made on the stations and stay there.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime

from app.documents import xml
from app.documents.document_errors import refusal
from app.documents.xml_text import DECLARATION, escaped, free_text, time_of, time_text
from app.election.model import Mode

SCHEMA = "vybaveni.xsd"
NAMESPACE = "urn:prebirka:vybaveni:1"
#: Bytes. 200 certificates have about 160 kB.
MAX_BYTES = 500_000
LONGEST_URL = 510


@dataclass(frozen=True, slots=True)
class Provisioning:
    """`certificates` are those of the point's stations, in DER; `reference_sha256` the reference file's."""

    election: str
    mode: Mode
    transfer_point: int
    made_at: datetime
    centre_url: str
    reference_sha256: str
    certificates: tuple[bytes, ...]


def write(made: Provisioning) -> bytes:
    """The canonical bytes. Raises `DocumentError` DOC-40 for an address that no document carries."""
    parts = [
        f'{DECLARATION}<VYBAVENI xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(made.election)}"'
        f' REZIM="{made.mode}" CPOU="{made.transfer_point}" VYTVORENO="{time_text(made.made_at)}"'
        f' USTREDI="{free_text(made.centre_url, "USTREDI", LONGEST_URL)}"'
        f' OTISK_CISELNIKU="{escaped(made.reference_sha256)}">\n'
    ]
    parts += [f"<CERTIFIKAT>{b64encode(der).decode('ascii')}</CERTIFIKAT>\n" for der in made.certificates]
    parts.append("</VYBAVENI>\n")
    return "".join(parts).encode()


def read(data: bytes) -> Provisioning:
    """The provisioning in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    told = xml.attributes_of(root)
    return Provisioning(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        transfer_point=int(told["CPOU"]),
        made_at=time_of(told["VYTVORENO"]),
        centre_url=told["USTREDI"],
        reference_sha256=told["OTISK_CISELNIKU"],
        certificates=tuple(_bytes(element.text or "") for element in root),
    )


def _bytes(text: str) -> bytes:
    """The schema's own check of Base64 lets stray characters pass."""
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise refusal("DOC-25", element="CERTIFIKAT") from error
