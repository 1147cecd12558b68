"""One row of the readiness page: icon, name and state in words, what was found, what to do, and its button.

The scanner's row has a box beside: a scanner is a keyboard, so what it reads is typed there.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.readiness import words
from app.desktop.texts import t
from app.station.readiness.hardware import SCANNER_CODE
from app.station.readiness.outcomes import Outcome, State

_SCANNER = "scanner"


class ProbeRow(QFrame):
    """`again` carries the probe's name when somebody wants it tried alone."""

    again = Signal(str)

    def __init__(self, outcome: Outcome, parent: QWidget) -> None:
        super().__init__(parent)
        self._probe = outcome.probe
        self._state = State.NOT_TRIED
        self._icon, self._title, self._said, self._do = (QLabel(self) for _ in range(4))
        self._icon.setFixedSize(24, 24)
        self._title.setObjectName("heading")
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._said.setObjectName("muted")
        self.box = self._scanner_box() if self._probe == _SCANNER else None
        name = words.name_of(self._probe)
        self.button = QPushButton(t("readiness.again"), self)
        self.button.setAccessibleName(t("readiness.again_name", name=name))
        self.button.setToolTip(t("readiness.again_name", name=name))
        self.button.clicked.connect(lambda: self.again.emit(self._probe))
        self._lay_out()
        self.show_outcome(outcome)

    @property
    def words(self) -> str:
        """All that is written here."""
        return self.accessibleName()

    @property
    def scanned(self) -> str:
        """What a scanner typed."""
        return self.box.text().strip() if self.box is not None else ""

    def trying(self) -> None:
        """Its probe is under way."""
        self._title.setText(t("readiness.row", name=words.name_of(self._probe), state=t("readiness.now")))
        self._do.hide()
        self.setAccessibleName(self._title.text())

    def show_outcome(self, outcome: Outcome) -> None:
        said, do = words.said(outcome)
        self._state = outcome.state
        code = f" [{outcome.code}]" if outcome.state in (State.FAILED, State.WARNING) else ""
        name = words.name_of(self._probe)
        self._title.setText(t("readiness.row", name=name, state=words.state_of(outcome)) + code)
        self._said.setText(said)
        self._do.setText(f"→ {do}")
        self._do.setVisible(bool(do))
        self.setAccessibleName(" ".join(each for each in (self._title.text(), said, do) if each))
        self.forget_looks()

    def allow(self, free: bool) -> None:
        """Whether the probe may be tried now."""
        self.button.setEnabled(free)

    def forget_looks(self) -> None:
        self._icon.setPixmap(theme.pixmap(*words.LOOKS[self._state], 22))

    def _scanner_box(self) -> QLineEdit:
        box = QLineEdit(self)
        box.setMaxLength(100)
        box.setPlaceholderText(SCANNER_CODE)
        box.setAccessibleName(t("readiness.scanner_box"))
        box.setToolTip(t("readiness.scanner_box"))
        box.setMinimumWidth(240)
        box.returnPressed.connect(lambda: self.again.emit(self._probe))
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(0)
        for label in (self._title, self._said, self._do):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 3, 4, 3)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(column, 0, 1)
        if self.box is not None:
            grid.addWidget(self.box, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.button, 0, 3, Qt.AlignmentFlag.AlignVCenter)
