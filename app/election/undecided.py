"""What waits for people: areas whose votes are settled and still do not give the result by themselves.

"Manual decision required", with the district, the candidates or lists it is about and how many places
there are to fill, in Czech and English: for the status, the page of progress and whoever records it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.election.decisions import Decisions
from app.election.model import Contest
from app.election.reference import Candidate, Reference, Region, SenateDistrict
from app.election.seats import Decision, council
from app.election.senate import round_1, round_2
from app.election.tally import ElectionTally


@dataclass(frozen=True, slots=True)
class Undecided:
    """One region or Senate district that waits. `names` are those of the decision's lists or candidates."""

    contest: Contest
    kind: str  # "region" or "senate"
    number: int  # KRZAST or OBVOD
    name: str
    decision: Decision
    names: tuple[str, ...]

    @property
    def cs(self) -> str:
        """What people have to decide, in Czech."""
        where = f"Kraj {self.name}" if self.kind == "region" else f"Senátní obvod {self.number} {self.name}"
        return f"{where}: je třeba ruční rozhodnutí. {_cs(self)}"

    @property
    def en(self) -> str:
        """What people have to decide, in English."""
        where = "Region" if self.kind == "region" else f"Senate district {self.number}"
        return f"{where} {self.name}: manual decision required. {_en(self)}"


def undecided(reference: Reference, tally: ElectionTally, decisions: Decisions) -> list[Undecided]:
    """The areas of one contest that wait for a decision, ascending; none before an area is settled."""
    contest = tally.contest
    found: list[Undecided] = []
    for region, sums in ((reference.regions[number], each) for number, each in sorted(tally.region.items())):
        decision = council(region, sums, reference.election.rules, decisions).decision
        if decision is not None:
            names = tuple(_names_of_lists(region, decision))
            found.append(Undecided(contest, "region", region.number, region.name, decision, names))
    for number in sorted(tally.senate_district):
        district = reference.senate_districts[number]
        decision = senate_decision(district, tally, decisions)
        if decision is not None:
            names = tuple(_names_of_people(district.candidates, decision))
            found.append(Undecided(contest, "senate", number, district.name, decision, names))
    return found


def senate_decision(district: SenateDistrict, tally: ElectionTally, decisions: Decisions) -> Decision | None:
    """The decision that a Senate district waits for, if it is settled and waits for one."""
    sums, contest = tally.senate_district[district.number], tally.contest
    if not sums.settled or not sums.precincts_expected:
        return None
    lot = decisions.lot(contest, district.number)
    if contest is Contest.SENATE_ROUND_2:
        return round_2(district.finalists, sums.votes, lot).decision if district.finalists else None
    left = decisions.left.get(district.number, ())
    return round_1(district, sums.votes, sums.valid_votes, lot, left).decision


def _names_of_lists(region: Region, decision: Decision) -> Iterator[str]:
    for number in decision.lists:
        yield f"{number} {region.lists[number].short_name}"


def _names_of_people(candidates: Mapping[int, Candidate], decision: Decision) -> Iterator[str]:
    for number in decision.lists:
        yield f"{number} {candidates[number].first_name} {candidates[number].last_name}"


def _cs(waiting: Undecided) -> str:
    names = ", ".join(waiting.names) or "nikdo"
    what = "kandidátní listiny" if waiting.kind == "region" else "kandidáti"
    places = waiting.decision.seats
    match waiting.decision.kind:
        case "lot":
            return f"Stejně hlasů mají {what} {names}; losem se rozhodne o místech: {places}."
        case "too-few-lists":
            return f"Klauzuli překročily méně než dvě kandidátní listiny ({names}); mandátů: {places}."
        case _ if waiting.kind == "region":
            return (
                f"Kandidátní listiny {names} získaly víc mandátů, než mají kandidátů; "
                f"neobsazených mandátů: {places}."
            )
    return f"Pro druhé kolo zbývají méně než dva kandidáti ({names})."


def _en(waiting: Undecided) -> str:
    names = ", ".join(waiting.names) or "nobody"
    what = "Lists" if waiting.kind == "region" else "Candidates"
    places = waiting.decision.seats
    match waiting.decision.kind:
        case "lot":
            return f"{what} {names} have equal votes; a lot decides on places: {places}."
        case "too-few-lists":
            return f"Fewer than two lists are over the clause ({names}); seats: {places}."
        case _ if waiting.kind == "region":
            return f"Lists {names} won more seats than they have candidates; seats: {places}."
    return f"Fewer than two candidates are left for round 2 ({names})."
