"""The running count of one contest: its tallies, what changed since the last version, its batches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from app.central import store
from app.central.grid import Cut, Grid, Processed
from app.central.store import PublishedBatch, StoredRevision
from app.central.stored import Recent, decode
from app.election.decisions import NO_DECISIONS
from app.election.model import Contest, Counts, Protocol, ProtocolKey, RegionalProtocol, Sheet
from app.election.reference import Reference
from app.election.tally import ElectionTally, Inconsistent, Progress, Touched


class Count:
    """Moves by one stored revision at a time; `touched` collects what has to be written again."""

    def __init__(
        self, reference: Reference, contest: Contest, grid_seconds: int, made: Iterable[PublishedBatch]
    ) -> None:
        """`made` are the batches of this contest that were closed before, in order."""
        self.contest = contest
        self.tally = ElectionTally(reference, contest)
        self.decisions = NO_DECISIONS  # what people decided, as far as acts are counted
        self.touched: set[Touched] = set()
        self.cuts: list[Cut] = []  # closed batches that are not written yet
        self.published: Progress | None = None
        self._grid = Grid(grid_seconds, reference.election.calendar.voting_ends)
        self._made = list(reversed(list(made)))

    def take(self, connection: Connection, row: StoredRevision, recent: Recent) -> None:
        """Count one revision, if it counts. Raises Inconsistent (AG-01, AG-02)."""
        if row.processing_order is None:
            return
        protocol = recent.take(row.id, row.protocol)
        replaced = None
        if row.resent and self.tally.is_counted(protocol.precinct):  # else the one before was withdrawn
            replaced = store.protocol_before(connection, protocol.key, row.processing_order)
        self.touched.add(self.tally.apply(protocol, None if replaced is None else decode(replaced[0])))
        at, more = datetime.fromisoformat(row.processed_at), int(replaced is None)
        self._process(
            Processed(_without_preferences(protocol), row.processing_order, at, bool(row.resent), more)
        )

    def withdraw(self, connection: Connection, key: ProtocolKey, order: int, at: datetime) -> None:
        """Take away what counts for a precinct: in its batch it is sent again with zeros.

        Raises Inconsistent (AG-02) when nothing counts.
        """
        found = store.protocol_before(connection, key, order)
        if found is None:
            raise Inconsistent("AG-02", f"{key} is withdrawn and was never counted")
        protocol = decode(found[0])
        self.touched.add(self.tally.withdraw(protocol))
        self._process(Processed(_emptied(protocol), order, at, resent=True, more=-1))

    def _process(self, processed: Processed) -> None:
        self._grid.add(processed)
        if self._made and self._made[-1].last_order == processed.order:
            batch = self._made.pop()
            self.cuts.append(self._grid.again(datetime.fromisoformat(batch.generated_at), batch.last_order))

    @property
    def batches(self) -> int:
        """How many `vysledky_okrsky` batches are closed."""
        return self._grid.number

    def batch_due(self, now: datetime, close: bool) -> bool:
        """Whether a batch has to be closed now."""
        return self._grid.is_due(now) or (close and self._grid.waiting)

    def close_batches(self, now: datetime, close: bool) -> list[Cut]:
        """Close the batches that are due; they are in `cuts` too, until they are written."""
        closed = list(self._grid.due(now, close=close))
        self.cuts += closed
        return closed

    def check(self) -> None:
        """AG-01 and AG-02 before a publication. Raises Inconsistent."""
        self.tally.assert_consistent()
        if self._made:
            raise Inconsistent(
                "AG-02", f"batch {self._made[-1].number} of {self.contest} cannot be made again"
            )
        if self.published is not None:
            self.tally.assert_monotonic(self.published)


def _without_preferences(protocol: Protocol) -> Protocol:
    """What a batch needs of a protocol: batches have no preferential votes, and they are most of its size."""
    if not isinstance(protocol, RegionalProtocol):
        return protocol
    return RegionalProtocol(
        protocol.precinct,
        protocol.district,
        protocol.corrected,
        protocol.passable_error,
        protocol.counts,
        tuple([Sheet(number, votes, ()) for number, votes, _ in protocol.sheets]),
    )


def _emptied(protocol: Protocol) -> Protocol:
    """A protocol of the same precinct that says nothing: how a batch shows a withdrawn result."""
    nothing = Counts(0, 0, 0, 0)
    if isinstance(protocol, RegionalProtocol):
        return replace(protocol, counts=nothing, sheets=())
    return replace(protocol, counts=nothing, votes=())
