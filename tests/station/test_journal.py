"""The audit log shows any change of itself."""

from __future__ import annotations

import pytest

from app.election.reference import Reference
from app.station.journal import GENESIS
from app.station.station import Station
from tests.support.station_world import CLERK, file_of, readings


def fill(station: Station, reference: Reference) -> int:
    for reading in readings(reference).values():
        (offer,) = station.intake.read_bytes("zapis.xml", file_of(reading))
        station.intake.accept(offer, CLERK, "žluťoučký důvod")
    return len(station.journal.entries())


def test_an_untouched_journal_is_whole(station: Station, reference: Reference) -> None:
    assert station.journal.head() == (0, GENESIS)
    assert station.journal.first_broken() is None
    count = fill(station, reference)
    assert station.journal.first_broken() is None
    assert station.journal.head()[0] == count == 7
    assert [entry.seq for entry in station.journal.entries(after=3, limit=2)] == [4, 5]
    assert station.journal.entries()[0].details["reason"] == "žluťoučký důvod"


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE journal SET user = 'nikdo' WHERE seq = 3", 3),
        ("UPDATE journal SET details = replace(details, 'důvod', 'duvod') WHERE seq = 2", 2),
        ("UPDATE journal SET at = '2024-09-21T00:00:00.000000+00:00' WHERE seq = 5", 5),
        ("UPDATE journal SET revision = 2 WHERE seq = 7", 7),
        ("UPDATE journal SET hash = previous_hash WHERE seq = 4", 4),
        ("DELETE FROM journal WHERE seq = 1", 1),
        ("DELETE FROM journal WHERE seq = 6", 6),
        ("UPDATE journal SET seq = 10 - seq WHERE seq IN (4, 6)", 4),
    ],
)
def test_the_first_row_that_was_changed_deleted_or_moved_is_named(
    station: Station, reference: Reference, tampering: str, broken: int
) -> None:
    fill(station, reference)
    db = station._store.connection
    db.execute("DROP TRIGGER journal_keeps")
    db.execute("DROP TRIGGER journal_stays")
    if "10 - seq" in tampering:  # two rows exchanged
        db.execute("UPDATE journal SET seq = 100 WHERE seq = 4")
        db.execute("UPDATE journal SET seq = 4 WHERE seq = 6")
        db.execute("UPDATE journal SET seq = 6 WHERE seq = 100")
    else:
        db.execute(tampering)
    assert station.journal.first_broken() == broken
