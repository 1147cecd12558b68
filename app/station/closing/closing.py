"""Closing the point: `station.closing`. Each act is one transaction with its row in the journal.

    explain …  verify  ──▶ report(user) ──▶ (the desk makes the paper) ──▶ close(report, sha256) ──▶ read-only
                                                                             reopen(reason) ──▶ open again

The report carries the journal's head, the journal carries the report's SHA-256: neither can be exchanged
without the other telling.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from app import __version__
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station import journal, records, seals
from app.station.audit.verify import Audit, verify_folder
from app.station.backup.keeper import RESULTS, Backups
from app.station.changes import Change, Changes
from app.station.closing import explaining
from app.station.closing.checklist import Checklist, Facts, checklist, is_explained
from app.station.closing.errors import ChangedSince, NotClosed, NothingToExplain, NotReady, PointClosed
from app.station.closing.explaining import Explanation
from app.station.closing.gate import add_step, is_closed
from app.station.closing.report import ClosingReport, Line
from app.station.completeness import Overview, Row
from app.station.config import StationConfig
from app.station.confirmation import short_code
from app.station.entry import rows as drafts
from app.station.errors import ReasonMissing
from app.station.permissions import Permission, require
from app.station.states import State, User
from app.station.store import Store, from_instant, instant
from app.station.texts import check_texts


@dataclass(frozen=True, slots=True)
class PointStep:
    """When the point was closed or opened again, by whom and why. `report_sha256` is the PDF's."""

    kind: str
    user: str
    at: datetime
    reason: str
    report_sha256: str | None
    journal: tuple[int, str]


class Closing:
    """Safe from any thread; `verify` and `checks(verify=True)` read the whole store: off the main thread."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        overview: Overview,
        backups: Backups,
        queue: Callable[[], int],
        reference: Reference,
        config: StationConfig,
        clock: Callable[[], datetime],
        changes: Changes,
    ) -> None:
        self._folder, self._store, self._overview, self._backups = folder, store, overview, backups
        self._queue, self._reference, self._config = queue, reference, config
        self._clock, self._changes = clock, changes
        self._guard = Lock()
        self._verified: Audit | None = None

    # --- looking -----------------------------------------------------------------------------------

    @property
    def is_closed(self) -> bool:
        return is_closed(self._store.connection)

    def last_step(self) -> PointStep | None:
        """The last closing or reopening; None when there was none."""
        rows = self._store.rows("SELECT * FROM point_steps ORDER BY id DESC LIMIT 1")
        if not rows:
            return None
        row = rows[0]
        return PointStep(
            row["kind"], row["user"], from_instant(row["at"]), row["reason"], row["report_sha256"],
            (row["journal_seq"], row["journal_hash"]),
        )  # fmt: skip

    def checks(self) -> Checklist:
        """The checklist as of now. The verification counts as done until a result changes."""
        rows = self._overview.completeness().rows
        return checklist(self._facts(rows))

    def unconfirmed(self) -> tuple[Row, ...]:
        """Rows that are confirmed by nobody: to be finished or explained."""
        rows = self._overview.completeness().rows
        return tuple(row for row in rows if row.state is not State.CONFIRMED)

    def explanations(self) -> dict[ProtocolKey, Explanation]:
        """The explanations that hold now."""
        given = explaining.latest(self._store)
        return {row.key: given[row.key] for row in self.unconfirmed() if is_explained(row, given)}

    def verify(self) -> Audit:
        """Verify the whole store (`app.station.audit`) and remember the outcome."""
        audit = verify_folder(self._folder)
        with self._guard:
            self._verified = audit
        self._changes.tell(Change())
        return audit

    def verified(self) -> Audit | None:
        """The last verification, unless a result changed since."""
        with self._guard:
            audit = self._verified
        if audit is None or not audit.is_whole:
            return audit
        rows = self._store.rows("SELECT entries FROM seals WHERE seq > ?", (audit.seal.seq,))
        entries = (entry for row in rows for entry in seals.entries_of(row["entries"]))
        changed = any(entry.table in RESULTS - {"point_steps"} for entry in entries)
        return None if changed else audit

    # --- acts --------------------------------------------------------------------------------------

    def explain(self, key: ProtocolKey, user: User, reason: str) -> None:
        """Say why a protocol is not confirmed. Raises `RoleRefused`, `ReasonMissing`, `NothingToExplain`."""
        require(user, Permission.CLOSE_POINT)
        check_texts(user, reason)
        if not reason.strip():
            raise ReasonMissing("explain")
        row = self._overview.row(key)
        if row is None or row.state is State.CONFIRMED:
            raise NothingToExplain(key)
        at = self._clock()
        with self._store.transaction() as db:
            explaining.add(db, row, reason.strip(), user.name, at)
            journal.write(
                db, at, user.name, "explain", key, row.revision or None, state=row.state.value,
                reason=reason.strip(),
            )  # fmt: skip
        self._changes.tell(Change(frozenset({key})))

    def report(self, user: User) -> ClosingReport:
        """Verify once more and say what the report will say. Raises `RoleRefused`, `PointClosed`,
        `NotReady`."""
        require(user, Permission.CLOSE_POINT)
        if self.is_closed:
            raise PointClosed
        self.verify()
        found = self.checks()
        if not found.is_done:
            raise NotReady(found.open_items)
        return self._made(user, found)

    def close(self, report: ClosingReport, report_sha256: str, user: User) -> None:
        """The supervisor's act: the point is read-only from now on. Raises `ChangedSince` when anything was
        written after the report was made, `NotReady`, `PointClosed`, `RoleRefused`."""
        require(user, Permission.CLOSE_POINT)
        check_texts(user, "")
        at = self._clock()
        with self._store.transaction() as db:
            if is_closed(db):
                raise PointClosed
            head = journal.head(db)
            if head != report.journal or tuple(seals.head(db)) != report.seal:
                raise ChangedSince
            found = self.checks()
            if not found.is_done:
                raise NotReady(found.open_items)
            add_step(db, "closed", user.name, instant(at), "", report_sha256, head)
            journal.write(
                db, at, user.name, "point-closed", report=report_sha256, journal_head=head[1],
                journal_row=head[0], expected=found.expected, confirmed=found.confirmed,
                explained=found.explained,
            )  # fmt: skip
        self._backups.want()
        self._changes.tell(Change(connection=True))

    def reopen(self, user: User, reason: str) -> None:
        """Open a closed point again. Raises `RoleRefused`, `ReasonMissing`, `NotClosed`."""
        require(user, Permission.CLOSE_POINT)
        check_texts(user, reason)
        if not reason.strip():
            raise ReasonMissing("reopen")
        at = self._clock()
        with self._store.transaction() as db:
            if not is_closed(db):
                raise NotClosed
            add_step(db, "reopened", user.name, instant(at), reason.strip(), None, journal.head(db))
            journal.write(db, at, user.name, "point-reopened", reason=reason.strip())
        self._backups.want()
        self._changes.tell(Change(connection=True))

    # --- inside ------------------------------------------------------------------------------------

    def _facts(self, rows: tuple[Row, ...]) -> Facts:
        db = self._store.connection
        audit = self.verified()
        alive = [drafts.load(db, number) for number in drafts.alive(db)]
        return Facts(
            rows=rows,
            explanations=explaining.latest(self._store),
            holds=[hold.key for hold in records.open_holds(db)],
            drafts=list(dict.fromkeys(draft.key for draft in alive if draft is not None)),
            conflicts=[row.key for row in rows if row.in_conflict],
            queue=self._queue(),
            broken=None if audit is None else len(audit.broken),
            backed_up=self._backups.state().current,
        )

    def _made(self, user: User, found: Checklist) -> ClosingReport:
        election, config, completeness = self._reference.election, self._config, self._overview.completeness()
        given = explaining.latest(self._store)
        seat = self._reference.municipalities.get(config.transfer_point)
        last = self._store.rows("SELECT number, hash FROM batches ORDER BY number DESC LIMIT 1")
        return ClosingReport(
            election=election.code,
            election_name=election.name,
            mode=election.mode,
            transfer_point=config.transfer_point,
            point_name=seat.name if seat else str(config.transfer_point),
            station=config.station,
            made_at=self._clock(),
            made_by=user.name,
            progress=completeness.progress,
            explained=found.explained,
            lines=tuple(_line(row, given.get(row.key)) for row in completeness.rows),
            batches=last[0]["number"] if last else 0,
            batch_hash=last[0]["hash"] if last else "",
            backup_at=self._backups.state().last,
            journal=journal.head(self._store.connection),
            seal=seals.head(self._store.connection),
            program=f"prebirka {__version__}",
        )


def _line(row: Row, given: Explanation | None) -> Line:
    holds = given is not None and row.state is not State.CONFIRMED
    return Line(
        key=row.key,
        municipality_name=row.municipality_name,
        state=row.state,
        revision=row.revision,
        short_code=short_code(row.content_hash or None),
        accepted_by=row.clerk,
        workstation=row.workstation if row.is_elsewhere else "",
        explanation=given.reason if given is not None and holds else "",
        explained_by=given.user if given is not None and holds else "",
    )
