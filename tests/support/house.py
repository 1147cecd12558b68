"""A whole house for the centre's tests: an authority, a centre's folder, stations that sign batches."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.central import centre, settings
from app.central.centre import Centre
from app.central.run import server_of
from app.central.server import Door
from app.central.settings import CentreFolder, CentreSettings
from app.documents import batch as batch_document
from app.documents import receipt as receipt_document
from app.documents.batch import Acceptance, Batch, BatchItem, Source
from app.documents.receipt import Receipt
from app.election.complete import complete
from app.election.content import content_hash
from app.election.model import Mode, Protocol, Reading
from app.election.reference import Reference
from app.trust import authority, chain, cms, keys
from app.trust.anchors import Anchors
from app.trust.certificate import Certificate
from app.trust.identity import Expected, Identity, Role
from app.trust.keys import PrivateKey
from tests.support import reference_files
from tests.support.invented_election import stated

HOUR = timedelta(hours=1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class House:
    """Authority, centre's folder, and any number of stations."""

    #: how long its certificates are valid from the clock's time on
    LIFE = 480 * HOUR

    def __init__(self, folder: Path, reference: Reference, clock: Clock, **options: object) -> None:
        self.folder = folder
        self.reference = reference
        self.clock = clock
        self.code = reference.election.code
        self._life = (clock.now - 48 * HOUR, clock.now + self.LIFE)
        self._key = keys.make_key()
        self.authority = authority.make_authority(self.code, self._key, *self._life)
        self.centre_folder = folder / "centre"
        file = folder / "reference.sqlite"
        reference_files.build(reference, file)
        signer = self.participant(Identity(Role.REFERENCE, self.code))
        signature = folder / "reference.sqlite.p7s"
        signature.write_bytes(cms.sign_detached(file.read_bytes(), *signer, clock.now))
        key, certificate = self.participant(Identity(Role.CENTRE, self.code))
        centre.init(
            self.centre_folder,
            replace(CentreSettings(self.code, reference.election.mode), **options),
            authority=self.authority.to_pem(),
            key=key,
            certificate=certificate,
            reference=file,
            reference_signature=signature,
        )

    def participant(
        self, identity: Identity, key: PrivateKey | None = None
    ) -> tuple[PrivateKey, Certificate]:
        key = key or keys.make_key()
        request = authority.make_request(key, identity)
        return key, authority.issue(request, identity, self.authority, self._key, *self._life)

    def open(self) -> Centre:
        return Centre.open(self.centre_folder, self.clock)

    def set(self, **options: object) -> None:
        paths = CentreFolder(self.centre_folder)
        settings.write(paths, replace(settings.load(paths), **options))

    def station(self, name: str, *, register: bool = True) -> SendingStation:
        point = int(name.split("-")[0])
        key, certificate = self.participant(Identity(Role.STATION, self.code, point, name))
        if register:
            centre.add_stations(self.centre_folder, [certificate], self.clock.now)
        return SendingStation(self, name, point, key, certificate)

    def receipt(self, body: bytes) -> Receipt:
        """Read a receipt as a station does: verified against the pinned authority."""
        anchors = Anchors.from_pem(self.authority.to_pem())
        expected = Expected(Role.CENTRE, self.code)
        return receipt_document.read(cms.verify(body, anchors, self.clock.now, expected).content)


@contextmanager
def serving(centre: Centre) -> Iterator[str]:
    """The centre's real server on a free port, in a thread; yields its address."""
    door = Door(centre)
    server = server_of(centre, door)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            door.close()


@dataclass
class SendingStation:
    """A station's outbox without a store: numbers, chains and signs."""

    house: House
    name: str
    point: int
    key: PrivateKey
    certificate: Certificate
    number: int = 0
    previous: str = chain.GENESIS
    sent: list[bytes] = field(default_factory=list)

    def batch(self, *items: BatchItem, **changes: object) -> bytes:
        """The next batch of the chain, signed; `changes` replace fields of it after numbering."""
        self.number += 1
        signed = self.sign(batch_document.write(self.content(*items, **changes)))
        self.previous = chain.batch_hash(signed)
        self.sent.append(signed)
        return signed

    def content(self, *items: BatchItem, **changes: object) -> Batch:
        made = Batch(
            election=self.house.code,
            mode=self.house.reference.election.mode,
            station=self.name,
            transfer_point=self.point,
            number=self.number,
            previous_hash=self.previous,
            created_at=self.house.clock.now,
            software="test",
            journal_head=chain.GENESIS,
            items=items,
        )
        return replace(made, **changes)

    def sign(self, content: bytes) -> bytes:
        return cms.sign(content, self.key, self.certificate, self.house.clock.now)

    def item(self, protocol: Protocol, revision: int = 1, **changes: object) -> BatchItem:
        return item_of(stated(self.house.reference, protocol), self.house.clock.now, revision, **changes)

    def items(self, protocols: Sequence[Protocol]) -> list[BatchItem]:
        return [self.item(protocol) for protocol in protocols]


def item_of(reading: Reading, at: datetime, revision: int = 1, **changes: object) -> BatchItem:
    """A reading accepted by a clerk, with a reason and an approval ready for any warning."""
    try:
        content = content_hash(complete(reading))
    except Exception:
        content = "0" * 64
    accepted = Acceptance(
        revision=revision,
        accepted_at=at,
        accepted_by="obsluha",
        approved_by="vedoucí",
        reason="zkouška",
        source=Source.FILE,
        source_sha256="1" * 64,
        content_hash=content,
    )
    return BatchItem(reading, replace(accepted, **changes))


__all__ = ["Clock", "House", "Mode", "SendingStation", "item_of"]
