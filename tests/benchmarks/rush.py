"""The rush: 469 stations and 13 591 protocols after a real evening's arrival curve, pressed into ten minutes.

Measured is the time from a protocol's acceptance to its receipt at the station's end of the line, with every
station asking for its point's state meanwhile; the centre is the real process, publishing too. Batches are
prepared and signed beforehand and pushed by two processes, so the stations' own work is not in it: on two
cores the load still takes its part from the centre. The floor is what the bare libraries take for one such
batch. The second line is the time from a batch's arrival at the centre until it is in the public file. The
third is the centre's memory at the end beside that an eighth of the way in, each without the published
documents, which the centre serves from memory.

`--share 10` runs a tenth of the stations, protocols and minutes: the same rate. `--hurry 10` keeps all
stations and takes a tenth of the protocols and minutes: the same rate of batches, ten times the inquiries of
those that come up. `--press 4` keeps stations and protocols and takes a quarter of the minutes: four times
the rate, to see whether memory stays flat over a whole night. They may be combined.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.documents.receipt import Outcome
from app.rehearsal import floor
from app.rehearsal.night import wait_published
from app.rehearsal.processes import CentreProcess, free_port
from app.trust import message
from tests.benchmarks._report import line, percentile
from tests.benchmarks._rush_driver import Told, drive
from tests.benchmarks._rush_published import Watch
from tests.benchmarks._rush_world import Sending, World, make

STATIONS, PROTOCOLS, SECONDS = 469, 13_591, 600.0
PROCESSES = 2
AT_MOST_SECONDS = 2.0
AT_MOST_TO_PUBLIC = 1.0
AT_MOST_GROWTH = 1.2


@dataclass(frozen=True)
class Rush:
    """What was seen: `memory` is the centre's without what it publishes, in megabytes, by seconds after the
    start; `published` are seconds from the centre's door to the public file."""

    told: list[Told]
    memory: list[tuple[float, float]]
    published: list[float]

    @property
    def waits(self) -> list[float]:
        return [wait for one in self.told for wait in one.waits]


def main() -> None:
    """Print three lines; exit with 1 above a budget, or when a protocol was not confirmed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--hurry", type=int, default=1)
    parser.add_argument("--press", type=int, default=1)
    told = parser.parse_args()
    part = told.share * told.hurry
    seconds = SECONDS / part / told.press
    with tempfile.TemporaryDirectory() as folder:
        world = make(Path(folder), PROTOCOLS // part, STATIONS // told.share, seconds)
        sample = [data for one in world.sendings for _, data in one.batches[:2]][:200]
        seen = _run(world, Path(folder), seconds)
        _check(world, seen)
        contents = [message.decode(data).content or b"" for data in sample]
        least = floor.measure([], contents, Path(folder)).seconds / len(contents)
    waits = seen.waits
    worst = percentile(waits, 0.99)
    asked, again = sum(one.inquiries for one in seen.told), sum(one.unanswered for one in seen.told)
    waited = sum(one.waited for one in seen.told)
    busy = sum(one.processor for one in seen.told) / seconds
    also = (
        f"p99 of {len(waits)} batches, median {percentile(waits, 0.5) * 1000:.3g} ms, {asked} inquiries too, "
        f"{again} sent again, {waited} told to wait; without the stations' own work (their processes took "
        f"{busy:.0%} of a core)"
    )
    first, kept = line("rush", worst, "s", floor=least, at_most=AT_MOST_SECONDS, also=also)
    to_public, prompt = line(
        "rush-published", percentile(seen.published, 0.99), "s", floor=least, at_most=AT_MOST_TO_PUBLIC,
        also=f"p99 of {len(seen.published)} protocols, median {percentile(seen.published, 0.5):.3g} s",
    )  # fmt: skip
    half = percentile([memory for at, memory in seen.memory if at >= seconds / 8][:5], 0.5)
    last = percentile([memory for _, memory in seen.memory][-5:], 0.5)
    second, flat = line(
        "rush-memory", last, "MB", floor=half, at_most_ratio=AT_MOST_GROWTH,
        also="the centre at the end without what it publishes; the floor is an eighth of the way in",
    )  # fmt: skip
    print(first, to_public, second, sep="\n", flush=True)
    if not (kept and prompt and flat):
        sys.exit(1)


def _run(world: World, folder: Path, seconds: float) -> Rush:
    centre = CentreProcess(world.house.centre_folder, free_port(), folder / "centre.log")
    # forked before there are threads: keys and batches are there already and nothing is copied
    drivers = [_Driver(world, world.sendings[number::PROCESSES], centre.url) for number in range(PROCESSES)]
    memory, centre_folder = [], world.house.centre_folder
    try:
        centre.start()
        assert centre.pid is not None
        status = Path(f"/proc/{centre.pid}/status")
        with Watch(world.house.centre_folder) as watch:
            begins = time.monotonic() + 1
            for driver in drivers:
                driver.pipe.send((begins, begins + seconds))
            while not all(driver.pipe.poll() or not driver.process.is_alive() for driver in drivers):
                time.sleep(max(0.05, seconds / 200))
                centre.check()
                memory.append((time.monotonic() - begins, _resident(status) - _published(centre_folder)))
            told = [driver.pipe.recv() for driver in drivers]
            wait_published(centre)
        return Rush(told, memory, watch.waits(world.offset))
    finally:
        for driver in drivers:
            driver.process.kill()
        centre.stop()


class _Driver:
    """A process of stations that waits for its begin and end, and then tells what it saw."""

    def __init__(self, world: World, sendings: list[Sending], url: str) -> None:
        self.pipe, other = multiprocessing.Pipe()

        def work() -> None:
            logging.getLogger("asyncio").setLevel(logging.CRITICAL)
            begins, until = other.recv()
            other.send(drive(sendings, url, world.house.code, world.offset, begins, until))

        self.process = multiprocessing.get_context("fork").Process(target=work, daemon=True)
        self.process.start()
        other.close()  # so that its end is noticed here


def _published(centre_folder: Path) -> float:
    """Megabytes of the version that is published: the centre serves all of it from memory."""
    total = 0
    for file in (centre_folder / "public" / "current").resolve().rglob("*"):
        with suppress(OSError):  # an old version may be taken away meanwhile
            total += file.stat().st_size if file.is_file() else 0
    return total / 1024**2


def _resident(status: Path) -> float:
    for told in status.read_text().splitlines():
        if told.startswith("VmRSS:"):
            return int(told.split()[1]) / 1024
    raise LookupError(status)


def _check(world: World, seen: Rush) -> None:
    """Every protocol has its yes, and nothing was refused. Verified here, as a station does at once."""
    refused = [each for one in seen.told for each in one.refused]
    receipts = [world.house.receipt(body) for one in seen.told for body in one.receipts]
    confirmed = {
        item.key for receipt in receipts for item in receipt.items if item.outcome is Outcome.ACCEPTED
    }
    if refused or len(confirmed) != world.batches:
        sys.exit(f"rush: {len(confirmed)} of {world.batches} protocols confirmed, refused: {refused[:5]}")


if __name__ == "__main__":
    main()
