"""With which programs stations work: the approved list, what each station told, and what follows from it.

`build_policy` in `centre.toml` says what the centre does about a program that the list does not allow: `off`
nothing, `warn` it says so in its log, status and operations room, `refuse` it also takes no batch with
protocols that were accepted after the freeze. What was accepted before is never refused for its program, nor
anything because a list expired: a night must not end by a date that somebody forgot.

A batch names the program that made it, and its bytes never change. So a station that exchanged its program
would send old batches for ever; what it last told in an inquiry, which is signed and fresh, counts before.
The list is read again every few seconds, and the store is asked only where a refusal is at hand: no batch of
an allowed program costs a statement.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Connection

from app.central import refusals, setting_up
from app.central.answers import Refused
from app.central.database import Database
from app.central.setting_up import Kind
from app.documents import builds as documents
from app.documents.batch import Batch
from app.documents.builds import Builds, Standing
from app.election.errors import KnownError
from app.election.reference import Reference
from app.program import build_of, version_of
from app.trust import cms, message
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role

_log = logging.getLogger(__name__)
#: How old the list in memory may be.
_FRESH = timedelta(seconds=5)


class Policy(StrEnum):
    """What is done about a program that is not allowed."""

    OFF = "off"
    WARN = "warn"
    REFUSE = "refuse"


class ToldProgram(NamedTuple):
    """What a station last told of its program; `build` is empty where it named none."""

    station: str
    version: str
    build: str
    at: str


class Programs:
    """One for each process; safe to call from several threads."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self._database, self._policy = database, policy
        self._told: dict[str, str] = {}
        self._warned: set[tuple[str, str]] = set()
        self._builds: Builds | None = None
        self._raw: bytes | None = None
        self._read_at: datetime | None = None
        self._guard = Lock()

    def admit(self, batch: Batch, at: datetime) -> None:
        """Raises `Refused` ING-17 for a batch whose station's program the list refuses, by the policy."""
        if self._policy is Policy.OFF:
            return
        builds = self.builds(at)
        if builds is None:
            return
        standing = builds.standing_of(build_of(batch.software))
        if standing is Standing.ALLOWED:
            return
        told = self._last_told(batch.station)
        if told:
            standing = builds.standing_of(build_of(told))
        self._warn(batch.station, told or batch.software, standing)
        if self._policy is not Policy.REFUSE or standing is not Standing.REFUSED:
            return
        if any(item.acceptance.accepted_at >= builds.frozen_at for item in batch.items):
            raise Refused(refusals.OTHER_PROGRAM, batch.station)

    def heard(self, station: str, signature: str, at: datetime) -> None:
        """A station told its program in an inquiry; stored when it is another than before."""
        if not signature or self._told.get(station) == signature:
            return
        if self._last_told(station) != signature:
            with self._database.reading() as connection:
                before = [
                    one for one in setting_up.papers(connection, Kind.PROGRAM) if one.station == station
                ]
            subject = f"{station}/{len(before) + 1}"
            try:
                setting_up.keep(self._database, Kind.PROGRAM, station, subject, signature.encode(), at)
            except KnownError:
                return  # the database is busy with results; the station tells again in a few seconds
        self._told[station] = signature
        if self._policy is not Policy.OFF and (builds := self.builds(at)) is not None:
            self._warn(station, signature, builds.standing_of(build_of(signature)))

    def builds(self, at: datetime) -> Builds | None:
        """The newest list; at most a few seconds old."""
        self._refresh(at)
        return self._builds

    def signed(self, at: datetime) -> bytes | None:
        """Its signed file, for stations."""
        self._refresh(at)
        return self._raw

    def status(self, at: datetime) -> dict[str, object]:
        """For the centre's status: the list, and the stations that work with something else."""
        builds = self.builds(at)
        if builds is None:
            return {"policy": self._policy.value, "serial": None}
        with self._database.reading() as connection:
            told = programs(connection)
        others = sorted(one.station for one in told if builds.standing_of(one.build) is not Standing.ALLOWED)
        return {
            "policy": self._policy.value,
            "serial": builds.serial,
            "valid_until": builds.valid_until.isoformat(timespec="seconds"),
            "frozen_at": builds.frozen_at.isoformat(timespec="seconds"),
            "expired": at > builds.valid_until,
            "told": len(told),
            "not_allowed": others,
        }

    def _last_told(self, station: str) -> str:
        known = self._told.get(station)
        if known is None:
            with self._database.reading() as connection:
                found = setting_up.last(connection, Kind.PROGRAM, station)
            known = found.raw.decode() if found else ""
        return known

    def _refresh(self, at: datetime) -> None:
        with self._guard:
            if self._read_at is not None and abs(at - self._read_at) < _FRESH:
                return
            self._read_at = at
            with self._database.reading() as connection:
                found = setting_up.last(connection, Kind.BUILDS)
            if found is not None and found.raw != self._raw:
                self._raw, self._builds = found.raw, _builds_of(found.raw)

    def _warn(self, station: str, signature: str, standing: Standing) -> None:
        if standing is Standing.ALLOWED or (station, signature) in self._warned:
            return
        self._warned.add((station, signature))
        _log.warning("station %s works with a program that is %s: %s", station, standing.name, signature)


def programs(connection: Connection) -> list[ToldProgram]:
    """What each station last told of its program, by name."""
    latest = {one.station: one for one in setting_up.papers(connection, Kind.PROGRAM)}
    return [
        ToldProgram(one.station, version_of(one.raw.decode()), build_of(one.raw.decode()), one.at)
        for one in sorted(latest.values())
    ]


def publish(database: Database, anchors: Anchors, reference: Reference, data: bytes, at: datetime) -> Builds:
    """Take a signed list of programs: from now on it counts. Raises `SignatureRefused`, `DocumentError`,
    KnownError PRO-30 for one of another election or mode, PRO-31 for one that is not newer, or expired."""
    election = reference.election
    signer = Expected(Role.REFERENCE, election.code)
    builds = documents.read(cms.verify(data, anchors, at, signer, 2 * documents.MAX_BYTES).content)
    setting_up.check_election(builds.election, builds.mode, reference)
    with database.reading() as connection:
        before = setting_up.last(connection, Kind.BUILDS)
    serial = _builds_of(before.raw).serial if before else 0
    if builds.serial <= serial or builds.valid_until <= at:
        raise _not_newer(builds, serial)
    # the serial is the row's name, so that of two who publish at once only one has it
    if not setting_up.keep(database, Kind.BUILDS, "", f"{builds.serial:09d}", data, at):
        raise _not_newer(builds, builds.serial)
    return builds


def _not_newer(builds: Builds, serial: int) -> KnownError:
    return KnownError(
        "PRO-31",
        f"Soupis programů č. {builds.serial} (platí do {builds.valid_until:%d. %m. %Y %H:%M}) není novější "
        f"než platný č. {serial}, nebo už prošel. Vydejte nový s vyšším číslem.",
        f"The list of programs no. {builds.serial} (valid until {builds.valid_until:%Y-%m-%d %H:%M}) is not "
        f"newer than no. {serial}, or has expired. Issue a new one with a higher number.",
    )


def _builds_of(raw: bytes) -> Builds:
    return documents.read(message.decode(raw).content or b"")  # it was verified before it was stored
