"""A station at which everything has happened once: a row in every table that an act can write."""

from __future__ import annotations

from collections.abc import Sequence

from app.election.model import Protocol, ProtocolKey
from app.election.reference import Reference
from app.station.offers import Offer
from app.station.station import Station
from tests.support.invented_election import stated
from tests.support.paper_entry import paper_of, type_twice
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    FakeCentre,
    file_of,
    fixed_chance,
    one_more_envelope,
    protocols,
)


def offered(station: Station, reference: Reference, protocol: Protocol) -> Offer:
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(stated(reference, protocol)))
    return offer


def make_busy(station: Station, centre: FakeCentre, reference: Reference) -> Sequence[ProtocolKey]:
    """Files held, approved, sent back, refused, mended, accepted; a paper typed twice with a field that
    differed; batches sent and answered, one protocol returned. Tells the keys."""
    made = list(protocols(reference).values())
    keys = [protocol.key for protocol in made]
    for protocol in made[:2]:
        held = station.intake.hold(
            offered(station, reference, one_more_envelope(protocol)), CLERK, "obálka navíc"
        )
        if protocol is made[0]:
            station.intake.approve(protocol.key, SUPERVISOR, held.content_hash)
        else:
            station.intake.send_back(protocol.key, SUPERVISOR, "přepočítat")
            station.intake.refuse(offered(station, reference, protocol), CLERK, "nečitelný zápis")
    paper = paper_of(station, made[2])
    field = next(field for field in paper if field.name == "ODEVZ_OBAL")
    other = {**paper, field: (paper[field] or 0) + 1}
    assert type_twice(station, made[2].key, paper, other, (CLERK, OTHER_CLERK)) == (field,)
    station.entries.settle(made[2].key, field, paper[field], SUPERVISOR, "podle papíru")
    station.intake.accept(station.entries.close(made[2].key, CLERK), CLERK)
    offer = offered(station, reference, made[3])
    box = next(iter(station.entries.fields(made[3].key)))
    mended = station.mending.mend(
        offer, {box: made[3].counts.registered_voters + 1}, CLERK, authorised=True, reason="překlep"
    )
    if mended.can_accept:
        station.intake.accept(mended, CLERK)
    centre.refused.add(made[4].key)
    for protocol in made[4:]:
        station.intake.accept(offered(station, reference, protocol), CLERK)
    send_all(station, centre)
    station.closing.explain(made[4].key, SUPERVISOR, "vráceno ústředím, řeší se")
    station.users.accounts.make_first("stastna", SUPERVISOR.name, "tichá pošta ráno")
    return keys


def send_all(station: Station, centre: object) -> None:
    """Until nothing can be done at once."""
    sender = station.sender(centre, fixed_chance())  # type: ignore[arg-type]
    while sender.step(station.clock()) == station.clock():
        pass
