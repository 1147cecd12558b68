"""What the operations room shows, read at one moment: counts, points, refusals, what waits for people.

The store is counted once at the start, with the code that counts for publication, and then read on at each
look, at most once a second; so a page costs what is new. Nothing here writes.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Connection, func, select

from app.central import acts, chains, heard, readiness, schema
from app.central.acts import Books
from app.central.database import Database
from app.central.readiness import PointReadiness
from app.central.room import points, proposals
from app.central.room.neighbours import Neighbours, Told
from app.central.room.points import Known, Point, Senders
from app.central.room.refused import Conflict, Reason, Refused
from app.central.settings import CentreFolder
from app.election.areas import Tally
from app.election.model import Contest, PrecinctId
from app.election.reference import Precinct, Reference
from app.election.undecided import Undecided

#: A look is not older than this.
_SECONDS = 1.0
#: Published later than this, something is wrong.
LATE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Row:
    """The progress of one area in one contest."""

    contest: Contest
    kind: str  # "region" or "senate"
    number: int
    name: str
    expected: int
    processed: int
    never: int

    @property
    def missing(self) -> int:
        return self.expected - self.processed - self.never


@dataclass(frozen=True, slots=True)
class Missing:
    """One protocol that has not come; `contact` is for those who may call."""

    contest: Contest
    precinct: Precinct
    municipality: str
    area: str
    point: Point | None


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published: `behind` is how long the oldest taken protocol waits, None where none does."""

    version: int
    at: str
    waiting: int
    behind: timedelta | None


@dataclass(frozen=True, slots=True)
class Look:
    """One moment of the centre."""

    at: datetime
    embargo: bool
    rows: tuple[Row, ...]
    country: tuple[Row, ...]
    points: tuple[Point, ...]
    publication: Publication
    quarantine: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    reasons: tuple[Reason, ...]
    undecided: tuple[Undecided, ...]
    proposals: int
    readiness: tuple[PointReadiness, ...]
    told: Told

    @property
    def silent(self) -> list[Point]:
        return [each for each in self.points if each.silent]

    @property
    def behind(self) -> list[Point]:
        return [each for each in self.points if each.behind]

    @property
    def late(self) -> bool:
        behind = self.publication.behind
        return behind is not None and behind > LATE and not self.embargo


class Watch:
    """Looks at a centre; safe from any thread. `books` and `guard` are shared with who judges acts."""

    def __init__(
        self,
        database: Database,
        folder: CentreFolder,
        reference: Reference,
        clock: Callable[[], datetime],
        silent_after: timedelta,
        neighbours: Neighbours,
    ) -> None:
        """Counts the whole store. Raises Inconsistent."""
        self._database, self._folder, self._clock = database, folder, clock
        self._silent_after, self._neighbours = silent_after, neighbours
        self.reference = reference
        self.books: Books = acts.opened(database, reference)
        self.guard = Lock()
        self._names = points.named(reference)
        self._senders, self._refused = Senders(), Refused()
        self._look: Look | None = None
        self._looked = 0.0
        self._looking = Lock()

    def look(self) -> Look:
        """What there is to see, not older than a second."""
        with self._looking:
            if self._look is None or time.monotonic() - self._looked >= _SECONDS:
                told = self._neighbours.told()
                with self._database.reading() as connection:
                    self._look = self._read(connection, told)
                self._looked = time.monotonic()
            return self._look

    def forget(self) -> None:
        """Look anew the next time: something was done."""
        with self._looking:
            self._look = None

    def missing(self, look: Look, contest: Contest, kind: str, number: int) -> list[Missing]:
        """The protocols that have not come from one area, by transfer point and precinct."""
        with self.guard:
            found = self.books.counts[contest].tally.missing_in(kind, number)
        by_number = {each.number: each for each in look.points}
        known = [self.reference.precincts[each] for each in found]
        return [
            Missing(contest, each, self._town(each.id), self._area(each, contest),
                    by_number.get(each.transfer_point))
            for each in sorted(known, key=lambda one: (one.transfer_point, one.id))
        ]  # fmt: skip

    def missing_of_point(self, look: Look, point: int) -> list[Missing]:
        """The protocols that have not come from one transfer point."""
        return [
            each
            for contest in self.books.counts
            for each in self.missing(look, contest, "country", 0)
            if each.precinct.transfer_point == point
        ]

    def _town(self, precinct: PrecinctId) -> str:
        found = self.reference.municipalities.get(precinct.municipality)
        return found.name if found else ""

    def _area(self, precinct: Precinct, contest: Contest) -> str:
        if contest.is_senate and precinct.senate_district is not None:
            return self.reference.senate_districts[precinct.senate_district].name
        return self.reference.regions[precinct.region].name if precinct.region is not None else ""

    def _read(self, connection: Connection, told: Told) -> Look:
        now = self._clock()
        self._senders.read(connection)
        self._refused.read(connection)
        quarantine = chains.in_quarantine(connection)
        with self.guard:
            self.books.read(connection)
            rows, country = self._rows(), self._country()
            progress, waiting = self._progress(), tuple(self.books.undecided())
        known = Known(
            self._names, progress, self._senders.sent, heard.read(self._folder.heard),
            frozenset(quarantine), now, self._silent_after,
        )  # fmt: skip
        return Look(
            at=now,
            embargo=now < self.reference.election.calendar.voting_ends,
            rows=rows,
            country=country,
            points=tuple(points.listed(points.registered(connection), known)),
            publication=_publication(connection, now),
            quarantine=tuple(quarantine),
            conflicts=tuple(self._refused.conflicts(connection)),
            reasons=tuple(self._refused.reasons(told.refused)),
            undecided=waiting,
            proposals=sum(not each.decision for each in proposals.listed(connection)),
            readiness=tuple(readiness.points(connection, self.reference)),
            told=told,
        )

    def _country(self) -> tuple[Row, ...]:
        return tuple(
            Row(contest, "country", 0, "", sums.precincts_expected, sums.precincts_processed, sums.never)
            for contest, count in self.books.counts.items()
            for sums in [count.tally.country]
        )

    def _rows(self) -> tuple[Row, ...]:
        found = []
        for contest, count in self.books.counts.items():
            areas: list[tuple[str, int, str, Tally]] = [
                ("region", n, self.reference.regions[n].name, s)
                for n, s in sorted(count.tally.region.items())
            ]
            areas += [
                ("senate", n, self.reference.senate_districts[n].name, s)
                for n, s in sorted(count.tally.senate_district.items())
            ]
            found += [
                Row(contest, kind, number, name, s.precincts_expected, s.precincts_processed, s.never)
                for kind, number, name, s in areas
                if s.precincts_expected
            ]
        return tuple(found)

    def _progress(self) -> Mapping[int, tuple[int, int]]:
        """Expected and processed protocols of each transfer point; what never comes is expected no more."""
        found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        tallies = {contest: count.tally for contest, count in self.books.counts.items()}
        never = {contest: tally.never for contest, tally in tallies.items()}
        for key, precinct in self.reference.expected.items():
            if key.precinct in never[key.contest]:
                continue
            found[precinct.transfer_point][0] += 1
            found[precinct.transfer_point][1] += tallies[key.contest].is_counted(key.precinct)
        return {point: (expected, done) for point, (expected, done) in found.items()}


def _publication(connection: Connection, now: datetime) -> Publication:
    table, columns = schema.publication, schema.revision.c
    last = connection.execute(select(table).order_by(table.c.version.desc()).limit(1)).first()
    seen = 0 if last is None else last.last_revision
    count, oldest = connection.execute(
        select(func.count(), func.min(columns.processed_at)).where(
            columns.id > seen, columns.processing_order.is_not(None)
        )
    ).one()
    behind = max(timedelta(), now - datetime.fromisoformat(oldest)) if oldest else None
    return Publication(last.version if last else 0, last.at if last else "", count, behind)
