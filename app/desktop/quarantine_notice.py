"""Tells once, over the whole window, that the centre holds this station in quarantine, and when that is over.

The line in the header says how it stands with a tooltip; this needs a person, so it is a message. It stays
until somebody puts it away or the centre has decided.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.desktop.messages import MessageArea
from app.desktop.texts import t
from app.station import quarantine
from app.station.connection import Connection, Sentence
from app.station.errors import StationError


class QuarantineNotice(QObject):
    """Connect `show` to every change of the line."""

    def __init__(self, messages: MessageArea, parent: QObject) -> None:
        super().__init__(parent)
        self._messages = messages
        self._told: Sentence | None = None

    def show(self, state: Connection) -> None:
        refusal = state.last_refusal
        found = refusal if refusal is not None and refusal.code in quarantine.CODES else None
        if found == self._told:
            return
        before, self._told = self._told, found
        if before is not None:
            for message in self._messages.shown:
                if message.code == before.code:
                    self._messages.dismiss(message)
        if found is not None:
            self._messages.show_error(StationError(found.code, found.cs, found.en))
        elif state.last_refusal is None:
            self._messages.say("ok", t("quarantine.over"))
