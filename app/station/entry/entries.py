"""Typing protocols from paper: the acts on drafts, each one durable transaction.

    begin ──save…──▶ finish ──▶ begin_second ──save…──▶ finish ──▶ compare ──settle…──▶ close ──▶ Offer

The first reading is typed by one person, the second blind by another; only fields that differ are asked
again, and who may settle them is the table of `app.station.entry.closing`. The offer that closing makes
is accepted, held or refused like one from a file. Drafts themselves are in `app.station.entry.drafting`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from app.documents import protocol_file
from app.documents.batch import Source
from app.election.model import ProtocolKey, Reading
from app.election.reference import Reference
from app.election.verdict import FieldRef, Verdict
from app.station import records
from app.station.changes import Changes
from app.station.entry import comparing, rows
from app.station.entry.closing import CLOSINGS, Situation
from app.station.entry.drafting import Drafting
from app.station.entry.drafts import Draft, DraftState, RunningTotals
from app.station.entry.errors import ReadingsDiffer, SecondUnfinished
from app.station.entry.telling import totals
from app.station.errors import RoleRefused
from app.station.figures import normalised, reading_of
from app.station.offers import Answers, Offer
from app.station.reading import Reader, original_of
from app.station.states import User
from app.station.store import Store
from app.station.texts import check_texts, named

_NOTHING_SAID = Answers()


class Entries(Drafting):
    """`station.entries`. Safe from any thread. Every act raises a `KnownError` with its sentence when it
    may not be taken, and leaves the store as it was."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        reference: Reference,
        expected: frozenset[ProtocolKey],
        clock: Callable[[], datetime],
        changes: Changes,
    ) -> None:
        super().__init__(store, reference, expected, clock, changes)
        self._reader = reader

    # --- looking -----------------------------------------------------------------------------------

    def reading(self, draft: Draft) -> Reading:
        """What the draft states so far: blanks stay blanks, control numbers are right where they can be
        computed."""
        return reading_of(draft.key, draft.values, self._reference, corrected=draft.mended)

    def verdict(self, draft: Draft, answers: Answers = _NOTHING_SAID) -> Verdict:
        """The checks on what is typed so far, for errors beside the fields; only failures carry cases."""
        return self._reader.verdict(self.reading(draft), answers)

    def totals(self, draft: Draft) -> RunningTotals:
        """The sums that grow while typing."""
        return totals(draft, self._reference.election.rules.preferences_per_ballot)

    def offer(self, draft: Draft, answers: Answers = _NOTHING_SAID) -> Offer:
        """One reading as a provisional offer, for an error report or a refusal before the second entry;
        it can never be accepted."""
        reading = self._canonical(draft.key, draft.values, draft.mended)
        hands = tuple(self._stored(draft.id).hands)
        return self._offered(reading, answers, hands, provisional=True)

    # --- comparing and closing -----------------------------------------------------------------------

    def compare(self, key: ProtocolKey) -> tuple[FieldRef, ...]:
        """The fields that still differ between both finished readings, in the order of the paper, without
        values. From the first comparison on, neither reading can be changed. A blank preference box reads
        as none. Raises `SecondUnfinished`."""
        with self._guard:
            first, second = self._both(key)
            if not second.compared:
                self._step(second, "compared", User(second.owner))
            settled = rows.settlements(self._store.connection, second.id)
            return tuple(f for f in comparing.differing(first, second, self._form(key)) if f not in settled)

    def settle(
        self, key: ProtocolKey, field: FieldRef, value: int | None, user: User, reason: str = ""
    ) -> tuple[FieldRef, ...]:
        """A third look at the paper for one differing field; tells the fields that still differ. Who may
        do so depends on what the value agrees with: `app.station.entry.closing`. Raises
        `SettlementRefused`, `ReasonMissing`. A refused attempt stands in the journal, so that nobody
        finds out the other reading by trying."""
        check_texts(user, reason)
        self._may_enter(key, user)
        with self._guard:
            self.compare(key)
            first, second = self._both(key)
            self._check_field(key, field, value)
            situation = comparing.situation(first, second, field, value, user)
            at = self._clock()
            trouble = comparing.trouble(situation, first, second, field, user, reason)
            with self._store.transaction() as db:
                act = "settle-refused" if trouble else "settle"
                self._write(db, at, user, act, second, reason, field=named(field), situation=situation.value,
                            value=value)  # fmt: skip
                if trouble is None:
                    settled = rows.Settlement(value, situation, user.name, reason)
                    rows.add_settlement(db, second.id, field, settled, at)
            if trouble is not None:
                raise trouble
            return self.compare(key)

    def close(self, key: ProtocolKey, user: User, answers: Answers = _NOTHING_SAID) -> Offer:
        """Both readings agree or are settled: the offer, its original bytes the canonical file of what was
        typed, its source the paper. Raises `ReadingsDiffer` (with `.fields`)."""
        check_texts(user, "")
        self._may_enter(key, user)
        if user.role not in CLOSINGS[Situation.AGREED].roles:
            raise RoleRefused(user.name, "close")
        with self._guard:
            differing = self.compare(key)
            if differing:
                raise ReadingsDiffer(key, differing)
            first, second = self._both(key)
            settled = rows.settlements(self._store.connection, second.id)
            values = first.values | {field: one.value for field, one in settled.items()}
            settlers = rows.settlers(self._store.connection, second.id)
            hands = tuple(dict.fromkeys([*first.hands, *second.hands, *settlers, user.name]))
            reading = self._canonical(key, values, first.mended or second.mended)
            offer = self._offered(reading, answers, hands)
            at = self._clock()
            with self._store.transaction() as db:
                records.keep_original(db, offer.original, at, user.name)
                rows.add_closing(db, first, second, offer.original.sha256, hands, user.name, at)
                for draft in (first, second):
                    rows.add_step(db, draft.id, "closed", user.name, at)
                self._write(db, at, user, "entry-closed", second, "", original=offer.original.sha256,
                            settled=[named(field) for field in settled])  # fmt: skip
            self._known.clear()
        self._tell(key)
        return offer

    def closed(self, key: ProtocolKey, answers: Answers = _NOTHING_SAID) -> Offer | None:
        """The offer of a closed entry that nobody has decided yet, as after a crash; None when none is."""
        db = self._store.connection
        closing = rows.last_closing(db, key)
        if closing is None:
            return None
        original = records.original(db, closing.original_sha256)
        return self._reader.again(original, 0, answers, Source.PAPER, closing.hands)

    # --- inside ------------------------------------------------------------------------------------

    def _canonical(self, key: ProtocolKey, values: Mapping[FieldRef, int | None], mended: bool) -> Reading:
        return reading_of(key, normalised(key, values), self._reference, corrected=mended)

    def _offered(
        self, reading: Reading, answers: Answers, hands: tuple[str, ...], *, provisional: bool = False
    ) -> Offer:
        election, key = self._reference.election, reading.key
        data = protocol_file.write((reading,), election.code, election.mode)
        name = f"opis_{key.precinct.municipality}_{key.precinct.number}_{key.contest}.xml"
        return self._reader.offer(
            original_of(name, data), 0, election.code, None, reading, answers,
            source=Source.PAPER, hands=hands, provisional=provisional,
        )  # fmt: skip

    def _both(self, key: ProtocolKey) -> tuple[rows.Stored, rows.Stored]:
        first, second = self._living(key)
        if first is None or second is None or second.state is not DraftState.FINISHED:
            raise SecondUnfinished(key)
        return first, second
