"""Who has to be called: the commissions not here yet with their contacts, to be saved or printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.desktop import theme
from app.desktop.cells import CellDelegate
from app.desktop.overseeing.tables import MissingColumn, MissingTable
from app.desktop.overseeing.views import dress
from app.desktop.texts import number, plural, t
from app.station.errors import StationError
from app.station.overseeing.missing import Missing

_WIDTHS: Final[dict[int, int]] = {
    MissingColumn.MUNICIPALITY: 150,
    MissingColumn.PRECINCT: 66,
    MissingColumn.CONTESTS: 84,
    MissingColumn.STATE: 140,
    MissingColumn.CONTACT: 210,
}


class MissingPane(QWidget):
    """Emits `save_wanted` and `print_wanted`."""

    save_wanted = Signal()
    print_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.view = MissingTable(self), QTableView(self)
        self.told, self.no_contacts = QLabel(self), QLabel(t("oversee.missing.no_contacts"), self)
        self.save_button = QPushButton(theme.icon("save"), f" {t('oversee.save')}  Ctrl+E", self)
        self.print_button = QPushButton(theme.icon("print"), f" {t('oversee.print')}  Ctrl+P", self)
        for button, name, keys in (
            (self.save_button, "save", "Ctrl+E"),
            (self.print_button, "print", "Ctrl+P"),
        ):
            button.setShortcut(keys)
            button.setAccessibleName(t(f"oversee.{name}"))
            button.setToolTip(t(f"oversee.{name}_help"))
        self.save_button.clicked.connect(self.save_wanted)
        self.print_button.clicked.connect(self.print_wanted)
        self.told.setObjectName("cardTitle")
        self.no_contacts.setObjectName("muted")
        self.no_contacts.setWordWrap(True)
        name, delegate = t("oversee.missing.name"), CellDelegate(self.view)
        dress(self.view, self.table, name, delegate, MissingColumn.SEAT, _WIDTHS)
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.told, 1)
        above.addWidget(self.save_button)
        above.addWidget(self.print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(above)
        column.addWidget(self.no_contacts)
        column.addWidget(self.view, 1)

    def show_missing(self, rows: Sequence[Missing]) -> None:
        self.table.set_rows(rows)
        protocols = sum(len(row.contests) for row in rows)
        if rows:
            self.told.setText(plural("oversee.missing.told", len(rows), protocols=number(protocols)))
        else:
            self.told.setText(t("oversee.missing.none"))
        self.no_contacts.setVisible(bool(rows) and not any(row.contact for row in rows))
        for widget in (self.view, self.save_button, self.print_button):
            widget.setEnabled(bool(rows))

    def forget_looks(self) -> None:
        self.table.forget_looks()
        self.save_button.setIcon(theme.icon("save"))
        self.print_button.setIcon(theme.icon("print"))


def written(path: Path, data: bytes) -> None:
    """Write the list of the missing. Raises StationError."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise StationError(
            "DSK-04",
            f"Seznam chybějících okrsků se nepodařilo uložit do {path}. Vyberte jiné místo.",
            f"The list of missing precincts could not be written to {path} ({error}). Choose another place.",
        ) from error
