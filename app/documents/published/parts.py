"""What all published documents share when they are read: the parse, turnout, people, local time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from app.documents import xml
from app.documents.results.parts import Kind, instant_of

#: Bytes and elements of the largest document: a nation with room to spare.
MAX_BYTES = 400_000_000
MAX_TAGS = 2_000_000

Attributes = Mapping[str, str]


class Turnout(NamedTuple):
    """UCAST of one area. Shares are texts such as "45.12", as the document has them."""

    expected: int
    processed: int
    processed_share: str
    voters: int
    issued: int
    share: str
    returned: int
    valid: int
    valid_share: str

    @property
    def complete(self) -> bool:
        """Every expected precinct is processed."""
        return self.processed == self.expected > 0


class Given(NamedTuple):
    """Votes and their share as the document says it."""

    votes: int
    share: str


class Person(NamedTuple):
    """A candidate's name with titles, which may be empty."""

    first: str
    last: str
    before: str
    after: str


def root(data: bytes, kind: Kind) -> xml.Element:
    """The root element of a document of this kind. Raises `DocumentError`."""
    return xml.parse_published(data, kind.schema, max_bytes=MAX_BYTES, max_tags=MAX_TAGS)


def generated_at(element: xml.Element) -> datetime:
    """When a document says that it was made."""
    return instant_of(element.get("DATUM_CAS_GENEROVANI", ""))


def all_of(element: xml.Element, name: str) -> Iterator[xml.Element]:
    """The children of this name, whatever their namespace."""
    return element.iterfind(f"{{*}}{name}")


def turnouts(element: xml.Element) -> dict[int, Turnout]:
    """UCAST of an area by round; 0 where documents do not number rounds."""
    found = {}
    for each in all_of(element, "UCAST"):
        said = xml.attributes_of(each)
        found[int(said.get("KOLO", "0"))] = _turnout(said)
    return found


def turnout(element: xml.Element) -> Turnout:
    """The only UCAST of an area without rounds; its schema has seen to it that it is there."""
    return turnouts(element)[0]


def given(said: Attributes, votes: str = "HLASY", share: str = "PROC_HLASU") -> Given:
    """Votes and share from an element's attributes."""
    return Given(int(said[votes]), said[share])


def person(said: Attributes) -> Person:
    """The name in an element's attributes."""
    return Person(said["JMENO"], said["PRIJMENI"], said["TITULPRED"], said["TITULZA"])


def _turnout(said: Attributes) -> Turnout:
    return Turnout(
        int(said["OKRSKY_CELKEM"]),
        int(said["OKRSKY_ZPRAC"]),
        said["OKRSKY_ZPRAC_PROC"],
        int(said["ZAPSANI_VOLICI"]),
        int(said["VYDANE_OBALKY"]),
        said["UCAST_PROC"],
        int(said["ODEVZDANE_OBALKY"]),
        int(said["PLATNE_HLASY"]),
        said["PLATNE_HLASY_PROC"],
    )
