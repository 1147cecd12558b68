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
_REVOKED = select(station_act.c.id).where(
    station_act.c.fingerprint == bindparam("fingerprint"), station_act.c.act == REVOKED
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
        return all_of(connection)


def all_of(connection: Connection) -> list[Registration]:
    """The same within a reading."""
    return [_registration(*row) for row in connection.execute(_ALL)]


def add(database: Database, certificates: Iterable[Certificate], election: str, at: datetime) -> int:
    """Register stations by their certificates; returns how many were new or replaced.

    A certificate that is registered and active already is left as it is; another certificate of the same
    station replaces the earlier one from this moment on. Raises KnownError CEN-20 for a certificate that is
    no station's of this election, CEN-22 for one that was revoked: its key is lost for good.
    """
    changed = 0
    with database.writing() as connection:
        for certificate in certificates:
            station = _check(connection, certificate, election)
            known = find(connection, station)
            if known is not None and known.speaks_with(certificate):
                continue
            _write(connection, _entry(certificate, at, ""), at)
            changed += 1
    return changed


def revoke(database: Database, station: str, reason: str, at: datetime) -> None:
    """Take a station's certificate out of force, at once. KnownError CEN-21 when there is none in force."""
    with database.writing() as connection:
        known = find(connection, station)
        if known is None or not known.active:
            raise _not_in_force(station)
        _write(connection, _revocation(known, reason, at), at)


def replace(
    database: Database, station: str, certificate: Certificate, election: str, reason: str, at: datetime
) -> None:
    """Let a new certificate speak for a station from this moment on, and the old one no longer.

    For a lost workstation. The station keeps its name and its chain: it is rebuilt from a backup, or from an
    empty folder, by `prebirka station restore`, which fetches from the centre what it sent before, and its
    next batch follows the last one there. So nothing comes twice, and a workstation that was put up without
    that sends nothing (AUD-04). A chain of its own would ask every reader to know which belong together.
    Raises KnownError CEN-20 to CEN-23.
    """
    with database.writing() as connection:
        known = find(connection, station)
        if known is None:
            raise _not_in_force(station)
        if _check(connection, certificate, election) != station:
            raise KnownError(
                "CEN-23",
                f"Certifikát patří stanici {certificate.identity.station}, ne stanici {station}.",
                f"The certificate is of the station {certificate.identity.station}, not of {station}.",
            )
        if known.speaks_with(certificate):
            raise KnownError(
                "CEN-24",
                f"Stanice {station} tento certifikát už má. Nová stanice potřebuje nový klíč i certifikát.",
                f"The station {station} has this certificate already. A new one needs a new key too.",
            )
        if known.active:
            _write(connection, _revocation(known, reason, at), at)
        _write(connection, _entry(certificate, at, reason), at)


def _check(connection: Connection, certificate: Certificate, election: str) -> str:
    """The name of the station that a certificate may speak for."""
    identity = certificate.identity
    if identity.role is not Role.STATION or identity.election != election:
        raise KnownError(
            "CEN-20",
            f"Certifikát {identity.common_name} nepatří stanici voleb {election}.",
            f"The certificate {identity.common_name} is not of a station of the election {election}.",
        )
    if connection.execute(_REVOKED, {"fingerprint": certificate.fingerprint}).first() is not None:
        raise KnownError(
            "CEN-22",
            f"Certifikát stanice {identity.station} byl odvolán a znovu platit nemůže. Vyžádejte si pro "
            "stanici nový klíč a certifikát.",
            f"The certificate of the station {identity.station} was revoked and is not taken again. Ask for "
            "a new key and certificate.",
        )
    assert identity.station is not None
    return identity.station


def _entry(certificate: Certificate, at: datetime, reason: str) -> Registration:
    identity = certificate.identity
    assert identity.station is not None
    assert identity.transfer_point is not None
    return Registration(
        identity.station, identity.transfer_point, certificate.fingerprint, True, journal.stamp(at), reason
    )


def _revocation(known: Registration, reason: str, at: datetime) -> Registration:
    return Registration(
        known.station, known.transfer_point, known.fingerprint, False, journal.stamp(at), reason
    )


def _not_in_force(station: str) -> KnownError:
    return KnownError(
        "CEN-21",
        f"Stanice {station} není v ústředí zapsána, nebo už byla odvolána.",
        f"The station {station} is not registered at the centre, or was revoked already.",
    )


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
