"""Rows of the journal as they are wanted: a page is asked for when the view comes to the end of what it has.

The newest row is on top. What happens meanwhile is put above it; the rest stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from app.desktop import texts, theme
from app.desktop.row_table import CELL_ROLE, LEFT, RIGHT, Index, Painted
from app.desktop.texts import language, t
from app.election.reference import Reference
from app.station.journal import Entry
from app.station.journal_words import act_name, in_one_line

_NOWHERE = QModelIndex()

#: Icon and ink of the acts that an eye looks for; the others have none.
_LOOKS: Final = {
    "accept": ("accepted", "ok"),
    "approve": ("approved", "ok"),
    "confirm": ("confirmed", "ok"),
    "hold": ("held", "warning"),
    "send-back": ("back", "warning"),
    "correct": ("correcting", "warning"),
    "mend": ("correcting", "warning"),
    "refuse": ("refused", "error"),
    "return": ("returned", "error"),
    "settle-refused": ("refused", "error"),
    "sign-in-failed": ("warning", "error"),
    "account-locked": ("warning", "error"),
    "batch-unknown": ("warning", "warning"),
}


class Column(IntEnum):
    """In their order on the screen."""

    NUMBER = 0
    TIME = 1
    USER = 2
    ACT = 3
    PROTOCOL = 4
    DETAILS = 5


class JournalTable(QAbstractTableModel):
    """Emits `wanted` when the page after the last row should be read; answer with `append`."""

    wanted = Signal()

    def __init__(self, reference: Reference, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self._rows: list[Entry] = []
        self._more = self._asked = False
        self._cells: dict[int, tuple[Painted, ...]] = {}  # by the row's number

    @property
    def rows(self) -> tuple[Entry, ...]:
        """The rows that were read so far, newest first."""
        return tuple(self._rows)

    @property
    def newest(self) -> int:
        """Number of the newest row shown; 0: none."""
        return self._rows[0].seq if self._rows else 0

    @property
    def oldest(self) -> int | None:
        return self._rows[-1].seq if self._rows else None

    def entry(self, row: int) -> Entry:
        return self._rows[row]

    # --- rows in ---------------------------------------------------------------------------------------

    def restart(self, entries: Sequence[Entry], *, more: bool) -> None:
        """Another search: its first page; `more`: there may be another."""
        self.beginResetModel()
        self._rows, self._more, self._asked = list(entries), more, False
        self._cells = {}
        self.endResetModel()

    def append(self, entries: Sequence[Entry], *, more: bool) -> None:
        """The page that was wanted."""
        self._more, self._asked = more, False
        if entries:
            self.beginInsertRows(_NOWHERE, len(self._rows), len(self._rows) + len(entries) - 1)
            self._rows.extend(entries)
            self.endInsertRows()

    def prepend(self, entries: Sequence[Entry]) -> None:
        """Rows that were written meanwhile, newest first."""
        if entries:
            self.beginInsertRows(_NOWHERE, 0, len(entries) - 1)
            self._rows[:0] = entries
            self.endInsertRows()

    def not_read(self) -> None:
        """The page that was wanted could not be read: it may be wanted again."""
        self._asked = False

    def forget_looks(self) -> None:
        """After a change from light to dark."""
        self._cells = {}

    # --- Qt's questions ----------------------------------------------------------------------------------

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.wanted.emit()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return t(f"journal.column.{Column(section).name.lower()}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section == Column.NUMBER else LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self._painted(self._rows[index.row()])[index.column()]
        if role == CELL_ROLE:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{t(f'journal.column.{Column(index.column()).name.lower()}')}: {cell.text}"
        return None

    def _painted(self, entry: Entry) -> tuple[Painted, ...]:
        cells = self._cells.get(entry.seq)
        if cells is None:
            cells = self._cells[entry.seq] = self._made(entry)
        return cells

    def _made(self, entry: Entry) -> tuple[Painted, ...]:
        text, muted = theme.colour("text"), theme.colour("muted")
        look = _LOOKS.get(entry.act)
        picture = theme.pixmap(*look) if look else None

        def plain(words: str, alignment: Qt.AlignmentFlag = LEFT) -> Painted:
            return Painted(words, None, None, text, alignment)

        return (
            Painted(texts.number(entry.seq), None, None, muted, RIGHT),
            plain(short_time(entry)),
            plain(entry.user),
            Painted(act_name(entry.act, language()), picture, None, text, LEFT),
            plain(protocol_name(entry, self._reference)),
            plain(in_one_line(entry, language())),
        )


def short_time(entry: Entry) -> str:
    """Day and time without the year, in Prague."""
    local = entry.at.astimezone(texts.PRAGUE)
    return f"{local.day}.{texts.NBSP}{local.month}. {local:%H:%M:%S}"


def protocol_name(entry: Entry, reference: Reference) -> str:
    """Municipality, precinct, contest and revision in few words; empty where the act is on none."""
    if entry.key is None:
        return ""
    precinct, contest = entry.key
    found = reference.municipalities.get(precinct.municipality)
    name = found.name if found else str(precinct.municipality)
    told = f"{name} {precinct.number} · {t(f'contest.short.{contest}')}"
    return told if entry.revision is None else t("journal.revision", protocol=told, revision=entry.revision)
