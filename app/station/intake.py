"""Taking protocols in: the acts on a protocol, each one transaction or nothing.

The states and steps are the table of `app.station.states` (drawn there). Every act reads where the
protocol stands, takes its step in the table, writes its rows, moves the protocol and adds a row to the
journal, all in one transaction; then it tells what changed. An act that may not be taken raises a
`KnownError` with a sentence for the clerk and leaves the store as it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from app.documents.batch import Source
from app.election.complete import complete
from app.election.model import Protocol, ProtocolKey
from app.station import journal, records
from app.station.changes import Change, Changes
from app.station.config import RetypeRule, StationConfig
from app.station.errors import (
    AlreadyAccepted,
    ApprovalMissing,
    Blocked,
    ContentChanged,
    DeadlineRefused,
    NotExpected,
    NothingToCorrect,
    OtherAuthor,
    OwnWork,
    RetypeMissing,
    SecondEntryMissing,
    StepRefused,
)
from app.station.offers import Accepted, Answers, Held, Offer, Original, Standing
from app.station.permits import Permits
from app.station.point.errors import TakenElsewhere
from app.station.point.standing import effective
from app.station.reading import Reader, original_of, read_original
from app.station.retype import missing
from app.station.states import State, Step, User, identity, take
from app.station.store import Store, instant
from app.station.texts import check_texts
from app.station.versions import Versions

_NOTHING_SAID = Answers()


class Intake:
    """The acts on protocols. Safe from any thread."""

    def __init__(
        self,
        store: Store,
        versions: Versions,
        reader: Reader,
        delivery_ends: datetime,
        permits: Permits,
        config: StationConfig,
        clock: Callable[[], datetime],
        changes: Changes,
    ) -> None:
        """`delivery_ends` is the end of the 24 h in which protocols may come."""
        self._store = store
        self._versions = versions
        self._reader = reader
        self._delivery_ends, self._permits = delivery_ends, permits
        self._config = config
        self._clock = clock
        self._changes = changes

    def read_file(
        self, path: Path, answers: Answers = _NOTHING_SAID, *, passed_cases: bool = True
    ) -> tuple[Offer, ...]:
        """Offers of all protocols in a file; stores nothing. Raises `DocumentError`.

        Without `passed_cases` only failed rules carry their numbers, which is faster where nobody looks.
        """
        return self._reader.offers(read_original(path), answers, passed_cases=passed_cases)

    def read_bytes(
        self, name: str, data: bytes, answers: Answers = _NOTHING_SAID, *, passed_cases: bool = True
    ) -> tuple[Offer, ...]:
        """The same for bytes that are here already; `name` is the file's, for people."""
        return self._reader.offers(original_of(name, data), answers, passed_cases=passed_cases)

    def accept(self, offer: Offer, user: User, reason: str = "") -> Accepted:
        """Accept an offer that no rule stands against: version, outbox row and journal in one transaction."""
        check_texts(user, reason)
        self._check_offer(offer, user)
        if offer.verdict.needs_reason:
            raise ApprovalMissing(offer.key, _to_approve(offer))
        at = self._clock()
        with self._store.transaction() as db:
            state = self._enter(db, offer, user)
            take(state, Step.ACCEPT, user, offer.correction_reason, offer.key)
            accepted = self._accept(db, offer, at, user.name, None, _joined(offer.correction_reason, reason))
        self._versions.remember(accepted.id, offer.reading)
        self._tell(offer.key, connection=True)
        return _told(accepted)

    def hold(self, offer: Offer, user: User, reason: str) -> Held:
        """Put an offer with passable errors or warnings before another person, with the reason for it."""
        check_texts(user, reason)
        self._check_offer(offer, user)
        at, key = self._clock(), offer.key
        with self._store.transaction() as db:
            state = self._enter(db, offer, user)
            after = take(state, Step.HOLD, user, reason, key)
            records.keep_original(db, offer.original, at, user.name)
            number = records.add_hold(db, offer, at, user.name, reason)
            records.move(db, key, after, at, user.name, reason, warnings=len(offer.verdict.warnings))
            self._write(db, at, user.name, Step.HOLD, offer, reason)
        self._tell(key)
        assert offer.content_hash is not None
        return Held(number, key, offer.content_hash, user.name, reason, at, offer)

    def held(self, key: ProtocolKey | None = None) -> tuple[Held, ...]:
        """What waits for approval (of one key), oldest first, judged as of now."""
        db = self._store.connection
        return tuple(self._held(db, hold) for hold in records.open_holds(db, key))

    def approve(
        self,
        key: ProtocolKey,
        user: User,
        shown_hash: str,
        reason: str = "",
        shown_failed: tuple[str, ...] | None = None,
    ) -> Accepted:
        """Approve what is held; `shown_hash` is the `content_hash` that the approver saw, `shown_failed` the
        rules that failed on the screen (None: not told).

        Raises `OwnWork` for whoever had a hand in it, `ContentChanged` when anything differs from what was
        shown, which a rule that fails only now does too.
        """
        check_texts(user, reason)
        at = self._clock()
        with self._store.transaction() as db:
            hold = self._open_hold(db, key, Step.APPROVE)
            take(State.HELD, Step.APPROVE, user, reason, key)
            if hold.is_work_of(user.name):
                raise OwnWork(key, user.name)
            offer = self._held(db, hold).offer
            if shown_hash != hold.content_hash:
                raise ContentChanged(key)
            if [result.rule_id for result in offer.verdict.blocking] == ["PR-02"]:
                raise Blocked(key, ("PR-02",))  # the time, not the content: so no flag is raised either
            if hold.content_hash != offer.content_hash:
                raise ContentChanged(key)
            if hold.accepted_revision != self._stands(db, key).revision:
                raise ContentChanged(key)
            if shown_failed is not None and not set(offer.verdict.failed_ids) <= set(shown_failed):
                raise ContentChanged(key)
            if not offer.verdict.acceptable:
                raise Blocked(key, tuple(result.rule_id for result in offer.verdict.blocking))
            records.end_hold(db, hold.id, "approved", user.name, at, reason)
            why = _joined(hold.correction_reason, hold.reason, reason)
            accepted = self._accept(db, offer, at, hold.entered_by, user.name, why)
        self._versions.remember(accepted.id, offer.reading)
        self._tell(key, connection=True)
        return _told(accepted)

    def send_back(self, key: ProtocolKey, user: User, reason: str) -> None:
        """End a hold without approval; the protocol is awaited again, or stands where it stood."""
        check_texts(user, reason)
        at = self._clock()
        with self._store.transaction() as db:
            hold = self._open_hold(db, key, Step.SEND_BACK)
            after = take(State.HELD, Step.SEND_BACK, user, reason, key)
            revision = records.stands(db, key).revision
            version = records.version(db, key, revision) if revision else None
            if version is not None:
                after = records.where_version_stands(db, version.id)
            records.end_hold(db, hold.id, "sent-back", user.name, at, reason)
            records.move(db, key, after, at, user.name, reason)
            journal.write(
                db, at, user.name, Step.SEND_BACK, key, content_hash=hold.content_hash, reason=reason
            )
        self._tell(key)

    def refuse(self, offer: Offer, user: User, reason: str, deadline: datetime | None = None) -> None:
        """Refuse an offer; its bytes, the failed rules and the reason are kept, the protocol is awaited.

        `deadline` is when the commission has to be back (default: after the station's setting, at most
        the end of the 24 h). Raises `DeadlineRefused` for one that has passed or is later than that.
        """
        check_texts(user, reason)
        if offer.standing is Standing.UNEXPECTED:
            raise NotExpected(offer.key)
        at, key = self._clock(), offer.key
        until = self._deadline(offer, at, deadline)
        with self._store.transaction() as db:
            state = take(self._stands(db, key).state, Step.READ, user, reason, key)
            after = take(state, Step.REFUSE, user, reason, key)
            records.keep_original(db, offer.original, at, user.name)
            records.add_refusal(db, offer, at, user.name, reason, until)
            records.move(db, key, after, at, user.name, reason)
            self._write(db, at, user.name, Step.REFUSE, offer, reason)
        self._tell(key)

    def as_correction(self, offer: Offer, user: User, reason: str) -> Offer:
        """The same figures judged as the next revision with OPRAVA=1 (rule PR-01); accept or hold it then.

        Raises `NothingToCorrect` before the first acceptance, `AlreadyAccepted` when nothing differs
        from what stands, `ReasonMissing` without a reason.
        """
        check_texts(user, reason)
        key = offer.key
        stands = self._stands(self._store.connection, key)
        if stands.revision == 0:
            raise NothingToCorrect(key)
        take(stands.state, Step.CORRECT, user, reason, key)
        if offer.standing is Standing.SAME and (stands.state is not State.RETURNED or offer.is_elsewhere):
            raise already_accepted(offer)
        return self._reader.retold(offer, offer.answers, reason.strip(), user.name)

    def correct(self, offer: Offer, user: User, reason: str) -> Accepted:
        """`as_correction` and `accept` in one."""
        return self.accept(self.as_correction(offer, user, reason), user)

    def current(self, key: ProtocolKey) -> tuple[Accepted, Protocol] | None:
        """The latest accepted revision and its figures; None while there is none."""
        db = self._store.connection
        version = records.version(db, key, records.stands(db, key).revision)
        if version is None:
            return None
        return _told(version), complete(self._versions.reading(db, version))

    def _stands(self, db: sqlite3.Connection, key: ProtocolKey) -> records.Stands:
        """Where the protocol stands in the whole point."""
        return effective(db, self._config.station, key)

    def _check_offer(self, offer: Offer, user: User) -> None:
        """What can be said against an offer without looking into the store."""
        key = offer.key
        if offer.provisional:
            raise SecondEntryMissing(key)
        if offer.standing is Standing.SAME and not offer.is_correction:
            raise already_accepted(offer)
        if not offer.verdict.acceptable or offer.content_hash is None:
            raise Blocked(key, tuple(result.rule_id for result in offer.verdict.blocking))
        if offer.standing is Standing.UNEXPECTED:
            raise NotExpected(key)
        if offer.is_correction and user.identity != identity(offer.correction_author):
            raise OtherAuthor(key, offer.correction_author)
        lacking = missing(offer) if self._config.retype is RetypeRule.ALWAYS else ()
        if lacking:
            raise RetypeMissing(key, len(lacking))

    def _enter(self, db: sqlite3.Connection, offer: Offer, user: User) -> State:
        """The state on the screen, reached from where the protocol stands now, if nothing came between."""
        key = offer.key
        now = self._stands(db, key)
        if now.revision != offer.accepted_revision:
            latest = records.version(db, key, now.revision)
            if latest is not None and latest.content_hash == offer.content_hash:
                raise AlreadyAccepted(key, now.revision)
            raise ContentChanged(key)
        if offer.source is Source.PAPER and not records.is_closed_paper(db, offer):
            raise SecondEntryMissing(key)
        step = Step.CORRECT if offer.is_correction else Step.READ
        return take(now.state, step, user, offer.correction_reason, key)

    def _deadline(self, offer: Offer, at: datetime, asked: datetime | None) -> datetime:
        """Until when a refused protocol has to come again: within the 24 h, or within its permit."""
        ends = max(self._delivery_ends, self._permits.valid_until(offer.key) or self._delivery_ends)
        if asked is None:
            asked = at + timedelta(minutes=self._config.refusal_minutes)
            # After the end only the centre's permission helps; the commission still has to know a time.
            return asked if ends <= at else min(asked, ends)
        if asked <= at or asked > ends:
            raise DeadlineRefused(_local(ends.astimezone(self._delivery_ends.tzinfo)))
        return asked

    def _accept(
        self,
        db: sqlite3.Connection,
        offer: Offer,
        at: datetime,
        accepted_by: str,
        approved_by: str | None,
        reason: str,
    ) -> records.Version:
        user = approved_by or accepted_by
        records.keep_original(db, offer.original, at, accepted_by)
        version = records.add_version(
            db, offer, offer.accepted_revision + 1, at, accepted_by, approved_by, reason
        )
        warnings = len(offer.verdict.warnings)
        records.move(db, offer.key, State.ACCEPTED, at, user, "", version.revision, warnings)
        step = Step.APPROVE if approved_by else Step.CORRECT if offer.is_correction else Step.ACCEPT
        self._write(db, at, user, step, offer, reason, version.revision)
        return version

    def _held(self, db: sqlite3.Connection, hold: records.Hold) -> Held:
        original = records.original(db, hold.original_sha256)
        offer = self._again(original, hold)
        return Held(hold.id, hold.key, hold.content_hash, hold.entered_by, hold.reason, hold.held_at, offer)

    def _again(self, original: Original, hold: records.Hold) -> Offer:
        """The offer that was held, read and judged again from its original bytes."""
        author = hold.entered_by if hold.correction_reason else ""
        return self._reader.again(
            original, hold.position, hold.answers, hold.source, hold.hands, hold.correction_reason, author
        )

    def _open_hold(self, db: sqlite3.Connection, key: ProtocolKey, step: Step) -> records.Hold:
        holds = records.open_holds(db, key)
        if not holds:
            state = records.stands(db, key).state
            raise StepRefused(key, state.cs, state.en, step.value)
        return holds[0]

    def _write(
        self,
        db: sqlite3.Connection,
        at: datetime,
        user: str,
        step: Step,
        offer: Offer,
        reason: str,
        revision: int | None = None,
    ) -> None:
        journal.write(
            db,
            at,
            user,
            step,
            offer.key,
            revision,
            content_hash=offer.content_hash,
            original=offer.original.sha256,
            failed=list(offer.verdict.failed_ids),
            reason=reason,
            source=offer.source.value,
            counts=" ".join("-" if n is None else str(n) for n in offer.reading.counts),
            **_course(offer.answers),
        )

    def _tell(self, key: ProtocolKey, *, connection: bool = False) -> None:
        self._changes.tell(Change(frozenset({key}), connection))


def already_accepted(offer: Offer) -> AlreadyAccepted:
    """What to say of an offer whose very content was taken in before, here or at another workstation."""
    if offer.elsewhere is None or not offer.is_elsewhere:
        return AlreadyAccepted(offer.key, offer.accepted_revision)
    other = offer.elsewhere
    return TakenElsewhere(offer.key, other.station, other.revision, confirmed=other.confirmed)


def _local(moment: datetime) -> str:
    """An instant of the calendar in its own time zone, as people write it."""
    return f"{moment.day}. {moment.month}. {moment.year} {moment.hour}:{moment.minute:02d}"


def _course(said: Answers) -> dict[str, journal.Detail]:
    """What the clerk read from the paper about signatures and the end of voting, where it was asked."""
    told: dict[str, journal.Detail] = {}
    if said.signatures is not None:
        told["signatures"] = said.signatures.value
    if said.voting_ended is not None:
        told["voting_ended"] = instant(said.voting_ended)
    if said.extension_reason:
        told["extension_reason"] = said.extension_reason
    return told


def _to_approve(offer: Offer) -> tuple[str, ...]:
    return tuple(result.rule_id for result in offer.verdict.failed if result.severity.needs_reason)


def _joined(*reasons: str) -> str:
    return "; ".join(dict.fromkeys(reason.strip() for reason in reasons if reason.strip()))


def _told(version: records.Version) -> Accepted:
    return Accepted(
        version.key,
        version.revision,
        version.content_hash,
        version.accepted_at,
        version.accepted_by,
        version.approved_by,
        version.original_sha256,
    )
