"""The pages of a region, of one of its lists with all candidates, and of a district."""

from __future__ import annotations

from typing import Any, NamedTuple

from app.central.pages import decided
from app.central.pages.national import district_map
from app.central.pages.scene import AreaRow, ListRow, NoSuchPage, Scene, leaders_of, rows_of
from app.documents.published.parts import Person
from app.documents.published.regional import DistrictResult, ListResult, MunicipalityRow, RegionResult
from app.election.model import Contest
from app.election.reference import Region


class CandidateLine(NamedTuple):
    """A candidate of a list; `preferred` is None before voting ends, the share known only of the elected."""

    number: int
    name: str
    preferred: int | None
    share: str
    elected: bool
    valid: bool


def region(scene: Scene) -> dict[str, Any]:
    """A region: lists with seats, elected councillors, districts."""
    known, result = _region(scene)
    return {
        "region": result,
        "name": scene.w.region(known.name),
        "cards": [scene.card(Contest.REGIONAL, result.turnout, decided=result.has_seats)],
        "notices": decided.of_region(scene, result),
        "lists": _lists(scene, result),
        "seats": _seats(result),
        "elected": [
            (each, scene.url("list", region=known.number, list=each.number), _elected(scene, each))
            for each in sorted(result.lists, key=lambda each: (-each.seats, -each.given.votes))
            if each.elected
        ],
        "map": district_map(scene, known.number),
        "rows": [
            district_row(scene, found)
            for district in sorted(scene.view.territory.districts.values(), key=lambda each: each.nuts)
            if district.region == known.number and (found := scene.view.district(district.nuts))
        ],
        "corrections": _corrections(scene, known.number),
    }


def list_page(scene: Scene) -> dict[str, Any]:
    """All candidates of a list with their preferential votes."""
    known, result = _region(scene)
    results = scene.view.results()
    assert results is not None  # as its region is there
    number = scene.route.number("list")
    listed = known.lists.get(number)
    row = next((each for each in result.lists if each.number == number), None)
    if listed is None or row is None:
        raise NoSuchPage
    preferred = scene.view.preferred().get(known.number, {})
    elected = {each.number: each for each in row.elected}
    lines = [
        CandidateLine(
            each.number,
            scene.w.person(Person(each.first_name, each.last_name, each.title_before, each.title_after)),
            preferred.get((number, each.number), 0) if scene.view.is_open else None,
            elected[each.number].preferred.share if each.number in elected else "",
            each.number in elected,
            each.valid,
        )
        for each in sorted(listed.candidates.values(), key=lambda each: each.number)
    ]
    return {
        "name": scene.w.region(known.name),
        "region_url": scene.url("region", region=known.number),
        "changed": results.generated_at,
        "listed": row,
        "candidates": lines,
    }


def district(scene: Scene) -> dict[str, Any]:
    """A district: its lists and its municipalities."""
    nuts = scene.route.word("nuts")
    known = scene.view.territory.by_nuts.get(nuts)
    if known is None:
        raise NoSuchPage
    result = scene.view.district(nuts)
    region_of = scene.view.territory.regions.get(known.region) if known.region else None
    context: dict[str, Any] = {
        "name": known.name,
        "changed": None,
        "region": None,
        "cards": [],
        "lists": [],
        "rows": [],
    }
    if region_of is not None:
        context["region"] = scene.w.region(region_of.name), scene.url("region", region=region_of.number)
    if result is None or region_of is None:
        return context | {"rows": _without_regional(scene, known.code), "elsewhere": True}
    return context | {
        "elsewhere": False,
        "changed": result.generated_at,
        "cards": [scene.card(Contest.REGIONAL, result.turnout)],
        "lists": list_rows(scene, region_of, result.votes),
        "rows": [municipality_row(scene, region_of, row) for row in result.rows],
    }


def district_row(scene: Scene, result: DistrictResult) -> AreaRow:
    """A district in its region's table."""
    of = scene.view.territory.by_nuts[result.nuts]
    region_of = scene.view.territory.regions[of.region or 0]
    return AreaRow(
        result.name,
        scene.url("district", nuts=result.nuts),
        result.turnout,
        result.turnout.processed_share,
        leaders_of((region_of.lists[number].short_name, each, 0) for number, each in result.votes.items()),
        scene.state(result.turnout),
    )


def municipality_row(scene: Scene, region_of: Region, row: MunicipalityRow) -> AreaRow:
    """A municipality in its district's table."""
    return AreaRow(
        row.name,
        scene.url("municipality", code=row.code),
        row.turnout,
        row.turnout.processed_share,
        leaders_of((region_of.lists[number].short_name, each, 0) for number, each in row.votes.items()),
        scene.w("kind_borough") if row.kind == "MCMO" else scene.state(row.turnout),
    )


def list_rows(scene: Scene, region_of: Region, votes: Any) -> list[ListRow]:
    """The lists of an area in a region, with links to their candidates."""
    names = {number: listed.short_name for number, listed in region_of.lists.items()}
    urls = {number: scene.url("list", region=region_of.number, list=number) for number in names}
    return rows_of(votes, names, urls)


def _region(scene: Scene) -> tuple[Region, RegionResult]:
    number = scene.route.number("region")
    known = scene.view.territory.regions.get(number)
    results = scene.view.results()
    if known is None or results is None or number not in results.regions:
        raise NoSuchPage
    return known, results.regions[number]


def _lists(scene: Scene, result: RegionResult) -> list[ListRow]:
    known = scene.view.territory.regions[result.number]
    rows = list_rows(scene, known, {each.number: each.given for each in result.lists})
    by_number = {each.number: each for each in result.lists}
    return [
        row._replace(seats=by_number[row.number].seats, seats_share=by_number[row.number].seats_share)
        for row in rows
    ]


def _seats(result: RegionResult) -> list[tuple[str, int]]:
    """Names and seats, most seats first, for the row of seats."""
    won = sorted(
        (each for each in result.lists if each.seats), key=lambda each: (-each.seats, -each.given.votes)
    )
    return [(each.name, each.seats) for each in won]


def _elected(scene: Scene, listed: ListResult) -> list[tuple[int, str, int, str]]:
    return [
        (each.number, scene.w.person(each.person), each.preferred.votes, each.preferred.share)
        for each in listed.elected
    ]


def _without_regional(scene: Scene, code: int) -> list[tuple[str, str]]:
    """Names and addresses of a district's municipalities, where no regional council is elected."""
    return [
        (each.name, scene.url("municipality", code=each.code))
        for each in sorted(scene.view.territory.municipalities.values(), key=lambda each: each.name)
        if each.district == code
    ]


def _corrections(scene: Scene, number: int) -> int:
    places = scene.view.territory.precincts
    return sum(
        1
        for precinct, contests in scene.view.history.corrected.items()
        if Contest.REGIONAL in contests and precinct in places and places[precinct].region == number
    )
