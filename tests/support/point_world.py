"""Several workstations of one point and the real centre, with nothing between them but documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.central import centre as central
from app.central.centre import Centre
from app.central.settings import CentreSettings
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station.sending import Sender
from app.station.station import Station
from app.trust.certificate import Certificate
from app.trust.identity import Role
from tests.support.asking import CentreLine
from tests.support.station_world import CLERK, Clock, authority, file_of, fixed_chance, make_station, readings


@dataclass
class Place:
    """One open workstation, its line to the centre and its sender."""

    station: Station
    line: CentreLine
    sender: Sender

    def take_in(self, key: ProtocolKey, seed: int = 1) -> None:
        (offer,) = self.read(key, seed)
        self.station.intake.accept(offer, CLERK)

    def read(self, key: ProtocolKey, seed: int = 1):  # type: ignore[no-untyped-def]
        reading = readings(self.station.reference, seed=seed)[key]
        return self.station.intake.read_bytes("zapis.xml", file_of(reading))

    def row(self, key: ProtocolKey):  # type: ignore[no-untyped-def]
        row = self.station.row(key)
        assert row is not None
        return row


@dataclass
class PointWorld:
    """The point: `places` by number."""

    centre: Centre
    clock: Clock
    places: dict[int, Place] = field(default_factory=dict)

    def run(self, *numbers: int, most: int = 60) -> None:
        """Let workstations do all that is due now, one after the other."""
        for number in numbers or tuple(self.places):
            sender = self.places[number].sender
            for _ in range(most):
                due = sender.step(self.clock())
                if due is None or due > self.clock():
                    break
            else:
                raise AssertionError("the sender does not come to rest")

    def sync(self, rounds: int = 3) -> None:
        """Long enough for everybody to hear of everything."""
        for _ in range(rounds):
            self.clock.advance(61)
            self.run()


@contextmanager
def point_world(
    base: Path, reference: Reference, clock: Clock, count: int = 2, *, others: tuple[int, ...] = ()
) -> Iterator[PointWorld]:
    """`count` workstations of the invented point, registered at a centre of their own; a workstation of each
    other point is the place of that point's number."""
    ours = authority("zk2024")
    signer = ours.of_role(Role.CENTRE)
    folders = {
        number: make_station(base, reference, workstation=number) for number in range(1, count + 1)
    } | {point: make_station(base, reference, point=point) for point in others}
    parts = base / "parts-41-1"
    central.init(
        base / "centre",
        CentreSettings("zk2024", reference.election.mode),
        authority=ours.certificate.to_pem(),
        key=signer.key,
        certificate=signer.certificate,
        reference=parts / "reference.sqlite",
        reference_signature=parts / "reference.sqlite.p7s",
    )
    certificates = [
        Certificate.from_pem((folder / "station.pem").read_bytes()) for folder in folders.values()
    ]
    central.add_stations(base / "centre", certificates, clock())
    with ExitStack() as stack:
        centre = Centre.open(base / "centre", clock)
        stack.callback(centre.database.close)
        world = PointWorld(centre, clock)
        for number, folder in folders.items():
            station = stack.enter_context(Station.open(folder, clock))
            line = CentreLine(centre, clock)
            world.places[number] = Place(station, line, station.sender(line, fixed_chance()))
        yield world
