"""How old is what the view shows: this station's own acts are always fresh, the centre's word may be not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.station.connection import Connection, Line

#: Up to here the centre's state counts as current, and up to here as merely aging.
CURRENT, AGING = timedelta(minutes=2), timedelta(minutes=10)


class Freshness(StrEnum):
    """NEVER: the centre was not heard yet."""

    NEVER = "never"
    CURRENT = "current"
    AGING = "aging"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Age:
    """When the centre was last heard and how many whole minutes ago; `offline`: it cannot be reached now."""

    freshness: Freshness
    heard: datetime | None
    minutes: int
    offline: bool


def age(connection: Connection, now: datetime, pulled: datetime | None = None) -> Age:
    """The age of the centre's state; `pulled`: when the point's state last came from it."""
    offline = connection.line is Line.OFFLINE
    heard = max((at for at in (connection.last_receipt, pulled) if at is not None), default=None)
    if heard is None:
        return Age(Freshness.NEVER, None, 0, offline)
    since = max(now - heard, timedelta(0))
    if since <= CURRENT:
        freshness = Freshness.CURRENT
    else:
        freshness = Freshness.AGING if since <= AGING else Freshness.OLD
    return Age(freshness, heard, since // timedelta(minutes=1), offline)
