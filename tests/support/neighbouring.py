"""A second workstation of the desk's point, without a window: what it sent, and who heard of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.documents import batch as batches
from app.documents import receipt as receipts
from app.documents.batch import Acceptance, Batch, BatchItem, Source
from app.election.complete import complete
from app.election.content import content_hash
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station.changes import Change
from app.station.point import memory
from app.station.station import Station
from app.trust import chain, cms
from app.trust.identity import Expected, Identity, Role
from tests.support.invented_election import POINT
from tests.support.station_world import NIGHT, FakeCentre, Signer, authority, readings

NAME = f"{POINT}-2"


def _signer() -> Signer:
    return authority("zk2024").signer(Identity(Role.STATION, "zk2024", POINT, NAME))


@dataclass
class Neighbour:
    """Takes protocols in and tells the centre, and `station` what both of them said."""

    reference: Reference
    centre: FakeCentre
    station: Station
    signer: Signer = field(default_factory=_signer)
    sent: list[bytes] = field(default_factory=list)
    _unheard: list[tuple[bytes, Batch, bytes]] = field(default_factory=list)

    def takes_in(self, *keys: ProtocolKey, seed: int = 2, by: str = "Petr Dvořák") -> None:
        """Take these in, push them, and let the station hear of it as from the centre."""
        self.pushes(*keys, seed=seed, by=by)
        self.is_heard()

    def pushes(self, *keys: ProtocolKey, seed: int = 2, by: str = "Petr Dvořák") -> None:
        """Take these in and push them; the station does not hear of it yet."""
        data, batch = self._batch(keys, seed, by)
        self._unheard.append((data, batch, self.centre.receive(data)))

    def is_heard(self) -> None:
        """The station asks, and hears of everything."""
        kept, now = self.station.point.memory, self.centre.clock()
        expected, anchors = Expected(Role.CENTRE, "zk2024"), authority("zk2024").anchors
        for data, batch, signed in self._unheard:
            answer = receipts.read(cms.verify(signed, anchors, now, expected).content)
            moved = kept.take_batch(data, batch, memory.CENTRE, now, "program")
            kept.take_receipt(signed, answer, memory.CENTRE, now, "program")
            self.station.changes.tell(Change(moved, connection=True))
        self._unheard.clear()

    def _batch(self, keys: tuple[ProtocolKey, ...], seed: int, by: str) -> tuple[bytes, Batch]:
        made = readings(self.reference, seed=seed)
        now = self.centre.clock()
        items = tuple(
            BatchItem(
                made[key],
                Acceptance(1, now, by, None, "", Source.FILE, "1" * 64, content_hash(complete(made[key]))),
            )
            for key in keys
        )
        before = chain.batch_hash(self.sent[-1]) if self.sent else chain.GENESIS
        batch = Batch(
            "zk2024", self.reference.election.mode, NAME, POINT, len(self.sent) + 1, before, now, "test",
            chain.GENESIS, items,
        )  # fmt: skip
        data = cms.sign(batches.write(batch), self.signer.key, self.signer.certificate, NIGHT)
        self.sent.append(data)
        return data, batch
