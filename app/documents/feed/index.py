"""`index.xml`: the pointer, so small that asking "anything new?" costs nothing.

Everything below `versions/` that it names stays as it is for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.documents import xml
from app.documents.feed.parts import INDEX, SOURCE, Issue, root_of
from app.documents.results.parts import instant_of, local
from app.documents.xml_text import DECLARATION, escaped
from app.election.model import Mode

#: Bytes and elements; a pointer has some one thousand and ten.
_MAX_BYTES = 100_000
_MAX_TAGS = 100


class State(StrEnum):
    """How far publication is."""

    BEFORE_THE_END = "PRED_KONCEM"
    RUNNING = "PRUBEZNE"
    COMPLETE = "UPLNE"


@dataclass(frozen=True, slots=True)
class Index:
    """`folder` is the feed's own (`feed/kz2024`), `last_changes` the version of the last changes file or 0,
    `ask_again` whole seconds."""

    issue: Issue
    state: State
    version: int
    generated_at: datetime
    folder: str
    last_changes: int
    ask_again: int = 1


def write(index: Index) -> bytes:
    """The bytes of the pointer."""
    links = "".join(
        f'<ODKAZ DRUH="{kind}" CESTA="{escaped(path)}"/>\n' for kind, path in _links(index).items()
    )
    return (
        f'{DECLARATION}{root_of(INDEX, index.issue)} STAV="{index.state.value}" VERZE="{index.version}"'
        f' DATUM_CAS_GENEROVANI="{local(index.generated_at)}" DALSI_DOTAZ="{index.ask_again}"'
        f' ZDROJ="{SOURCE}">\n{links}</{INDEX.root}>\n'
    ).encode()


class Head(NamedTuple):
    """What the pointer says of itself."""

    issue: Issue
    state: State
    version: int
    generated_at: datetime


def read_head(data: bytes) -> Head:
    """The head of a pointer. Raises `DocumentError`."""
    root = xml.parse_published(data, INDEX.schema, max_bytes=_MAX_BYTES, max_tags=_MAX_TAGS)
    told = xml.attributes_of(root)
    issue = Issue(told["VOLBY"], Mode(told["REZIM"]))
    return Head(issue, State(told["STAV"]), int(told["VERZE"]), instant_of(told["DATUM_CAS_GENEROVANI"]))


def _links(index: Index) -> dict[str, str]:
    folder = index.folder
    own = f"{folder}/versions/{index.version}/{folder}"
    links = {"manifest": f"{own}/manifest.xml"}
    if index.last_changes:
        links["zmeny"] = f"{folder}/changes/{index.last_changes:06d}.xml"
    return links | {
        "kontrolni_bod": f"{own}/checkpoint.xml",
        "nula": f"{own}/zero.xml",
        "ukony": f"{own}/acts.xml",
        "udalosti": f"{folder}/events",
        "schemata": f"{own}/xsd/",
    }
