"""The media register: what comes is received and kept, officers decide, and the list follows at once.

Each act is one transaction with its row of the journal; if it changes whose addresses may read, the same
transaction makes the next signed list, and the file that the media server follows is written right after.
It works at a centre that runs or does not, and several officers may work at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from app.central import centre, journal
from app.central.centre import Clock
from app.central.database import Database
from app.central.media import intake, publishing, records, settings, state, troubles
from app.central.media.intake import Delivery, Examined, Rules
from app.central.media.outcomes import Outcome
from app.central.media.records import Decided
from app.central.media.settings import MediaFolder, MediaSettings
from app.central.media.state import Entry, State, Status, Wish
from app.central.media.troubles import LONGEST_REASON
from app.central.senders import Seal
from app.documents.xml_text import SHORT_TEXT
from app.election.reference import Reference
from app.trust.keys import PrivateKey
from app.trust.qualified import CLOCKS


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts, and why (kept inside, never told to the applicant)."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """One centre's register, open for as long as its database is."""

    database: Database
    reference: Reference
    seal: Seal
    folder: MediaFolder
    settings: MediaSettings
    clock: Clock

    def state(self) -> State:
        """What the register holds now."""
        with self.database.reading() as connection:
            return _state(connection)

    def received(self, number: int) -> tuple[bytes, bytes]:
        """The bytes of an application as they came, and the signature beside them. Raises MED-34."""
        with self.database.reading() as connection:
            found = records.received_bytes(connection, number)
        if found is None:
            raise troubles.unknown(number)
        return found

    def receive(self, delivery: Delivery, officer: Officer) -> Entry:
        """Take a delivery in and keep it, whatever it is; the entry tells what became of it. Raises
        KnownError MED-20 for a time of receipt in the future, MED-31 to MED-33, QCA-01 and QCA-02."""
        _check(officer)
        election = self.reference.election
        now = self.clock()
        if delivery.received_at > now + CLOCKS:
            raise troubles.in_the_future(delivery.received_at)
        trust = settings.trust(self.folder, election.mode)
        rules = Rules(election.code, election.mode, self.settings.deadline)
        examined = intake.examine(delivery, trust, rules)
        with self.database.writing() as connection:
            return self._keep(connection, delivery, examined, officer, now)

    def _keep(
        self, connection: Connection, delivery: Delivery, examined: Examined, officer: Officer, now: datetime
    ) -> Entry:
        reasons = examined.reasons or (Outcome.ACCEPTED,)
        row: dict[str, object] = {
            "way": delivery.way.value,
            "name": _plain(delivery.name)[:SHORT_TEXT],
            "received_at": journal.stamp(delivery.received_at),
            "officer": officer.name,
            "raw": delivery.data,
            "detached": delivery.detached,
            "outcome": reasons[0].code,
            "reasons": " ".join(reason.code for reason in reasons),
            "detail": _plain(examined.detail)[:LONGEST_REASON],
            "signer": json.dumps(asdict(examined.signer)) if examined.signer else "",
            "signed_at": journal.stamp(examined.signed_at) if examined.signed_at else "",
            "application": examined.content,
        }
        if not examined.reasons and examined.application is not None:
            found = _state(connection)
            if state.repeats(examined.application, found.entries.values()):
                row |= {"outcome": Outcome.DUPLICATE.code, "reasons": Outcome.DUPLICATE.code}
        number = records.insert_submission(connection, row, now)
        return _state(connection).entries[number]

    def approve(self, number: int, officer: Officer, *, replace: bool = False) -> Entry:
        """Approve an application: its addresses are in the list from now on. `replace` takes an earlier one
        of the organisation out of force. Raises KnownError MED-21, MED-34 to MED-37."""

        def work(connection: Connection, found: State) -> None:
            entry = _open(found, number)
            if entry.status is Status.APPROVED:
                raise troubles.already(number)
            if entry.undecided:
                raise troubles.undecided(entry.undecided)
            before = [each for each in found.of_organisation(entry) if each.status is Status.APPROVED]
            if before and not replace:
                raise troubles.approved_before(before[0].number)
            for each in before:
                self._event(connection, each.number, Decided.REPLACED, officer, {"by": number})
            self._event(connection, number, Decided.APPROVED, officer, {})

        return self._act(officer, number, work)

    def refuse(self, number: int, officer: Officer) -> Entry:
        """Refuse an application, also one that was approved. Raises KnownError MED-21, MED-34, MED-35."""

        def work(connection: Connection, found: State) -> None:
            if _open(found, number).status is Status.REFUSED:
                raise troubles.already(number)
            self._event(connection, number, Decided.REFUSED, officer, {})

        return self._act(officer, number, work)

    def decide(self, number: int, address: str, officer: Officer, *, keep: bool) -> Entry:
        """Decide that a repeated address belongs to this application (`keep`) or not. One that it names
        twice then counts once. Raises KnownError MED-34, MED-35, MED-38."""

        def work(connection: Connection, found: State) -> None:
            entry = _open(found, number)
            if address not in entry.addresses:
                raise troubles.no_address(number, address)
            self._event(connection, number, Decided.ADDRESS, officer, {"address": address, "keep": keep})

        return self._act(officer, number, work)

    def film(self, number: int, wish: int, officer: Officer, *, permit: bool) -> Wish:
        """Permit or refuse filming. Raises KnownError MED-34, MED-35, MED-39."""

        def work(connection: Connection, found: State) -> None:
            wishes = {each.number: each.filming for each in _open(found, number).wishes}
            filming = wishes.get(wish)
            if filming is None or (permit and not self._possible(filming.transfer_point)):
                raise troubles.no_filming(number, wish)
            self._event(connection, number, Decided.FILMING, officer, {"wish": wish, "permitted": permit})

        return next(each for each in self._act(officer, number, work).wishes if each.number == wish)

    def meet(self, at: datetime, place: str, officer: Officer) -> State:
        """Set the technical meeting, which the letters tell."""
        _check(officer)
        with self.database.writing() as connection:
            detail = {"at": at.isoformat(), "place": place[:SHORT_TEXT]}
            self._event(connection, None, Decided.MEETING, officer, detail)
            return _state(connection)

    def publish(self) -> int:
        """Write the list's file anew, and a new list if none fits what holds now; returns its serial. Raises
        KnownError MED-22."""
        with self.database.writing() as connection:
            self._list(connection, _state(connection))
        return publishing.write(self.database, self.folder)

    def _act(self, officer: Officer, number: int, work: Callable[[Connection, State], None]) -> Entry:
        """One decision: judged on what holds, written, and the list after it."""
        _check(officer)
        with self.database.writing() as connection:
            work(connection, _state(connection))
            after = _state(connection)
            self._list(connection, after)
        publishing.write(self.database, self.folder)
        return after.entries[number]

    def _list(self, connection: Connection, found: State) -> None:
        election = self.reference.election
        publishing.make(
            connection,
            election.code,
            election.mode,
            found.listed(),
            self.settings.live_from,
            self.seal,
            self.clock(),
        )

    def _event(
        self,
        connection: Connection,
        number: int | None,
        act: Decided,
        officer: Officer,
        detail: Mapping[str, object],
    ) -> None:
        records.insert_event(connection, number, act, officer.name, self.clock(), officer.reason, detail)

    def _possible(self, transfer_point: int) -> bool:
        return any(each.transfer_point == transfer_point for each in self.reference.precincts.values())


@contextmanager
def opened(folder: Path, clock: Clock, key: PrivateKey | None = None) -> Iterator[Register]:
    """The register of a centre, running or not; `key` is the centre's where its file has a passphrase.
    Raises KnownError as opening a centre does, and MED-30."""
    parts = centre.prepare(folder, clock, key)
    media = MediaFolder(folder / "media")
    told = settings.load(media, parts.reference)
    database = centre.connected(parts)
    try:
        yield Register(database, parts.reference, parts.seal, media, told, clock)
    finally:
        database.close()


def _state(connection: Connection) -> State:
    return state.fold(records.submissions(connection), records.events(connection))


def _open(found: State, number: int) -> Entry:
    """An application about which an officer may decide."""
    entry = found.entries.get(number)
    if entry is None:
        raise troubles.unknown(number)
    if not entry.outcome.accepted or entry.status is Status.REPLACED:
        raise troubles.closed(number)
    return entry


def _check(officer: Officer) -> None:
    name_fits = officer.name.strip() == officer.name and 0 < len(officer.name) <= SHORT_TEXT
    if (
        not name_fits
        or len(officer.reason) > LONGEST_REASON
        or _plain(officer.name + officer.reason) != officer.name + officer.reason
    ):
        raise troubles.nobody()


def _plain(text: str) -> str:
    """A stranger's text as every database and console can hold it."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)
