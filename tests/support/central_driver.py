"""What the centre's tests say to a centre, and what they ask of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from app.central import schema
from app.central.answers import SIGNED, Answer
from app.central.centre import Centre
from app.documents.receipt import Receipt
from app.election.complete import with_flags
from app.election.model import Contest, Protocol
from tests.support.house import House
from tests.support.invented_election import protocols


def of_point(house: House, point: int, contest: Contest = Contest.REGIONAL, seed: int = 1) -> list[Protocol]:
    places = house.reference.precincts
    return [
        p for p in protocols(house.reference, contest, seed) if places[p.precinct].transfer_point == point
    ]


def receive(centre: Centre, house: House, data: bytes) -> Answer:
    return centre.ingest.receive(data, house.clock.now)


def receipt(centre: Centre, house: House, data: bytes) -> Receipt:
    answer = receive(centre, house, data)
    assert answer.content_type == SIGNED
    return house.receipt(answer.body)


def outcomes(received: Receipt) -> list[str]:
    return [item.outcome.value for item in received.items]


def corrected(protocol: Protocol, more: int) -> Protocol:
    """The same precinct with more registered voters, flagged as a correction."""
    counts = protocol.counts._replace(registered_voters=protocol.counts.registered_voters + more)
    return with_flags(replace(protocol, counts=counts), corrected=True)


def rows(centre: Centre, table: str) -> Sequence[object]:
    with centre.database.reading() as connection:
        return connection.execute(select(schema.metadata.tables[table])).all()


def disarm(connection: Connection, table: str, what: str) -> None:
    """Let somebody change a table who may not: `what` is "update" or "delete"."""
    of_table = "" if connection.dialect.name == "sqlite" else f" ON {table}"
    connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{what}{of_table}")
