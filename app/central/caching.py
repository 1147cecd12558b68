"""The eight rules by which published documents may be kept by readers and by caches on the way.

`RULES` is the one home of the table: `resources/manual/serving.md` shows it, and the tests have one class for
each rule, by its number. How long a document lasts goes by its address (`lasting_of`): what an address can
never answer otherwise lasts for ever, in a live election; everything else is asked for again after a
second. A rehearsal has the same addresses as the night that it rehearses, so in a rehearsal nothing lasts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from app.election.model import Mode
from app.election.reference import Reference


class Rule(NamedTuple):
    number: int
    cs: str
    en: str


RULES = (
    Rule(
        1,
        "Každá podoba dokumentu (prostá, gzip, brotli) má vlastní silný ETag: otisk obsahu.",
        "Each form of a document (plain, gzip, brotli) has a strong ETag of its own: the content's hash.",
    ),
    Rule(
        2,
        "Last-Modified je čas zveřejnění, kterým se obsah naposledy změnil; nikdy není v budoucnosti.",
        "Last-Modified is the time of the publication that changed the content; never in the future.",
    ),
    Rule(
        3,
        "If-None-Match (seznam, slabé porovnání, *) na známou podobu odpoví 304 bez těla.",
        "If-None-Match (a list, compared weakly, *) that knows the form is answered by 304 without a body.",
    ),
    Rule(
        4,
        "If-Modified-Since platí, jen když If-None-Match chybí; co není datum, jako by nebylo.",
        "If-Modified-Since counts only without If-None-Match; what is no date is as if it were not there.",
    ),
    Rule(
        5,
        "Vary: Accept-Encoding všude; podoba se vybírá podle vah (q), identity;q=0 bez jiné je 406.",
        "Vary: Accept-Encoding everywhere; the form goes by weights (q); identity;q=0 and nothing else: 406.",
    ),
    Rule(
        6,
        "Cache-Control: ukazatele a souhrny max-age=1; verze, změny a číslované dávky rok a immutable "
        "(v ostrých volbách; zkouška má tytéž adresy, proto max-age=1).",
        "Cache-Control: pointers and aggregates max-age=1; versions, changes and numbered batches a year and "
        "immutable (in a live election; a rehearsal has the same addresses, so max-age=1).",
    ),
    Rule(
        7,
        "HEAD odpoví jako GET bez těla; 304 nese tytéž hlavičky ETag, Last-Modified, Cache-Control, Vary.",
        "HEAD is answered as GET without a body; 304 carries the same ETag, Last-Modified, Cache-Control, "
        "Vary.",
    ),
    Rule(
        8,
        "Chyby a dokumenty před koncem hlasování nejvýš sekundu a nikdy přes konec hlasování; CORS *, "
        "žádný rozdíl podle programu, na Range přijde celý dokument.",
        "Errors and what is published before voting ends: a second at most, never beyond voting's end; CORS "
        "*, no difference by the program that asks, Range is answered in full.",
    ),
)

SHORT = b"public, max-age=1"
AT_ONCE = b"public, max-age=0"
FOR_EVER = b"public, max-age=31536000, immutable"


class Lasting(Enum):
    """How long what an address answers stays true."""

    SHORT = "until the next publication"
    FOR_EVER = "for ever"


#: Below these the centre keeps what it once published, byte for byte.
_KEPT = re.compile(
    r"feed/[^/]+/(?:versions/[0-9]+|changes)/.+"
    r"|appdata/.+/okrsky/vysledky_okrsky(?:_[0-9]+)?_[0-9]{5}\.xml"
    r"|feed/[^/]+/csv/[a-z0-9_]+_[0-9]{5}\.csv"
)


def lasting_of(path: str) -> Lasting:
    """By the path of an address, without its leading slash."""
    return Lasting.FOR_EVER if _KEPT.fullmatch(path) else Lasting.SHORT


class Keeping(Protocol):
    """Says how long an answer may be kept."""

    def of(self, lasting: Lasting) -> bytes:
        """The value of Cache-Control."""


class CacheControl:
    """The value of Cache-Control for one election, by its clock."""

    def __init__(self, reference: Reference, clock: Callable[[], datetime]) -> None:
        self._ends = reference.election.calendar.voting_ends
        self._clock = clock
        self._kept = FOR_EVER if reference.election.mode is Mode.LIVE else SHORT
        self._open = False  # voting has ended; a clock that goes back does not change that

    def of(self, lasting: Lasting) -> bytes:
        if not self._open and (left := (self._ends - self._clock()).total_seconds()) > 0:
            return SHORT if left >= 1 else AT_ONCE
        self._open = True
        return self._kept if lasting is Lasting.FOR_EVER else SHORT
