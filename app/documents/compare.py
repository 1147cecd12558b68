"""Published results against the official ones, value by value, so that a night can be proved.

What is compared: in `vysledky` the whole subtree of each wanted region (turnout, lists, seats, elected
councillors), in `vysledky_kandid` the same, and `vysledky_okres` of each district of those regions whole;
the turnout of the country when all regions are wanted. Every attribute, every text, the number of
elements and their order count; only the time of generation is left out. Formatting (spaces, encoding,
quotes) is no value. A document that one side lacks is a difference, unless the official side has none of
its kind at all: then there is nothing to compare with, and the outcome says so.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from app import resources
from app.documents.registers.source import find, number, rows, unpacked, xml_root
from app.election.errors import KnownError

#: Attributes that name an element to a reader and tell it from its neighbours of the same name.
_NAMES = (
    *("CIS_KRZAST", "NUTS_OKRES", "CIS_OBEC", "KSTRANA", "PORADOVE_CISLO", "PORCISLO", "TYP_OBEC"),
    *("CISLO", "KOLO"),
)
_IGNORED = ("DATUM_CAS_GENEROVANI",)
_NOTHING = "—"
#: Where a published folder keeps its documents, the likeliest first; of several versions the last.
_LAYOUTS = (
    *(".", "current", "odata", "public/current", "appdata/kz*/odata", "current/appdata/kz*/odata"),
    *("public/current/appdata/kz*/odata", "versions/*", "versions/*/appdata/kz*/odata", "**"),
)
_KINDS = ("vysledky", "vysledky_kandid")
_DISTRICT = "vysledky_okres_"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same; a dash stands where a side has none."""

    document: str
    place: str
    ours: str
    official: str

    def __str__(self) -> str:
        return f"{self.document}: {self.place}: {self.ours} ≠ {self.official}"


@dataclass
class Comparison:
    """The outcome: how many values were compared in which documents, each difference, what was left out."""

    values_compared: int = 0
    documents: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether something was compared and nothing differs."""
        return self.values_compared > 0 and not self.differences


class Published:
    """A folder of published documents, of ours or of the office, wherever in it they lie."""

    def __init__(self, folder: Path, layouts: Sequence[str] = _LAYOUTS) -> None:
        """`layouts` are patterns of the places where documents may lie, the likeliest first."""
        if not folder.is_dir():
            raise KnownError(
                "CMP-01",
                f"Složka {folder} neexistuje. Zadejte složku se zveřejněnými výsledky.",
                f"There is no folder {folder}. Give the folder with the published results.",
            )
        self.folder = next(_places(folder, layouts), folder)

    def document(self, name: str) -> etree._Element | None:
        """The root of one document by its name without a suffix, or None when it is not there."""
        path = self._path(name)
        return None if path is None else xml_root(path, unpacked(path))

    def has_districts(self) -> bool:
        """Whether the document of any district is there."""
        return any(
            path.name.removeprefix(_DISTRICT).startswith("CZ")
            for place in (self.folder, *self._folders("okresy"))
            for path in place.iterdir()
        )

    def _folders(self, *names: str) -> list[Path]:
        return [self.folder / name for name in names if (self.folder / name).is_dir()]

    def _path(self, name: str) -> Path | None:
        names = (name, name.removeprefix(_DISTRICT))
        places = (self.folder, *self._folders("okresy"))
        candidates = (
            place / f"{stem}{suffix}" for place in places for stem in names for suffix in (".xml", ".xml.gz")
        )
        return next((path for path in candidates if path.is_file()), None)


def compare(
    ours: Path,
    official: Path,
    regions: Collection[int] | None,
    progress: Callable[[str], None] = lambda _: None,
    districts: Collection[str] | None = None,
) -> Comparison:
    """Compare two folders for the given regions (KRZAST), or for all that the official side has.

    `progress` hears the name of each document. Which districts vote in those regions is told by
    `districts` (NUTS), else by the registers in `official` if they are there, else by `resources/facts`.
    Raises KnownError for a folder that is not there or a damaged document.
    """
    left, right, result = Published(ours), Published(official), Comparison()
    if regions is None:
        official_results = right.document("vysledky")
        regions = [] if official_results is None else list(_regions(official_results))
    for name in _KINDS:
        progress(name)
        _compare_regions(result, name, left.document(name), right.document(name), regions)
    if not right.has_districts():
        result.not_compared.append("vysledky_okres")
        return result
    for nuts in districts_of(official, regions) if districts is None else sorted(districts):
        name = _DISTRICT + nuts
        progress(name)
        mine, theirs = left.document(name), right.document(name)
        if mine is not None and theirs is not None:
            result.documents.append(name)
            compare_elements(result, name, nuts, mine, theirs)
        else:
            missing(result, name, mine, theirs)
    return result


def districts_of(official: Path, regions: Collection[int]) -> list[str]:
    """NUTS codes of the districts of the given regions, ascending."""
    coco, nuts = find([official], "kzcoco"), find([official], "cnumnuts")
    if coco is not None and nuts is not None:
        codes = {number(row, "OKRES", coco) for row in rows(coco) if number(row, "KRZAST", coco) in regions}
        return sorted(row["NUTS"] for row in rows(nuts) if number(row, "NUMNUTS", nuts) in codes)
    with resources.path("facts", "districts.csv").open(encoding="utf-8", newline="") as stream:
        facts = list(csv.DictReader(stream))
    return sorted(row["NUTS"] for row in facts if row["KRZAST"] and int(row["KRZAST"]) in regions)


def _places(folder: Path, layouts: Sequence[str]) -> Iterator[Path]:
    for layout in layouts:
        found = [folder] if layout == "." else [path for path in folder.glob(layout) if path.is_dir()]
        with_results = [p for p in found if any((p / f"vysledky.xml{end}").is_file() for end in ("", ".gz"))]
        yield from sorted(with_results, key=_natural, reverse=True)


def _natural(path: Path) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else -1, part) for part in path.parts]


def _compare_regions(
    result: Comparison,
    name: str,
    ours: etree._Element | None,
    official: etree._Element | None,
    regions: Collection[int],
) -> None:
    if official is None and name == "vysledky_kandid":
        result.not_compared.append(name)
        return
    if ours is None or official is None:
        missing(result, name, ours, official)
        return
    result.documents.append(name)
    mine, theirs = _regions(ours), _regions(official)
    for region in sorted(regions):
        place = f"KRZAST {region}"
        if region in mine and region in theirs:
            compare_elements(result, name, place, mine[region], theirs[region])
        else:
            missing(result, f"{name} {place}", mine.get(region), theirs.get(region))
    if set(theirs) <= set(regions):
        _compare_children(result, name, "", _outside(ours), _outside(official))


def _regions(root: etree._Element) -> dict[int, etree._Element]:
    return {int(region.get("CIS_KRZAST", "0")): region for region in root.iterfind("{*}KRZAST")}


def _outside(root: etree._Element) -> list[etree._Element]:
    """What stands beside the regions: the whole country (CR)."""
    return [child for child in root if etree.QName(child).localname != "KRZAST"]


def missing(
    result: Comparison, name: str, ours: etree._Element | None, official: etree._Element | None
) -> None:
    here, there = (_NOTHING if side is None else "✓" for side in (ours, official))
    result.differences.append(Difference(name, "dokument", here, there))


def compare_elements(
    result: Comparison, name: str, place: str, ours: etree._Element, official: etree._Element
) -> None:
    """Tag, attributes and text of two elements, then their children."""
    pairs = [("element", str(ours.tag), str(official.tag))] if ours.tag != official.tag else []
    pairs += [
        (f"@{attribute}", _value(ours, attribute), _value(official, attribute))
        for attribute in sorted({*map(str, ours.attrib), *map(str, official.attrib)})
        if attribute not in _IGNORED
    ]
    mine_text, official_text = (" ".join((element.text or "").split()) for element in (ours, official))
    if mine_text or official_text:
        pairs.append(("text", mine_text, official_text))
    result.values_compared += len(pairs)
    result.differences += [
        Difference(name, f"{place} {what}".strip(), mine, theirs)
        for what, mine, theirs in pairs
        if mine != theirs
    ]
    _compare_children(result, name, place, list(ours), list(official))


def _compare_children(
    result: Comparison,
    name: str,
    place: str,
    ours: Sequence[etree._Element],
    official: Sequence[etree._Element],
) -> None:
    """Children by their names, so that one that is missing does not shift all that follow."""
    mine, theirs = _named(ours), _named(official)
    for key in [*theirs, *(key for key in mine if key not in theirs)]:
        here = f"{place} {key}".strip()
        if key in mine and key in theirs:
            compare_elements(result, name, here, mine[key], theirs[key])
        else:
            missing(result, f"{name}: {here}", mine.get(key), theirs.get(key))
    common = mine.keys() & theirs.keys()
    if [key for key in mine if key in common] != [key for key in theirs if key in common]:
        result.differences.append(Difference(name, place, "jiné pořadí", "pořadí"))


def _named(elements: Sequence[etree._Element]) -> dict[str, etree._Element]:
    """Elements by tag and naming attributes; the second with the same name gets #2, and so on."""
    named: dict[str, etree._Element] = {}
    seen: Counter[str] = Counter()
    for element in elements:
        names = [value for name in _NAMES if (value := element.get(name)) is not None]
        key = " ".join([etree.QName(element).localname, *names])
        seen[key] += 1
        named[key if seen[key] == 1 else f"{key} #{seen[key]}"] = element
    return named


def _value(element: etree._Element, attribute: str) -> str:
    value = element.get(attribute)
    return _NOTHING if value is None else " ".join(value.split())
