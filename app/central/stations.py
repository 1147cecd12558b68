"""The register of stations: which certificate speaks for which station, and which no longer does.

A register of acts, not of states: adding and revoking are rows that stay, and the last row of a station
says what holds. It is read in each ingest, so a revocation made by another process holds at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from app.central import journal
from app.central.database import Database
from app.central.prepared import Prepared
from app.central.schema import station_act
from app.election.errors import KnownError
from app.trust.certificate import Certificate
from app.trust.identity import Role

ADDED = "ADDED"
REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class Registration:
    """The last act about one station."""

    station: str
    transfer_point: int
    fingerprint: str  # SHA-256 of the certificate
    active: bool
    at: str
    reason: str

    def speaks_with(self, certificate: Certificate) -> bool:
        """Whether the station may sign with this certificate now."""
        return self.active and self.fingerprint == certificate.fingerprint


_COLUMNS = (
    station_act.c.station,
    station_act.c.transfer_point,
    station_act.c.fingerprint,
    station_act.c.act,
    station_act.c.at,
    station_act.c.reason,
)
_LAST = Prepared(
    select(*_COLUMNS)
    .where(station_act.c.station == bindparam("station"))
    .order_by(station_act.c.id.desc())
    .limit(1)
)
_LATEST_IDS = select(func.max(station_act.c.id)).group_by(station_act.c.station)
_ALL = (
    select(*_COLUMNS)
    .where(station_act.c.id.in_(_LATEST_IDS))
    .order_by(station_act.c.transfer_point, station_act.c.station)
)
_OF_POINT = Prepared(
    select(*_COLUMNS)
    .where(station_act.c.transfer_point == bindparam("transfer_point"))
    .order_by(station_act.c.id)
)
_LAST_ID = select(func.max(station_act.c.id))
_INSERT = station_act.insert()


def find(connection: Connection, station: str) -> Registration | None:
    """The registration of a station, active or not."""
    row = _LAST.row(connection, station=station)
    return None if row is None else _registration(*row)


def of_point(connection: Connection, transfer_point: int) -> list[Registration]:
    """The registrations of a transfer point's stations, active or not, by name."""
    found = {row[0]: row for row in _OF_POINT.rows(connection, transfer_point=transfer_point)}
    return [_registration(*found[name]) for name in sorted(found, key=_in_order)]


def _in_order(station: str) -> tuple[int, ...]:
    return tuple(int(part) for part in station.split("-"))


def listed(database: Database) -> list[Registration]:
    """Every station ever registered, by transfer point."""
    with database.reading() as connection:
        return [_registration(*row) for row in connection.execute(_ALL)]


def add(database: Database, certificates: Iterable[Certificate], election: str, at: datetime) -> int:
    """Register stations by their certificates; returns how many were new or replaced. KnownError CEN-20.

    A certificate that is registered and active already is left as it is; another certificate of the same
    station replaces the earlier one from this moment on.
    """
    changed = 0
    with database.writing() as connection:
        for certificate in certificates:
            identity = certificate.identity
            if identity.role is not Role.STATION or identity.election != election:
                raise KnownError(
                    "CEN-20",
                    f"Certifikát {identity.common_name} nepatří stanici voleb {election}.",
                    f"The certificate {identity.common_name} is not of a station of the election {election}.",
                )
            assert identity.station is not None
            assert identity.transfer_point is not None
            known = find(connection, identity.station)
            if known is not None and known.speaks_with(certificate):
                continue
            entry = Registration(
                identity.station,
                identity.transfer_point,
                certificate.fingerprint,
                True,
                journal.stamp(at),
                "",
            )
            _write(connection, entry, at)
            changed += 1
    return changed


def revoke(database: Database, station: str, reason: str, at: datetime) -> None:
    """Take a station's certificate out of force, at once. KnownError CEN-21 when there is none in force."""
    with database.writing() as connection:
        known = find(connection, station)
        if known is None or not known.active:
            raise KnownError(
                "CEN-21",
                f"Stanice {station} není v ústředí zapsána, nebo už byla odvolána.",
                f"The station {station} is not registered at the centre, or was revoked already.",
            )
        entry = Registration(
            station, known.transfer_point, known.fingerprint, False, journal.stamp(at), reason
        )
        _write(connection, entry, at)


def _write(connection: Connection, entry: Registration, at: datetime) -> None:
    last: int = connection.execute(_LAST_ID).scalar() or 0
    connection.execute(
        _INSERT,
        {
            "id": last + 1,
            "station": entry.station,
            "transfer_point": entry.transfer_point,
            "fingerprint": entry.fingerprint,
            "act": ADDED if entry.active else REVOKED,
            "at": entry.at,
            "reason": entry.reason,
        },
    )
    act = journal.Act.STATION_ADDED if entry.active else journal.Act.STATION_REVOKED
    detail = {"certificate": entry.fingerprint, "reason": entry.reason}
    journal.write(connection, journal.head(connection), at, act, entry.station, detail)


def _registration(station: str, point: int, fingerprint: str, act: str, at: str, reason: str) -> Registration:
    return Registration(station, point, fingerprint, act == ADDED, at, reason)
