"""A whole night: five regions of 2016 replayed by real processes, from the first file to the last number.

The floor is what the same files and batches cost with the bare libraries on one core (parse with schema,
signature, durable commit, at both ends; see `app.rehearsal.floor`). Where the open data are not beside the
checkout, an invented night of comparable size is run instead; either has to end right.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from app.rehearsal.generator import Plan
from app.rehearsal.judgement import Scene
from app.rehearsal.night import Night, invented_night, measured_floor, replayed_night
from tests.benchmarks._report import report
from tests.support.opendata import DATA

REGIONS = (3, 4, 6, 7, 12)
LIKE_REGIONS = Plan(precincts=2_800, stations=110)
"""Some 3 600 protocols too, regional and Senate ones."""
AT_MOST_RATIO = 4.0


def main() -> None:
    """Print one line; exit with 1 above the budget, or when a published value is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        scene = _scene(Path(folder))
        outcome = Night(scene).run()
        if not outcome.right:
            sys.exit("replay: what was published is not what was expected")
        floor = measured_floor(scene)
    report("replay", outcome.seconds, "s", floor=floor.seconds, at_most_ratio=AT_MOST_RATIO)


def _scene(folder: Path) -> Scene:
    def quiet(_what: str) -> None:
        pass

    now = datetime.now(UTC)
    if (DATA / "kz2016").is_dir():
        return replayed_night(folder, DATA / "kz2016", REGIONS, now, quiet)
    return invented_night(folder, LIKE_REGIONS, now, quiet)


if __name__ == "__main__":
    main()
