"""Transfer points as the operations room shows them: alive or silent, versions, clocks, queues.

A point is alive while one of its stations in force was heard lately, by a question or by a batch. It is
behind when its share of processed protocols lies well below the country's. Clocks are compared with the
time at which a question was signed; without one, with that of the last batch, maybe long on its way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, LargeBinary, func, select

from app.central import stations
from app.central.chains import station_of
from app.central.heard import LastWord
from app.central.schema import batch
from app.central.stations import Registration
from app.election.reference import Reference

#: Percentage points below the country's share from which a point is behind.
_BEHIND = 25
#: The head of a batch is within so many bytes of the signed file.
_HEAD = 3000
_SOFTWARE = re.compile(rb'<DAVKA [^<>]*? PROGRAM="([^"<>]{1,100})"')
_MADE_AT = re.compile(rb'<DAVKA [^<>]*? DATUM_CAS_GENEROVANI="([^"<>]{1,40})"')
_NEW = select(
    batch.c.id, batch.c.station, batch.c.received_at,
    func.substr(batch.c.raw, 1, _HEAD, type_=LargeBinary).label("head"),
).order_by(batch.c.id)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StationLine:
    """One workstation. `ahead`: seconds that its clock is before the centre's, None where nobody knows;
    `fresh`: by a question; `waiting`: protocols without an answer, None where nobody knows."""

    name: str
    active: bool
    reason: str  # of a revocation
    since: str
    heard: datetime | None
    batches: int
    software: str
    ahead: float | None
    fresh: bool
    waiting: int | None
    quarantine: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One transfer point. `heard` is the last sign of life of its stations in force."""

    number: int
    name: str
    region: str
    expected: int
    processed: int
    stations: tuple[StationLine, ...]
    heard: datetime | None
    silent: bool
    behind: bool

    @property
    def missing(self) -> int:
        return self.expected - self.processed

    @property
    def waiting(self) -> int | None:
        told = [each.waiting for each in self.stations if each.waiting is not None]
        return sum(told) if told else None

    @property
    def software(self) -> tuple[str, ...]:
        return tuple(sorted({each.software for each in self.stations if each.software}))

    @property
    def worst_clock(self) -> float | None:
        told = [each.ahead for each in self.stations if each.ahead is not None]
        return max(told, key=abs, default=None)


@dataclass(slots=True)
class _Sent:
    count: int = 0
    at: datetime | None = None
    software: str = ""
    ahead: float | None = None


class Senders:
    """What the batches say of the stations that sent them; read on from the last look."""

    def __init__(self) -> None:
        self._last = 0
        self.sent: dict[str, _Sent] = defaultdict(_Sent)

    def read(self, connection: Connection) -> None:
        for row in connection.execute(_NEW.where(batch.c.id > self._last)).all():
            self._last = row.id
            sent = self.sent[station_of(row.station)]
            sent.count += 1
            sent.at = datetime.fromisoformat(row.received_at)
            head = bytes(row.head)
            if found := _SOFTWARE.search(head):
                sent.software = found[1].decode("utf-8", "replace")
            if found := _MADE_AT.search(head):
                sent.ahead = (datetime.fromisoformat(found[1].decode()) - sent.at).total_seconds()


def named(reference: Reference) -> dict[int, tuple[str, str]]:
    """Name and region of each transfer point: those of the municipality with most of its precincts."""
    counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for precinct in reference.precincts.values():
        counts[precinct.transfer_point][precinct.id.municipality] += 1
    found = {}
    for point, of in counts.items():
        place = reference.municipalities[min(of, key=lambda code: (-of[code], code))]
        district = reference.districts.get(place.district)
        region = reference.regions.get(district.region) if district and district.region else None
        found[point] = (place.name, region.name if region else (district.name if district else ""))
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """What a list of points is made of. `progress`: expected and processed protocols by point."""

    names: Mapping[int, tuple[str, str]]
    progress: Mapping[int, tuple[int, int]]
    sent: Mapping[str, _Sent]
    heard: Mapping[str, LastWord]
    quarantine: frozenset[str]
    now: datetime
    silent_after: timedelta


def listed(registered: Iterable[Registration], known: Known) -> list[Point]:
    """Every transfer point with precincts or stations, by number."""
    by_point: dict[int, list[StationLine]] = defaultdict(list)
    for each in registered:
        by_point[each.transfer_point].append(_line(each, known))
    expected = sum(each for each, _ in known.progress.values())
    processed = sum(each for _, each in known.progress.values())
    return [
        _point(number, sorted(by_point[number], key=_order), known, (expected, processed))
        for number in sorted(known.progress.keys() | by_point.keys())
    ]


def registered(connection: Connection) -> list[Registration]:
    return stations.all_of(connection)


def _point(number: int, lines: list[StationLine], known: Known, country: tuple[int, int]) -> Point:
    expected, processed = known.progress.get(number, (0, 0))
    heard = max((each.heard for each in lines if each.active and each.heard), default=None)
    name, region = known.names.get(number, ("", ""))
    below = processed * country[0] * 100 < expected * (country[1] * 100 - _BEHIND * country[0])
    return Point(
        number, name, region, expected, processed, tuple(lines), heard,
        silent=expected > processed and (heard is None or known.now - heard > known.silent_after),
        behind=expected > processed and below,
    )  # fmt: skip


def _line(each: Registration, known: Known) -> StationLine:
    sent, word = known.sent.get(each.station, _Sent()), known.heard.get(each.station)
    asked = datetime.fromisoformat(word.at) if word else None
    fresh = word is not None
    return StationLine(
        each.station, each.active, each.reason, each.at,
        max((at for at in (sent.at, asked) if at), default=None),
        sent.count, (word.program if word else "") or sent.software,
        word.ahead / 1000 if word else sent.ahead, fresh,
        word.waiting if word else None, each.station in known.quarantine,
    )  # fmt: skip


def _order(line: StationLine) -> tuple[int, ...]:
    return tuple(int(part) for part in line.name.split("-"))
