"""Small rehearsed nights for tests: which seeds have what, and the real command as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.rehearsal.generator import Plan
from app.rehearsal.judgement import Scene
from app.rehearsal.night import invented_night

CHECKOUT = Path(__file__).resolve().parents[2]

#: 12 precincts at 2 points: one first file is blocked, one protocol is passable, one is corrected.
TINY = Plan(seed=9, precincts=12, stations=2)
#: 60 precincts at 2 points: two are blocked, one is passable, one is corrected.
SMALL = Plan(seed=6, precincts=60, stations=2)


def prebirka(*arguments: object, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """Run the program as its user does, without a display and with nobody at the keyboard."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "app", *map(str, arguments)],
        cwd=CHECKOUT,
        env={**environment, "COLUMNS": "120", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
    )


def figure(output: str, row: str) -> str:
    """The figure that the table at the end of a night has beside `row`."""
    (line,) = [line for line in output.splitlines() if line.startswith("│") and row in line]
    return line.strip("│ ").rpartition("│")[2].strip()


def invented(folder: Path, plan: Plan) -> Scene:
    return invented_night(folder, plan, datetime.now(UTC), lambda _: None)
