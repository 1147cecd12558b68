"""Typing protocols from paper: the acts on drafts, each one durable transaction.

    begin ──save…──▶ finish ──▶ begin_second ──save…──▶ finish ──▶ compare ──settle…──▶ close ──▶ Offer

The first reading is typed by one person, the second blind by another; only fields that differ are asked
again, and who may settle them is the table of `app.station.entry.closing`. The offer that closing makes
is accepted, held or refused like one from a file.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.election.model import ProtocolKey, Reading
from app.election.verdict import FieldRef, Verdict
from app.station.entry.drafts import Draft, RunningTotals
from app.station.offers import Answers, Offer
from app.station.states import User


class Entries:
    """`station.entries`. Safe from any thread. Every act raises a `KnownError` with its sentence when it
    may not be taken, and leaves the store as it was."""

    def fields(self, key: ProtocolKey) -> tuple[FieldRef, ...]:
        """All fields of the form for this precinct in the order of the paper: the four counts, then each
        registered list's votes and preference boxes 1–70 (T/6), or each candidate (T/5; in round 2 the
        finalists)."""
        raise NotImplementedError

    def begin(self, key: ProtocolKey, user: User) -> Draft:
        """A new first reading, or the own one resumed (one that was finished is opened again as long as
        no second entry began). Raises `DraftOfOther` while a colleague types this protocol: `take_over`."""
        raise NotImplementedError

    def begin_second(self, key: ProtocolKey, user: User) -> Draft:
        """The blind second reading, or the own one resumed; it starts empty and knows nothing of the
        first. Raises `FirstUnfinished`, `OwnReading` for whoever typed in the first, `DraftOfOther`."""
        raise NotImplementedError

    def save(self, draft_id: int, field: FieldRef, value: int | None, user: User) -> Draft:
        """One field was left: one durable row. None is a blank, which is no zero. Raises `DraftOfOther`
        when somebody took the draft over meanwhile, `DraftEnded` when it is open no more, `FieldRefused`
        for a field that the form does not have or a value that does not fit its boxes."""
        raise NotImplementedError

    def finish(self, draft_id: int, user: User) -> Draft:
        """The typist is done. Raises `EntryIncomplete` (with `.fields`) while a mandatory field is blank;
        errors in the figures do not stand against it."""
        raise NotImplementedError

    def draft(self, draft_id: int) -> Draft:
        """Raises `DraftEnded` when there is none."""
        raise NotImplementedError

    def drafts(self, key: ProtocolKey | None = None) -> tuple[Draft, ...]:
        """Drafts that are open or finished (of one protocol), oldest first. Who types must not be shown
        the other's values."""
        raise NotImplementedError

    def discarded(self, key: ProtocolKey | None = None) -> tuple[Draft, ...]:
        """What `restore` can bring back, newest first."""
        raise NotImplementedError

    def take_over(self, draft_id: int, user: User, reason: str) -> Draft:
        """Go on with the draft of an absent colleague. Raises `OwnReading` for whoever typed in the other
        reading of the same paper."""
        raise NotImplementedError

    def discard(self, draft_id: int, user: User, reason: str) -> None:
        """Put a draft away (the first one with its second); only its owner or a supervisor. Nothing is
        deleted: `restore` undoes it."""
        raise NotImplementedError

    def restore(self, draft_id: int, user: User) -> Draft:
        """Undo a `discard`. Raises `DraftOfOther` when another draft has taken its place meanwhile."""
        raise NotImplementedError

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
        raise NotImplementedError

    def reading(self, draft: Draft) -> Reading:
        """What the draft states so far: blanks stay blanks, control numbers are right where they can be
        computed."""
        raise NotImplementedError

    def verdict(self, draft: Draft, answers: Answers = Answers()) -> Verdict:  # noqa: B008 - immutable
        """The checks on what is typed so far, for errors beside the fields; only failures carry cases."""
        raise NotImplementedError

    def totals(self, draft: Draft) -> RunningTotals:
        """The sums that grow while typing."""
        raise NotImplementedError

    def compare(self, key: ProtocolKey) -> tuple[FieldRef, ...]:
        """The fields that still differ between both finished readings, in the order of the paper, without
        values. A blank preference box reads as none. Raises `SecondUnfinished`."""
        raise NotImplementedError

    def settle(
        self, key: ProtocolKey, field: FieldRef, value: int | None, user: User, reason: str = ""
    ) -> tuple[FieldRef, ...]:
        """A third look at the paper for one differing field; tells the fields that still differ. Who may
        do so depends on what the value agrees with: `app.station.entry.closing`. Raises
        `SettlementRefused`, `ReasonMissing`."""
        raise NotImplementedError

    def close(self, key: ProtocolKey, user: User, answers: Answers = Answers()) -> Offer:  # noqa: B008
        """Both readings agree or are settled: the offer, its original bytes the canonical file of what was
        typed, its source the paper. Raises `ReadingsDiffer` (with `.fields`)."""
        raise NotImplementedError

    def closed(self, key: ProtocolKey, answers: Answers = Answers()) -> Offer | None:  # noqa: B008
        """The offer of a closed entry that nobody has decided yet, as after a crash; None when none is."""
        raise NotImplementedError
