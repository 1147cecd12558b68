"""What people decided or still have to: lots, precincts that never come, withdrawals, and who waits for them.

A document says seats and elected people only once they are known. So where every expected precinct is in, or
declared as never coming, and it still says none, people have to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.central.pages.scene import Scene
from app.documents.act import Act, Kind
from app.documents.published.parts import Turnout
from app.documents.published.regional import RegionResult
from app.documents.published.senate import SenateResult
from app.election.model import Contest


class Notice(NamedTuple):
    """A sentence about an area; `kind` is `waiting`, `act` or `note`."""

    kind: str
    text: str
    url: str = ""


def of_region(scene: Scene, region: RegionResult) -> list[Notice]:
    """What there is to say about a region's result beyond its numbers."""
    area = Contest.REGIONAL, "region", region.number
    found = list(_acts(scene, *area))
    if _settled(scene, region.turnout, *area) and not region.has_seats:
        found.insert(0, Notice("waiting", scene.w("waiting_region", name=scene.w.region(region.name))))
    return found


def of_senate(scene: Scene, district: SenateResult) -> list[Notice]:
    """The same for a Senate district, in the round that is held."""
    contest = next(each for each in scene.view.contests if each.is_senate)
    area = contest, "senate", district.number
    found = list(_acts(scene, *area))
    turnout = district.turnout.get(contest.round)
    if turnout and _settled(scene, turnout, *area) and not district.known(contest.round):
        text = scene.w("waiting_senate", number=district.number, name=district.name)
        found.insert(0, Notice("waiting", text))
    return found


def everywhere(scene: Scene) -> list[Notice]:
    """What waits anywhere, with links; for the country's page."""
    view = scene.view
    found = []
    results, senate = view.results(), view.senate_results()
    for region in results.regions.values() if results else ():
        url = scene.url("region", region=region.number)
        found += [each._replace(url=url) for each in of_region(scene, region) if each.kind == "waiting"]
    for district in senate.districts.values() if senate else ():
        url = scene.url("senate_district", obvod=district.number)
        found += [each._replace(url=url) for each in of_senate(scene, district) if each.kind == "waiting"]
    return found


def _settled(scene: Scene, turnout: Turnout, contest: Contest, kind: str, number: int) -> bool:
    never = sum(
        1 for act in scene.view.acts if act.kind is Kind.NEVER and _in(scene, act, contest, kind, number)
    )
    return turnout.expected > 0 and turnout.processed + never >= turnout.expected


def _acts(scene: Scene, contest: Contest, kind: str, number: int) -> Iterator[Notice]:
    """The acts in force about an area, as sentences."""
    never = 0
    for act in scene.view.acts:
        if not _in(scene, act, contest, kind, number):
            continue
        if act.kind is Kind.NEVER:
            never += 1
        else:
            day = scene.w.time(act.at)
            yield Notice("act", scene.w(f"act_{act.kind.name.lower()}", number=act.number, day=day))
    if never:
        yield Notice("note", scene.w("act_never", count=scene.w.of("precincts", never)))


def _in(scene: Scene, act: Act, contest: Contest, kind: str, number: int) -> bool:
    if act.contest is not contest:
        return False
    if act.precinct is None:
        return act.area == kind and act.area_number == number
    place = scene.view.territory.precincts.get(act.precinct)
    if place is None:
        return False
    return (place.region if kind == "region" else place.senate_district) == number
