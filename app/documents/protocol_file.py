"""The commission's protocol file: one or both protocols of a precinct, as stated by the commission.

The official format is not published, so this one is ours, in the words of the open data: see
`resources/manual/protocol-file.md` and `zapisy.xsd`. The file is not signed (the paper is), hence
comments are allowed in it; other formats come in through `intake_formats`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents import xml
from app.documents.protocol_xml import Vocabulary, check_twice, protocol_text, reading_of
from app.documents.xml_text import DECLARATION, escaped
from app.election.model import Mode, Reading

SCHEMA = "zapisy.xsd"
NAMESPACE = "urn:prebirka:zapisy:1"
#: The name of this format in `ProtocolFile.format`.
FORMAT = "zapisy-1"
#: Bytes; the largest real protocols make about 5 kB.
MAX_BYTES = 5_000_000

_VOCABULARY = Vocabulary(NAMESPACE)


@dataclass(frozen=True, slots=True)
class ProtocolFile:
    """What a protocol file states. `mode` is None in a format that does not say it; `format` names the
    adapter that read it."""

    election: str
    mode: Mode | None
    readings: tuple[Reading, ...]
    format: str


def write(readings: Iterable[Reading], election: str, mode: Mode) -> bytes:
    """The canonical bytes of a protocol file, UTF-8. Raises `DocumentError` DOC-30 for a doubled protocol."""
    readings = tuple(readings)
    check_twice((reading.key, 0) for reading in readings)
    if any(reading.election != election for reading in readings):
        raise ValueError("a protocol of another election has no place in this file")
    body = "".join([protocol_text(reading) for reading in readings])
    return (
        f'{DECLARATION}<ZAPISY xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(election)}" REZIM="{mode}">\n'
        f"{body}</ZAPISY>\n"
    ).encode()


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> ProtocolFile:
    """The protocols in `data`, exactly as stated. Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=max_bytes, allow_comments=True)
    head = xml.attributes_of(root)
    election = head["VOLBY"]
    readings = tuple([reading_of(element, election, _VOCABULARY) for element in root])
    check_twice((reading.key, 0) for reading in readings)
    return ProtocolFile(election, Mode(head["REZIM"]), readings, FORMAT)
