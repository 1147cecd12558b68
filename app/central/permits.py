"""Permits to accept a protocol after the 24 hours: given by the operator, kept, and looked up at ingest.

A permit is given once, signed, stored with its bytes and written to the journal in one transaction. What
an acceptance needs is in the store and nowhere else: the station's own copy proves nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.exc import IntegrityError

from app.central import journal
from app.central.database import Database, Within, nothing_more
from app.central.prepared import Prepared
from app.central.schema import permit
from app.central.senders import Seal
from app.documents import permit as documents
from app.documents.permit import Permit
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.trust import cms, message

_LAST = select(func.max(permit.c.number))
_INSERT = Prepared(permit.insert())
_OF_PROTOCOL = Prepared(
    select(func.max(permit.c.valid_until)).where(
        permit.c.contest == bindparam("contest"),
        permit.c.municipality == bindparam("municipality"),
        permit.c.precinct == bindparam("precinct"),
        permit.c.transfer_point == bindparam("transfer_point"),
    )
)
_ALL = select(permit).order_by(permit.c.number)
#: How often giving a permit may lose the race for its number.
_ATTEMPTS = 8


class Given(NamedTuple):
    """A permit and its signed file."""

    permit: Permit
    signed: bytes


def give(
    database: Database,
    reference: Reference,
    seal: Seal,
    key: ProtocolKey,
    valid_until: datetime,
    reason: str,
    at: datetime,
    within: Within = nothing_more,
) -> Given:
    """Give a permit for one protocol; `within` is called first in its transaction. Raises as `check` does,
    and CEN-42, `DocumentError` for the reason."""
    point = check(reference, key, valid_until, at)
    for _ in range(_ATTEMPTS):
        try:
            return _give(database, reference, seal, key, point, valid_until, reason, at, within)
        except IntegrityError:
            continue  # another operator was given this number or row of the journal first
    raise KnownError(
        "CEN-42",
        "Databázi ústředí používá někdo jiný. Zkuste povolení vydat znovu.",
        "Somebody else uses the centre's database. Try to give the permit again.",
    )


def check(reference: Reference, key: ProtocolKey, valid_until: datetime, at: datetime) -> int:
    """The transfer point of a protocol that may be permitted. Raises KnownError CEN-40 for a protocol that
    the election does not have, CEN-41 for a time that is over or that no permit is needed for."""
    precinct = reference.precincts.get(key.precinct)
    if precinct is None or key not in reference.expected:
        raise KnownError(
            "CEN-40",
            f"Zápis {key} v těchto volbách není. Zkontrolujte obec, okrsek a druh volby.",
            f"There is no protocol {key} in this election. Check municipality, precinct and contest.",
        )
    ends = reference.election.calendar.delivery_ends
    if valid_until <= at or valid_until <= ends:
        raise KnownError(
            "CEN-41",
            f"Povolení musí platit déle než do {ends:%d. %m. %Y %H:%M} a do budoucnosti. Zadejte jiný čas.",
            f"A permit has to hold beyond {ends:%Y-%m-%d %H:%M} and into the future. Give another time.",
        )
    return precinct.transfer_point


def _give(
    database: Database,
    reference: Reference,
    seal: Seal,
    key: ProtocolKey,
    transfer_point: int,
    valid_until: datetime,
    reason: str,
    at: datetime,
    within: Within,
) -> Given:
    with database.writing() as connection:
        within(connection)
        number = (connection.execute(_LAST).scalar() or 0) + 1
        election = reference.election
        given = Permit(
            election.code, election.mode, number, transfer_point, key, valid_until, reason.strip(), at
        )
        signed = cms.sign(documents.write(given), seal.key, seal.certificate, at)
        row = {
            **_columns(key),
            "number": number,
            "transfer_point": transfer_point,
            "valid_until": journal.stamp(valid_until),
            "reason": given.reason,
            "at": journal.stamp(at),
            "raw": signed,
        }
        _INSERT.each(connection, [row])
        detail = {name: row[name] for name in ("transfer_point", "valid_until", "reason")}
        subject = f"{key} {number}"
        journal.write(connection, journal.head(connection), at, journal.Act.PERMIT_GIVEN, subject, detail)
    return Given(given, signed)


def ends_of(
    connection: Connection, keys: Iterable[ProtocolKey], transfer_point: int
) -> Mapping[ProtocolKey, str]:
    """Until when (as the store writes instants) each protocol may be accepted at a transfer point by a
    permit; protocols without one are left out."""
    found = {}
    for key in keys:
        row = _OF_PROTOCOL.row(connection, **_columns(key), transfer_point=transfer_point)
        if row is not None and row[0] is not None:
            found[key] = row[0]
    return found


def listed(database: Database) -> list[Permit]:
    """All permits that were given, oldest first, read from their signed files."""
    with database.reading() as connection:
        rows = connection.execute(_ALL).mappings().all()
    return [documents.read(message.decode(row["raw"]).content or b"") for row in rows]


def signed_file(connection: Connection, number: int) -> bytes | None:
    """The signed file of one permit, None where there is none of this number."""
    found = connection.execute(select(permit.c.raw).where(permit.c.number == number)).scalar()
    return None if found is None else bytes(found)


def _columns(key: ProtocolKey) -> dict[str, object]:
    return {
        "contest": key.contest.value,
        "municipality": key.precinct.municipality,
        "precinct": key.precinct.number,
    }
