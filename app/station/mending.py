"""Mended on the spot: the commission corrects its own protocol at the desk, if it is authorised to.

The original and the mended protocol are both kept; the record gets OPRAVA=1; whoever typed the change
cannot approve the result.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime

from app.documents import protocol_file
from app.documents.batch import Source
from app.election.model import ProtocolKey, Reading
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station import journal, records, said
from app.station.entry.errors import FieldRefused
from app.station.errors import (
    NotAuthorised,
    NotExpected,
    NothingMended,
    ReasonMissing,
    RoleRefused,
    SecondEntryMissing,
)
from app.station.figures import form_fields, most
from app.station.mended import CONTROLS, mended
from app.station.offers import Answers, Offer, Standing
from app.station.reading import Reader, original_of
from app.station.retype import mended_totals
from app.station.states import Role, State, Step, User, take
from app.station.store import Store, instant
from app.station.texts import check_texts, named

#: Digits of the longest control number.
_MOST_CONTROL = 999_999_999


class Mending:
    """`station.mending`."""

    def __init__(
        self, store: Store, reader: Reader, reference: Reference, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._reader, self._reference, self._clock = store, reader, reference, clock

    def mend(
        self,
        offer: Offer,
        changes: Mapping[FieldRef, int | None],
        user: User,
        authorised: bool,
        reason: str,
    ) -> Offer:
        """The offer with the changed figures and OPRAVA=1, judged again and stored beside the original.

        Control numbers that were right follow the figures (see `app.station.mended`). A list whose votes
        become blank or 0 and that has no preferences loses its sheet. Totals retyped before are kept,
        those that changed with their new value. Raises `NotAuthorised` unless the commission's
        authorisation is ticked, `FieldRefused`, `ReasonMissing`, `NothingMended`, `SecondEntryMissing`
        for one reading of a paper (mend its draft), and what stands against reading the protocol now.
        """
        check_texts(user, reason)
        self._check(offer, user, authorised, reason, changes)
        stated = offer.stated or offer.reading
        reading = mended(stated, changes)
        if reading == mended(stated, {}):
            raise NothingMended(offer.key)
        again = self._offer(offer, reading, changes, user)
        at = self._clock()
        with self._store.transaction() as db:
            if offer.source is Source.PAPER and not records.is_closed_paper(db, offer):
                raise SecondEntryMissing(offer.key)
            records.keep_original(db, offer.original, at, user.name)
            records.keep_original(db, again.original, at, user.name)
            _add(db, offer, again, changes, reason, user, at)
            journal.write(
                db, at, user.name, "mend", offer.key, None, original=offer.original.sha256,
                mended=again.original.sha256, changes=_listed(changes), reason=reason, authorised=True,
            )  # fmt: skip
        return again

    def mended(self, key: ProtocolKey, answers: Answers | None = None) -> Offer | None:
        """The mended offer that nobody has decided yet, as after a crash; None when there is none.
        `answers` instead of those that were given when it was mended."""
        db = self._store.connection
        row = db.execute(
            "SELECT * FROM mends WHERE municipality = ? AND precinct = ? AND contest = ?"
            " ORDER BY id DESC LIMIT 1",
            records.key_values(key),
        ).fetchone()
        if row is None or records.decided_since(db, key, row["mended_sha256"], row["at"]):
            return None
        return self._reader.again(
            records.original(db, row["mended_sha256"]),
            0,
            answers or said.read(row["answers"]),
            Source(row["source"]),
            records.names_from(row["hands"]),
            row["correction_reason"],
            row["correction_author"],
        )

    def _check(
        self,
        offer: Offer,
        user: User,
        authorised: bool,
        reason: str,
        changes: Mapping[FieldRef, int | None],
    ) -> None:
        if offer.standing is Standing.UNEXPECTED:
            raise NotExpected(offer.key)
        if offer.provisional:
            raise SecondEntryMissing(offer.key)
        state = records.stands(self._store.connection, offer.key).state
        if state is State.HELD:
            take(state, Step.READ, user, reason, offer.key)  # raises the sentence for it
        if user.role not in (Role.CLERK, Role.SUPERVISOR):
            raise RoleRefused(user.name, "mend")
        if not authorised:
            raise NotAuthorised(offer.key)
        if not reason.strip():
            raise ReasonMissing("mend")
        fields = set(form_fields(offer.key, self._reference))
        for field, value in changes.items():
            is_control = field.name in CONTROLS and field.candidate is None
            if (field not in fields and not is_control) or not 0 <= (value or 0) <= (
                _MOST_CONTROL if is_control else most(field)
            ):
                raise FieldRefused(field)

    def _offer(
        self, offer: Offer, reading: Reading, changes: Mapping[FieldRef, int | None], user: User
    ) -> Offer:
        election, key = self._reference.election, offer.key
        data = protocol_file.write((reading,), reading.election, offer.mode or election.mode)
        name = f"oprava_{key.precinct.municipality}_{key.precinct.number}_{key.contest}.xml"
        return self._reader.offer(
            original_of(name, data),
            0,
            offer.election,
            offer.mode,
            reading,
            mended_totals(offer, reading, changes),
            offer.correction_reason,
            offer.correction_author,
            source=offer.source,
            hands=tuple(dict.fromkeys((*offer.hands, user.name))),
        )


def _add(
    db: sqlite3.Connection,
    before: Offer,
    after: Offer,
    changes: Mapping[FieldRef, int | None],
    reason: str,
    user: User,
    at: datetime,
) -> None:
    db.execute(
        "INSERT INTO mends (municipality, precinct, contest, source, before_sha256, before_position,"
        " mended_sha256, changes, answers, correction_reason, correction_author, reason, hands, user, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *records.key_values(before.key), before.source.value, before.original.sha256, before.position,
            after.original.sha256, json.dumps(_listed(changes)), said.text_of(after.answers),
            before.correction_reason, before.correction_author, reason, records.names_text(after.hands),
            user.name, instant(at),
        ),
    )  # fmt: skip


def _listed(changes: Mapping[FieldRef, int | None]) -> list[str]:
    return [f"{named(field)}={'-' if value is None else value}" for field, value in changes.items()]
