"""Typing drafts: begun, saved at every field exit, handed over, put away, each act one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import RLock

from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station import journal, records
from app.station.changes import Change, Changes
from app.station.entry import rows
from app.station.entry.drafts import Draft, DraftState
from app.station.entry.errors import (
    DraftEnded,
    DraftOfOther,
    EntryIncomplete,
    FieldRefused,
    FirstUnfinished,
    OwnReading,
)
from app.station.entry.telling import told
from app.station.errors import NotAuthorised, NotExpected, ReasonMissing, RoleRefused
from app.station.figures import form_fields, mandatory_blanks, most
from app.station.states import Role, State, Step, User, identity, take
from app.station.store import Store
from app.station.texts import check_texts, named

_DESK = frozenset({Role.CLERK, Role.SUPERVISOR})


class Drafting:
    """The half of `Entries` that types; see there."""

    def __init__(
        self,
        store: Store,
        reference: Reference,
        expected: frozenset[ProtocolKey],
        clock: Callable[[], datetime],
        changes: Changes,
    ) -> None:
        self._store, self._reference = store, reference
        self._expected, self._clock, self._changes = expected, clock, changes
        # One process works with a store, so a draft that was read once needs no reading at every field.
        self._guard = RLock()
        self._known: dict[int, rows.Stored] = {}
        self._fields: dict[ProtocolKey, Mapping[FieldRef, None]] = {}

    # --- typing ------------------------------------------------------------------------------------

    def fields(self, key: ProtocolKey) -> tuple[FieldRef, ...]:
        """All fields of the form for this precinct in the order of the paper: the four counts, then each
        registered list's votes and preference boxes 1–70 (T/6), or each candidate (T/5; in round 2 the
        finalists)."""
        return tuple(self._form(key))

    def begin(self, key: ProtocolKey, user: User) -> Draft:
        """A new first reading, or the own one resumed (one that was finished is opened again as long as
        no second entry began). Raises `DraftOfOther` while a colleague types this protocol: `take_over`."""
        self._may_enter(key, user)
        with self._guard:
            first, second = self._living(key)
            if second is not None:
                raise DraftOfOther(key, second.owner)
            if first is None:
                return self._new(key, 1, None, user)
            return self._resumed(first, user)

    def begin_second(self, key: ProtocolKey, user: User) -> Draft:
        """The blind second reading, or the own one resumed until it was compared; it starts empty and
        knows nothing of the first. Raises `FirstUnfinished`, `OwnReading` for whoever typed in the first,
        `DraftOfOther`, `DraftEnded`."""
        self._may_enter(key, user)
        with self._guard:
            first, second = self._living(key)
            if first is None or first.state is not DraftState.FINISHED:
                raise FirstUnfinished(key)
            if first.has_hand(user.name):
                raise OwnReading(key, user.name)
            if second is None:
                return self._new(key, 2, first.id, user)
            if second.compared:
                raise DraftEnded
            return self._resumed(second, user)

    def save(self, draft_id: int, field: FieldRef, value: int | None, user: User) -> Draft:
        """One field was left: one durable row. None is a blank, which is no zero. Raises `DraftOfOther`
        when somebody took the draft over meanwhile, `DraftEnded` when it is open no more, `FieldRefused`
        for a field that the form does not have or a value that does not fit its boxes."""
        with self._guard:
            draft = self._owned(draft_id, user)
            self._check_field(draft.key, field, value)
            at = self._clock()
            with self._store.transaction() as db:
                rows.add_field(db, draft_id, field, value, user.name, at)
            draft.values = {**draft.values, field: value}
            draft.last_field, draft.saved_at = field, at
            return self._told(draft)

    def finish(self, draft_id: int, user: User) -> Draft:
        """The typist is done. Raises `EntryIncomplete` (with `.fields`) while a mandatory field is blank;
        errors in the figures do not stand against it."""
        with self._guard:
            draft = self._owned(draft_id, user)
            missing = mandatory_blanks(draft.key, draft.values, self._form(draft.key))
            if missing:
                raise EntryIncomplete(missing)
            self._step(draft, "finished", user)
            return self._told(draft)

    def mend(
        self,
        draft_id: int,
        changes: Mapping[FieldRef, int | None],
        user: User,
        authorised: bool,
        reason: str,
    ) -> Draft:
        """The commission mended its paper while it was typed: the protocol will have OPRAVA=1. Raises
        `NotAuthorised` unless the commission's authorisation is ticked."""
        check_texts(user, reason)
        with self._guard:
            draft = self._owned(draft_id, user)
            if not authorised:
                raise NotAuthorised(draft.key)
            if not reason.strip():
                raise ReasonMissing("mend")
            for field, value in changes.items():
                self._check_field(draft.key, field, value)
            at = self._clock()
            with self._store.transaction() as db:
                for field, value in changes.items():
                    rows.add_field(db, draft_id, field, value, user.name, at)
                rows.add_step(db, draft_id, "mended", user.name, at, reason)
                self._write(db, at, user, "entry-mended", draft, reason, changes=_listed(changes))
            self._known.pop(draft_id)
        self._tell(draft.key)
        return self.draft(draft_id)

    # --- drafts ------------------------------------------------------------------------------------

    def draft(self, draft_id: int) -> Draft:
        """Raises `DraftEnded` when there is none."""
        with self._guard:
            return self._told(self._stored(draft_id))

    def drafts(self, key: ProtocolKey | None = None) -> tuple[Draft, ...]:
        """Drafts that are open or finished (of one protocol), oldest first. Who types must not be shown
        the other's values."""
        with self._guard:
            return tuple(map(self.draft, rows.alive(self._store.connection, key)))

    def discarded(self, key: ProtocolKey | None = None) -> tuple[Draft, ...]:
        """What `restore` can bring back, newest first."""
        with self._guard:
            return tuple(map(self.draft, rows.discarded(self._store.connection, key)))

    def take_over(self, draft_id: int, user: User, reason: str) -> Draft:
        """Go on with the draft of an absent colleague. Raises `OwnReading` for whoever typed in the other
        reading of the same paper."""
        check_texts(user, reason)
        with self._guard:
            draft = self._stored(draft_id)
            self._may_enter(draft.key, user)
            if not draft.is_alive:
                raise DraftEnded
            if identity(draft.owner) == user.identity:
                return self._told(draft)
            if not reason.strip():
                raise ReasonMissing("take-over")
            if any(
                other.has_hand(user.name) for other in self._living(draft.key) if other not in (None, draft)
            ):
                raise OwnReading(draft.key, user.name)
            self._step(draft, "taken-over", user, reason, before=draft.owner)
            return self._told(draft)

    def discard(self, draft_id: int, user: User, reason: str) -> None:
        """Put a draft away (the first one with its second); only its owner or a supervisor. Nothing is
        deleted: `restore` undoes it."""
        check_texts(user, reason)
        with self._guard:
            draft = self._stored(draft_id)
            if not draft.is_alive:
                raise DraftEnded
            if user.role is not Role.SUPERVISOR and identity(draft.owner) != user.identity:
                raise DraftOfOther(draft.key, draft.owner)
            self._may_enter(draft.key, user)
            if not reason.strip():
                raise ReasonMissing("discard")
            second = self._living(draft.key)[1]
            whole = (second,) if draft.number == 1 and second is not None else ()
            self._step(draft, "discarded", user, reason, together_with=whole)

    def restore(self, draft_id: int, user: User) -> Draft:
        """Undo a `discard`. Raises `DraftOfOther` when another draft has taken its place meanwhile."""
        with self._guard:
            draft = self._stored(draft_id)
            self._may_enter(draft.key, user)
            first, second = self._living(draft.key)
            taken = first if draft.number == 1 else second
            if draft.state is not DraftState.DISCARDED:
                raise DraftEnded
            if taken is not None:
                raise DraftOfOther(draft.key, taken.owner)
            if draft.number == 2 and (first is None or first.id != draft.first_id):
                raise FirstUnfinished(draft.key)
            self._step(draft, "restored", user)
            self._known.pop(draft_id)
            return self.draft(draft_id)

    # --- inside --------------------------------------------------------------------------------------

    def _form(self, key: ProtocolKey) -> Mapping[FieldRef, None]:
        if key not in self._fields:
            self._fields[key] = dict.fromkeys(form_fields(key, self._reference))
        return self._fields[key]

    def _may_enter(self, key: ProtocolKey, user: User) -> None:
        check_texts(user, "")
        if key not in self._expected:
            raise NotExpected(key)
        state = records.stands(self._store.connection, key).state
        if state is State.HELD:
            take(state, Step.READ, user, "", key)  # raises the sentence for it
        if user.role not in _DESK:
            raise RoleRefused(user.name, "entry")

    def _check_field(self, key: ProtocolKey, field: FieldRef, value: int | None) -> None:
        if field not in self._form(key) or (value is not None and not 0 <= value <= most(field)):
            raise FieldRefused(field)

    def _stored(self, draft_id: int) -> rows.Stored:
        stored = self._known.get(draft_id) or rows.load(self._store.connection, draft_id)
        if stored is None:
            raise DraftEnded
        self._known[draft_id] = stored
        return stored

    def _owned(self, draft_id: int, user: User) -> rows.Stored:
        draft = self._stored(draft_id)
        if draft.state is not DraftState.OPEN:
            raise DraftEnded
        if identity(draft.owner) != user.identity:
            raise DraftOfOther(draft.key, draft.owner)
        return draft

    def _living(self, key: ProtocolKey) -> tuple[rows.Stored | None, rows.Stored | None]:
        """The first and the second reading under way."""
        living = {d.number: d for d in map(self._stored, rows.alive(self._store.connection, key))}
        return living.get(1), living.get(2)

    def _new(self, key: ProtocolKey, number: int, first_id: int | None, user: User) -> Draft:
        at = self._clock()
        with self._store.transaction() as db:
            draft_id = rows.add_draft(db, key, number, first_id, user.name, at)
            journal.write(db, at, user.name, "entry-begun", key, draft=draft_id, number=number)
        self._tell(key)
        return self.draft(draft_id)

    def _resumed(self, draft: rows.Stored, user: User) -> Draft:
        if identity(draft.owner) != user.identity:
            raise DraftOfOther(draft.key, draft.owner)
        if draft.state is DraftState.FINISHED:
            self._step(draft, "reopened", user)
        return self._told(draft)

    def _step(
        self,
        draft: rows.Stored,
        kind: str,
        user: User,
        reason: str = "",
        together_with: tuple[rows.Stored, ...] = (),
        **more: journal.Detail,
    ) -> None:
        """One step of a draft, and of others in the same transaction."""
        at, drafts = self._clock(), (*together_with, draft)
        with self._store.transaction() as db:
            for one in drafts:
                rows.add_step(db, one.id, kind, user.name, at, reason)
                self._write(db, at, user, f"entry-{kind}", one, reason, **more)
        for one in drafts:
            rows.take_step(one, kind, user.name)
        self._tell(draft.key)

    def _told(self, draft: rows.Stored) -> Draft:
        return told(draft, self._form(draft.key))

    def _write(
        self,
        db: sqlite3.Connection,
        at: datetime,
        user: User,
        act: str,
        draft: rows.Stored,
        reason: str,
        **details: journal.Detail,
    ) -> None:
        journal.write(db, at, user.name, act, draft.key, None, draft=draft.id, reason=reason, **details)

    def _tell(self, key: ProtocolKey) -> None:
        self._changes.tell(Change(frozenset({key})))


def _listed(changes: Mapping[FieldRef, int | None]) -> list[str]:
    return [f"{named(field)}={'-' if value is None else value}" for field, value in changes.items()]
