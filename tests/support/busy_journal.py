"""A journal with rows of every kind, without the acts: for looking rows up, exporting and showing many."""

from __future__ import annotations

from datetime import timedelta

from app.election.model import ProtocolKey
from app.station import journal
from app.station.station import Station
from tests.support.station_world import NIGHT

NAMES = ("Jana Nováková", "Petr Říha", "jana  NOVÁKOVÁ", "program", "Věra Šťastná")
ACTS = ("accept", "hold", "approve", "refuse", "entry-begun", "batch", "receipt", "signed-in", "unknown-act")


def fill(station: Station, rows: int, keys: tuple[ProtocolKey, ...] = ()) -> None:
    """Write this many rows, one a second, in one transaction."""
    keys = keys or station.expected
    with station._store.transaction() as db:
        for number in range(rows):
            act = ACTS[number % len(ACTS)]
            key = None if act in ("batch", "receipt", "signed-in") else keys[number % len(keys)]
            reason = "=součet; „nesedí“\nna listině" if number % 4 == 0 else ""
            revision = 1 if act in ("accept", "approve") else None
            journal.write(
                db, NIGHT + timedelta(seconds=number), NAMES[number % len(NAMES)], act, key, revision,
                reason=reason, failed=["LG-02"] if act == "hold" else [],
            )  # fmt: skip
