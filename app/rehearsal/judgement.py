"""Whether a rehearsed night ended right: what was published, what stands at the centre, what was done.

Three witnesses are heard, none of whom saw the others: the published documents against the expected
ones, value by value; the published counts and batches against plain sums of the protocols; the centre's
stored protocols against the truth. What the people did is read from the stations' journals, which know
it also when a station was killed.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.central.stored import decode
from app.documents.compare import Comparison, compare
from app.documents.compare_senate import compare_senate
from app.documents.results import counts
from app.election.content import content_hash
from app.election.model import Protocol, ProtocolKey
from app.rehearsal.clerk import Work
from app.rehearsal.expected import batch_faults, districts_of, sum_faults
from app.rehearsal.processes import CentreProcess
from app.rehearsal.sandbox import Sandbox
from app.station.states import Step
from app.trust import message


@dataclass(frozen=True, slots=True)
class OfficialSenate:
    """The official result of a Senate election, to be compared after round `round`."""

    folder: Path
    round: int


@dataclass(frozen=True, slots=True)
class Scene:
    """A night before it begins: a sandbox with stations and files, and what must come out."""

    sandbox: Sandbox
    centre: CentreProcess
    points: tuple[int, ...]
    truth: Mapping[ProtocolKey, str]  # content hash of every protocol that has to stand in the end
    sums: Mapping[int, Counter[str]]  # plain sums of those protocols, by region
    expected: Path  # official documents, laid out as the office's open data
    regions: tuple[int, ...]  # that are compared; none in a Senate's round 2
    senate: OfficialSenate | None = None

    @property
    def protocols(self) -> int:
        return len(self.truth)


@dataclass(frozen=True, slots=True)
class Killed:
    """Processes that were killed in a night, and the seed of the moments."""

    centre: int
    stations: int
    at_work: int  # of both, how many while stations still had something to do
    seed: int

    @property
    def all(self) -> int:
        return self.centre + self.stations


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a night. `seconds` from the first file taken in to everything published."""

    protocols: int
    work: Work
    corrected: int  # protocols that stand at the centre with OPRAVA=1
    stored_wrong: tuple[ProtocolKey, ...]  # missing at the centre, or there with another content
    faults: tuple[str, ...]  # counts that are not the protocols' sums, batches that are not in order
    seconds: float
    comparison: Comparison
    killed: Killed | None = None

    @property
    def right(self) -> bool:
        """Whether every protocol stands at the centre as it should and every published value is right."""
        return self.comparison.equal and not self.stored_wrong and not self.faults

    @property
    def per_minute(self) -> int:
        return round(self.protocols * 60 / self.seconds)


def judged(scene: Scene, seconds: float, killed: Killed | None = None) -> Outcome:
    """The outcome of a night that has been published."""
    sandbox = scene.sandbox
    stored = standing(sandbox.centre)
    hashes = {key: content_hash(protocol) for key, protocol in stored.items()}
    wrong = [key for key in {*scene.truth, *hashes} if scene.truth.get(key) != hashes.get(key)]
    return Outcome(
        protocols=scene.protocols,
        work=_work_done(scene),
        corrected=sum(protocol.corrected for protocol in stored.values()),
        stored_wrong=tuple(sorted(wrong)),
        faults=tuple(_faults(scene, stored)),
        seconds=seconds,
        comparison=_compared(scene),
        killed=killed,
    )


def _compared(scene: Scene) -> Comparison:
    """Every published value against the official one, of each election that was held."""
    published, regions = scene.sandbox.published, scene.regions
    result = Comparison()
    if regions:
        districts = districts_of(scene.sandbox.reference, regions)
        result = compare(published, scene.expected, regions, districts=districts)
    if scene.senate is not None:
        senate = compare_senate(published, scene.senate.folder, scene.senate.round)
        result.values_compared += senate.values_compared
        result.documents += senate.documents
        result.differences += senate.differences
    return result


def standing(centre: Path) -> dict[ProtocolKey, Protocol]:
    """The protocols that stand at the centre: the last of each that counts. A revision that came after a
    later one has no order and never counted."""
    query = "SELECT protocol FROM revision WHERE processing_order IS NOT NULL ORDER BY id"
    rows = _rows(centre / "centre.sqlite", query)
    protocols = (decode(data) for (data,) in rows)
    return {protocol.key: protocol for protocol in protocols}


def received_contents(centre: Path) -> Iterator[bytes]:
    """The XML inside every batch that the centre stored."""
    for (raw,) in _rows(centre / "centre.sqlite", "SELECT raw FROM batch ORDER BY id"):
        content = message.decode(raw).content
        if content is not None:
            yield content


def _faults(scene: Scene, stored: Mapping[ProtocolKey, Protocol]) -> Iterator[str]:
    published, reference = scene.sandbox.published, scene.sandbox.reference
    if not scene.regions:
        return
    yield from sum_faults(counts.region_sums(published), scene.sums, scene.regions)
    precincts = sum(precinct.region is not None for precinct in reference.precincts.values())
    yield from batch_faults(counts.batches(published), stored.values(), precincts)


def _work_done(scene: Scene) -> Work:
    """What the stations' journals say was done."""
    acts: Counter[tuple[str, bool]] = Counter()
    for point in scene.points:
        store = scene.sandbox.station(point) / "store.sqlite"
        query = "SELECT act, coalesce(revision, 0) > 1, count(*) FROM journal GROUP BY 1, 2"
        for act, again, count in _rows(store, query):
            acts[act, bool(again)] += count
    accepted, approved = acts[Step.ACCEPT, False], acts[Step.APPROVE, False]
    again = acts[Step.APPROVE, True]
    return Work(
        accepted=accepted + approved,
        refused=acts[Step.REFUSE, False] + acts[Step.REFUSE, True],
        approved=approved + again,
        corrected=acts[Step.CORRECT, True] + again,
    )


def _rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query to a store, opened to be read."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    with closing(connection):
        return list(connection.execute(query))
