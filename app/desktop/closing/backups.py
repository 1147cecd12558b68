"""The state of the backups, the acts on them, and honestly what a backup saves and what it does not."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop.fact_list import FactList
from app.desktop.flow import FlowLayout
from app.desktop.texts import date_time, duration, language, plural, t
from app.desktop.widgets import Banner, act_button
from app.station.backup.keeper import BackupState
from app.station.config import StationConfig


class BackupPane(QWidget):
    """`act` tells which button was pressed: choose_place, back_up, drill, restore."""

    act = Signal(str)

    def __init__(self, config: StationConfig, parent: QWidget) -> None:
        super().__init__(parent)
        self._config = config
        self.banner, self.facts = Banner(self), FactList(t("backup.facts"), self)
        self.buttons = {
            name: act_button(name, "", icon, self)
            for name, icon in (
                ("choose_place", "open"), ("back_up", "backup"), ("drill", "checked"), ("restore", "backup"),
            )
        }  # fmt: skip
        acts = FlowLayout()
        for name, button in self.buttons.items():
            acts.addWidget(button)
            button.clicked.connect(lambda _checked=False, name=name: self.act.emit(name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.banner)
        column.addWidget(self.facts, 1)
        column.addLayout(acts)

    def show_state(self, state: BackupState, now: datetime, *, may_back_up: bool, may_restore: bool) -> None:
        if state.needs_care:
            self.banner.say("warning", "warning", t("backup.care_title"), self._care(state))
        else:
            words = t("backup.ok_text", minutes=self._config.backup_minutes, acts=self._config.backup_acts)
            self.banner.say("ok", "passed", t("backup.ok_title"), words)
        place = t("backup.no_place") if state.place is None else str(state.place)
        last = t("backup.never") if state.last is None else aged(state.last, now)
        self.facts.show_facts(
            (
                (t("backup.place"), place),
                (t("backup.last"), last),
                (t("backup.behind"), plural("backup.behind_acts", state.behind)),
                (t("backup.drilled"), _drilled(state)),
                ("", t("backup.honest")),
            )
        )
        for name, button in self.buttons.items():
            ready = state.place is not None or name in ("choose_place", "restore")
            button.setEnabled(ready and (may_restore if name == "restore" else may_back_up))

    @staticmethod
    def _care(state: BackupState) -> str:
        if state.place is None:
            return t("backup.no_place_text")
        if state.gone:
            return t("backup.gone_text", place=state.place)
        trouble = state.trouble or (state.drilled.trouble if state.drilled else None)
        if trouble is not None:
            return trouble.cs if language() == "cs" else trouble.en
        return t("backup.old_text", place=state.place)


def aged(at: datetime, now: datetime) -> str:
    """When something was and how long ago."""
    minutes = max(timedelta(0), now - at) // timedelta(minutes=1)
    if minutes == 0:
        return t("backup.age_now", time=date_time(at))
    return t("backup.age", time=date_time(at), age=duration(minutes))


def _drilled(state: BackupState) -> str:
    found = state.drilled
    if found is None:
        return t("backup.drilled_never")
    if found.trouble is None:
        return t("backup.drilled_good", time=date_time(found.at))
    sentence = found.trouble.cs if language() == "cs" else found.trouble.en
    return t("backup.drilled_bad", time=date_time(found.at), sentence=sentence)
