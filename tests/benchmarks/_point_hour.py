"""An hour of the point's night in a few seconds: one workstation hears of another, second by second.

The clock is moved by hand; the centre answers in the same process, so that what both keep is counted. What
grows with the night itself (the stores) is on the disk; memory has to stay.
"""

from __future__ import annotations

import gc
import logging
from pathlib import Path

from app.central.centre import Centre
from app.election.model import ProtocolKey
from app.station.station import Station
from tests.benchmarks import _point_world as worlds
from tests.support.asking import CentreLine
from tests.support.station_world import CLERK, Clock, file_of, fixed_chance


def hour(base: Path, seconds: int, change_every: int) -> tuple[float, float]:
    """Resident megabytes after the first quarter and at the end. Everything is taken in before; what changes
    during the hour are corrections, as many as ten clerks could make."""
    logging.getLogger("app").setLevel(logging.ERROR)
    reference = worlds.largest_reference()
    folders = worlds.make_folders(base, reference, 2, "http://127.0.0.1:1")
    centre_folder = worlds.make_centre(base, reference, folders, 0)
    clock = Clock()
    centre = Centre.open(centre_folder, clock)
    with Station.open(folders[0], clock) as busy, Station.open(folders[1], clock) as watcher:
        line = CentreLine(centre, clock)
        sends = busy.sender(line, fixed_chance())
        hears = watcher.sender(CentreLine(centre, clock), fixed_chance())
        files = worlds.files_of(reference)
        for data in files.values():
            (offer,) = busy.intake.read_bytes("zapis.xml", data, passed_cases=False)
            worlds.take_in(busy, offer)
        keys, early = list(files), 0.0
        told: list[bool] = []
        watcher.subscribe(lambda _: told.append(True))
        for second in range(seconds):
            clock.advance(1)
            if second % change_every == 0:
                _correct(busy, keys[(second // change_every) % len(keys)], second)
            for sender in (sends, hears):
                for _ in range(40):
                    due = sender.step(clock())
                    if due is None or due > clock():
                        break
            if told:
                told.clear()
                watcher.completeness()
            if second == seconds // 4:
                early = _resident()
        late = _resident()
    centre.database.close()
    return early, late


def _correct(station: Station, key: ProtocolKey, second: int) -> None:
    """The same protocol with other figures, as a correction."""
    from dataclasses import replace

    current = station.intake.current(key)
    assert current is not None
    counts = current[1].counts
    protocol = replace(
        current[1], counts=counts._replace(registered_voters=counts.registered_voters + 1 + second % 3)
    )
    from tests.support.invented_election import stated

    (offer,) = station.intake.read_bytes("oprava.xml", file_of(stated(station.reference, protocol)))
    correction = station.intake.as_correction(offer, CLERK, "komise přinesla opravu")
    worlds.take_in(station, correction)


def _resident() -> float:
    gc.collect()
    for told in Path("/proc/self/status").read_text("utf-8").splitlines():
        if told.startswith("VmRSS:"):
            return int(told.split()[1]) / 1000
    raise AssertionError("this machine does not say how much memory a process holds")
