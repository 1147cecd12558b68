"""Watches for conflicts whatever place is shown: their count in the bar, a word when a new one comes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.desktop.looking import Looks
from app.desktop.point.rows import named
from app.desktop.sections import SectionHost
from app.desktop.texts import t
from app.election.model import ProtocolKey
from app.station.changes import Change


class PointWatch(QWidget):
    """Never shown."""

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self._host = host
        self._known: frozenset[ProtocolKey] = frozenset()
        self._looks = Looks()

    def changed(self, change: Change) -> None:
        if change.keys:
            self.look()

    def user_changed(self) -> None:
        self.look()

    def look(self) -> None:
        if not self._looks.begin():
            return
        self._host.run(self._host.station.point.conflicts.waiting, self._looked, self, self._not_looked)

    def _looked(self, keys: tuple[ProtocolKey, ...]) -> None:
        if self._looks.end():
            self.look()
            return
        self._host.count("point", len(keys))
        known, self._known = self._known, frozenset(keys)
        new = [key for key in keys if key not in known]
        if new:
            self._host.messages.say(
                "warning", t("point.came", place=named(new[0], self._host.station.reference))
            )

    def _not_looked(self, error: BaseException) -> None:
        self._looks.end()
        self._host.messages.told(error)
