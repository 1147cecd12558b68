"""A station that asks a centre: the stations' own inquirer over a function call, and folders to ask from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.central.centre import Centre
from app.station.config import StationConfig
from app.station.outbox import Signer
from app.station.point.asking import Inquirer
from app.station.wire import Answer, NoAnswer, Unreachable
from app.trust.anchors import Anchors
from tests.support.house import House, SendingStation


@dataclass
class CentreLine:
    """A transport to an opened centre by function calls. `faults` are what happens to the next ones:
    "", "unreachable", "lost" (it does not arrive), "no answer" (it does)."""

    centre: Centre
    clock: Any
    faults: list[str] = field(default_factory=list)
    pushes: int = 0
    asked: int = 0

    def push(self, data: bytes) -> Answer:
        self.pushes += 1
        return self._carried(self.centre.ingest.receive, data)

    def ask(self, data: bytes) -> Answer:
        self.asked += 1
        return self._carried(self.centre.inquiries.answer, data)

    def _carried(self, work: Any, data: bytes) -> Answer:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "unreachable":
            raise Unreachable
        if fault == "lost":
            raise NoAnswer
        answer = work(data, self.clock())
        if fault == "no answer":
            raise NoAnswer
        return Answer(answer.http_status, answer.body, answer.content_type, answer.retry_after)


def inquirer(house: House, station: SendingStation, **changes: Any) -> Inquirer:
    """What a sending station of the house asks with."""
    election = house.reference.election
    said = {
        "election": election.code,
        "mode": election.mode,
        "station": station.name,
        "transfer_point": station.point,
        "centre_url": "http://127.0.0.1:1",
    }
    return Inquirer(
        StationConfig(**{**said, **changes}),
        Signer(station.key, station.certificate),
        Anchors.from_pem(house.authority.to_pem()),
    )
