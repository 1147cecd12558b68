"""How old the centre's word is, with its icon: the age of what the supervisor's page shows."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.desktop import texts, theme
from app.desktop.texts import t
from app.station.overseeing.age import Age, Freshness

#: Icon and ink of each age.
_AGES: Final = {
    Freshness.NEVER: ("offline", "muted"),
    Freshness.CURRENT: ("connected", "ok"),
    Freshness.AGING: ("clock", "warning"),
    Freshness.OLD: ("clock", "error"),
}


class AgeLabel(QWidget):
    """Icon and words; `show_age` says another age."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._words = QLabel(self), QLabel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._words)

    def show_age(self, told: Age) -> None:
        icon, ink = ("offline", "error") if told.offline else _AGES[told.freshness]
        self._icon.setPixmap(theme.pixmap(icon, ink))
        self._words.setText(said_age(told))
        offline = t("connection.offline") if told.offline else ""
        self.setAccessibleName(". ".join(part for part in (self._words.text(), offline) if part))
        self.setToolTip("\n".join(part for part in (offline, t("oversee.age.help")) if part))

    def text(self) -> str:
        return self._words.text()


def said_age(told: Age) -> str:
    """How old the centre's word is, in words."""
    if told.heard is None:
        return t("oversee.age.never")
    time = texts.clock_time(told.heard)
    if told.freshness is Freshness.CURRENT:
        return t("oversee.age.current", time=time)
    return t("oversee.age.ago", time=time, minutes=texts.duration(told.minutes))
