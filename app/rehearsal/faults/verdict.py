"""What a run came to, read from the files when everything is closed: lost, doubled, forged, stuck.

The witnesses do not know each other: the truth that the commissions brought, the rows of both databases,
the signed bytes kept at both ends, and the published documents against plain sums.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.documents.results import counts
from app.election.content import content_hash
from app.rehearsal.expected import batch_faults, sum_faults
from app.rehearsal.faults.kinds import Fault
from app.rehearsal.faults.scene import SmallNight
from app.rehearsal.judgement import standing
from app.station.audit.verify import verify_folder
from app.station.states import State


@dataclass
class Verdict:
    """Each list holds a line for each thing that is wrong; all must be empty."""

    seed: str
    events: Counter[Fault] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.doubled or self.forged or self.stuck)

    @property
    def lines(self) -> list[str]:
        named = {"lost": self.lost, "doubled": self.doubled, "forged": self.forged, "stuck": self.stuck}
        return [f"{name}: {line}" for name, lines in named.items() for line in lines]


def judge(night: SmallNight, verdict: Verdict) -> None:
    """Add to a verdict what the files of a finished run say; everything is closed."""
    centre = night.sandbox.centre / "centre.sqlite"
    truth = night.hashes
    stands = standing(night.sandbox.centre)
    hashes = {key: content_hash(protocol) for key, protocol in stands.items()}
    verdict.lost += [f"{key}" for key in sorted(truth) if key not in hashes]
    verdict.forged += [f"{key} stands otherwise" for key in sorted(hashes) if truth.get(key) != hashes[key]]
    accepted: set[tuple[Any, ...]] = set()
    for point in night.points:
        store = night.sandbox.station(point) / "store.sqlite"
        accepted |= _station(night, point, store, centre, verdict)
    _revisions(centre, accepted, verdict)
    published, reference = night.sandbox.published, night.sandbox.reference
    regions = tuple(reference.regions)
    precincts = sum(precinct.region is not None for precinct in reference.precincts.values())
    verdict.lost += sum_faults(counts.region_sums(published), night.sums, regions)
    verdict.doubled += batch_faults(counts.batches(published), stands.values(), precincts)


def _station(
    night: SmallNight, point: int, store: Path, centre: Path, verdict: Verdict
) -> set[tuple[Any, ...]]:
    """Hold a station's store against the centre's; returns the revisions that it accepted."""
    name = f"{point}-1"
    ours = {number: bytes(data) for number, data in _rows(store, "SELECT number, data FROM batches")}
    query = f"SELECT number, raw, receipt FROM batch WHERE station = '{name}'"  # noqa: S608 - our own name
    theirs = {number: (bytes(raw), bytes(receipt)) for number, raw, receipt in _rows(centre, query)}
    for number in sorted(ours.keys() | theirs.keys()):
        raw, receipt = theirs.get(number, (None, None))
        if raw is None:
            verdict.lost.append(f"{name}: batch {number} is not at the centre")
        elif ours.get(number) != raw:
            verdict.forged.append(f"{name}: batch {number} is another one at the centre")
        else:
            verdict.stuck += _without_receipt(store, name, number, receipt)
    known = {receipt for _, receipt in theirs.values()}
    aside = f"SELECT receipt FROM set_aside WHERE station = '{name}'"  # noqa: S608 - our own name
    known |= {bytes(receipt) for (receipt,) in _rows(centre, aside)}
    for (receipt,) in _rows(store, "SELECT data FROM receipts"):
        if bytes(receipt) not in known:
            verdict.forged.append(f"{name}: a receipt that the centre did not give")
    states = "SELECT municipality, precinct, contest, state FROM protocols"
    verdict.stuck += [f"{name}: {row}" for row in _rows(store, states) if row[3] != State.CONFIRMED]
    unconfirmed = (
        "SELECT municipality, precinct, contest, revision FROM versions WHERE id NOT IN"
        " (SELECT version_id FROM outcomes WHERE confirmed)"
    )
    verdict.stuck += [f"{name}: not confirmed: {row}" for row in _rows(store, unconfirmed)]
    audit = verify_folder(store.parent)
    verdict.forged += [f"{name}: {broken.place} {broken.en}" for broken in audit.broken]
    query = "SELECT contest, municipality, precinct, revision, content_hash FROM versions"
    return set(_rows(store, query))


def _without_receipt(store: Path, name: str, number: int, receipt: bytes | None) -> Iterator[str]:
    rows = _rows(store, f"SELECT data FROM receipts WHERE batch_number = {number:d}")  # noqa: S608 - a number
    if receipt is not None and receipt not in {bytes(data) for (data,) in rows}:
        yield f"{name}: batch {number} has no receipt"


def _revisions(centre: Path, accepted: set[tuple[Any, ...]], verdict: Verdict) -> None:
    """What counts at the centre is what the stations accepted, each once, in one order without gaps."""
    query = "SELECT contest, municipality, precinct, revision, content_hash FROM revision"
    rows = _rows(centre, query)
    verdict.doubled += [f"{row} {count}×" for row, count in Counter(rows).items() if count > 1]
    verdict.lost += [f"{row} is not counted" for row in sorted(accepted - set(rows))]
    verdict.forged += [f"{row} was never accepted" for row in sorted(set(rows) - accepted)]
    orders: dict[str, list[int]] = {}
    for contest, order in _rows(
        centre, "SELECT contest, processing_order FROM revision WHERE processing_order IS NOT NULL ORDER BY 2"
    ):
        orders.setdefault(contest, []).append(order)
    for contest, found in orders.items():
        if found != list(range(1, len(found) + 1)):
            verdict.doubled.append(f"{contest}: orders of processing {found}")


def _rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    with closing(connection):
        return list(connection.execute(query))
