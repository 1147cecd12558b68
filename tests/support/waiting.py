"""Protocols put up for approval, from a file and from paper, and neighbours that were accepted before."""

from __future__ import annotations

from dataclasses import replace

from app.election.model import ProtocolKey
from app.election.verdict import FieldRef
from app.station.offers import Held
from app.station.states import User
from app.station.station import Station
from tests.support.invented_election import stated
from tests.support.paper_entry import paper_of, type_twice
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    file_of,
    one_more_envelope,
    protocols,
)

REASON = "Komise potvrzuje o obálku víc, zapsala to do přílohy zápisu."


def accepted(station: Station, *keys: ProtocolKey) -> None:
    for key in keys:
        right = protocols(station.reference)[key]
        (offer,) = station.intake.read_bytes("zapis.xml", file_of(stated(station.reference, right)))
        station.intake.accept(offer, CLERK)


def held(station: Station, key: ProtocolKey, by: User = CLERK, more: int = 0, reason: str = REASON) -> Held:
    """From a file, with one envelope more returned than issued; `more` registered voters."""
    protocol = one_more_envelope(protocols(station.reference)[key])
    voters = protocol.counts.registered_voters + more
    protocol = replace(protocol, counts=protocol.counts._replace(registered_voters=voters))
    (offer,) = station.intake.read_bytes("zapis_komise.xml", file_of(stated(station.reference, protocol)))
    return station.intake.hold(offer, by, reason)


def held_paper(station: Station, key: ProtocolKey) -> Held:
    """Typed twice; two figures differed, one settled by another reader, one by the supervisor."""
    paper = paper_of(station, one_more_envelope(protocols(station.reference)[key]))
    voters, returned = FieldRef("VOL_SEZNAM"), FieldRef("ODEVZ_OBAL")
    other = paper | {voters: (paper[voters] or 0) + 9, returned: (paper[returned] or 0) + 90}
    type_twice(station, key, paper, other, (CLERK, OTHER_CLERK))
    station.entries.settle(key, voters, paper[voters], OTHER_CLERK)
    station.entries.settle(key, returned, paper[returned], SUPERVISOR, "Devítka je na papíře čitelná.")
    return station.intake.hold(station.entries.close(key, OTHER_CLERK), CLERK, REASON)


def corrected(station: Station, key: ProtocolKey) -> Held:
    """A correction of what was accepted, with an envelope too many."""
    accepted(station, key)
    other = one_more_envelope(protocols(station.reference)[key])
    (again,) = station.intake.read_bytes("oprava.xml", file_of(stated(station.reference, other)))
    correction = station.intake.as_correction(again, CLERK, "Komise přehlédla obálku.")
    return station.intake.hold(correction, CLERK, REASON)
