"""Watches the queue whatever place is shown: its length in the bar, a word when a new protocol comes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.desktop.looking import Looks
from app.desktop.sections import SectionHost
from app.desktop.texts import plural, t
from app.station.approvals import Waiting
from app.station.changes import Change
from app.station.permissions import Permission, may


class ApprovalsWatch(QWidget):
    """Never shown. Speaks to whoever is signed in and may approve, and not of one's own work."""

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self._host = host
        self._known: frozenset[int] | None = None
        self._looks = Looks()

    def changed(self, change: Change) -> None:
        if change.keys:
            self.look()

    def user_changed(self) -> None:
        """Somebody else sits here: tell them what waits."""
        self._known = None
        self.look()

    def look(self) -> None:
        if not may(self._host.user.role, Permission.APPROVE):
            return
        if not self._looks.begin():
            return
        approvals, user = self._host.station.approvals, self._host.user
        self._host.run(lambda: approvals.queue(user), self._looked, self, self._not_looked)

    def _looked(self, queue: tuple[Waiting, ...]) -> None:
        if self._looks.end():
            self.look()
            return
        self._host.count("approvals", len(queue))
        known, self._known = self._known, frozenset(waiting.id for waiting in queue)
        new = [one for one in queue if not one.own and (known is None or one.id not in known)]
        if len(new) == 1:
            self._host.messages.say(
                "info", t("approving.came", place=self._named(new[0]), by=new[0].entered_by)
            )
        elif new:
            self._host.messages.say("info", plural("approving.came_many", len(new)))

    def _not_looked(self, error: BaseException) -> None:
        self._looks.end()
        self._host.messages.told(error)

    def _named(self, waiting: Waiting) -> str:
        key = waiting.key
        found = self._host.station.reference.municipalities.get(key.precinct.municipality)
        name = found.name if found else str(key.precinct.municipality)
        return f"{name} {key.precinct.number} · {t(f'contest.short.{key.contest}')}"
