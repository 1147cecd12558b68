"""A workstation's package: all that a new station needs before it has a certificate, in one signed file.

Point and number of the workstation, election and mode, the centre's address and certificates, the reference
data with their signature, the accounts, the settings, the list of approved programs, and a token with which
the station hands its certificate request to the centre once. The reference data of the whole nation, packed
by XZ, make some 0.35 MB of it, so that one file is enough on one stick.
"""

from __future__ import annotations

import lzma
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from app.documents import xml
from app.documents.document_errors import refusal
from app.documents.xml_text import DECLARATION, SHORT_TEXT, escaped, free_text, time_of, time_text
from app.election.model import Mode

SCHEMA = "balicek.xsd"
NAMESPACE = "urn:prebirka:balicek:1"
#: Bytes of the document. Those of a nation's joint election have about 0.8 MB.
MAX_BYTES = 9_500_000
LONGEST_URL = 510
#: Bytes of the unpacked reference data: as much as a station opens.
_LARGEST_REFERENCE = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PackedReference:
    """The reference file, packed once for all packages: `data` is XZ; `length`, `sha256`: the file's."""

    data: bytes
    length: int
    sha256: str
    signature: bytes

    @classmethod
    def of(cls, content: bytes, signature: bytes) -> PackedReference:
        return cls(lzma.compress(content, preset=6), len(content), sha256(content).hexdigest(), signature)

    def content(self) -> bytes:
        """The file. Raises `DocumentError` DOC-25 when it is not what the package says; never more than the
        stated length is unpacked."""
        try:
            unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=256 * 1024 * 1024)
            found = unpacker.decompress(self.data, max_length=self.length + 1)
        except lzma.LZMAError as error:
            raise refusal("DOC-25", element="CISELNIKY") from error
        whole = unpacker.eof and not unpacker.unused_data
        if not whole or len(found) != self.length or sha256(found).hexdigest() != self.sha256:
            raise refusal("DOC-25", element="CISELNIKY")
        return found


@dataclass(frozen=True, slots=True)
class Package:
    """`serial` rises with each issue for one workstation. `authority` and `centre` are certificates in DER;
    `accounts` and `builds` are signed files of their own, None where none is delivered; `token` is the
    one-time enrolment token, 64 hexadecimal digits, empty where there is none."""

    election: str
    mode: Mode
    transfer_point: int
    station: str
    serial: int
    made_at: datetime
    centre_url: str
    authority: bytes
    centre: bytes
    reference: PackedReference
    settings: Mapping[str, str] = field(default_factory=dict)
    accounts: bytes | None = None
    builds: bytes | None = None
    token: str = field(default="", repr=False)


def write(package: Package) -> bytes:
    """The canonical bytes. Raises `DocumentError` DOC-40 for a text that no document carries."""
    token = f' ZADOST="{escaped(package.token)}"' if package.token else ""
    parts = [
        f'{DECLARATION}<BALICEK xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(package.election)}"'
        f' REZIM="{package.mode}" CPOU="{package.transfer_point}" STANICE="{escaped(package.station)}"'
        f' PORADI="{package.serial}" VYTVORENO="{time_text(package.made_at)}"'
        f' ADRESA="{free_text(package.centre_url, "ADRESA", LONGEST_URL)}"{token}>\n'
    ]
    parts += [
        f'<NASTAVENI NAZEV="{free_text(name, "NAZEV", SHORT_TEXT)}"'
        f' HODNOTA="{free_text(value, "HODNOTA", SHORT_TEXT)}"/>\n'
        for name, value in sorted(package.settings.items())
    ]
    packed = package.reference
    parts += [
        _element("AUTORITA", package.authority),
        _element("USTREDI", package.centre),
        _element("CISELNIKY", packed.data, f' DELKA="{packed.length}" OTISK="{packed.sha256}"'),
        _element("PODPIS_CISELNIKU", packed.signature),
    ]
    if package.accounts is not None:
        parts.append(_element("UCTY", package.accounts))
    if package.builds is not None:
        parts.append(_element("PROGRAMY", package.builds))
    parts.append("</BALICEK>\n")
    return "".join(parts).encode()


def read(data: bytes) -> Package:
    """The package in `data` (the exact content whose signature was verified). Raises `DocumentError`; the
    reference data are not unpacked yet."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    told = xml.attributes_of(root)
    settings: dict[str, str] = {}
    files: dict[str, bytes] = {}
    of_reference: dict[str, str] = {}
    for element in root:
        name = str(element.tag).rpartition("}")[2]
        attributes = xml.attributes_of(element)
        if name == "NASTAVENI":
            settings[attributes["NAZEV"]] = attributes["HODNOTA"]
            continue
        files[name] = _bytes(name, element.text or "")
        of_reference |= attributes
    length = int(of_reference["DELKA"])
    if length > _LARGEST_REFERENCE:
        raise refusal("DOC-25", element="CISELNIKY")
    return Package(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        transfer_point=int(told["CPOU"]),
        station=told["STANICE"],
        serial=int(told["PORADI"]),
        made_at=time_of(told["VYTVORENO"]),
        centre_url=told["ADRESA"],
        authority=files["AUTORITA"],
        centre=files["USTREDI"],
        reference=PackedReference(
            files["CISELNIKY"], length, of_reference["OTISK"], files["PODPIS_CISELNIKU"]
        ),
        settings=settings,
        accounts=files.get("UCTY"),
        builds=files.get("PROGRAMY"),
        token=told.get("ZADOST", ""),
    )


def _element(name: str, content: bytes, attributes: str = "") -> str:
    return f"<{name}{attributes}>{b64encode(content).decode('ascii')}</{name}>\n"


def _bytes(element: str, text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise refusal("DOC-25", element=element) from error
