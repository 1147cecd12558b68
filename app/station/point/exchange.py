"""The same signed files by a stick: what one workstation has, the others learn without a line.

Each one writes all that it has and reads what the others wrote, so that it does not matter who brings a
batch to the centre. Where files lie is told by `app.documents.stick`. What is read is proved by its
signature before it is parsed, whatever its name says; a file that is nobody's changes nothing and is told.
Files of another transfer point are cargo: kept, delivered, handed on, shown nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from app.documents import batch as batch_documents
from app.documents import files, stick
from app.documents import receipt as receipt_documents
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station import journal, receipts
from app.station.changes import Change, Changes
from app.station.config import StationConfig
from app.station.errors import StationError
from app.station.outbox import BatchState, Outbox, StoredBatch
from app.station.permissions import Permission, require
from app.station.point import memory
from app.station.point.carried import Carried
from app.station.point.memory import PointMemory
from app.station.point.opening import FileRefused, open_batch
from app.station.receipts import ReceiptRefused
from app.station.states import User
from app.station.store import Store
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.chain import batch_hash
from app.trust.identity import Expected, Role

_LARGEST = batch_documents.MAX_BYTES


class StickTrouble(StationError):
    """The medium could not be written or read whole."""


@dataclass(frozen=True, slots=True)
class Written:
    """`files` were written and read back; `known` were there before with the same bytes."""

    folder: Path
    files: int
    known: int


@dataclass(frozen=True, slots=True)
class ReadIn:
    """What a stick brought: batches and receipts that were new, files that were here before, and troubles."""

    batches: int
    receipts: int
    known: int
    keys: frozenset[ProtocolKey]
    troubles: tuple[tuple[str, KnownError], ...]


class Exchange:
    """`station.point.exchange`. Safe from any thread; a stick may block it."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        kept: PointMemory,
        carried: Carried,
        config: StationConfig,
        anchors: Anchors,
        clock: Callable[[], datetime],
        changes: Changes,
    ) -> None:
        self._store, self._outbox, self._memory, self._carried = store, outbox, kept, carried
        self._config = config
        self._anchors, self._clock, self._changes = anchors, clock, changes

    def write(self, root: Path, user: User) -> Written:
        """Write this station's batches and receipts, and those of the others that are here, to a medium.
        What waits for a batch gets one first. Raises `StickTrouble`, `RoleRefused`."""
        require(user, Permission.EXCHANGE_STICK)
        at = self._clock()
        while self._outbox.make(at) is not None:
            pass
        folder = stick.folder_of(root, self._config.election)
        done = known = 0
        try:
            for station, name, data in self._files():
                if stick.write_whole(folder / station / name, data):
                    done += 1
                else:
                    known += 1
        except OSError as error:
            raise StickTrouble(
                "STA-118",
                f"Na médium se nepodařilo zapsat všechny dávky: {error.strerror}. Zkontrolujte místo na něm, "
                "nebo použijte jiné; nic se tím neztratilo.",
                f"Not all batches could be written to the medium: {error.strerror}. Check its free space or "
                "use another one; nothing is lost by that.",
            ) from error
        with self._store.transaction() as db:
            journal.write(db, at, user.name, "stick-written", files=done + known)
        return Written(folder, done, known)

    def read(self, root: Path, user: User) -> ReadIn:
        """Take in what the others wrote to a medium. Raises `StickTrouble`, `RoleRefused`."""
        require(user, Permission.EXCHANGE_STICK)
        at = self._clock()
        counts = {"batches": 0, "receipts": 0, "known": 0}
        keys: set[ProtocolKey] = set()
        troubles: list[tuple[str, KnownError]] = []
        for path in _on_medium(stick.folder_of(root, self._config.election)):
            try:
                kind, moved = self._take(files.read_bytes_of(path, _LARGEST), at, user)
            except KnownError as error:
                troubles.append((path.name, error))
                continue
            counts[kind] += 1
            keys |= moved
        if keys:
            self._changes.tell(Change(frozenset(keys), connection=True))
        return ReadIn(
            counts["batches"], counts["receipts"], counts["known"], frozenset(keys), tuple(troubles)
        )

    def _take(self, data: bytes, at: datetime, user: User) -> tuple[str, frozenset[ProtocolKey]]:
        """One file: what it was, and which protocols it is news of."""
        try:
            batch = open_batch(data, self._config, self._anchors, at, any_point=True)
        except FileRefused as error:
            return self._take_receipt(data, at, user, error)
        if batch.station == self._config.station:
            return "known", frozenset()
        if batch.transfer_point != self._config.transfer_point:
            new = self._carried.take_batch(data, batch, at, user.name)
            return ("batches" if new else "known"), frozenset()
        keys = self._memory.take_batch(data, batch, memory.STICK, at, user.name)
        return ("batches", keys) if keys else ("known", keys)

    def _take_receipt(
        self, data: bytes, at: datetime, user: User, otherwise: FileRefused
    ) -> tuple[str, frozenset[ProtocolKey]]:
        try:
            verified = cms.verify(data, self._anchors, at, Expected(Role.CENTRE, self._config.election))
            receipt = receipt_documents.read(verified.content)
        except KnownError:
            raise otherwise from None
        batch = self._batch_of(receipt)
        if batch is None:
            return "known", frozenset()  # of a batch that is not here
        config = replace(self._config, station=receipt.station)
        proved = receipts.prove(data, batch, config, self._anchors, at)
        if receipt.station == self._config.station:
            moved = receipts.apply(self._store, batch, proved, at).moved
            return ("receipts", moved) if moved else ("known", moved)
        if self._carried.batch(batch.hash) is not None:
            new = self._carried.take_receipt(data, receipt, memory.STICK, at, user.name)
            return ("receipts" if new else "known"), frozenset()
        moved = self._memory.take_receipt(data, receipt, memory.STICK, at, user.name)
        return ("receipts", moved) if moved else ("known", moved)

    def _batch_of(self, receipt: receipt_documents.Receipt) -> StoredBatch | None:
        """The batch that a receipt answers: ours, another workstation's, or one that is carried."""
        if receipt.station == self._config.station:
            if receipt.batch_number is None:
                raise ReceiptRefused(
                    "STA-119",
                    "Potvrzení na médiu neříká, ke které dávce patří. Nic se jím nemění.",
                    "The receipt on the medium does not say which batch it belongs to. It changes nothing.",
                )
            try:
                return self._outbox.batch(receipt.batch_number)
            except LookupError:
                return None
        digest = receipt.batch_hash
        found = self._memory.batch(digest) or self._carried.batch(digest)
        return None if found is None else StoredBatch(found[0], digest, found[1], BatchState.UNKNOWN)

    def _files(self) -> Iterator[tuple[str, str, bytes]]:
        """Workstation, file name and bytes of everything that the others may need."""
        own = self._config.station
        for row in self._store.rows("SELECT number, data FROM batches ORDER BY number"):
            yield own, stick.batch_name(row["number"]), row["data"]
        for row in self._store.rows("SELECT batch_number, sha256, data FROM receipts ORDER BY id"):
            yield own, stick.receipt_name(row["batch_number"], row["sha256"]), row["data"]
        of_others = self._memory.documents(memory.BATCH, memory.RECEIPT), self._carried.documents()
        for kind, station, number, data in chain.from_iterable(of_others):
            if kind == memory.BATCH:
                yield station, stick.batch_name(number), data
            else:
                yield station, stick.receipt_name(number, batch_hash(data)), data


def _on_medium(folder: Path) -> list[Path]:
    try:
        return stick.signed_files(folder)
    except OSError as error:
        raise StickTrouble(
            "STA-120",
            f"Médium nelze přečíst: {error.strerror}. Zasuňte ho znovu, nebo použijte jiné.",
            f"The medium cannot be read: {error.strerror}. Plug it in again or use another one.",
        ) from error
