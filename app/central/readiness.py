"""Readiness of the transfer points: reports come in and are kept, a list says who is ready and who is silent.

A report proves itself as a batch does. It is stored with its journal row in one transaction, once whatever
its route and however often it comes, and answered by a signed acknowledgement. A trial protocol, in
rehearsals only, goes through every check that a batch's does and is stored nowhere.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.central import journal, refusals, stations
from app.central.answers import Answer, Refused, refuse, signed
from app.central.database import Database
from app.central.examine import trial_rules
from app.central.prepared import Prepared
from app.central.schema import readiness
from app.central.senders import Seal, station_of, verify_sender
from app.documents import readiness as reports
from app.documents import readiness_answer as answers
from app.documents import readiness_trial as trials
from app.documents.readiness import Report, Standing
from app.documents.readiness_answer import Answered, ReadinessAnswer
from app.documents.readiness_trial import TrialProtocol
from app.election.errors import KnownError
from app.election.model import Mode
from app.election.reference import Reference
from app.trust import cms, message
from app.trust.chain import batch_hash
from app.trust.cms import Verified
from app.trust.identity import Expected, Role

_log = logging.getLogger(__name__)
#: How far a report's time may lie before the centre's, and after it. A point without a line sends it later.
OLDEST, NEWEST = timedelta(days=2), timedelta(minutes=10)
#: Reports that one station may have stored; a loop of a broken script stops here.
MOST_REPORTS = 500
_ATTEMPTS = 8

_LAST = select(func.max(readiness.c.number))
_INSERT = Prepared(readiness.insert())
_SEEN = Prepared(select(readiness.c.number).where(readiness.c.sha256 == bindparam("sha256")))
_COUNT = Prepared(select(func.count()).where(readiness.c.station == bindparam("station")))
_LATEST = select(readiness).where(
    readiness.c.number.in_(select(func.max(readiness.c.number)).group_by(readiness.c.station))
)


class Readiness:
    """Takes reports and trial protocols; safe from several threads and in several processes."""

    def __init__(self, database: Database, reference: Reference, seal: Seal) -> None:
        self._database = database
        self._reference = reference
        self._seal = seal
        self._expected = Expected(Role.STATION, reference.election.code)
        #: Asked for each station whose signature holds; raises `Refused` where it asks too often.
        self.admit: Callable[[str], None] = lambda station: None

    def report(self, data: bytes, at: datetime) -> Answer:
        """Store one readiness report that arrived at the instant `at`; every way out is an `Answer`."""

        def work() -> Answer:
            verified = self._verified(data, at, reports.MAX_SIGNED_BYTES)
            report = self._read_report(verified, at)
            for _ in range(_ATTEMPTS):
                try:
                    self._store(report, data, at)
                    return self._answer(Answered.REPORT, report, data, at)
                except IntegrityError:
                    continue  # another writer was given this number or row of the journal first
            raise Refused(refusals.BUSY)

        return self._guarded(work, data)

    def trial(self, data: bytes, at: datetime) -> Answer:
        """Judge one trial protocol; nothing of it is stored. Every way out is an `Answer`."""

        def work() -> Answer:
            verified = self._verified(data, at, trials.MAX_SIGNED_BYTES)
            trial = self._read_trial(verified, at)
            rules = trial_rules(trial.reading, trial.transfer_point, trial.mode, self._reference)
            return self._answer(Answered.TRIAL, trial, data, at, rules)

        return self._guarded(work, data)

    def _guarded(self, work: Callable[[], Answer], data: bytes) -> Answer:
        try:
            return work()
        except Refused as refused:
            return refuse(refused.refusal, refused.cause, batch_hash(data))
        except DBAPIError as error:
            _log.error("store failed: %s", type(error.orig).__name__, exc_info=error)
            return refuse(refusals.CANNOT_STORE, "", batch_hash(data))

    def _verified(self, data: bytes, at: datetime, limit: int) -> Verified:
        if len(data) > limit:
            raise Refused(refusals.OVERSIZE)
        verified = verify_sender(data, at, self._seal, self._expected, self._database, limit)
        self.admit(station_of(verified))
        return verified

    def _read_report(self, verified: Verified, at: datetime) -> Report:
        try:
            report = reports.read(verified.content)
        except KnownError as error:
            raise Refused(refusals.UNREADABLE_INQUIRY, error.code) from None
        self._check(report, verified)
        if not -OLDEST <= report.tried_at - at <= NEWEST:
            raise Refused(refusals.STALE_INQUIRY)
        return report

    def _read_trial(self, verified: Verified, at: datetime) -> TrialProtocol:
        try:
            trial = trials.read(verified.content)
        except KnownError as error:
            raise Refused(refusals.UNREADABLE_INQUIRY, error.code) from None
        self._check(trial, verified)
        if trial.mode is not Mode.REHEARSAL:  # a live centre sees no invented protocol, not even to refuse it
            raise Refused(refusals.OTHER_MODE)
        if abs(trial.sent_at - at) > NEWEST:
            raise Refused(refusals.STALE_INQUIRY)
        return trial

    def _check(self, said: Report | TrialProtocol, verified: Verified) -> None:
        identity, election = verified.identity, self._reference.election
        if (said.station, said.transfer_point) != (identity.station, identity.transfer_point):
            raise Refused(refusals.OTHER_INQUIRER)
        if said.election != election.code:
            raise Refused(refusals.OTHER_ELECTION)
        if said.mode is not election.mode:
            raise Refused(refusals.OTHER_MODE)

    def _store(self, report: Report, data: bytes, at: datetime) -> None:
        digest = batch_hash(data)
        with self._database.writing() as connection:
            if _SEEN.row(connection, sha256=digest) is not None:
                return
            if (_COUNT.row(connection, station=report.station) or (0,))[0] >= MOST_REPORTS:
                raise Refused(refusals.TOO_OFTEN_STATION)
            number = (connection.execute(_LAST).scalar() or 0) + 1
            row = {
                "number": number,
                "station": report.station,
                "transfer_point": report.transfer_point,
                "standing": report.standing.value,
                "tried_at": journal.stamp(report.tried_at),
                "received_at": journal.stamp(at),
                "sha256": digest,
                "raw": data,
            }
            _INSERT.each(connection, [row])
            detail = {name: row[name] for name in ("standing", "tried_at", "sha256")}
            subject = f"{report.station} {number}"
            head = journal.head(connection)
            journal.write(connection, head, at, journal.Act.READINESS_REPORTED, subject, detail)

    def _answer(
        self,
        answered: Answered,
        said: Report | TrialProtocol,
        data: bytes,
        at: datetime,
        rules: tuple[str, ...] = (),
    ) -> Answer:
        answer = ReadinessAnswer(
            said.election, said.mode, said.station, said.transfer_point, answered, batch_hash(data), at, rules
        )
        return signed(cms.sign(answers.write(answer), self._seal.key, self._seal.certificate, at), "")


class PointStanding(StrEnum):
    """A transfer point is ready when each workstation in force said so; silent when none ever reported."""

    READY = "ready"
    NOT_READY = "not ready"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class StationReadiness:
    """The last report of a workstation; None: it is silent."""

    station: str
    report: Report | None
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class PointReadiness:
    """A transfer point and its workstations in force, in the order of their names."""

    transfer_point: int
    stations: tuple[StationReadiness, ...]

    @property
    def standing(self) -> PointStanding:
        told = [each.report.standing for each in self.stations if each.report is not None]
        if not told:
            return PointStanding.SILENT
        whole = len(told) == len(self.stations) and all(each is Standing.READY for each in told)
        return PointStanding.READY if whole else PointStanding.NOT_READY


def points(connection: Connection, reference: Reference) -> list[PointReadiness]:
    """Every transfer point that has precincts, by number, with the last word of each of its workstations.

    A point whose workstations nobody registered yet is in the list, silent: the expected set comes first.
    """
    latest = {row["station"]: row for row in connection.execute(_LATEST).mappings()}
    by_point: dict[int, list[StationReadiness]] = defaultdict(list)
    for each in stations.all_of(connection):
        if not each.active:
            continue
        row = latest.get(each.station)
        if row is None:
            by_point[each.transfer_point].append(StationReadiness(each.station, None, None))
        else:
            received = datetime.fromisoformat(row["received_at"])
            by_point[each.transfer_point].append(
                StationReadiness(each.station, report_of(bytes(row["raw"])), received)
            )
    expected = {precinct.transfer_point for precinct in reference.precincts.values()}
    return [
        PointReadiness(point, tuple(sorted(by_point[point], key=lambda each: each.station)))
        for point in sorted(expected | by_point.keys())
    ]


def report_of(raw: bytes) -> Report:
    """The report in a stored signed file, which was verified before it was stored."""
    return reports.read(message.decode(raw).content or b"")


def counted(found: Iterable[PointReadiness]) -> dict[PointStanding, int]:
    """How many points stand how."""
    counts = dict.fromkeys(PointStanding, 0)
    for point in found:
        counts[point.standing] += 1
    return counts


def why(point: PointReadiness) -> Sequence[str]:
    """What keeps a point from being ready: `station: trial trial`, or `station: silent`."""
    said = []
    for each in point.stations:
        if each.report is None:
            said.append(f"{each.station}: mlčí · silent")
        elif each.report.standing is not Standing.READY:
            said.append(f"{each.station}: {' '.join(each.report.failed) or each.report.standing.value}")
    return said
