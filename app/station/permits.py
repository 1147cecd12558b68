"""The centre's permits at the station: taken from a file, proved, kept, and asked for when it is late.

A permit opens rule PR-02 for one protocol until its last instant: for a first delivery and for a
correction alike. Nobody here can say that there is one; there is a signed file, or there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.documents import files
from app.documents import permit as documents
from app.documents.permit import MAX_SIGNED_BYTES, Permit
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station import journal, records
from app.station.changes import Change, Changes
from app.station.config import StationConfig
from app.station.errors import StationError
from app.station.permissions import Permission, require
from app.station.states import User
from app.station.store import Store, from_instant, instant
from app.station.texts import check_texts
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role

#: How the DER of every signed file begins: a SEQUENCE whose length takes more than one byte.
_SIGNED = (b"\x30\x80", b"\x30\x81", b"\x30\x82", b"\x30\x83", b"\x30\x84")


class PermitRefused(StationError):
    """A signed file that is no permit for this transfer point now."""


class Permits:
    """`station.permits`. Safe from any thread."""

    def __init__(
        self,
        store: Store,
        config: StationConfig,
        anchors: Anchors,
        expected: frozenset[ProtocolKey],
        delivery_ends: datetime,
        clock: Callable[[], datetime],
        changes: Changes,
    ) -> None:
        """`delivery_ends` is the end of the 24 h, after which a permit is needed."""
        self._store, self._config, self._anchors = store, config, anchors
        self._expected, self._delivery_ends = expected, delivery_ends
        self._clock, self._changes = clock, changes

    def covers(self, key: ProtocolKey) -> bool:
        """Whether a permit lets this protocol be accepted now; False also while none is needed yet."""
        now = self._clock()
        if now <= self._delivery_ends:
            return False
        ends = self.valid_until(key)
        return ends is not None and now <= ends

    def valid_until(self, key: ProtocolKey) -> datetime | None:
        """The last instant of the longest permit for a protocol; None when there is none."""
        sql = "SELECT max(valid_until) FROM permits WHERE municipality = ? AND precinct = ? AND contest = ?"
        found = self._store.rows(sql, records.key_values(key))[0][0]
        return None if found is None else from_instant(found)

    def take_file(self, path: Path, user: User) -> Permit | None:
        """Take a permit from a file; None when the file is not a signed one at all. Raises
        `DocumentError` for a file that cannot be read, and what `take` raises."""
        data = files.read_bytes_of(path, MAX_SIGNED_BYTES)
        return self.take(data, user) if data[:2] in _SIGNED else None

    def take(self, data: bytes, user: User) -> Permit:
        """Prove a signed permit and keep it with a row of the journal; the very same one again changes
        nothing. Raises `PermitRefused`, `RoleRefused`."""
        check_texts(user, "")
        require(user, Permission.TAKE_IN)
        at = self._clock()
        permit = self._proved(data, at)
        digest, key = sha256(data).hexdigest(), permit.key
        with self._store.transaction() as db:
            if db.execute("SELECT 1 FROM permits WHERE sha256 = ?", (digest,)).fetchone() is not None:
                return permit
            db.execute(
                "INSERT INTO permits (sha256, number, municipality, precinct, contest, valid_until, reason,"
                " data, user, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    digest, permit.number, *records.key_values(key), instant(permit.valid_until),
                    permit.reason, data, user.name, instant(at),
                ),
            )  # fmt: skip
            journal.write(
                db, at, user.name, "permit-taken", key, permit=permit.number,
                valid_until=instant(permit.valid_until), reason=permit.reason, sha256=digest,
            )  # fmt: skip
        self._changes.tell(Change(frozenset({key})))
        return permit

    def _proved(self, data: bytes, at: datetime) -> Permit:
        """Verified first, parsed only then, and bound to this election, mode, point and protocol."""
        try:
            expected = Expected(Role.CENTRE, self._config.election)
            verified = cms.verify(data, self._anchors, at, expected, MAX_SIGNED_BYTES)
            permit = documents.read(verified.content)
        except KnownError as error:
            raise PermitRefused(
                "STA-90",
                f"Soubor není platné povolení ústředí: {error.cs} Vyžádejte si ho znovu.",
                f"The file is no valid permit of the centre: {error.en} Ask for it again.",
            ) from error
        if (permit.election, permit.mode) != (self._config.election, self._config.mode):
            raise PermitRefused(
                "STA-91",
                f"Povolení patří volbám {permit.election} ({permit.mode}), stanice je pro "
                f"{self._config.election} ({self._config.mode}). Zkušební a ostrá data se nesmějí míchat.",
                f"The permit belongs to {permit.election} ({permit.mode}), the station to "
                f"{self._config.election} ({self._config.mode}). Rehearsal and live data must not mix.",
            )
        if permit.transfer_point != self._config.transfer_point or permit.key not in self._expected:
            raise PermitRefused(
                "STA-92",
                f"Povolení č. {permit.number} je pro zápis {permit.key} na přebíracím místě "
                f"{permit.transfer_point}. Zde neplatí; pošlete ho tam.",
                f"Permit No. {permit.number} is for protocol {permit.key} at the transfer point "
                f"{permit.transfer_point}. It does not hold here; send it there.",
            )
        if permit.valid_until < at:
            ended = permit.valid_until.astimezone(self._delivery_ends.tzinfo)
            raise PermitRefused(
                "STA-93",
                f"Povolení č. {permit.number} platilo jen do {ended:%d. %m. %Y %H:%M}. "
                "Požádejte ústředí o nové.",
                f"Permit No. {permit.number} held only until {ended:%Y-%m-%d %H:%M}. Ask the centre for a "
                "new one.",
            )
        return permit
