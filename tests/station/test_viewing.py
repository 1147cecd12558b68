"""The wall's view of a station: beside the program that works in it, reading only, without lock or key."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from app.election.errors import KnownError
from app.election.reference import Reference
from app.station.config import KEY_FILE
from app.station.errors import StoreTrouble
from app.station.overseeing.viewing import PublicView
from app.station.station import Station
from app.station.store import STORE_FILE
from tests.support.invented_election import stated
from tests.support.station_world import CLERK, Clock, FakeCentre, file_of, fixed_chance, protocols


def test_before_the_first_start_everything_is_missing(folder: Path, clock: Clock) -> None:
    view = PublicView(folder, clock)
    shown = view.wall()
    assert (shown.total.precincts, shown.total.missing, shown.heard) == (4, 4, None)
    assert [row.name for row in shown.municipalities] == ["Horní Lhota", "Dolní Lhota"]
    view.close()


def test_it_sees_what_the_desk_does_and_is_told_that_it_differs(
    station: Station, folder: Path, clock: Clock, centre: FakeCentre, reference: Reference
) -> None:
    view = PublicView(folder, clock)
    before = view.mark()
    assert view.mark() == before
    for key, protocol in protocols(reference).items():
        if key.precinct == (550001, 1):
            (offer,) = station.intake.read_bytes("z.xml", file_of(stated(reference, protocol)))
            station.intake.accept(offer, CLERK)
    assert view.mark() != before
    assert (view.wall().total.taken, view.wall().total.missing) == (1, 3)
    clock.advance(60)
    station.sender(centre, fixed_chance()).step(clock())
    shown = view.wall()
    assert (shown.total.confirmed, shown.heard) == (1, clock())
    assert CLERK.name not in repr(shown)
    view.close()


def test_it_needs_no_key_and_can_change_nothing(station: Station, folder: Path, clock: Clock) -> None:
    (folder / KEY_FILE).unlink()
    view = PublicView(folder, clock)
    view.wall()
    with pytest.raises(StoreTrouble, match="STA-19"):
        view._store.rows("INSERT INTO protocols VALUES (1, 1, 'KZ', 'confirmed', '', 1, 0, '', '')")
    view.close()


def test_a_folder_that_is_no_stations_is_refused_with_a_sentence(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(KnownError, match="STA-03"):
        PublicView(tmp_path, clock)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files are locked otherwise")
def test_a_store_that_cannot_be_read_is_a_known_trouble_and_comes_back(
    station: Station, folder: Path, clock: Clock, tmp_path: Path
) -> None:
    station.close()
    view = PublicView(folder, clock)
    good = (folder / STORE_FILE).read_bytes()
    (folder / STORE_FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreTrouble, match="STA-19"):
        view.wall()
    (folder / STORE_FILE).write_bytes(good)
    assert view.wall().total.precincts == 4
    view.close()
    assert sqlite3.connect(folder / STORE_FILE).execute("PRAGMA quick_check").fetchone()[0] == "ok"
