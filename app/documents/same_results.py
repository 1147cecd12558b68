"""Whether two published folders say the same, when the second was published by a centre that was rebuilt.

A rebuilt centre takes the same protocols in, perhaps in another order and surely at another time. The same
must be, byte by byte but for the time of generation: every document of volby.cz with results (sums, lists,
candidates, seats, turnout), the acts and the zero file. The same must be, as sets: the records of precincts
in all batches together, and the changes, each with its revision and the canonical text of its protocol.
May differ: PORADI_ZPRAC and DATUM_CAS_ZPRAC of a record and the batch that it is in; numbers, times and
links of the changes; the numbers of versions, with the index, the checkpoint and the manifest that tell
them; signatures; the tables that come with a batch (CSV), which hold the same rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from lxml import etree

from app.documents.registers.source import xml_root
from app.election.errors import KnownError

Named = TypeVar("Named")

_GENERATED = re.compile(rb' DATUM_CAS_GENEROVANI="[^"]*"')
_BATCH = re.compile(r"vysledky_okrsky(_\d+)?\.xml")
_FEED_ALIKE = ("acts.xml", "zero.xml")
_OF_THE_MOMENT = ("PORADI_ZPRAC", "DATUM_CAS_ZPRAC")
_OF_THE_CHANGE = ("DRUH", "OBEC", "OKRSEK", "REVIZE", "TYP", "DUVOD")


@dataclass
class Results:
    """What must be the same: documents by path, records of precincts, changes of protocols."""

    documents: dict[str, bytes] = field(default_factory=dict)
    records: Counter[bytes] = field(default_factory=Counter)
    changes: Counter[tuple[str, ...]] = field(default_factory=Counter)


def results_of(public: Path) -> Results:
    """Read the current version of a published folder and its changes. Raises KnownError CMP-01."""
    current = public / "current"
    if not current.is_dir():
        raise KnownError(
            "CMP-01",
            f"Ve složce {public} nejsou zveřejněné výsledky. Zadejte složku public ústředí.",
            f"There are no published results in {public}. Give the folder public of a centre.",
        )
    found = Results()
    for path in sorted(current.rglob("*.xml")):
        name = path.relative_to(current).as_posix()
        if _BATCH.fullmatch(path.name):
            if _is_numbered(path.name):
                found.records.update(_records(path))
        elif name.startswith("appdata/") or path.name in _FEED_ALIKE:
            found.documents[name] = _GENERATED.sub(b"", path.read_bytes())
    for path in sorted((public / "changes").glob("*.xml")):
        found.changes.update(_changes(path))
    return found


def differences(before: Results, after: Results) -> list[str]:
    """What is not the same, a line each; empty when all is."""
    found = [
        name
        for name in sorted(before.documents.keys() | after.documents.keys())
        if before.documents.get(name) != after.documents.get(name)
    ]
    found += _lacking("OKRSEK −", before.records, after.records)
    found += _lacking("OKRSEK +", after.records, before.records)
    found += _lacking("ZMENA −", before.changes, after.changes)
    found += _lacking("ZMENA +", after.changes, before.changes)
    return found


def _is_numbered(name: str) -> bool:
    """`vysledky_okrsky.xml` without a number repeats the last batch."""
    return name != "vysledky_okrsky.xml"


def _records(path: Path) -> Iterator[bytes]:
    for element in xml_root(path, path.read_bytes()).iterfind("{*}OKRSEK"):
        for name in _OF_THE_MOMENT:
            element.attrib.pop(name, "")
        element.tail = None
        yield etree.tostring(element, method="c14n")


def _changes(path: Path) -> Iterator[tuple[str, ...]]:
    for element in xml_root(path, path.read_bytes()).iterfind("{*}ZMENA"):
        yield (*(element.get(name, "") for name in _OF_THE_CHANGE), element.text or "")


def _lacking(what: str, one: Counter[Named], other: Counter[Named]) -> Iterator[str]:
    """What is more often in one than in the other."""
    for each, count in (one - other).items():
        yield f"{what}{count}: {str(each)[:120]}"
