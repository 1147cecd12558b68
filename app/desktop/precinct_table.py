"""The table model of the point's protocols on the desk's left side; a row is one precinct × contest.

Municipalities sort in Czech order. How rows become the smallest signals is in `app.desktop.row_table`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QCollator, QLocale, QObject, Qt
from PySide6.QtGui import QPixmap

from app.desktop import texts, theme
from app.desktop.row_table import LEFT, RIGHT, Painted, RowTable
from app.desktop.states import CONDITIONS, STATES, Look
from app.desktop.texts import t
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.station import completeness
from app.station.overseeing.conditions import condition
from app.station.overseeing.narrowing import Narrowing, Searched, words_of
from app.station.states import State


@dataclass(frozen=True, slots=True)
class Row:
    """One protocol as the list shows it."""

    key: ProtocolKey
    municipality: str
    state: str
    since: datetime | None = None
    revision: int = 0
    warnings: int = 0
    note: str = ""
    deadline: datetime | None = None  # of a refused protocol
    minutes_left: int | None = None  # to the deadline, begun ones counted; 0 or less: over

    @property
    def precinct(self) -> int:
        return self.key.precinct.number

    @property
    def contest(self) -> Contest:
        return self.key.contest


class Column(IntEnum):
    """The columns in their order on the screen."""

    MUNICIPALITY = 0
    PRECINCT = 1
    CONTEST = 2
    STATE = 3
    TIME = 4
    REVISION = 5
    WARNINGS = 6


_NARROW_ALL: Final = Narrowing()


def hint(row: completeness.Row) -> str:
    """What the list adds to a row's state: where it was taken in, why it came back, whose it should be."""
    if row.is_elsewhere:
        return t("point.row", station=row.workstation)
    if row.assigned and not row.revision:
        given = t("assign.row", station=row.assigned)
        return f"{row.note} {given}".strip()
    return row.note


def czech_order(names: Iterable[str]) -> dict[str, int]:
    """The place of each name in Czech order."""
    collator = QCollator(QLocale(QLocale.Language.Czech, QLocale.Country.CzechRepublic))
    ordered = sorted(set(names), key=collator.sortKey)
    return {name: place for place, name in enumerate(ordered)}


class PrecinctTable(RowTable[Row]):
    """All rows as given by `set_rows`; those shown are the ones that `narrow` lets through, sorted."""

    columns = Column

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._narrowing = _NARROW_ALL
        self._search: list[Searched] = []
        self._names: dict[str, int] = {}

    @property
    def precincts_shown(self) -> frozenset[PrecinctId]:
        """The precincts whose protocols are let through."""
        return frozenset(row.key.precinct for row in self.shown)

    def narrow(self, search: str, states: frozenset[State]) -> None:
        """Show rows in one of the states that hold every word."""
        narrowing = Narrowing(words_of(search), states)
        if narrowing != self._narrowing:
            self._narrowing = narrowing
            self.arrange()

    def lets(self, place: int, row: Row) -> bool:
        return self._narrowing.lets(row.key, row.state, self._search[place])

    def came(self, rows: Sequence[Row]) -> None:
        self._names = czech_order(row.municipality for row in rows)
        self._search = [Searched.of(row.key, row.municipality) for row in rows]

    def key(self, row: Row) -> Hashable:
        return row.key

    def heading(self, column: int) -> tuple[str, str]:
        name = Column(column).name.lower()
        return t(f"list.column.{name}"), t(f"list.column_help.{name}")

    def painted(self, row: Row) -> tuple[Painted, ...]:
        look = _look(row)
        ground = theme.colour(look.ground) if look.ground else None
        return tuple(
            Painted(
                _shown(row, column),
                _picture(row, column),
                ground,
                theme.colour(look.ink if column is Column.STATE else "text"),
                _alignment(column),
            )
            for column in Column
        )

    def sort_values(self, row: Row) -> tuple[object, ...]:
        place = (self._names[row.municipality], row.key.precinct, _contest_rank(row.contest))
        since = int(row.since.timestamp()) if row.since else 0
        state = list(STATES).index(row.state)
        return place, row.precinct, place[2], state, since, row.revision, row.warnings

    def help(self, row: Row, cells: Sequence[Painted]) -> str:
        """First the whole name, which the column may have to cut."""
        note = row.note
        if row.deadline:
            note = t("deadline.help", time=texts.date_time(row.deadline), note=row.note).strip()
        told = f"{row.municipality}, {row.precinct}: {cells[Column.STATE].text}"
        return "\n".join(part for part in (told, note) if part)


def _contest_rank(contest: Contest) -> int:
    return list(Contest).index(contest)


def _shown(row: Row, column: Column) -> str:
    match column:
        case Column.MUNICIPALITY:
            return row.municipality
        case Column.PRECINCT:
            return str(row.precinct)
        case Column.CONTEST:
            return t(f"contest.short.{row.contest}")
        case Column.STATE:
            return t(_look(row).text)
        case Column.TIME:
            if row.minutes_left is not None:
                left = max(0, row.minutes_left)
                return t("deadline.left", left=texts.duration(left))
            return texts.clock_time(row.since) if row.since else ""
        case Column.REVISION:
            return str(row.revision) if row.revision else ""
        case Column.WARNINGS:
            return str(row.warnings) if row.warnings else ""


def _look(row: Row) -> Look:
    """How the state looks; a refusal whose deadline is near or over says so (rule PR-06)."""
    return CONDITIONS[condition(row.state, row.minutes_left)]


def _picture(row: Row, column: Column) -> QPixmap | None:
    if column is Column.STATE:
        look = _look(row)
        return theme.pixmap(look.icon, look.ink, 16)
    if column is Column.WARNINGS and row.warnings:
        return theme.pixmap("warning", "warning", 16)
    return None


def _alignment(column: Column) -> Qt.AlignmentFlag:
    if column in (Column.PRECINCT, Column.REVISION):
        return RIGHT
    return LEFT
