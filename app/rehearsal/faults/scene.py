"""The small night that faults are done to: built once for a campaign, copied for each run.

Its territory is cut down to one region with few lists, so that opening a station costs little; the
protocols, their mistakes and corrections are those of any rehearsed night. All clocks show one virtual
time, which goes on when somebody waits, so that hours of back-off cost nothing.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol as Shape

from app.central.settings import CentreSettings
from app.election.content import content_hash
from app.election.model import Contest, Protocol, ProtocolKey
from app.election.reference import Reference
from app.rehearsal import files, generator
from app.rehearsal.ballots import Mistake
from app.rehearsal.expected import plain_sums
from app.rehearsal.sandbox import Builder, Sandbox
from app.trust import authority, keys
from app.trust.certificate import Certificate
from app.trust.identity import Identity, Role
from app.trust.keys import PrivateKey

_DISTRICT = 3201
_LISTS, _CANDIDATES = 4, 6
_UNCHANGING = (".xml", ".pem", ".p7s", ".key")
#: Nobody listens there: each run has its own address on the line.
NOWHERE = "http://127.0.0.1:9"
#: What some commissions do for certain; the third is mended at once, the last corrected after acceptance.
_MISTAKES = (
    Mistake.NONE, Mistake.NEIGHBOURS_SWAPPED, Mistake.CONTROL_NUMBER, Mistake.NONE, Mistake.EXTRA_ENVELOPE,
    Mistake.NONE, Mistake.NEIGHBOURS_SWAPPED,
)  # fmt: skip


class Seconds(Shape):
    """Something that holds the seconds of the night, perhaps shared by processes."""

    value: float


@dataclass
class Held:
    """The seconds of a night within one process."""

    value: float = 0.0


class Clock:
    """The night's time, `skew` seconds ahead at this machine; it moves when somebody waits."""

    def __init__(self, begins: datetime, seconds: Seconds, skew: float = 0.0) -> None:
        self._begins, self._seconds, self.skew = begins, seconds, skew

    def __call__(self) -> datetime:
        return self._begins + timedelta(seconds=self._seconds.value + self.skew)

    def advance(self, seconds: float) -> None:
        self._seconds.value += max(0.0, seconds)

    def of(self, skew: float) -> Clock:
        """The clock of another machine."""
        return Clock(self._begins, self._seconds, skew)


@dataclass(frozen=True, slots=True)
class Forger:
    """Keys and certificates with the right names, of an authority that nobody trusts."""

    station: tuple[PrivateKey, Certificate]
    centre: tuple[PrivateKey, Certificate]


@dataclass(frozen=True, slots=True)
class SmallNight:
    """A night's folder, not run yet, and what has to come out of it."""

    sandbox: Sandbox
    points: tuple[int, ...]
    begins: datetime
    truth: Mapping[ProtocolKey, Protocol]
    sums: Mapping[int, Counter[str]]
    forger: Forger

    @property
    def hashes(self) -> dict[ProtocolKey, str]:
        return {key: content_hash(protocol) for key, protocol in self.truth.items()}

    def copied(self, folder: Path) -> SmallNight:
        """The same night in another folder, which must not exist or be empty."""
        shutil.copytree(self.sandbox.folder, folder, copy_function=_link_or_copy, dirs_exist_ok=True)
        return replace(self, sandbox=replace(self.sandbox, folder=folder))


def small_night(folder: Path, stations: int, precincts: int, seed: int) -> SmallNight:
    """Build one in `folder`; `precincts` in all."""
    plan = generator.Plan(
        seed=seed,
        precincts=precincts,
        stations=stations,
        home_district=_DISTRICT,
        contests=(Contest.REGIONAL, Contest.SENATE_ROUND_1),
    )
    reference = _cut_down(generator.invent(plan))
    builder = Builder(folder, reference, datetime.now(UTC))  # noqa: TID251 - certificates live from now on
    settings = CentreSettings(reference.election.code, reference.election.mode, batch_grid_seconds=0,
                              keep_versions=2, publish_interval_seconds=0.2, receive_seconds=1.0)  # fmt: skip
    sandbox = builder.build(settings)
    points: dict[int, list[ProtocolKey]] = {}
    truth: dict[ProtocolKey, Protocol] = {}
    for number, precinct in enumerate(reference.precincts.values()):
        wished = {
            ProtocolKey(precinct.id, Contest.REGIONAL): _MISTAKES[number % len(_MISTAKES)],
            ProtocolKey(precinct.id, Contest.SENATE_ROUND_1): Mistake.NONE,
        }
        place = sandbox.files(precinct.transfer_point)
        for paper in files.write_invented(place, reference, [precinct], seed, wished).values():
            truth[paper.truth.key] = paper.truth
            points.setdefault(precinct.transfer_point, []).append(paper.truth.key)
    for point in points:
        builder.add_station(point, NOWHERE)
    builder.enrol()
    begins = sandbox.clock()
    forger = _forger(reference, next(iter(points)), begins)
    return SmallNight(sandbox, tuple(points), begins, truth, plain_sums(reference, truth.values()), forger)


def roomy_folder() -> str | None:
    """Where runs are made: in memory where there is such a place, because what is tested does not need a
    disk to be slow; None for the usual place."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a fresh folder is made there


def _cut_down(reference: Reference) -> Reference:
    """One region with few lists of few candidates; the precincts as they are."""
    district = reference.districts[_DISTRICT]
    assert district.region is not None
    region = reference.regions[district.region]
    lists = {}
    for number in sorted(region.lists)[:_LISTS]:
        one = region.lists[number]
        kept = {i: candidate for i, candidate in one.candidates.items() if i <= _CANDIDATES}
        lists[number] = replace(one, candidates=kept)
    used = {precinct.senate_district for precinct in reference.precincts.values()}
    return replace(
        reference,
        regions={region.number: replace(region, lists=lists)},
        districts={_DISTRICT: district},
        senate_districts={n: each for n, each in reference.senate_districts.items() if n in used},
    )


def _forger(reference: Reference, point: int, now: datetime) -> Forger:
    code = reference.election.code
    life = (now - timedelta(days=1)).replace(microsecond=0), (now + timedelta(days=20)).replace(microsecond=0)
    key = keys.make_key()
    made = authority.make_authority(code, key, *life)

    def signer(identity: Identity) -> tuple[PrivateKey, Certificate]:
        own = keys.make_key()
        return own, authority.issue(authority.make_request(own, identity), identity, made, key, *life)

    return Forger(
        signer(Identity(Role.STATION, code, point, f"{point}-1")), signer(Identity(Role.CENTRE, code))
    )


def _link_or_copy(source: str, target: str) -> None:
    """Files that nobody ever changes are linked."""
    try:
        if Path(source).suffix in _UNCHANGING or source.endswith("reference.sqlite"):
            os.link(source, target)
            return
    except OSError:
        pass  # another file system
    shutil.copyfile(source, target)


def seeded(*parts: object) -> random.Random:
    """A source of chance named by its parts."""
    return random.Random("/".join(map(str, parts)))


Moment = Callable[[], datetime]
