"""The pages of a municipality (or a whole city, or a borough) and of one precinct.

Nothing publishes shares of a single precinct, so they are computed here as the documents compute those of a
municipality: votes cut off, turnout rounded.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from app.central.pages.history import Entry
from app.central.pages.regions import list_rows
from app.central.pages.scene import Card, ListRow, NoSuchPage, Scene, rows_of
from app.documents.feed.changes import ChangeKind
from app.documents.published.parts import Given, Person, Turnout
from app.documents.published.regional import MunicipalityRow
from app.election.model import Contest, PrecinctId, Protocol, ProtocolKey, RegionalProtocol, SenateProtocol
from app.election.percent import rounded, text, truncated
from app.election.reference import District, Municipality


class PrecinctLine(NamedTuple):
    """A precinct in its municipality's table: what came of each contest."""

    number: int
    name: str
    url: str
    states: tuple[tuple[str, str], ...]  # contest, state in words


class Sheet(NamedTuple):
    """One contest of a precinct."""

    title: str
    state: str
    card: Card | None
    rows: list[ListRow]
    preferred: list[tuple[str, list[tuple[str, int]]]]
    entry: Entry | None
    column: str  # what the rows are


def municipality(scene: Scene) -> dict[str, Any]:
    """A municipality: its lists, its Senate candidates, its precincts."""
    code = scene.route.number("code")
    own = scene.view.territory.parts_of(code)
    if not own:
        raise NoSuchPage
    district = scene.view.territory.districts[own[0].district]
    region_of = scene.view.territory.regions.get(district.region) if district.region else None
    row = _row(scene, district, code)
    name = row.name if row else _name(own, code)
    sheets = []
    if row and region_of:
        lists = list_rows(scene, region_of, row.votes)
        sheets.append(_sheet(scene, Contest.REGIONAL, row.turnout, lists, "column_list"))
    sheets += _senate_sheets(scene, code, own)
    parts = [(each.name, scene.url("municipality", code=each.code)) for each in own if each.code != code]
    return {
        "name": name,
        "changed": _changed(scene, district, own),
        "district": (district.name, scene.url("district", nuts=district.nuts)),
        "region": (scene.w.region(region_of.name), scene.url("region", region=region_of.number))
        if region_of
        else None,
        "city": _city(scene, own, code),
        "parts_of": parts,
        "sheets": sheets,
        "precincts": [] if parts else _precincts(scene, own),
    }


def precinct(scene: Scene) -> dict[str, Any]:
    """One precinct in every contest that is held in it."""
    wanted = PrecinctId(scene.route.number("code"), scene.route.number("number"))
    place = scene.view.territory.precincts.get(wanted)
    if place is None:
        raise NoSuchPage
    below = scene.view.territory.municipalities[wanted.municipality]
    return {
        "number": wanted.number,
        "municipality": (below.name, scene.url("municipality", code=below.code)),
        "sheets": [_of_precinct(scene, ProtocolKey(wanted, contest)) for contest in _held(scene, wanted)],
    }


def _name(own: list[Municipality], code: int) -> str:
    return next((each.name for each in own if each.code == code), own[0].presented_name)


def _city(scene: Scene, own: list[Municipality], code: int) -> tuple[str, str] | None:
    """The city that a borough belongs to."""
    first = own[0]
    if len(own) > 1 or first.presented_under == code:
        return None
    return first.presented_name, scene.url("municipality", code=first.presented_under)


def _row(scene: Scene, district: District, code: int) -> MunicipalityRow | None:
    result = scene.view.district(district.nuts)
    return next((row for row in result.rows if row.code == code), None) if result else None


def _changed(scene: Scene, district: District, own: list[Municipality]) -> datetime | None:
    """When the last of the documents was made that this municipality is in."""
    of_district = scene.view.district(district.nuts)
    of_senate = (scene.view.senate_municipalities(number) for number in _obvody(scene, own))
    found = [each.generated_at for each in (of_district, *of_senate) if each is not None]
    return max(found, default=None)


def _obvody(scene: Scene, own: list[Municipality]) -> list[int]:
    """The Senate districts in which a municipality (of a whole city none of its boroughs) lies."""
    if len(own) > 1:
        return []
    places = scene.view.territory.of_municipality.get(own[0].code, ())
    return sorted({place.senate_district for place in places if place.senate_district})


def _senate_sheets(scene: Scene, code: int, own: list[Municipality]) -> list[Sheet]:
    """What the Senate's districts say of a municipality, or of the boroughs of a city one by one."""
    contest = next((each for each in scene.view.contests if each.is_senate), None)
    results = scene.view.senate_results()
    if contest is None or results is None:
        return []
    sheets = []
    for number in _obvody(scene, own):
        below = scene.view.senate_municipalities(number)
        row = next((each for each in below.rows if each.code == code), None) if below else None
        if row is None or contest.round not in row.turnout:
            continue
        district = results.districts[number]
        names = {each.number: scene.w.person(each.person) for each in district.candidates}
        votes = {who: given[contest.round] for who, given in row.votes.items() if contest.round in given}
        sheet = _sheet(scene, contest, row.turnout[contest.round], rows_of(votes, names), "column_candidate")
        title = scene.w("senate_title", contest=sheet.title, number=number, name=district.name)
        sheets.append(sheet._replace(title=title))
    return sheets


def _sheet(scene: Scene, contest: Contest, turnout: Turnout, rows: list[ListRow], column: str) -> Sheet:
    card = scene.card(contest, turnout)
    return Sheet(card.title, card.state, card, rows, [], None, scene.w(column))


def _precincts(scene: Scene, own: list[Municipality]) -> list[PrecinctLine]:
    return [
        PrecinctLine(
            place.id.number,
            scene.w("precinct", number=place.id.number),
            scene.url("precinct", code=place.id.municipality, number=place.id.number),
            tuple(
                (scene.contest(contest), _state(scene, ProtocolKey(place.id, contest)))
                for contest in _held(scene, place.id)
            ),
        )
        for each in own
        for place in scene.view.territory.of_municipality.get(each.code, ())
    ]


def _held(scene: Scene, wanted: PrecinctId) -> list[Contest]:
    place = scene.view.territory.precincts[wanted]
    return [
        contest
        for contest in scene.view.contests
        if (place.senate_district if contest.is_senate else place.region) is not None
    ]


def _state(scene: Scene, key: ProtocolKey) -> str:
    entry = scene.view.history.entries.get(key)
    if entry is None or not scene.view.is_open:
        return scene.w("precinct_awaited")
    return scene.w(
        {
            ChangeKind.FIRST: "precinct_in",
            ChangeKind.CORRECTION: "precinct_corrected",
            ChangeKind.WITHDRAWAL: "precinct_withdrawn",
        }[entry.kind]
    )


def _of_precinct(scene: Scene, key: ProtocolKey) -> Sheet:
    entry = scene.view.history.entries.get(key) if scene.view.is_open else None
    protocol = entry.protocol if entry else None
    title, state = scene.contest(key.contest), _state(scene, key)
    column = scene.w("column_candidate" if key.contest.is_senate else "column_list")
    if protocol is None:
        return Sheet(title, state, None, [], [], entry, column)
    counts = protocol.counts
    turnout = Turnout(
        1, 1, "100.00", counts.registered_voters, counts.envelopes_issued,
        text(rounded(counts.envelopes_issued, counts.registered_voters)), counts.envelopes_returned,
        counts.valid_votes, text(rounded(counts.valid_votes, counts.envelopes_returned)),
    )  # fmt: skip
    card = Card(title, "", turnout, "100", state)
    rows, preferred = _votes(scene, protocol)
    return Sheet(title, state, card, rows, preferred, entry, column)


def _votes(scene: Scene, protocol: Protocol) -> tuple[list[ListRow], list[tuple[str, list[tuple[str, int]]]]]:
    territory, valid = scene.view.territory, protocol.counts.valid_votes
    if isinstance(protocol, SenateProtocol):
        people = territory.senate_districts[protocol.senate_district].candidates
        names = {
            each.number: scene.w.person(
                Person(each.first_name, each.last_name, each.title_before, each.title_after)
            )
            for each in people.values()
        }
        return rows_of({who: _given(votes, valid) for who, votes in protocol.votes}, names), []
    assert isinstance(protocol, RegionalProtocol)
    region_of = territory.regions[territory.precincts[protocol.precinct].region or 0]
    rows = list_rows(scene, region_of, {s.list_number: _given(s.votes, valid) for s in protocol.sheets})
    preferred = []
    for sheet in sorted(protocol.sheets, key=lambda each: -each.votes):
        listed = region_of.lists[sheet.list_number]
        told = [
            (f"{number}. {(who := listed.candidates[number]).first_name} {who.last_name}", votes)
            for number, votes in sorted(sheet.preferences, key=lambda each: (-each[1], each[0]))
        ]
        if told:
            preferred.append((listed.short_name, told))
    return rows, preferred


def _given(votes: int, valid: int) -> Given:
    return Given(votes, text(truncated(votes, valid)))
