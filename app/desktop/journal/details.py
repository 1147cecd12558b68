"""One row of the journal opened: its values in words, figures before and after, the way to the protocol."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.desktop import texts
from app.desktop.fact_list import FactList
from app.desktop.figure_table import Column, FigureRow, FigureView
from app.desktop.forms import contest_name, precinct_place
from app.desktop.texts import language, number, t
from app.desktop.visiting.fields import name_of
from app.desktop.widgets import act_button, heading
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station.journal_details import Details
from app.station.journal_words import act_name, told

_COLUMNS = (
    Column("journal.figure.code", 44, numeric=True),
    Column("journal.figure.title"),
    Column("journal.figure.before", 84, numeric=True),
    Column("journal.figure.after", 84, numeric=True),
)


class DetailsDialog(QDialog):
    """Emits `protocol_wanted(key)` and closes."""

    protocol_wanted = Signal(object)

    def __init__(self, details: Details, reference: Reference, parent: QWidget) -> None:
        super().__init__(parent)
        self.details = details
        entry = details.entry
        self.setWindowTitle(t("journal.details", number=number(entry.seq)))
        self.setModal(True)
        self.setMinimumSize(420, 300)
        self.resize(620, 460 if details.changes else 400)
        self.facts = FactList(t("journal.facts"), self)
        self.facts.show_facts(facts(details, reference))
        self.changes = FigureView(_COLUMNS, t("journal.changes"), self)
        self.open_button = act_button("open_protocol", "", "open", self, "primary")
        self.close_button = act_button("leave_details", "", "close", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addWidget(heading(_title(entry.act), self, "pageTitle"))
        column.addWidget(self.facts, 3)
        column.addWidget(self.changes, 2)
        row = QHBoxLayout()
        row.addWidget(self.open_button)
        row.addWidget(self.close_button)
        row.addStretch(1)
        column.addLayout(row)
        self.changes.setVisible(bool(details.changes))
        self.changes.show_rows(_rows(details, reference))
        self.open_button.setVisible(entry.key is not None)
        self.open_button.clicked.connect(self._open)
        self.close_button.clicked.connect(self.reject)
        (self.close_button if entry.key is None else self.open_button).setFocus()

    @Slot()
    def _open(self) -> None:
        key: ProtocolKey | None = self.details.entry.key
        self.accept()
        self.protocol_wanted.emit(key)


def facts(details: Details, reference: Reference) -> tuple[tuple[str, str], ...]:
    """Who, when, on what, then the values of the act and the row's hash."""
    entry = details.entry
    known = [
        (t("journal.column.time"), texts.date_time(entry.at)),
        (t("journal.column.user"), entry.user),
    ]
    if entry.key is not None:
        where = f"{precinct_place(entry.key.precinct, reference)}, {contest_name(entry.key.contest)}"
        known.append((t("journal.column.protocol"), where))
    if entry.revision is not None:
        known.append((t("journal.fact.revision"), str(entry.revision)))
    known += told(entry, language())
    known.append((t("journal.fact.number"), number(entry.seq)))
    known.append((t("journal.fact.hash"), entry.hash))
    return tuple(known)


def _rows(details: Details, reference: Reference) -> tuple[FigureRow, ...]:
    key = details.entry.key
    if key is None:
        return ()
    rows = []
    for one in details.changes:
        name = name_of(one.field, key, reference)
        rows.append(FigureRow((name.code, name.title, _value(one.left), _value(one.right))))
    return tuple(rows)


def _title(act: str) -> str:
    words = act_name(act, language())
    return words[:1].upper() + words[1:]


def _value(figure: int | None) -> str:
    return t("form.blank") if figure is None else number(figure)
