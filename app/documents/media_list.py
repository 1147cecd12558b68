"""The list of media: whose addresses may read the media's line, on the night and for testing.

The media register writes it into the centre's folder, signed by the centre, and the media server reads it;
they share nothing else. Each list has a serial number that only rises, so an older one is known for what it
is. An address stands in it once: of two organisations behind the same one, the officer decided whose it is.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from app.documents import xml
from app.documents.document_errors import refusal
from app.documents.xml_text import DECLARATION, SHORT_TEXT, escaped, free_text, time_of, time_text
from app.election.model import Mode

SCHEMA = "media.xsd"
NAMESPACE = "urn:prebirka:media:1"
#: Bytes of the document, and of the signed file. 800 organisations of ten addresses have about 450 kB.
MAX_BYTES = 2_000_000
MAX_SIGNED_BYTES = MAX_BYTES + 16_000
#: Organisations in a list; addresses of each kind that one may have.
MOST_ORGANISATIONS = 800
MOST_ADDRESSES = 5
_NIGHT, _TEST = "NOC", "TEST"


@dataclass(frozen=True, slots=True)
class Organisation:
    """One of the media. `id` is its stable short name in the register (digits, lower-case letters, hyphens);
    addresses are single ones, IPv4 or IPv6, in the form that `ipaddress` writes."""

    id: str
    name: str
    night: tuple[str, ...]
    test: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaList:
    """`serial` counts from 1. From `live_from` on, only the night's addresses may read, and they read the
    live feed; before it both kinds read the rehearsal's."""

    election: str
    mode: Mode
    serial: int
    made_at: datetime
    live_from: datetime
    organisations: tuple[Organisation, ...]


def encode(media: MediaList) -> bytes:
    """The canonical bytes. Raises `DocumentError`: DOC-40 for a name that no document carries, DOC-23 for an
    address that is not one in canonical form, DOC-25 for one that stands in the list twice."""
    if len(media.organisations) > MOST_ORGANISATIONS:
        raise refusal("DOC-25", element="MEDIA", detail=f"more than {MOST_ORGANISATIONS} organisations")
    _check(media.organisations)
    parts = [
        f'{DECLARATION}<MEDIA xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(media.election)}"'
        f' REZIM="{media.mode}" CISLO="{media.serial}" VYTVORENO="{time_text(media.made_at)}"'
        f' OSTRY_OD="{time_text(media.live_from)}">\n'
    ]
    for one in media.organisations:
        name = free_text(one.name, "NAZEV", SHORT_TEXT)
        parts.append(f'<ORGANIZACE ID="{escaped(one.id)}" NAZEV="{name}">\n')
        parts += [_line(_NIGHT, address) for address in one.night]
        parts += [_line(_TEST, address) for address in one.test]
        parts.append("</ORGANIZACE>\n")
    parts.append("</MEDIA>\n")
    return "".join(parts).encode()


def decode(data: bytes) -> MediaList:
    """The list in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    head = xml.attributes_of(root)
    media = MediaList(
        election=head["VOLBY"],
        mode=Mode(head["REZIM"]),
        serial=int(head["CISLO"]),
        made_at=time_of(head["VYTVORENO"]),
        live_from=time_of(head["OSTRY_OD"]),
        organisations=tuple(_organisation(element) for element in root),
    )
    _check(media.organisations)
    return media


def _line(kind: str, address: str) -> str:
    return f'<ADRESA DRUH="{kind}" IP="{escaped(address)}"/>\n'


def _organisation(element: xml.Element) -> Organisation:
    told = xml.attributes_of(element)
    lines = [xml.attributes_of(child) for child in element]
    night, test = (tuple(line["IP"] for line in lines if line["DRUH"] == kind) for kind in (_NIGHT, _TEST))
    return Organisation(told["ID"], told["NAZEV"], night, test)


def _check(organisations: tuple[Organisation, ...]) -> None:
    """What the schema cannot say of the addresses and names of a list."""
    addresses: set[str] = set()
    names: set[str] = set()
    for one in organisations:
        if one.id in names:
            raise refusal("DOC-25", element="ORGANIZACE", detail=f"twice: {one.id}")
        names.add(one.id)
        if max(len(one.night), len(one.test)) > MOST_ADDRESSES:
            raise refusal("DOC-25", element="ORGANIZACE", detail=f"more than {MOST_ADDRESSES} addresses")
        for address in one.night + one.test:
            if not _canonical(address):
                raise refusal("DOC-23", element="ADRESA", attribute="IP", value=address[:45])
            if address in addresses:
                raise refusal("DOC-25", element="ADRESA", detail=f"twice: {address}")
            addresses.add(address)


def _canonical(text: str) -> bool:
    """Whether this is one address in the one form that it is compared in."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped is not None or address.scope_id is not None
    )
    return str(address) == text and not mapped
