"""The rush prepared: an invented nation, its stations' signed batches, and the instants at which they come.

A protocol is accepted when, on the evening of 24 September 2022, the precinct of the same rank was processed,
the whole evening pressed into a few minutes. Each one goes as a batch of its own, as it does while the line
works. Everything is signed beforehand, so that the stations' own work is not measured.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from app import resources
from app.central import centre
from app.election.model import Contest
from app.rehearsal import ballots, generator
from app.rehearsal.ballots import Mistake
from app.rehearsal.generator import Plan
from app.trust.certificate import Certificate
from app.trust.identity import Identity, Role
from app.trust.keys import PrivateKey
from tests.support.house import Clock, House, SendingStation, item_of
from tests.support.invented_election import stated
from tests.support.opendata import DATA

ARRIVALS = DATA / "feed_samples" / "kv2022_arrivals.csv.gz"
#: Columns of the committed facts: when so many of a hundred points had a share of their precincts.
_COLUMNS = ("MINUT_10", "MINUT_25", "MINUT_50", "MINUT_75", "MINUT_90")


@dataclass(frozen=True)
class Sending:
    """What one station sends: seconds after the start, and the signed batch."""

    name: str
    point: int
    key: PrivateKey
    certificate: Certificate
    batches: list[tuple[float, bytes]]


@dataclass(frozen=True)
class World:
    """`offset` is how far the night's clock runs from the machine's."""

    house: House
    offset: timedelta
    sendings: list[Sending]

    @property
    def batches(self) -> int:
        return sum(len(one.batches) for one in self.sendings)


def arrivals(count: int, seconds: float) -> list[float]:
    """`count` instants after the arrival curve, ascending, from 0 to `seconds`."""
    told = _real_minutes() if ARRIVALS.is_file() else _usual_minutes()
    begins, ends = told[0], told[-1]
    picked = (told[(2 * rank + 1) * len(told) // (2 * count)] for rank in range(count))
    return [(at - begins) / (ends - begins) * seconds for at in picked]


def make(folder: Path, protocols: int, stations: int, seconds: float) -> World:
    """The nation, its centre's folder and everything signed."""
    plan = Plan(precincts=protocols, stations=stations, contests=(Contest.REGIONAL,))
    reference = generator.invent(plan)
    night = reference.election.calendar.voting_ends + timedelta(minutes=20)
    offset = timedelta(seconds=round((night - datetime.now(UTC)).total_seconds()))
    house = House(folder, reference, Clock(night), clock_offset_seconds=int(offset.total_seconds()))
    precincts = list(reference.precincts.values())
    random.Random("rush").shuffle(precincts)
    of_point = defaultdict(list)
    for at, precinct in zip(arrivals(len(precincts), seconds), precincts, strict=True):
        of_point[precinct.transfer_point].append((at, precinct))
    sendings = []
    for point, coming in of_point.items():
        identity = Identity(Role.STATION, house.code, point, f"{point}-1")
        key, certificate = house.participant(identity)
        sender = SendingStation(house, f"{point}-1", point, key, certificate)
        batches = []
        for at, precinct in coming:
            paper = ballots.write(reference, precinct, Contest.REGIONAL, plan.seed, Mistake.NONE)
            item = item_of(stated(reference, paper.truth), night)
            batches.append((at, sender.batch(item)))
        sender.sent.clear()
        sendings.append(Sending(sender.name, point, key, certificate, batches))
    centre.add_stations(house.centre_folder, [one.certificate for one in sendings], night)
    return World(house, offset, sendings)


def _real_minutes() -> list[float]:
    with gzip.open(ARRIVALS, "rt", encoding="utf-8") as file:
        times = [datetime.fromisoformat(row["DATUM_CAS_ZPRAC"]) for row in csv.DictReader(file)]
    return sorted((at - times[0]).total_seconds() / 60 for at in times)


def _usual_minutes() -> list[float]:
    """The same course from the facts: equal parts of points that are early, usual and late."""
    with resources.path("facts", "arrivals.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for column in _COLUMNS:
        marks = [float(row[column]) for row in rows]
        for before, after in pairwise(marks):
            found += [before + (after - before) * step / 100 for step in range(100)]
    return sorted(found)
