"""Watches the backups whatever place is shown: a mark in the bar and one word when they need care."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.desktop.sections import SectionHost
from app.desktop.texts import t
from app.election.model import Mode
from app.station.changes import Change
from app.station.permissions import Permission, may

if TYPE_CHECKING:
    from app.station.backup.keeper import BackupState


class ClosingWatch(QWidget):
    """Never shown. A rehearsal without a place for backups is not nagged about it."""

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self._host = host
        self._told = self._under_way = False

    def changed(self, change: Change) -> None:
        if not change.keys and not change.connection:  # the backups' own news
            self.look()

    def user_changed(self) -> None:
        self._told = False
        self.look()

    def look(self) -> None:
        if may(self._host.user.role, Permission.BACKUP) and not self._under_way:
            self._under_way = True
            self._host.run(self._host.station.backups.state, self._looked, self, self._not_looked)

    def _looked(self, state: BackupState) -> None:
        self._under_way = False
        rehearsal = self._host.station.config.mode is Mode.REHEARSAL
        care = state.needs_care and not (rehearsal and state.place is None)
        self._host.count("closing", int(care))
        if care and not self._told:
            self._host.messages.say("warning", t("backup.watch_title"), t("backup.watch_text"))
        self._told = care

    def _not_looked(self, error: BaseException) -> None:
        self._under_way = False
        self._host.messages.told(error)
