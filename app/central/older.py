"""The older addresses, `/pls/…`, that programs still use: which document of the static layout each one means.

    /pls/{election}/vysledky, /vysledky_krajmesta, /vysledky_kandid
    /pls/{election}/vysledky_okres?nuts=CZ0201
    /pls/{election}/vysledky_okrsky?davka=N                         (empty or missing: the latest batch)
    /pls/senat/vysledky?datum_voleb=20240920
    /pls/senat/vysledky_obce_obvod?datum_voleb=20240920&cislo=N     (or obvod=N)
    /pls/senat/vysledky_okrsky?datum_voleb=20240920&kolo=1&davka=N

As on the office's own server, a wrong value is answered by an error document and not by a status. Names of
parameters and the letters of a district's code may be of either case; a parameter that is given twice is
wrong, because nobody can say which of the two was meant; parameters that are not known here do not matter.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl

# Error documents, by what is not there.
ELECTION = "volby"
SENATE_DISTRICT = "obvod"
SENATE_BATCH = "senat/okrsky"
DISTRICT = "okres"
BATCH = "okrsky"

SENATE = "senat"
#: Bytes; the longest honest one has some fifty.
_LONGEST_QUERY = 1000
_WRONG = "?"  # stands for a value that cannot be meant: no document has it in its name

Parameters = dict[str, str]


class Wanted(NamedTuple):
    """A path below the folder of the election's documents, and the error document when it is not there.

    `senate` tells which of the two folders; `date` and `round_` (KOLO) are what was asked for, empty where
    nothing was and the current ones are meant.
    """

    path: str
    error: str
    senate: bool = False
    date: str = ""
    round_: str = ""


def wanted(path: str, query: bytes, election: str) -> Wanted | None:
    """What an older address means; None for an address that never was one."""
    _, pls, whose, name = [*path.split("/", 3), "", "", ""][:4]
    if pls != "pls" or whose not in (election, SENATE):
        return None
    given = _parameters(query)
    return _senate(name, given) if whose == SENATE else _regional(name, given)


def _regional(name: str, given: Parameters) -> Wanted | None:
    match name:
        case "vysledky" | "vysledky_krajmesta" | "vysledky_kandid":
            return Wanted(f"{name}.xml", ELECTION)
        case "vysledky_okres":
            return Wanted(f"okresy/vysledky_okres_{_word(given.get('nuts', ''))}.xml", DISTRICT)
        case "vysledky_okrsky" if given.get("kolo", "1") in ("", "1"):
            return Wanted(_batch(given), BATCH)
        case "vysledky_okrsky":
            return Wanted(_WRONG, BATCH)
    return None


def _senate(name: str, given: Parameters) -> Wanted | None:
    date = given.get("datum_voleb", "")
    match name:
        case "vysledky":
            return Wanted("vysledky.xml", ELECTION, True, date)
        case "vysledky_obce_obvod":
            number = _number(given.get("cislo", given.get("obvod", "")))
            return Wanted(f"obvody/vysledky_obce_obvod_{number}.xml", SENATE_DISTRICT, True, date)
        case "vysledky_okrsky":
            return Wanted(_batch(given), SENATE_BATCH, True, date, given.get("kolo", ""))
    return None


def _batch(given: Parameters) -> str:
    number = given.get("davka", "")
    if not number:
        return "okrsky/vysledky_okrsky.xml"
    return f"okrsky/vysledky_okrsky_{_number(number).zfill(5)}.xml"


def _number(value: str) -> str:
    """Without leading zeros; what is no number of at most nine digits is wrong."""
    digits = value.lstrip("0")
    return digits if value.isascii() and value.isdigit() and 0 < len(digits) < 10 else _WRONG


def _word(value: str) -> str:
    return value.upper() if value.isascii() and value.isalnum() and len(value) < 20 else _WRONG


def _parameters(query: bytes) -> Parameters:
    """By name in small letters; wrong values for those that came twice, all of them when it is too long."""
    given: Parameters = {}
    if len(query) > _LONGEST_QUERY:
        return dict.fromkeys(("nuts", "davka", "cislo", "obvod", "kolo", "datum_voleb"), _WRONG)
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        known = name.lower()
        given[known] = _WRONG if known in given else value.strip()
    return given
