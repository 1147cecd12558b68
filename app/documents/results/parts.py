"""What the result documents share: their roots and namespaces, turnout, escaping, percentages.

Which percentage is rounded and which is cut off was verified on every value of the official documents
of 2016 and 2020: turnout, valid of returned, processed precincts and shares of seats are rounded half
up; shares of votes are cut off, except in the row of a whole district (OKRES).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.documents.xml_text import DECLARATION, escaped
from app.election.percent import rounded, text
from app.election.tally import Tally

PRAGUE = ZoneInfo("Europe/Prague")
#: One hundredths function: `percent.truncated` or `percent.rounded`.
Share = Callable[[int, int], int]
#: The text of areas as it was written last, by number; whoever keeps it takes out what has changed.
Kept = MutableMapping[int, str]


class Kind(NamedTuple):
    """One kind of document: its root element, namespace and schema. Change them here and nowhere else."""

    root: str
    namespace: str
    schema: str


VYSLEDKY = Kind("VYSLEDKY", "http://www.w3.org/namespace/", "kz_vysledky.xsd")
VYSLEDKY_KANDID = Kind("VYSLEDKY_KANDID", "http://www.w3.org/namespace/", "kz_vysledky_kandid.xsd")
VYSLEDKY_KRAJMESTA = Kind("VYSLEDKY_KRAJMESTA", "http://www.w3.org/namespace/", "kz_vysledky_krajmesta.xsd")
VYSLEDKY_OKRES = Kind("VYSLEDKY_OKRES", "http://www.w3.org/namespace/", "kz_vysledky_okres.xsd")
VYSLEDKY_OKRSKY = Kind("VYSLEDKY_OKRSKY", "http://www.w3.org/namespace/", "kz_vysledky_okrsky.xsd")
SENATE_VYSLEDKY = Kind("VYSLEDKY", "http://www.volby.cz/senat/", "se_vysledky.xsd")
SENATE_OBCE_OBVOD = Kind("VYSLEDKY_OBCE_OBVOD", "http://www.volby.cz/senat/", "se_vysledky_obce_obvod.xsd")
SENATE_OKRSKY = Kind("VYSLEDKY_OKRSKY", "http://www.volby.cz/senat/", "se_vysledky_okrsky.xsd")
#: Every kind that is published.
KINDS = (
    *(VYSLEDKY, VYSLEDKY_KANDID, VYSLEDKY_KRAJMESTA, VYSLEDKY_OKRES, VYSLEDKY_OKRSKY),
    *(SENATE_VYSLEDKY, SENATE_OBCE_OBVOD, SENATE_OKRSKY),
)


def document(kind: Kind, generated_at: datetime, body: Iterable[str]) -> bytes:
    """A whole document from the text of its body."""
    root = (
        f'<{kind.root} xmlns="{kind.namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{kind.namespace} {kind.schema}"'
        f' DATUM_CAS_GENEROVANI="{local(generated_at)}">\n'
    )
    return "".join((DECLARATION, root, *body, f"</{kind.root}>\n")).encode()


def kept(texts: Kept | None, number: int, write: Callable[[], Iterator[str]]) -> str:
    """The text of one area: as it is kept, or written now and kept from now on."""
    if texts is None:
        return "".join(write())
    if number not in texts:
        texts[number] = "".join(write())
    return texts[number]


def local(instant: datetime) -> str:
    """An instant as documents have it: Prague time to the second, without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(PRAGUE).strftime("%Y-%m-%dT%H:%M:%S")


def instant_of(text: str) -> datetime:
    """The instant that `local` wrote. Raises ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=PRAGUE)


def ucast(tally: Tally, round_: int | None = None) -> str:
    """The element UCAST of one area: precincts, registered voters, envelopes, valid votes."""
    return turnout(*tally.sums(), round_=round_)


def turnout(
    expected: int,
    processed: int,
    voters: int,
    issued: int,
    returned: int,
    valid: int,
    *,
    round_: int | None = None,
) -> str:
    """UCAST from plain sums; `round_` is KOLO, which only the Senate's documents have."""
    number = "" if round_ is None else f' KOLO="{round_}"'
    return (
        f'<UCAST{number} OKRSKY_CELKEM="{expected}" OKRSKY_ZPRAC="{processed}"'
        f' OKRSKY_ZPRAC_PROC="{text(rounded(processed, expected))}"'
        f' ZAPSANI_VOLICI="{voters}" VYDANE_OBALKY="{issued}" UCAST_PROC="{text(rounded(issued, voters))}"'
        f' ODEVZDANE_OBALKY="{returned}" PLATNE_HLASY="{valid}"'
        f' PLATNE_HLASY_PROC="{text(rounded(valid, returned))}"/>\n'
    )


def attribute(name: str, value: str) -> str:
    """One attribute with a leading space, its text escaped."""
    return f' {name}="{escaped(value)}"'
