"""The Senate's pages: all districts, and one district with its candidates in both rounds."""

from __future__ import annotations

from typing import Any, NamedTuple

from app.central.pages import decided
from app.central.pages.decided import Notice
from app.central.pages.maps import hundredths
from app.central.pages.scene import AreaRow, NoSuchPage, Scene, leaders_of, level
from app.documents.published.parts import Given, Turnout
from app.documents.published.senate import ELECTED, TO_ROUND_2, SenateCandidate, SenateResult, SenateRow

_OUTCOMES = {ELECTED: "outcome_elected", TO_ROUND_2: "outcome_second"}


class CandidateRow(NamedTuple):
    """A candidate; votes and outcomes by round, None where there is none."""

    number: int
    name: str
    first: Given | None
    second: Given | None
    level: str
    outcome: str
    winner: bool


class SenateLine(NamedTuple):
    """A district in the overview."""

    number: int
    name: str
    url: str
    turnout: Turnout
    leaders: tuple[tuple[str, str, str], ...]  # name, share, outcome
    state: str
    waiting: bool


def overview(scene: Scene) -> dict[str, Any]:
    """All districts of the round that is held; empty where the Senate is not elected."""
    results = scene.view.senate_results()
    if results is None:
        return {"senate": [], "senate_round": 0, "senate_turnout": None}
    round_ = _round(scene)
    lines = [_line(scene, district, round_) for district in results.districts.values()]
    return {"senate": lines, "senate_round": round_, "senate_turnout": results.turnout.get(round_)}


def senate(scene: Scene) -> dict[str, Any]:
    """The page of all districts."""
    if scene.view.senate_results() is None:
        raise NoSuchPage
    found = [
        each._replace(url=scene.url("senate_district", obvod=district.number))
        for district in scene.view.senate_results().districts.values()  # type: ignore[union-attr]
        for each in decided.of_senate(scene, district)
        if each.kind == "waiting"
    ]
    return {**overview(scene), "notices": found}


def senate_district(scene: Scene) -> dict[str, Any]:
    """The page of one district."""
    number = scene.route.number("obvod")
    results = scene.view.senate_results()
    district = results.districts.get(number) if results else None
    if district is None:
        raise NoSuchPage
    rounds = sorted(district.turnout)
    contests = {each.round: each for each in scene.view.contests if each.is_senate}
    last = max(rounds, default=1)
    names = {each.number: each.person.last for each in district.candidates}
    below = scene.view.senate_municipalities(number)
    return {
        "district": district,
        "rounds": rounds,
        "turnouts": [(each, district.turnout[each]) for each in rounds],
        "cards": [scene.card(contests[last], district.turnout[last], decided=district.known(last))]
        if last in contests
        else [],
        "candidates": candidates(scene, district),
        "notices": decided.of_senate(scene, district),
        "rows": [_municipality(scene, row, names, last) for row in below.rows] if below else [],
    }


def candidates(scene: Scene, district: SenateResult) -> list[CandidateRow]:
    """The candidates, finalists and most votes first."""
    last = max(district.turnout, default=1)
    top = max(
        (hundredths(each.votes[last].share) for each in district.candidates if last in each.votes), default=0
    )
    return [_candidate(scene, each, last, top or 1) for each in _ranked(district)]


def _ranked(district: SenateResult) -> list[SenateCandidate]:
    def rank(each: SenateCandidate) -> tuple[int, int, int]:
        first, second = each.votes.get(1), each.votes.get(2)
        return -(second.votes + 1 if second else 0), -(first.votes if first else 0), each.number

    return sorted(district.candidates, key=rank)


def _candidate(scene: Scene, each: SenateCandidate, last: int, top: int) -> CandidateRow:
    votes = each.votes.get(last)
    said = next((each.outcome[round_] for round_ in (2, 1) if each.outcome.get(round_) in _OUTCOMES), "")
    if 2 in each.outcome and each.outcome[2] != ELECTED:
        said = ""
    return CandidateRow(
        each.number,
        scene.w.person(each.person),
        each.votes.get(1),
        each.votes.get(2),
        level(hundredths(votes.share), top) if votes else "0",
        scene.w(_OUTCOMES[said]) if said else "",
        said == ELECTED,
    )


def _line(scene: Scene, district: SenateResult, round_: int) -> SenateLine:
    turnout = district.turnout.get(round_) or district.turnout[min(district.turnout)]
    shown = [row for row in candidates(scene, district) if row.first or row.second][:2]
    leaders = []
    for row in shown:
        given = row.second if round_ == 2 and row.second else row.first
        if given and given.votes:
            leaders.append((row.name, given.share, row.outcome))
    waiting = any(each.kind == "waiting" for each in decided.of_senate(scene, district))
    state = scene.w("waiting_short") if waiting else scene.state(turnout, decided=district.known(round_))
    return SenateLine(
        district.number,
        district.name,
        scene.url("senate_district", obvod=district.number),
        turnout,
        tuple(leaders),
        state,
        waiting,
    )


def _municipality(scene: Scene, row: SenateRow, names: dict[int, str], last: int) -> AreaRow:
    turnout = row.turnout.get(last) or row.turnout[min(row.turnout)]
    votes = ((names[number], given[last], 0) for number, given in row.votes.items() if last in given)
    return AreaRow(
        row.name,
        scene.url("municipality", code=row.code),
        turnout,
        turnout.processed_share,
        leaders_of(votes, 2),
        scene.state(turnout),
    )


def _round(scene: Scene) -> int:
    return next((each.round for each in scene.view.contests if each.is_senate), 1)


__all__ = ["Notice", "candidates", "overview", "senate", "senate_district"]
