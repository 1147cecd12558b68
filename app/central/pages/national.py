"""The pages of the whole country: results, progress, the search, the list of places, the reduced edition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.central.pages import arrivals, decided, maps
from app.central.pages.arrivals import Arriving
from app.central.pages.maps import Map, Said
from app.central.pages.scene import AreaRow, Card, NoSuchPage, Scene, leaders_of
from app.central.pages.senate import overview
from app.documents.published.regional import RegionResult
from app.election.model import Contest

Context = dict[str, Any]


def country(scene: Scene) -> Context:
    """The first page: how far the count is, the map, regions, the Senate in short."""
    return {
        "cards": cards(scene),
        "notices": decided.everywhere(scene),
        "map": region_map(scene),
        "regions": region_rows(scene),
        "chart": chart(scene),
        **overview(scene),
    }


def progress(scene: Scene) -> Context:
    """What is processed where: districts on a map, regions in a table, arrivals over time."""
    return {
        "cards": cards(scene),
        "map": district_map(scene),
        "regions": region_rows(scene),
        "chart": chart(scene),
        "corrections": len(scene.view.history.corrected),
    }


def search(scene: Scene, question: str) -> Context:
    """What a question finds."""
    shown = question.strip()[:60]
    return {"question": shown, "found": _places(scene, scene.index.find(question))}


def places(scene: Scene) -> Context:
    """The first letters of all municipalities."""
    letters = sorted(scene.index.letters())
    return {
        "letters": [(each, scene.url("letter", letter=each)) for each in letters],
        "letter": "",
        "found": [],
    }


def letter(scene: Scene) -> Context:
    """The municipalities of one letter."""
    wanted = scene.route.word("letter")
    found = scene.index.letters().get(wanted)
    if found is None:
        raise NoSuchPage
    return {**places(scene), "letter": wanted, "found": _places(scene, found)}


def reduced(scene: Scene) -> Context:
    """Totals only."""
    return {"cards": cards(scene), "regions": region_rows(scene), **overview(scene)}


def cards(scene: Scene) -> list[Card]:
    """One card for each contest, of the whole country."""
    made = []
    results, senate = scene.view.results(), scene.view.senate_results()
    for contest in scene.view.contests:
        if contest is Contest.REGIONAL and results is not None:
            complete = all(each.has_seats for each in results.regions.values() if each.turnout.expected)
            made.append(scene.card(contest, results.country, decided=complete))
        elif contest.is_senate and senate is not None and contest.round in senate.turnout:
            known = all(
                district.known(contest.round)
                for district in senate.districts.values()
                if contest.round in district.turnout and district.turnout[contest.round].expected
            )
            url = scene.url("senate")
            made.append(scene.card(contest, senate.turnout[contest.round], url, decided=known))
    return made


def region_rows(scene: Scene) -> list[AreaRow]:
    """A row for each region that votes: all lists with seats once they are known, else the leading ones."""
    results = scene.view.results()
    regions = results.regions.values() if results else ()
    return [_region_row(scene, region) for region in regions if region.turnout.expected]


def _region_row(scene: Scene, region: RegionResult) -> AreaRow:
    waiting = any(each.kind == "waiting" for each in decided.of_region(scene, region))
    return AreaRow(
        scene.w.region(region.name),
        scene.url("region", region=region.number),
        region.turnout,
        region.turnout.processed_share,
        leaders_of((each.name, each.given, each.seats) for each in region.lists),
        scene.w("waiting_short") if waiting else scene.state(region.turnout),
    )


def region_map(scene: Scene) -> Map | None:
    """The regions as tiles."""
    results = scene.view.results()

    def said(code: int) -> Said | None:
        region = results.regions.get(code) if results else None
        if region is None:  # Prague, which elects no regional council
            return Said(scene.w("tile_none"), "", "–", "0.00") if code == 0 else None
        share = scene.w.share(region.turnout.processed_share)
        whole = f"{int(region.turnout.processed_share.partition('.')[0])} %".replace(" ", "\u00a0")
        name = scene.w("tile", name=scene.w.region(region.name), share=share)
        return Said(name, scene.url("region", region=code), whole, region.turnout.processed_share)

    return maps.drawn("KRAJ", said) if results else None


def district_map(scene: Scene, region: int | None = None) -> Map | None:
    """The districts as tiles, of one region or of all."""
    return maps.drawn("OKRES", lambda code: _district(scene, code, region))


def _district(scene: Scene, code: int, region: int | None) -> Said | None:
    district = scene.view.territory.districts.get(code)
    if district is None or (region is not None and district.region != region):
        return None
    url = scene.url("district", nuts=district.nuts)
    result = scene.view.district(district.nuts)
    if result is None:
        return None
    share = result.turnout.processed_share
    return Said(scene.w("tile", name=district.name, share=scene.w.share(share)), url, "", share)


def chart(scene: Scene) -> arrivals.Chart | None:
    """Arrivals of every contest over time; nothing before voting ends."""
    if not scene.view.is_open:
        return None
    expected: Mapping[str, int] = {card.title: card.turnout.expected for card in cards(scene)}
    arriving = [
        Arriving(scene.contest(contest), expected.get(scene.contest(contest), 0),
                 scene.view.history.arrivals.get(contest, {}))
        for contest in scene.view.contests
    ]  # fmt: skip
    return arrivals.chart(arriving, scene.view.territory.voting_ends)


def _places(scene: Scene, found: Any) -> list[tuple[str, str, str]]:
    words = {"region": "region", "district": "nuts", "municipality": "code", "senate_district": "obvod"}
    return [
        (
            scene.w.region(place.name) if place.kind == "region" else place.name,
            scene.w(f"kind_{place.kind}") + (f", {place.context}" if place.context else ""),
            scene.url(place.kind, **{words[place.kind]: place.key}),
        )
        for place in found
    ]
