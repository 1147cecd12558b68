"""A joint night as in October 2016: the real regional protocols, and Senate protocols invented to the sums.

The office publishes a Senate election by districts, not by precincts. So each district's official turnout
and votes are spread over its precincts in proportion to registered voters, and every commission brings both
protocols in one visit. A week later round 2 is an election of its own, whose finalists are those that our
own centre published after round 1; its protocols add up to the official round 2 in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from app.documents import t6
from app.documents.registers import guess, read_registers, round_2, with_round_1
from app.documents.results.senate_counts import DistrictSums, senate_sums
from app.election.controls import state
from app.election.errors import KnownError
from app.election.model import PrecinctId, Protocol, Reading, SenateProtocol
from app.election.reference import Precinct, Reference
from app.rehearsal import night
from app.rehearsal.judgement import OfficialSenate, Scene
from app.rehearsal.spread import spread_counts, spread_votes

Told = Callable[[str], None]
#: Where a published version keeps the Senate's documents.
_PUBLISHED = "current/appdata/senat/*/odata"


def joint_night(
    folder: Path, data: Path, senate: Path, regions: Collection[int] | None, now: datetime, told: Told
) -> Scene:
    """Set the scene of round 1: `data` as for a replay, `senate` the official result with its registers.

    Raises KnownError for data that are not there, are damaged or do not belong together.
    """
    told("čtou se číselníky")
    reference = read_registers(_folders(data, senate))
    regions = regions or t6.regions_with_sheets(data, reference)
    told("čtou se zápisy")
    voters = t6.registered_voters(data)
    invented = invented_protocols(reference, senate_sums(senate, 1), 1, voters)
    regional = night.regional_readings(data, reference, regions)
    brought: dict[PrecinctId, list[Reading]] = defaultdict(list)
    for precinct, reading in regional.items():
        brought[precinct].append(reading)
    for protocol in invented:
        brought[protocol.precinct].append(_stated(protocol, reference))
    return _scene(
        folder, reference, brought, now, told, data, tuple(sorted(regions)), OfficialSenate(senate, 1)
    )


def second_night(folder: Path, first: Scene, data: Path, now: datetime, told: Told) -> Scene:
    """Set the scene of round 2 after the night `first` has been published. Raises KnownError."""
    assert first.senate is not None
    told("čtou se číselníky a výsledky 1. kola")
    senate = first.senate.folder
    (published,) = first.sandbox.published.glob(_PUBLISHED)
    folders = _folders(data, senate)
    reference = with_round_1(read_registers(folders, round_2(guess(folders))), published)
    invented = invented_protocols(reference, senate_sums(senate, 2), 2, t6.registered_voters(data))
    brought = {protocol.precinct: [_stated(protocol, reference)] for protocol in invented}
    return _scene(folder, reference, brought, now, told, senate, (), OfficialSenate(senate, 2))


def invented_protocols(
    reference: Reference,
    official: Mapping[int, DistrictSums],
    round_: int,
    voters: Mapping[PrecinctId, int],
) -> list[SenateProtocol]:
    """One protocol for each precinct that votes, which add up to the official sums of every district.

    `voters` are registered voters where they are known; elsewhere a precinct is as large as they are on
    average. Raises KnownError REH-12 where districts or their precincts are not the official ones.
    """
    precincts: dict[int, list[Precinct]] = defaultdict(list)
    for precinct in reference.precincts.values():
        if precinct.senate_district is not None:
            precincts[precinct.senate_district].append(precinct)
    for number in sorted(precincts.keys() | official.keys()):
        here, there = len(precincts[number]), official[number].precincts if number in official else 0
        if here != there:
            raise _strange(number, here, there)
    usual = max(1, sum(voters.values()) // max(1, len(voters)))
    made: list[SenateProtocol] = []
    for number, sums in official.items():
        weights = [voters.get(precinct.id, usual) for precinct in precincts[number]]
        made += _of_district(number, precincts[number], sums, round_, weights)
    return made


def _of_district(
    number: int, precincts: Sequence[Precinct], sums: DistrictSums, round_: int, weights: Sequence[int]
) -> Iterable[SenateProtocol]:
    counts = spread_counts(sums.counts, weights)
    rows = spread_votes(sums.votes, [each.valid_votes for each in counts])
    for precinct, of_precinct, votes in zip(precincts, counts, rows, strict=True):
        yield SenateProtocol(
            precinct=precinct.id,
            district=precinct.district,
            corrected=False,
            passable_error=False,
            senate_district=number,
            round=round_,
            counts=of_precinct,
            votes=tuple(sorted(votes.items())),
        )


def _scene(
    folder: Path,
    reference: Reference,
    brought: Mapping[PrecinctId, Sequence[Reading]],
    now: datetime,
    told: Told,
    expected: Path,
    regions: tuple[int, ...],
    official: OfficialSenate,
) -> Scene:
    stage = night.Stage(folder, reference, now, told)
    stage.open_points(brought)
    truth: list[Protocol] = [
        night.truth_of(reading, reference) for readings in brought.values() for reading in readings
    ]
    return stage.scene(truth, expected, regions, official)


def _stated(protocol: SenateProtocol, reference: Reference) -> Reading:
    return state(protocol, reference.election.code, reference.election.rules.form_version)


def _folders(data: Path, senate: Path) -> list[Path]:
    """Where registers lie: of the regions, of the Senate, of its territory (beside its results)."""
    return [data, senate, senate.resolve().parent]


def _strange(number: int, here: int, there: int) -> KnownError:
    return KnownError(
        "REH-12",
        f"Senátní obvod {number} má v číselnících {here} okrsků a v úředním výsledku {there}. "
        "Patří číselníky a výsledek k týmž volbám?",
        f"The Senate district {number} has {here} precincts in the registers and {there} in the official "
        "result. Do the registers and the result belong to the same election?",
    )
