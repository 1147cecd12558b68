"""`manifest.xml`: every file of a version by path, length and hash; its signature speaks for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from app.documents import xml
from app.documents.feed.parts import MANIFEST, Issue, root_of
from app.documents.results.parts import local
from app.documents.xml_text import DECLARATION, escaped

#: Bytes and elements. A night of 5 000 batches has some 20 000 files.
MAX_BYTES = 16_000_000
MAX_TAGS = 200_000


class Listed(NamedTuple):
    """One file: path from the version's root, bytes, SHA-256 in hexadecimal."""

    path: str
    length: int
    sha256: str


def write(issue: Issue, version: int, generated_at: datetime, files: Iterable[Listed]) -> bytes:
    """The bytes of the manifest; files in any order."""
    parts = [
        f'{DECLARATION}{root_of(MANIFEST, issue)} VERZE="{version}"'
        f' DATUM_CAS_GENEROVANI="{local(generated_at)}">\n'
    ]
    parts += [
        f'<SOUBOR CESTA="{escaped(path)}" DELKA="{length}" SHA256="{sha256}"/>\n'
        for path, length, sha256 in sorted(files)
    ]
    parts.append(f"</{MANIFEST.root}>\n")
    return "".join(parts).encode()


def read(data: bytes) -> list[Listed]:
    """The files that a manifest lists. Raises `DocumentError`."""
    root = xml.parse_published(data, MANIFEST.schema, max_bytes=MAX_BYTES, max_tags=MAX_TAGS)
    found = []
    for element in root:
        told = xml.attributes_of(element)
        found.append(Listed(told["CESTA"], int(told["DELKA"]), told["SHA256"]))
    return found
