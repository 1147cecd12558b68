"""The two windows of closing and rebuilding: who closes the point, and from what into what to restore."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.desktop.help.subject import PROPERTY as HELP
from app.desktop.people.password_box import PasswordBox
from app.desktop.texts import t
from app.desktop.widgets import FittingDialog, act_button, heading, labelled, labelled_box


class _Dialog(FittingDialog):
    """Heading, text, boxes, a hint, two buttons; the hint says what is missing, or that it is being done."""

    def __init__(self, part: str, about: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._part = part
        self.setProperty(HELP, "topic:zalohy" if part == "restore" else "topic:uzavreni")
        self.setWindowTitle(t(f"{part}.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 16, 18, 16)
        self.column.setSpacing(10)
        self.column.addWidget(heading(about, self, "pageTitle"))
        self.column.addWidget(heading(t(f"{part}.text"), self, "plain"))
        self._icon, self.working = icon, False
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.go)

    def _end(self) -> None:
        """The hint and the buttons, made last: the tab order is the order of making."""
        self.hint = heading("", self, "whyNot")
        self.yes = act_button("cancel", "", self._icon, self, "primary")
        self.yes.setText(labelled(t(f"{self._part}.yes")))
        self.yes.setAccessibleName(t(f"{self._part}.yes"))
        self.yes.setToolTip(t(f"{self._part}.yes"))
        self.no = act_button("cancel", "", "back", self)
        self.yes.clicked.connect(self.go)
        self.no.clicked.connect(self.reject)
        acts = QHBoxLayout()
        acts.addWidget(self.yes)
        acts.addWidget(self.no)
        acts.addStretch(1)
        self.column.addWidget(self.hint)
        self.column.addLayout(acts)
        self.judge()

    @property
    def is_complete(self) -> bool:
        raise NotImplementedError

    @Slot()
    def judge(self) -> None:
        self.yes.setEnabled(self.is_complete and not self.working)
        word = "working" if self.working else "ready" if self.is_complete else "missing"
        self.hint.setText(t(f"{self._part}.{word}"))

    @Slot()
    def go(self) -> None:
        if self.yes.isEnabled():
            self.working = True
            self.judge()
            self.emit_given()

    def emit_given(self) -> None:
        raise NotImplementedError

    def refused(self, sentence: str) -> None:
        """It could not be done: say why, let them try again."""
        self.working = False
        self.judge()
        self.hint.setText(sentence)

    def reject(self) -> None:
        if not self.working:
            super().reject()


class CloseDialog(_Dialog):
    """Emits `given(name, password)`; both empty where the station has no accounts."""

    given = Signal(str, str)

    def __init__(self, point: str, name: str, with_password: bool, parent: QWidget) -> None:
        super().__init__("close_dialog", t("close_dialog.about", point=point), "lock", parent)
        self._with_password = with_password
        self.name = QLineEdit(name, self)
        self.name.setAccessibleName(t("close_dialog.name"))
        self.password = PasswordBox(t("close_dialog.password"), self)
        if with_password:
            self.column.addLayout(labelled_box(t("close_dialog.name"), self.name, self))
            self.column.addLayout(labelled_box(t("close_dialog.password"), self.password, self))
        else:
            self.name.hide()
            self.password.hide()
        self._end()
        self.name.textChanged.connect(self.judge)
        self.password.line.textChanged.connect(self.judge)
        self.password.line.returnPressed.connect(self.go)
        (self.password if with_password else self.yes).setFocus()

    @property
    def is_complete(self) -> bool:
        return not self._with_password or bool(self.name.text().strip() and self.password.text)

    def emit_given(self) -> None:
        self.given.emit(self.name.text().strip(), self.password.text)

    def refused(self, sentence: str) -> None:
        self.password.clear()
        super().refused(sentence)
        self.password.setFocus()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to restore from what."""

    place: Path
    target: Path
    key: Path | None
    passphrase: str | None
    with_centre: bool


class RestoreDialog(_Dialog):
    """Emits `given(Wanted)`."""

    given = Signal(object)

    def __init__(self, place: Path | None, parent: QWidget) -> None:
        super().__init__("restore", t("restore.about"), "backup", parent)
        self.place = self._chosen("from", str(place or ""), folder=True)
        self.target = self._chosen("to", "", folder=True)
        self.key = self._chosen("key", "", folder=False)
        self.passphrase = PasswordBox(t("restore.passphrase"), self)
        self.column.addLayout(labelled_box(t("restore.passphrase"), self.passphrase, self))
        self.without = QCheckBox(t("restore.without"), self)
        self.without.setAccessibleName(t("restore.without"))
        self.column.addWidget(self.without)
        self._end()
        (self.target if place else self.place).setFocus()

    def _chosen(self, name: str, text: str, *, folder: bool) -> QLineEdit:
        """A path that can be typed or chosen."""
        box = QLineEdit(text, self)
        box.setAccessibleName(t(f"restore.{name}"))
        choose = act_button("choose_folder", "", "open", self)
        choose.setAccessibleName(f"{t('act.choose_folder')} {t(f'restore.{name}')}")

        def ask() -> None:
            dialog = QFileDialog(self, t(f"restore.{name}"), box.text() or str(Path.home()))
            dialog.setFileMode(
                QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile
            )
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.fileSelected.connect(box.setText)
            dialog.open()

        choose.clicked.connect(ask)
        row = QHBoxLayout()
        row.addWidget(box, 1)
        row.addWidget(choose)
        label = heading(t(f"restore.{name}"), self, "plain")
        label.setBuddy(box)
        self.column.addWidget(label)
        self.column.addLayout(row)
        box.textChanged.connect(self.judge)
        return box

    @property
    def is_complete(self) -> bool:
        return bool(self.place.text().strip() and self.target.text().strip())

    def emit_given(self) -> None:
        key = self.key.text().strip()
        self.given.emit(
            Wanted(
                Path(self.place.text().strip()),
                Path(self.target.text().strip()),
                Path(key) if key else None,
                self.passphrase.text or None,
                not self.without.isChecked(),
            )
        )
