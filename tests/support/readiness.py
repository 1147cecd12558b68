"""A station's readiness report as the centre gets it."""

from __future__ import annotations

from app.documents import readiness
from app.documents.readiness import Report, Standing, Trial, TrialState
from tests.support.house import House, SendingStation

WELL = Trial("power", TrialState.GOOD, "RDY-50", "Počítač je napájen ze sítě.")


def signed_report(house: House, sender: SendingStation, /, **changes: object) -> bytes:
    """A signed report of a station that is ready, or as `changes` say."""
    election = house.reference.election
    said: dict[str, object] = {
        "election": election.code,
        "mode": election.mode,
        "station": sender.name,
        "transfer_point": sender.point,
        "made_by": "Igor Kábrt",
        "software": "prebirka 1",
        "tried_at": house.clock.now,
        "standing": Standing.READY,
        "trials": (WELL,),
    }
    return sender.sign(readiness.write(Report(**{**said, **changes})))  # type: ignore[arg-type]
