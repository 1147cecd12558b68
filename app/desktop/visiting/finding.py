"""Which precinct somebody means: typed as "550001/3", "lhota 3" or "3", or scanned as one run of digits.

Pure: works on the reference data of the transfer point. Diacritics and letter case do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from app.election.model import PrecinctId
from app.election.reference import Precinct, Reference
from app.station.overseeing.narrowing import folded

_PAIR: Final = re.compile(r"(\d{6})\s*[/\-:; ]\s*(\d{1,5})")
#: OBEC (6 digits) and OKRSEK (5 digits) without anything between, as the forms' codes have them.
_RUN: Final = re.compile(r"(\d{6})(\d{5})")


def identifier(text: str) -> PrecinctId | None:
    """The precinct that a whole code names; None when the text is not one."""
    found = _PAIR.fullmatch(text.strip()) or _RUN.fullmatch(text.strip())
    return PrecinctId(int(found[1]), int(found[2])) if found else None


def find(text: str, reference: Reference, transfer_point: int) -> tuple[Precinct, ...]:
    """Precincts of the transfer point that fit, by municipality's name and number.

    A code finds its precinct even when it belongs elsewhere, so that the clerk can say so. Of words, each
    has to be in the municipality's name; a number is the precinct's whole number or the municipality's code.
    """
    code = identifier(text)
    if code is not None:
        precinct = reference.precincts.get(code)
        return () if precinct is None else (precinct,)
    words = folded(text).replace(",", " ").split()
    if not words:
        return ()
    fitting = [
        precinct
        for precinct in reference.of_transfer_point(transfer_point)
        if _fits(precinct, words, folded(_name(precinct, reference)))
    ]
    return tuple(sorted(fitting, key=lambda found: (folded(_name(found, reference)), found.id)))


def _fits(precinct: Precinct, words: Iterable[str], name: str) -> bool:
    return all(
        word.lstrip("0") in (str(precinct.id.number), str(precinct.id.municipality))
        if word.isascii() and word.isdigit()
        else word in name
        for word in words
        if word not in ("okrsek", "okrsku", "precinct")
    )


def _name(precinct: Precinct, reference: Reference) -> str:
    found = reference.municipalities.get(precinct.id.municipality)
    return found.name if found else ""
