"""Import of the office's registers: folders of published files in, one Reference out.

Shapes known: XML in windows-1250 or UTF-8 (2016, 2020), CSV and tab-separated tables in UTF-8 (2024),
packed by gzip or not. A joint election is read from the regional and the Senate registers together,
in one folder or in several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.documents.registers.contacts import with_contacts
from app.documents.registers.lists import read_lists
from app.documents.registers.previous import with_previous
from app.documents.registers.round1 import with_round_1
from app.documents.registers.senate import read_senate
from app.documents.registers.settings import Settings, guess, round_2
from app.documents.registers.source import RegisterError, find
from app.documents.registers.territory import Territory, read_districts, read_regions, read_territory
from app.election.model import Contest
from app.election.reference import CandidateList, ElectionInfo, Reference, Region

__all__ = [
    "RegisterError",
    "Settings",
    "guess",
    "read_registers",
    "round_2",
    "with_contacts",
    "with_previous",
    "with_round_1",
]


def read_registers(folders: Path | Sequence[Path], settings: Settings | None = None) -> Reference:
    """The reference data of one election.

    `folders`: one folder of registers, or several (regional and Senate); the first that has a
    register wins. `settings`: what the registers do not say; guessed from the folder's name if None.
    Raises RegisterError, which names the file, the column and the value.
    """
    paths = [folders] if isinstance(folders, Path) else list(folders)
    settings = settings or guess(paths)
    regional = find(paths, "kzcoco") is not None
    if not regional and find(paths, "secoco") is None:
        raise RegisterError(
            "REG-15",
            "Ve složce není ani kzcoco (kraje), ani secoco (Senát): nelze zjistit, kde se volí.",
            "The folder has neither kzcoco (regions) nor secoco (Senate), which tell where people vote.",
        )
    region_rows = read_regions(paths) if regional else ()
    territory = read_territory(paths, (row.number for row in region_rows))
    lists = read_lists(paths) if regional else {}
    _check_lists(lists, [row.number for row in region_rows])
    senate_day = settings.round1_date or settings.date
    senate_districts = read_senate(paths, _senate_districts(territory), senate_day)
    contests: tuple[Contest, ...] = (Contest.REGIONAL,) if regional and settings.senate_round == 1 else ()
    if senate_districts:
        contests += (Contest.senate(settings.senate_round),)
    return Reference(
        election=ElectionInfo(
            code=settings.code,
            name=settings.name,
            date=settings.date,
            mode=settings.mode,
            calendar=settings.calendar,
            contests=contests,
            rules=settings.rules,
            severities=dict(settings.severities),
            thresholds=settings.thresholds,
            feed=dict(settings.feed),
            round1_date=settings.round1_date,
        ),
        regions={
            row.number: Region(row.number, row.name, row.seats, lists[row.number]) for row in region_rows
        },
        districts=read_districts(paths, territory),
        municipalities=territory.municipalities,
        precincts=territory.precincts,
        senate_districts=senate_districts,
    )


def _senate_districts(territory: Territory) -> set[int]:
    return {p.senate_district for p in territory.precincts.values() if p.senate_district is not None}


def _check_lists(lists: Mapping[int, Mapping[int, CandidateList]], regions: Sequence[int]) -> None:
    for region in regions:
        if not lists.get(region):
            raise RegisterError(
                "REG-16",
                f"Kraj {region} nemá v číselnících žádnou kandidátní listinu.",
                f"Region {region} has no list in the registers.",
            )
        for listed in lists[region].values():
            if not listed.candidates:
                raise RegisterError(
                    "REG-17",
                    f"Listina {listed.number} v kraji {region} nemá v číselnících žádného kandidáta.",
                    f"List {listed.number} of region {region} has no candidate in the registers.",
                )
