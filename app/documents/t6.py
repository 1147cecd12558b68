"""Open-data tables T6 and T6p as readings: what the commissions stated on a past night, to be replayed.

T6 has one row for each precinct (part 1 of form T/6), T6p one for each sheet of part 2, in one file or
one for each region. Numbers and control numbers are passed on as they stand, right or wrong, and a
blank stays a blank. A zero in a preferential column is an empty box on the paper: these tables fill
all 70 columns, so zeros are left out here.

Each of these records has its own flags OPRAVA and CHYBA: in 2016 a correction at the transfer point marked
only the sheets that changed, and 20 of 3 626 precincts have a corrected sheet under an unmarked part 1. A
protocol file has the flags once, for the whole form: it is corrected when any of its records is. KC_SUM of
a sheet counts the flags in, so it is restated by the difference, and by nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from app.documents.registers.source import RegisterError, cells, find_all
from app.election.model import MAX_PREFERENCES, CountsStated, PrecinctId, RegionalReading, SheetStated
from app.election.reference import Reference

_HEAD = (
    *("TYP_FORM", "OPRAVA", "CHYBA", "OKRES", "OBEC", "OKRSEK", "KC_1"),
    *("VOL_SEZNAM", "VYD_OBALKY", "ODEVZ_OBAL", "PL_HL_CELK", "KC_2", "ZAKRSTRANA"),
)
_SHEET = (
    *("OPRAVA", "CHYBA", "OKRES", "OBEC", "OKRSEK", "KSTRANA", "POC_HLASU"),
    *("KC_2", "KC_3", "KC_4", "KC_5", "POSL_KAND", "KC_SUM"),
)
_PREFERENCES = tuple(f"HLASY_{number:02d}" for number in range(1, MAX_PREFERENCES + 1))

_EMPTY = ("0", "")


class _Flagged(NamedTuple):
    """A sheet with the flags of its own record."""

    corrected: int  # OPRAVA
    passable_error: int  # CHYBA
    sheet: SheetStated


Sheets = dict[tuple[str, PrecinctId], list[_Flagged]]


def read_t6(
    folder: Path, reference: Reference, regions: Collection[int] | None = None
) -> Iterator[RegionalReading]:
    """The readings of whole regions (KRZAST; all if None), in the order of the table T6.

    `reference` tells which district belongs to which region. Raises RegisterError when a table is
    missing or damaged, and when a wanted region has precincts but not one sheet.
    """
    region_of = {
        str(district.code): district.region
        for district in reference.districts.values()
        if district.region is not None and (regions is None or district.region in regions)
    }
    sheets = _sheets(folder, region_of)
    with_sheets = {region_of[district] for district, _ in sheets}
    for path in _tables(folder, "kzt6"):
        columns, lines = cells(path)
        pick = _picker(path, columns, _HEAD)
        for form, corrected, passable, district, obec, okrsek, kc_1, *counts, kc_2, mark in map(pick, lines):
            if district not in region_of:
                continue
            if region_of[district] not in with_sheets:
                raise _no_sheets(folder, region_of[district])
            precinct = _precinct(obec, okrsek, path)
            own = sheets.get((district, precinct), [])
            oprava = _whole_form(_int(corrected, path), (flagged.corrected for flagged in own))
            chyba = _whole_form(_int(passable, path), (flagged.passable_error for flagged in own))
            yield RegionalReading(
                election=reference.election.code,
                precinct=precinct,
                district=_int(district, path),
                form_type=_int(form, path),
                form_version=reference.election.rules.form_version,
                corrected=oprava,
                passable_error=chyba,
                kc_1=_int(kc_1, path),
                counts=CountsStated(*(_int(count, path) for count in counts)),
                kc_2=_int(kc_2, path),
                lists_mark=mark,
                sheets=tuple(_restated(flagged, oprava or 0, chyba or 0) for flagged in own),
            )


def registered_voters(folder: Path) -> dict[PrecinctId, int]:
    """VOL_SEZNAM of every precinct of the table T6; 0 where it is blank. Raises RegisterError."""
    found = {}
    for path in _tables(folder, "kzt6"):
        columns, lines = cells(path)
        pick = _picker(path, columns, ("OBEC", "OKRSEK", "VOL_SEZNAM"))
        found.update(
            {
                _precinct(obec, okrsek, path): _int(voters, path) or 0
                for obec, okrsek, voters in map(pick, lines)
            }
        )
    return found


def regions_with_sheets(folder: Path, reference: Reference) -> tuple[int, ...]:
    """The regions (KRZAST) of which the folder has sheets of part 2, ascending."""
    region_of = {
        str(district.code): district.region
        for district in reference.districts.values()
        if district.region is not None
    }
    found: set[str] = set()
    for path in _tables(folder, "kzt6p"):
        columns, lines = cells(path)
        pick = _picker(path, columns, ("OKRES", "OBEC"))
        found.update(district for district, _municipality in map(pick, lines))
    return tuple(sorted({region_of[district] for district in found if district in region_of}))


def _sheets(folder: Path, districts: Collection[str]) -> Sheets:
    """Sheets of part 2 in the wanted districts (OKRES) by district and precinct, in the files' order."""
    found: Sheets = defaultdict(list)
    for path in _tables(folder, "kzt6p"):
        columns, lines = cells(path)
        pick = _picker(path, columns, _SHEET)
        boxes = [name for name in _PREFERENCES if name in columns]
        pick_boxes = _picker(path, columns, boxes)
        numbers = [int(name.removeprefix("HLASY_")) for name in boxes]
        for row in lines:
            oprava, chyba, district, obec, okrsek, list_number, votes, *controls = pick(row)
            if district not in districts:
                continue
            filled = [
                (number, text)
                for number, text in zip(numbers, pick_boxes(row), strict=True)
                if text not in _EMPTY
            ]
            sheet = SheetStated(
                _int(list_number, path),
                _int(votes, path),
                tuple((number, _int(text, path)) for number, text in filled),
                *(_int(control, path) for control in controls),
            )
            flagged = _Flagged(_int(oprava, path) or 0, _int(chyba, path) or 0, sheet)
            found[district, _precinct(obec, okrsek, path)].append(flagged)
    return found


def _whole_form(of_part_1: int | None, of_sheets: Iterable[int]) -> int | None:
    """A flag of the whole form from those of its records; one that part 1 leaves blank stays blank."""
    return None if of_part_1 is None else max(of_part_1, *of_sheets, 0)


def _restated(flagged: _Flagged, corrected: int, passable_error: int) -> SheetStated:
    """The sheet under the form's flags instead of its own."""
    difference = corrected - flagged.corrected + passable_error - flagged.passable_error
    stated = flagged.sheet.kc_sum
    if not difference or stated is None:
        return flagged.sheet
    return flagged.sheet._replace(kc_sum=stated + difference)


def _picker(
    path: Path, columns: Sequence[str], names: Sequence[str]
) -> Callable[[list[str]], tuple[str, ...]]:
    """A function that takes the named columns out of a row."""
    missing = [name for name in names if name not in columns]
    if missing:
        raise RegisterError(
            "T6-03",
            f"V tabulce {path.name} chybí sloupce {', '.join(missing)}. Je to tabulka T6 krajských voleb?",
            f"The table {path.name} lacks the columns {', '.join(missing)}. Is it T6 of regional elections?",
        )
    take = itemgetter(*(columns.index(name) for name in names))

    def pick(row: list[str]) -> tuple[str, ...]:
        try:
            return take(row)  # type: ignore[no-any-return]  # itemgetter of several columns gives a tuple
        except IndexError:
            raise RegisterError(
                "T6-04",
                f"V tabulce {path.name} je neúplný řádek: {','.join(row)[:60]}. Zkopírujte ji znovu.",
                f"The table {path.name} has an incomplete row: {','.join(row)[:60]}. Copy it again.",
            ) from None

    return pick


def _precinct(municipality: str, number: str, path: Path) -> PrecinctId:
    return PrecinctId(_int(municipality, path) or 0, _int(number, path) or 0)


def _int(text: str, path: Path) -> int | None:
    """A number as stated; a blank is `None`."""
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        if not text.strip():
            return None
        raise RegisterError(
            "T6-05",
            f"V tabulce {path.name} je místo čísla „{text}“.",
            f"The table {path.name} has “{text}” instead of a number.",
        ) from None


def _tables(folder: Path, stem: str) -> tuple[Path, ...]:
    paths = find_all([folder], stem)
    if not paths:
        raise RegisterError(
            "T6-01",
            f"Ve složce {folder} chybí tabulka {stem} (zápisy okrsků). Doplňte ji z otevřených dat ČSÚ.",
            f"The folder {folder} lacks the table {stem} (precinct protocols). Add it from the open data.",
        )
    return paths


def _no_sheets(folder: Path, region: int) -> RegisterError:
    return RegisterError(
        "T6-02",
        f"Ve složce {folder} nejsou hlasy pro strany z kraje {region} (tabulka kzt6p). Vynechte ho.",
        f"The folder {folder} has no sheets of region {region} (table kzt6p). Leave that region out.",
    )
