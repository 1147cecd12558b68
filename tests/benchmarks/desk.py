"""The desk's waits: start to window, file to verdict, key to picture in the list and on the paper.

Each stands beside its floor of the same run: an empty window of Qt's, parsing the file with its schema,
painting the same widget without a change. Measured with the largest point (177 precincts × 2 contests),
the largest protocol of 2016 and a form of twenty lists of seventy candidates, without a screen.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from app.documents.floor import raw_parse_seconds
from tests.benchmarks._report import line


def main() -> None:
    """Print four lines; exit with 1 when one is over its budget."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="prebirka-bench-") as base:
        kept = _measured(Path(base))
    if not all(kept):
        sys.exit(1)


def _measured(base: Path) -> list[bool]:
    from PySide6.QtWidgets import QApplication

    from app.desktop import application
    from tests.benchmarks import _desk_waits as waits
    from tests.benchmarks import _desk_worlds as worlds

    point = worlds.largest_point(base / "point")
    floor, start = waits.starts(None, base / "caches"), waits.starts(point, base / "caches")
    kept = [_told("desk-start", start.median, floor.median, 600, start.also)]

    running = QApplication([])
    application.prepare(running)
    real = worlds.largest_protocol(base / "real", otherwise=point)
    file = base / "zapis.xml"
    file.write_bytes(real.file)
    with waits.at_work(real) as window:
        verdict = waits.verdicts(window, file)
    parse = min(raw_parse_seconds([real.file], "zapisy.xsd") for _ in range(20)) * 1000
    kept.append(_told("desk-verdict-p99", verdict.p99, parse, 50, verdict.also))

    with waits.at_work(point) as window:
        keys, still = waits.keys_in_list(window)
    kept.append(_told("desk-key-list-p99", keys.p99, still.median, 16, keys.also))

    with waits.at_work(worlds.tallest_form(base / "form")) as window:
        keys, still = waits.keys_on_paper(window)
    kept.append(_told("desk-key-entry-p99", keys.p99, still.median, 16, keys.also))
    return kept


def _told(name: str, figure: float, floor: float, budget: float, also: str) -> bool:
    text, kept = line(name, figure, "ms", floor=floor, at_most=budget, also=also)
    print(text, flush=True)
    return kept


if __name__ == "__main__":
    main()
