"""The strip that offers what a plugged-in medium holds: one sentence and Enter, or a small list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.texts import plural, t
from app.desktop.visiting.watching import Arrival
from app.desktop.widgets import act_button, heading
from app.election.model import PrecinctId, ProtocolKey
from app.election.reference import Reference

_ROWS: Final = 5
_ROLE: Final = Qt.ItemDataRole.UserRole


class _Files(QListWidget):
    """Enter takes the row under the cursor."""

    taken = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class ArrivalStrip(QFrame):
    """Emits `wanted(tuple[Path, ...])` with the files of one precinct. Whoever has it decides when it shows,
    and hides it while there is nothing: shown here and hidden there the page under it would jump."""

    wanted = Signal(object)

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self._arrivals: tuple[Arrival, ...] = ()
        self.setObjectName("arrivals")
        icon = QLabel(self)
        icon.setPixmap(theme.pixmap("stick", "accent", 28))
        self.sentence = heading("", self, "cardTitle")
        self.button = act_button("take", "", "accepted", self, "primary")
        self.files = _Files(self)
        self.files.setAccessibleName(t("arrival.list_name"))
        self.files.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(icon)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addLayout(row)
        column.addWidget(self.files)
        self.button.clicked.connect(self._take)
        self.files.taken.connect(self._take)
        self.files.itemDoubleClicked.connect(self._take)
        self.hide()

    @property
    def groups(self) -> tuple[tuple[Arrival, ...], ...]:
        """Arrivals with something to take in, one group a precinct: both protocols are one visit."""
        groups: dict[PrecinctId, list[Arrival]] = {}
        for arrival in self._arrivals:
            if arrival.keys:
                groups.setdefault(arrival.keys[0].precinct, []).append(arrival)
        return tuple(tuple(group) for group in groups.values())

    def show_arrivals(self, arrivals: Sequence[Arrival]) -> None:
        """Offer what is there; what was taken in before is told only when there is nothing else."""
        self._arrivals = tuple(arrivals)
        groups = self.groups
        self.files.clear()
        for group in groups:
            item = QListWidgetItem(self._told(group))
            item.setData(_ROLE, [arrival.path for arrival in group])
            corrects = any(arrival.corrects for arrival in group)
            look = ("correcting", "warning") if corrects else ("document", "text")
            item.setIcon(theme.icon(*look, 16))
            self.files.addItem(item)
        if groups:
            self.files.setCurrentRow(0)
        many = len(groups) > 1
        self.files.setVisible(many)
        if many:
            line = max(self.files.sizeHintForRow(0), 20)
            self.files.setFixedHeight(line * min(len(groups), _ROWS) + 8)
            self.sentence.setText(plural("arrival.many", len(groups)))
        elif groups:
            self.sentence.setText(t("arrival.one", what=self._told(groups[0])))
        self.button.setAccessibleDescription(self.sentence.text())

    def take_focus(self) -> None:
        """Where Enter takes the offered file."""
        (self.files if self.files.isVisibleTo(self) else self.button).setFocus()

    @Slot()
    def _take(self) -> None:
        item = self.files.currentItem()
        if item is not None:
            self.wanted.emit(tuple(item.data(_ROLE)))

    def _told(self, group: tuple[Arrival, ...]) -> str:
        keys = sorted({key for arrival in group for key in arrival.keys}, key=_order)
        found = self._reference.municipalities.get(keys[0].precinct.municipality)
        name = found.name if found else str(keys[0].precinct.municipality)
        contests = " + ".join(t(f"contest.short.{key.contest}") for key in keys)
        text = t("arrival.what", precinct=keys[0].precinct.number, municipality=name, contests=contests)
        file = group[0].path.name if len(group) == 1 else plural("arrival.files", len(group))
        kind = t("arrival.corrects") if any(arrival.corrects for arrival in group) else ""
        return " · ".join(part for part in (text, file, kind) if part)


def _order(key: ProtocolKey) -> tuple[PrecinctId, bool]:
    return key.precinct, key.contest.is_senate
