"""The nation's night prepared: every station's signed batches, and a centre's folder for any part of them.

Protocols are made and signed once for the largest size; a smaller night is so many whole transfer points of
it, with a reference of their precincts alone. What is prepared here is not measured.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.central import centre
from app.central.settings import CentreSettings
from app.documents import reference as reference_file
from app.documents.batch import BatchItem
from app.election.model import PrecinctId, RegionalProtocol
from app.election.reference import Reference
from app.rehearsal.expected import plain_sums
from app.rehearsal.worker import VISITS_A_BATCH
from app.trust import cms
from app.trust.certificate import Certificate
from app.trust.identity import Identity, Role
from tests.benchmarks._nation_sheets import COPIED_POINT, Nation, nation
from tests.support.house import Clock, House, SendingStation, item_of
from tests.support.invented_election import stated

_PREPARING = 2
Sums = dict[int, Counter[str]]


@dataclass(frozen=True)
class Prepared:
    """One transfer point: its precincts, its station's certificate, its batches, what they add up to."""

    point: int
    precincts: list[PrecinctId]
    certificate: bytes  # PEM
    batches: list[bytes]
    sums: Sums


@dataclass(frozen=True)
class Night:
    """A part of the nation: a centre's folder ready to run, and what comes to it."""

    folder: Path
    reference: Reference
    batches: list[list[bytes]]  # of each station, in order
    sums: Sums

    @property
    def precincts(self) -> int:
        return len(self.reference.precincts)


class World:
    """All that any size of the night needs, in `folder`."""

    def __init__(self, folder: Path, precincts: int) -> None:
        self.folder = folder
        self.nation = nation(precincts)
        self.begins = self.nation.reference.election.calendar.voting_ends + timedelta(hours=1)
        self.offset = round((self.begins - datetime.now(UTC)).total_seconds())
        self.house = House(folder, self.nation.reference, Clock(self.begins))
        self.points = self._prepare(precincts)

    def _prepare(self, precincts: int) -> list[Prepared]:
        of_point: dict[int, list[PrecinctId]] = defaultdict(list)
        for precinct in self.nation.reference.precincts.values():
            of_point[precinct.transfer_point].append(precinct.id)
        points = sorted(of_point)
        random.Random("nation").shuffle(points)
        points.sort(key=lambda point: point > COPIED_POINT)  # copies only where there are no others
        points, wanted = [], points
        for point in wanted:
            if precincts > 0:
                points.append(point)
                precincts -= len(of_point[point])
        # forked: each process finds the house's keys and the nation as they are
        context = multiprocessing.get_context("fork")
        global _work
        _work = _Work(self.house, self.nation, of_point)
        with context.Pool(_PREPARING) as pool:
            return list(pool.imap(_prepared, points, chunksize=4))

    def night(self, name: str, precincts: int, **options: object) -> Night:
        """A night of about so many precincts; `options` are settings of its centre."""
        chosen: list[Prepared] = []
        left = precincts
        for each in self.points:
            if left >= len(each.precincts) or not chosen:
                chosen.append(each)
                left -= len(each.precincts)
        reference = _part(self.nation.reference, {i for each in chosen for i in each.precincts})
        folder = self.folder / name
        self._found(folder, reference, **options)
        centre.add_stations(folder, [Certificate.from_pem(each.certificate) for each in chosen], self.begins)
        sums: Sums = {number: Counter() for number in reference.regions}
        for each in chosen:
            for number, counted in each.sums.items():
                sums[number] += counted
        return Night(folder, reference, [each.batches for each in chosen], sums)

    def _found(self, folder: Path, reference: Reference, **options: object) -> None:
        """A centre's folder under the house's authority."""
        file = folder.with_suffix(".reference")
        reference_file.build(reference, file)
        signer = self.house.participant(Identity(Role.REFERENCE, self.house.code))
        signature = folder.with_suffix(".p7s")
        signature.write_bytes(cms.sign_detached(file.read_bytes(), *signer, self.begins))
        key, certificate = self.house.participant(Identity(Role.CENTRE, self.house.code))
        usual = CentreSettings(
            self.house.code, reference.election.mode, batch_grid_seconds=0, clock_offset_seconds=self.offset
        )
        centre.init(
            folder,
            replace(usual, **options),
            authority=self.house.authority.to_pem(),
            key=key,
            certificate=certificate,
            reference=file,
            reference_signature=signature,
        )


@dataclass(frozen=True)
class _Work:
    house: House
    nation: Nation
    of_point: dict[int, list[PrecinctId]]


_work: _Work


def _prepared(point: int) -> Prepared:
    """The batches of one point, as its station would send them."""
    house, nation_ = _work.house, _work.nation
    precincts, name = _work.of_point[point], f"{point}-1"
    key, certificate = house.participant(Identity(Role.STATION, house.code, point, name))
    station = SendingStation(house, name, point, key, certificate)
    protocols = [nation_.protocol(identity) for identity in precincts]
    batches = [
        station.batch(*_items(house, protocols[first : first + VISITS_A_BATCH]))
        for first in range(0, len(protocols), VISITS_A_BATCH)
    ]
    return Prepared(point, precincts, certificate.to_pem(), batches, plain_sums(nation_.reference, protocols))


def _items(house: House, protocols: Sequence[RegionalProtocol]) -> list[BatchItem]:
    return [item_of(stated(house.reference, protocol), house.clock.now) for protocol in protocols]


def _part(reference: Reference, wanted: set[PrecinctId]) -> Reference:
    """The election in these precincts alone."""
    precincts = {identity: each for identity, each in reference.precincts.items() if identity in wanted}
    places = {identity.municipality for identity in wanted}
    places |= {reference.municipalities[code].presented_under for code in places}
    municipalities = {code: each for code, each in reference.municipalities.items() if code in places}
    return replace(reference, precincts=precincts, municipalities=municipalities)
