"""What is known of the line at this moment, written by the sender and read by whoever shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Lock

from app.station.changes import Change, Changes
from app.station.connection import Connection, Line, Sentence
from app.station.store import Store, from_instant


class Board:
    """Safe from any thread. Tells a change whenever what it shows differs."""

    def __init__(self, store: Store, queue: Callable[[], int], changes: Changes, since: datetime) -> None:
        self._store = store
        self._queue = queue
        self._changes = changes
        self._guard = Lock()
        self._shown = Connection(Line.WAITING, since)
        self._passing = False

    def line(self, line: Line, now: datetime, next_attempt: datetime | None = None) -> None:
        """The line's state as of `now`; `since` stays while it is the same."""
        with self._guard:
            before = self._shown
            since = before.since if before.line is line else now
            self._shown = replace(before, line=line, since=since, next_attempt=next_attempt)
            if line is Line.ONLINE and self._passing:
                self._shown, self._passing = replace(self._shown, last_refusal=None), False
            differs = self._shown != before
        if differs:
            self._changes.tell(Change(connection=True))

    def refused(self, sentence: Sentence, *, passing: bool = False) -> None:
        """Remember the last refusal; a passing one is forgotten as soon as the line works again."""
        with self._guard:
            differs = self._shown.last_refusal != sentence
            self._shown, self._passing = replace(self._shown, last_refusal=sentence), passing
        if differs:
            self._changes.tell(Change(connection=True))

    def settled(self, codes: frozenset[str]) -> None:
        """Forget the last refusal if it is one of these: what it told of is over."""
        with self._guard:
            shown = self._shown.last_refusal
            differs = shown is not None and shown.code in codes
            if differs:
                self._shown = replace(self._shown, last_refusal=None)
        if differs:
            self._changes.tell(Change(connection=True))

    def connection(self) -> Connection:
        """Everything for the status bar, the queue and the last receipt read from the store."""
        last = self._store.rows("SELECT received_at FROM receipts ORDER BY id DESC LIMIT 1")
        with self._guard:
            shown = self._shown
        return replace(
            shown, queue=self._queue(), last_receipt=from_instant(last[0]["received_at"]) if last else None
        )
