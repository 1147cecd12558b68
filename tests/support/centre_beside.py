"""The real centre beside a station's folder of the invented point, at the other end of a function call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.central import centre as central
from app.central.centre import Centre
from app.central.settings import CentreSettings
from app.election.reference import Reference
from app.trust.certificate import Certificate
from app.trust.identity import Role
from tests.support.asking import CentreLine
from tests.support.station_world import Clock, authority


@contextmanager
def centre_beside(base: Path, station: Path, reference: Reference, clock: Clock) -> Iterator[CentreLine]:
    """A centre in `base`/centre that knows the station in the folder `station`."""
    ours = authority(reference.election.code)
    signer = ours.of_role(Role.CENTRE)
    central.init(
        base / "centre",
        CentreSettings(reference.election.code, reference.election.mode),
        authority=ours.certificate.to_pem(),
        key=signer.key,
        certificate=signer.certificate,
        reference=station / "reference.sqlite",
        reference_signature=station / "reference.sqlite.p7s",
    )
    certificate = Certificate.from_pem((station / "station.pem").read_bytes())
    central.add_stations(base / "centre", [certificate], clock())
    opened = Centre.open(base / "centre", clock)
    try:
        yield CentreLine(opened, clock)
    finally:
        opened.database.close()
