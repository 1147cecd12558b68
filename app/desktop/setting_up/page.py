"""The card that leads a new workstation from a package to its certificate: three steps, one at a time.

No file yet: choose or drop one. A file that is sound: what it says, and the fingerprint that a person
compares with paper before anything is made of it. A key made: hand the request out, in a file or over the
network, and wait. What the buttons do is told by signals; the window does it.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.fact_list import FactList
from app.desktop.texts import date_time, t
from app.desktop.widgets import Banner, act_button, heading
from app.station.setting_up.opening import Opened
from app.station.setting_up.telling import grouped
from app.station.setting_up.waiting import Request

#: How a fingerprint of 64 digits is broken into lines that are compared one by one.
_LINE: Final = 40


class SettingUpPage(QWidget):
    """`step` is "empty", "offered" or "waiting"."""

    choose = Signal()
    found = Signal()
    another = Signal()
    save = Signal()
    send = Signal()
    load = Signal()

    def __init__(self, folder: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._folder = folder
        self.step = ""
        self._had_focus: QPushButton | None = None
        self.title, self.text = heading("", self, "pageTitle"), heading("", self, "plain")
        self.banner = Banner(self)
        self.banner.hide()
        self.facts = FactList(t("setting_up.facts"), self)
        self.agrees = QCheckBox(t("setting_up.agrees"), self)
        self.agrees.setAccessibleName(t("setting_up.agrees"))
        self.agrees.toggled.connect(self._look)
        self.choose_button = act_button("choose_package", "Ctrl+O", "open", self, "primary")
        self.found_button = act_button("found_station", "", "forward", self, "primary")
        self.another_button = act_button("another_package", "", "back", self)
        self.send_button = act_button("send_request", "", "sent", self, "primary")
        self.save_button = act_button("save_request", "", "save", self)
        self.load_button = act_button("load_certificate", "", "open", self)
        self._acts = {
            "empty": ((self.choose_button, self.choose),),
            "offered": ((self.found_button, self.found), (self.another_button, self.another)),
            "waiting": ((self.send_button, self.send), (self.save_button, self.save),
                        (self.load_button, self.load)),
        }  # fmt: skip
        self._lay_out()
        self.show_empty()

    def show_empty(self) -> None:
        self._turn("empty", t("setting_up.title"), t("setting_up.empty", folder=self._folder))
        self.facts.hide()
        self.choose_button.setFocus()

    def show_offered(self, opened: Opened) -> None:
        """What a sound package says, to be compared with paper."""
        told = opened.package
        self._turn("offered", t("setting_up.offered", station=told.station), t("setting_up.compare"))
        fingerprint = grouped(opened.authority.fingerprint)
        self.facts.show_facts(
            (
                (t("setting_up.election"), f"{told.election}, {t(f'mode.{told.mode}')}"),
                (t("setting_up.station"), told.station),
                (t("setting_up.centre"), told.centre_url),
                (t("setting_up.made"), f"{date_time(told.made_at)}  ({told.serial})"),
                (t("setting_up.authority"), f"{fingerprint[:_LINE].strip()}\n{fingerprint[_LINE:].strip()}"),
            )
        )
        self.facts.show()
        self.agrees.setChecked(False)
        self.agrees.setFocus()
        self._look()

    def show_waiting(self, opened: Opened, request: Request) -> None:
        """The key is made; the certificate is awaited."""
        told = opened.package
        self._turn("waiting", t("setting_up.waiting", station=told.station), t("setting_up.hand_out"))
        key = grouped(request.key_fingerprint)
        self.facts.show_facts(
            (
                (t("setting_up.election"), f"{told.election}, {t(f'mode.{told.mode}')}"),
                (t("setting_up.station"), told.station),
                (t("setting_up.centre"), told.centre_url),
                (t("setting_up.key"), f"{key[:_LINE].strip()}\n{key[_LINE:].strip()}"),
            )
        )
        self.facts.show()
        self.send_button.setVisible(bool(told.token))
        (self.send_button if told.token else self.save_button).setFocus()

    def forget_looks(self) -> None:
        """Icons in the inks of the theme that is worn now."""
        inks = ((self.choose_button, "open", "on_accent"), (self.found_button, "forward", "on_accent"),
                (self.another_button, "back", "text"), (self.send_button, "sent", "on_accent"),
                (self.save_button, "save", "text"), (self.load_button, "open", "text"))  # fmt: skip
        for button, icon, ink in inks:
            button.setIcon(theme.icon(icon, ink))

    def busy(self, busy: bool) -> None:
        """While something is under way nothing else is begun."""
        if busy:  # a button that cannot be pressed loses the focus
            self._had_focus = next((one for one, _ in self._acts[self.step] if one.hasFocus()), None)
        for button, _ in self._acts.get(self.step, ()):
            button.setEnabled(not busy)
        if not busy:
            self._look()
            if self._had_focus is not None and self._had_focus.isVisible():
                self._had_focus.setFocus()

    def say(self, kind: str, icon: str, title: str, text: str = "") -> None:
        self.banner.say(kind, icon, title, text)
        self.banner.show()

    def _turn(self, step: str, title: str, text: str) -> None:
        self.step = step
        self.title.setText(title)
        self.text.setText(text)
        self.banner.hide()
        for name, acts in self._acts.items():
            for button, _ in acts:
                button.setVisible(name == step)
                button.setEnabled(True)
        self.agrees.setVisible(step == "offered")

    @Slot()
    def _look(self) -> None:
        if self.step == "offered":
            self.found_button.setEnabled(self.agrees.isChecked())

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for acts in self._acts.values():
            for button, signal in acts:
                row.addWidget(button)
                button.clicked.connect(signal)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self.title, self.text, self.banner):
            column.addWidget(widget)
        column.addWidget(self.facts, 50)
        column.addWidget(self.agrees)
        column.addLayout(row)
        column.addStretch(1)
