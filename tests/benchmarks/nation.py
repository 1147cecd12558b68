"""The whole nation in one go: 13 591 protocols received, verified, judged again, stored and published.

Protocols are those of 2024: part 1 is the office's open data, part 2 is invented to fit it (without the open
data, an invented election of that size). Signed batches are prepared beforehand and pushed to the real
centre as fast as it answers; the clock stops when every document holds everything. The floor is what the
bare libraries take on as many cores for the same bytes: signature verified, XML parsed with its schema, a
durable commit, a receipt signed. Then the same with PostgreSQL, and the cost of one protocol in nights of
1 000 to 20 000 precincts, in seconds of the centre's processor, which the machine's other work moves least.

`--share 20` takes a twentieth of everything, to see that it works: its times are told and not judged.
`--parts` chooses among sqlite, postgresql, curve.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from app.documents.receipt import Outcome
from app.documents.results import counts
from app.rehearsal.expected import sum_faults
from app.rehearsal.processes import CentreProcess, free_port
from tests.benchmarks._nation_driver import push
from tests.benchmarks._nation_floor import Floor, measure
from tests.benchmarks._nation_sheets import PRECINCTS
from tests.benchmarks._nation_world import Night, World
from tests.benchmarks._report import line
from tests.support.postgres import postgres_server

CORES = 2
AT_MOST = {"sqlite": 15.0, "postgresql": 30.0}
AT_MOST_RATIO = 2.0
SIZES = (1_000, 5_000, 10_000, 20_000)
#: how much more a protocol may cost in one night of the curve than in another
AT_MOST_SLOPE = 1.5
_PATIENCE = 120.0


@dataclass(frozen=True)
class Seen:
    """One night: seconds from the first byte to everything received, and to everything published; seconds
    of processor that the centre's processes took meanwhile."""

    received: float
    published: float
    processor: float


def main() -> None:
    """Print a line for each part; exit with 1 above a budget, or when something published is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--parts", default="sqlite,postgresql,curve")
    asked = parser.parse_args()
    parts, share = asked.parts.split(","), asked.share
    largest = SIZES[-1] if "curve" in parts else PRECINCTS
    kept = []
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), largest // share)
        for name in ("sqlite", "postgresql"):
            if name in parts:
                kept.append(_judged(world, name, PRECINCTS // share, whole=share == 1))
        if "curve" in parts:
            kept.append(_curve(world, share))
    if not all(kept):
        sys.exit(1)


def _judged(world: World, name: str, precincts: int, *, whole: bool) -> bool:
    with ExitStack() as stack:
        night = world.night(name, precincts, **_options(name, stack))
        seen = run(night, world)
        floor = measure(night.batches, world.folder, CORES)
    text, kept = line(
        f"nation-{name}", seen.published, "s",
        floor=floor.seconds,
        at_most=AT_MOST[name] if whole else None,
        at_most_ratio=AT_MOST_RATIO if whole else None,
        also=_told(night, seen, floor),
    )  # fmt: skip
    print(text, flush=True)
    return kept


def _options(name: str, stack: ExitStack) -> dict[str, object]:
    if name == "sqlite":
        return {}
    return {"database": stack.enter_context(postgres_server(durable=True)).fresh()}


def _told(night: Night, seen: Seen, floor: Floor) -> str:
    batches = sum(len(each) for each in night.batches)
    return (
        f"{night.precincts} protocols in {batches} batches of {len(night.batches)} stations, "
        f"received after {seen.received:.3g} s; processor {seen.processor:.3g} s, "
        f"floor's processor {floor.processor:.3g} s, ratio {seen.processor / floor.processor:.2f}"
    )


def _curve(world: World, share: int) -> bool:
    """The cost of one protocol at each size."""
    costs = []
    for size in SIZES:
        night = world.night(f"curve-{size}", size // share)
        seen = run(night, world)
        cost = seen.processor / night.precincts * 1000
        costs.append(cost)
        wall = seen.published / night.precincts * 1000
        told = f"{cost:.3g} ms of processor a protocol, {wall:.3g} ms by the clock"
        print(f"nation-curve: {night.precincts} precincts: {told}", flush=True)
    slope = max(costs) / min(costs)
    flat = slope <= AT_MOST_SLOPE or share != 1
    short = "" if flat else f"; SHORT: at most {AT_MOST_SLOPE:.4g} allowed"
    print(f"nation-curve: dearest to cheapest {slope:.2f}{short}", flush=True)
    return flat


def run(night: Night, world: World) -> Seen:
    """Run the centre on its empty folder and let everything come. Ends the program where it is not right."""
    centre = CentreProcess(night.folder, free_port(), night.folder / "centre.log", CORES)
    try:
        centre.start()
        before = _processor(centre)
        begun = time.perf_counter()
        receipts = push(centre.url, night.batches)
        received = time.perf_counter() - begun
        _wait_published(centre, night.precincts)
        published = time.perf_counter() - begun
        processor = _processor(centre) - before
        _check(night, world, receipts)
    finally:
        centre.stop()
    return Seen(received, published, processor)


def _wait_published(centre: CentreProcess, revisions: int) -> None:
    pause, until = Event(), time.perf_counter() + _PATIENCE
    while time.perf_counter() < until:
        centre.check()
        if centre.status()["published"]["last_revision"] >= revisions:
            return
        pause.wait(0.02)
    sys.exit("nation: not published in time")


def _processor(centre: CentreProcess) -> float:
    """Seconds of processor that the centre's processes have taken so far."""
    assert centre.pid is not None
    family = {centre.pid}
    times: dict[int, float] = {}
    for stat in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parent.name)):
        try:
            pid, parent, seconds = _stat(stat)
        except OSError:
            continue  # it has ended meanwhile
        if pid in family or parent in family:
            family.add(pid)
            times[pid] = seconds
    return sum(times.values())


def _stat(path: Path) -> tuple[int, int, float]:
    columns = path.read_text().rpartition(")")[2].split()
    return int(path.parent.name), int(columns[1]), sum(map(int, columns[11:13])) / os.sysconf("SC_CLK_TCK")


def _check(night: Night, world: World, receipts: list[bytes]) -> None:
    """Every protocol has its yes, and what is published adds up to them."""
    items = [item for body in receipts for item in world.house.receipt(body).items]
    accepted = sum(item.outcome is Outcome.ACCEPTED for item in items)
    if accepted != night.precincts:
        sys.exit(f"nation: {accepted} of {night.precincts} protocols accepted: {items[:3]}")
    public = night.folder / "public"
    faults = list(sum_faults(counts.region_sums(public), night.sums, night.sums))
    in_batches = sum(len(batch.records) for batch in counts.batches(public))
    if faults or in_batches != night.precincts:
        sys.exit(f"nation: {in_batches} precincts in batches, wrong sums: {faults[:5]}")


if __name__ == "__main__":
    main()
