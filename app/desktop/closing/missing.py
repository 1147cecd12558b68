"""The protocols that the centre did not confirm, each with its explanation or without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.forms import contest_name
from app.desktop.states import STATES
from app.desktop.texts import t
from app.desktop.widgets import act_button, heading
from app.election.model import ProtocolKey
from app.station.closing.explaining import Explanation
from app.station.completeness import Row

_KEY = Qt.ItemDataRole.UserRole


class MissingPane(QWidget):
    """`explain_wanted` and `open_wanted` tell of which protocol."""

    explain_wanted = Signal(object)  # Row
    open_wanted = Signal(object)  # ProtocolKey

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._told: Mapping[ProtocolKey, Explanation] = {}
        self.list = QListWidget(self)
        self.list.setAccessibleName(t("closing.missing_name"))
        self.list.setWordWrap(True)
        self.list.setTabKeyNavigation(False)
        self.help = heading(t("closing.missing_help"), self, "plain")
        self.explain_button = act_button("explain", "F8", "document", self)
        self.open_button = act_button("open_waiting", "", "forward", self)
        acts = QHBoxLayout()
        acts.addWidget(self.explain_button)
        acts.addWidget(self.open_button)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.help)
        column.addWidget(self.list, 1)
        column.addLayout(acts)
        self.explain_button.clicked.connect(self._explain)
        self.open_button.clicked.connect(self._open)
        self.list.itemActivated.connect(lambda _item: self._open())
        self.list.currentRowChanged.connect(lambda _row: self._judge())
        self._may_explain = True

    @property
    def current(self) -> Row | None:
        place = self.list.currentRow()
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def show_rows(
        self, rows: Sequence[Row], told: Mapping[ProtocolKey, Explanation], *, may_explain: bool
    ) -> None:
        """The same protocol stays chosen."""
        before = self.current
        self._rows, self._told, self._may_explain = tuple(rows), told, may_explain
        self.list.clear()
        for row in self._rows:
            item = QListWidgetItem(self._icon(row), self.words(row))
            item.setData(_KEY, row.key)
            self.list.addItem(item)
        if not self._rows:
            item = QListWidgetItem(theme.icon("passed", "ok"), t("closing.all_confirmed"))
            self.list.addItem(item)
        keys = [row.key for row in self._rows]
        self.list.setCurrentRow(keys.index(before.key) if before and before.key in keys else 0)
        self._judge()

    def forget_looks(self) -> None:
        self.show_rows(self._rows, self._told, may_explain=self._may_explain)

    def words(self, row: Row) -> str:
        place = t("form.place", municipality=row.municipality_name, precinct=row.key.precinct.number)
        contest, state = contest_name(row.key.contest), t(STATES[row.state.value].text)
        given = self._told.get(row.key)
        if given is None:
            return t("closing.row_open", place=place, contest=contest, state=state)
        return t(
            "closing.row_explained", place=place, contest=contest, state=state, reason=given.reason,
            user=given.user,
        )  # fmt: skip

    def _icon(self, row: Row) -> QIcon:
        return theme.icon("passed", "ok") if row.key in self._told else theme.icon("warning", "warning")

    def _judge(self) -> None:
        some = self.current is not None
        self.explain_button.setEnabled(some and self._may_explain)
        self.open_button.setEnabled(some)

    def _explain(self) -> None:
        if self.current is not None:
            self.explain_wanted.emit(self.current)

    def _open(self) -> None:
        if self.current is not None:
            self.open_wanted.emit(self.current.key)
