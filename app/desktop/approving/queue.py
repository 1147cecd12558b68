"""The queue of what waits for approval, oldest first, with the minutes that each has waited."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from app.desktop import texts, theme
from app.desktop.row_table import LEFT, RIGHT, Painted, RowTable
from app.desktop.texts import t
from app.station.approvals import Waiting


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One that waits, as the queue shows it."""

    waiting: Waiting
    municipality: str
    minutes: int


class Column(IntEnum):
    """In their order on the screen."""

    MUNICIPALITY = 0
    PRECINCT = 1
    CONTEST = 2
    BY = 3
    WAITING = 4


class QueueTable(RowTable[QueueRow]):
    """Ordered as it came; only the minutes change meanwhile."""

    columns = Column

    def key(self, row: QueueRow) -> Hashable:
        return row.waiting.id

    def heading(self, column: int) -> tuple[str, str]:
        name = Column(column).name.lower()
        return t(f"approving.column.{name}"), t(f"approving.column_help.{name}")

    def painted(self, row: QueueRow) -> tuple[Painted, ...]:
        text, muted, key = theme.colour("text"), theme.colour("muted"), row.waiting.key
        look = ("user", "muted") if row.waiting.own else ("held", "warning")
        by = t("approving.own") if row.waiting.own else row.waiting.entered_by
        return (
            Painted(row.municipality, theme.pixmap(*look), None, text, LEFT),
            Painted(str(key.precinct.number), None, None, text, RIGHT),
            Painted(t(f"contest.short.{key.contest}"), None, None, text, LEFT),
            Painted(by, None, None, muted if row.waiting.own else text, LEFT),
            Painted(texts.duration(row.minutes), None, None, text, RIGHT),
        )

    def sort_values(self, row: QueueRow) -> tuple[Any, ...]:
        waiting, key = row.waiting, row.waiting.key
        return waiting.id, key.precinct.number, str(key.contest), waiting.entered_by, row.minutes

    def help(self, row: QueueRow, cells: Sequence[Painted]) -> str:
        return t(
            "approving.row_help",
            protocol=named(row),
            by=row.waiting.entered_by,
            time=texts.clock_time(row.waiting.held_at),
            reason=row.waiting.reason,
        )


def named(row: QueueRow) -> str:
    """Municipality, precinct and contest in few words."""
    key = row.waiting.key
    return f"{row.municipality} {key.precinct.number} · {t(f'contest.short.{key.contest}')}"
