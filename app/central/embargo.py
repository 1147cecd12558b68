"""Before voting ends nothing but zeros: told by two clocks, so that one wrong clock publishes nothing.

The centre's clock must say that voting has ended, and so must a station's: at least one stored protocol was
signed after the end. A centre that runs a day ahead among stations that run right waits; a station that
runs ahead changes nothing while the centre's clock is right. From then on publication stays open, across
restarts too, and a clock that jumps back takes nothing away. A station whose own clock is slow loses
nothing: once the end is proved, its protocols count like all others.

Where the two disagree, `trouble` says which one is to be looked at, and the log says so loudly, once.
"""

from __future__ import annotations

import logging
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, case, func, select

from app.central import journal
from app.central.schema import revision

_log = logging.getLogger(__name__)
#: Rows from before signing times were stored count by the centre's own clock.
_LAST_SIGNED = select(
    func.max(case((revision.c.signed_at == "", revision.c.processed_at), else_=revision.c.signed_at))
).where(revision.c.processing_order.is_not(None))


class ClockTrouble(StrEnum):
    """What the two clocks say of each other."""

    NONE = ""
    BEHIND = "the centre's clock is behind the stations'"
    AHEAD = "the centre's clock is ahead of the stations'"


class Embargo:
    """Whether results may be counted and published."""

    def __init__(self, voting_ends: datetime, *, opened: bool) -> None:
        """`opened`: results were published before."""
        self.is_open = opened
        self.trouble = ClockTrouble.NONE
        self._ends = voting_ends

    def look(self, connection: Connection, now: datetime) -> None:
        """Compare the clocks, until the embargo is over."""
        if self.is_open:
            return
        signed = connection.execute(_LAST_SIGNED).scalar()
        proved = signed is not None and signed >= journal.stamp(self._ends)
        self.is_open = proved and now >= self._ends
        if proved and now < self._ends:
            self._tell(ClockTrouble.BEHIND, now)
        elif signed is not None and not proved and now >= self._ends:
            self._tell(ClockTrouble.AHEAD, now)
        else:
            self._tell(ClockTrouble.NONE, now)

    def _tell(self, trouble: ClockTrouble, now: datetime) -> None:
        if trouble is not self.trouble and trouble is not ClockTrouble.NONE:
            _log.critical(
                "nothing is published: %s; the centre's says %s, voting ends %s: compare both with the time",
                trouble.value,
                now.isoformat(timespec="seconds"),
                self._ends.isoformat(timespec="seconds"),
            )
        self.trouble = trouble
