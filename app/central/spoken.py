"""What people write about an act, as the command line and the operations room take it: precincts, numbers
drawn, seats. Each trouble is one sentence."""

from __future__ import annotations

from app.election.errors import KnownError
from app.election.model import PrecinctId

#: No list, candidate or council of seats has a higher number.
_MOST = 1000


def precinct_of(text: str) -> PrecinctId:
    """A precinct as people write it, 550001/3. Raises KnownError CEN-44."""
    municipality, _, number = text.partition("/")
    if not (municipality.isdecimal() and number.isdecimal() and text.isascii() and len(text) <= 20):
        raise KnownError(
            "CEN-44",
            f"„{text}“ není okrsek. Napište číslo obce, lomítko a číslo okrsku, například 550001/3.",
            f"“{text}” is no precinct. Write municipality, slash and number, such as 550001/3.",
        )
    return PrecinctId(int(municipality), int(number))


def numbers(text: str, name: str = "--order") -> tuple[int, ...]:
    """Numbers in the order drawn, such as `3,1`. Raises KnownError CEN-45, which names the field."""
    parts = [part.strip() for part in text.split(",")]
    if not all(map(_is_number, parts)):
        raise unclear(f"{name} {text}")
    return tuple(map(int, parts))


def seats(text: str, name: str = "--seats") -> tuple[tuple[int, int], ...]:
    """Seats by list, such as `7:40,12:5`. Raises KnownError CEN-45."""
    found = []
    for each in text.split(","):
        number, separator, won = (part.strip() for part in each.partition(":"))
        if not (separator and _is_number(number) and _is_number(won)):
            raise unclear(f"{name} {each}")
        found.append((int(number), int(won)))
    return tuple(found)


def unclear(what: str) -> KnownError:
    """CEN-45: it is not clear what an act is about."""
    return KnownError(
        "CEN-45",
        f"Není jasné, čeho se úkon týká ({what}). Uveďte právě jedno území, čísla oddělte čárkou.",
        f"It is not clear what the act is about ({what}). Name exactly one area, separate numbers by commas.",
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4 and 0 < int(text) < _MOST
