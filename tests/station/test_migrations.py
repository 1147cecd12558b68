"""A store of an older version of the program goes on with everything that is in it."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from app import resources
from app.documents.batch import Source
from app.election.complete import with_flags
from app.election.content import content_hash
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station import journal
from app.station.reading import original_of
from app.station.states import State
from app.station.station import Station
from app.station.store import STORE_FILE, instant
from tests.support.invented_election import stated
from tests.support.paper_entry import closed
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    Clock,
    all_rows,
    file_of,
    one_more_envelope,
    protocols,
)


def old_store(folder: Path, reference: Reference, clock: Clock) -> list[ProtocolKey]:
    """A store as the first version wrote it: one protocol accepted, one refused, one held."""
    db = sqlite3.connect(folder / STORE_FILE, isolation_level=None)
    db.row_factory = sqlite3.Row
    script = (resources.path("migrations", "station") / "0001_store.sql").read_text("utf-8")
    db.executescript(f"PRAGMA journal_mode = WAL; BEGIN; {script} PRAGMA user_version = 1; COMMIT;")
    at, user = instant(clock.now - timedelta(minutes=5)), CLERK.name
    mode = reference.election.mode.value
    db.execute("INSERT INTO station VALUES (1, ?, ?, 41, '41-1', ?)", (reference.election.code, mode, at))
    keys = []
    for state, protocol in zip(("accepted", "refused", "held"), protocols(reference).values(), strict=False):
        flawed = one_more_envelope(protocol) if state == "held" else protocol
        original = original_of("zapis.xml", file_of(stated(reference, flawed)))
        of_key = (*flawed.key.precinct, flawed.key.contest.value)
        hash_ = content_hash(flawed)
        db.execute(
            "INSERT INTO originals VALUES (?, ?, ?, ?, ?)",
            (original.sha256, original.name, original.data, at, user),
        )
        if state == "accepted":
            db.execute(
                "INSERT INTO versions VALUES (1, ?, ?, ?, 1, ?, 0, 0, ?, 0, 'SOUBOR', ?, ?, NULL, '')",
                (*of_key, hash_, original.sha256, at, user),
            )
            db.execute("INSERT INTO outbox VALUES (1, NULL)")
        elif state == "refused":
            db.execute(
                "INSERT INTO refusals VALUES (1, ?, ?, ?, ?, 0, 'LG-05', 'nesedí', ?, ?)",
                (*of_key, original.sha256, user, at),
            )
        else:
            held = content_hash(with_flags(flawed, passable_error=True))
            db.execute(
                "INSERT INTO holds VALUES (1, ?, ?, ?, ?, 0, ?, 0, ?, '', 'obálka', ?, ?)",
                (*of_key, held, original.sha256, ANSWERS.format(at), user, at),
            )
        db.execute(
            "INSERT INTO protocols VALUES (?, ?, ?, ?, ?, ?, 0, ?, '')",
            (*of_key, state, at, int(state == "accepted"), user),
        )
        journal.write(db, clock.now, user, state, flawed.key)
        keys.append(flawed.key)
    db.close()
    return keys


ANSWERS = (
    '{{"retyped": null, "signatures_complete": null, "contests_in_visit": null, "handed_over": "{}",'
    ' "late_permit": false}}'
)


def test_a_store_of_the_first_version_goes_on_whole(folder: Path, reference: Reference, clock: Clock) -> None:
    accepted, refused, held = old_store(folder, reference, clock)
    before = sqlite3.connect(folder / STORE_FILE)
    rows = {t: before.execute(f"SELECT * FROM {t}").fetchall() for t in ("originals", "versions", "journal")}
    before.close()
    with Station.open(folder, clock) as station:
        after = all_rows(station)
        for table, known in rows.items():  # a later version may have added columns behind
            assert sorted(known, key=repr) == [row[: len(known[0])] for row in after[table]]
        newest = len(list(resources.path("migrations", "station").glob("*.sql")))
        assert station._store.rows("PRAGMA user_version")[0][0] == newest
        states = [station.row(key).state for key in (accepted, refused, held)]  # type: ignore[union-attr]
        assert states == [State.ACCEPTED, State.REFUSED, State.HELD]
        assert station.row(refused).deadline is None  # type: ignore[union-attr]
        ends = reference.election.calendar.delivery_ends
        assert station.prints.refusal_data(refused, CLERK).deadline == ends
        (waiting,) = station.intake.held(held)
        assert (waiting.offer.source, waiting.offer.hands) == (Source.FILE, ())
        assert station.intake.approve(held, SUPERVISOR, waiting.content_hash).revision == 1
        offer = closed(station, protocols(reference)[refused], (CLERK, OTHER_CLERK))
        assert station.intake.accept(offer, CLERK).revision == 1
        assert station.intake.current(accepted) is not None
        assert station.journal.first_broken() is None
