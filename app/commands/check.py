"""`prebirka check`: tries the installed program as a whole, in a rehearsal of its own.

A centre is started, a desk is opened as people see it, every page of it is shown, one commission's file is
taken in, sent, confirmed and found in the published results. Nothing of the machine's own station is
touched.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from app.desktop.application import OpenDesk
    from app.desktop.walk import Step, Taken
    from app.rehearsal.demo import Demo

app = typer.Typer(add_completion=False)

_PRECINCTS: Final = 2
_SEED: Final = 2024


#: The first start is a cold one and does not count.
_STARTS: Final = 5
#: Seconds after which a start is given up.
_START_PATIENCE: Final = 60


@app.command()
def check(
    start: bool = typer.Option(
        False,
        "--start",
        help="Změří také, za jak dlouho se ukáže přihlášení.\n\n"
        "[dim]Measures also how long the login takes to show.[/dim]",
    ),
) -> None:
    """Vyzkouší celou instalaci na zkušebních datech: okno, všechny stránky, převzetí a odeslání zápisu.

    Tries the whole installation on rehearsal data: the window, every page, the intake and sending of a
    protocol. Without a display the window is drawn into memory. Exit code 1 when a step fails.
    """
    from rich.console import Console

    from app.rehearsal import demo, people

    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    console = Console()
    taken: list[Taken] = []
    with (
        tempfile.TemporaryDirectory(prefix="prebirka-check-", ignore_cleanup_errors=True) as folder,
        demo.running(Path(folder), _PRECINCTS, _SEED, datetime.now(UTC), lambda _what: None) as show,
    ):
        people.move_in(show.station, show.sandbox.clock)
        wanted = _walked(show, people.SUPERVISOR.name, _teller(console, taken))
        if start:
            _tell_start(console, show)
    if len(taken) == wanted and all(step.done for step in taken):
        console.print("Instalace je v pořádku. · The installation works.", style="bold green")
        return
    console.print(
        "Instalace v pořádku není; co selhalo, je vypsáno výše. · The installation does not work, see above.",
        style="bold red",
    )
    raise typer.Exit(1)


def _tell_start(console: Console, show: Demo) -> None:
    """Start the desk some times and tell the median of what a person waits for the login, warm."""
    waits, night = [], show.sandbox.clock().isoformat()
    for _ in range(_STARTS + 1):
        command = [sys.executable, "-m", "app.desktop.first_look", str(show.station)]
        command += [repr(time.monotonic()), night]
        run = subprocess.run(
            command, stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=_START_PATIENCE
        )
        waits.append(float(run.stdout))
    seconds = statistics.median(waits[1:])
    console.print(f"{'':4} {seconds:6.2f} s  od spuštění k přihlášení · from start to login", highlight=False)


def _walked(show: Demo, person: str, told: Callable[[Taken], None]) -> int:
    """Walk through the desk; the number of steps that there were to take."""
    from app.desktop.application import run_desk  # Qt loads only now
    from app.desktop.walk import Walk, pages

    steps: list[Step] = []

    def drive(opened: OpenDesk) -> None:
        steps.extend([*pages(opened), *_one_protocol(show, opened)])
        Walk(opened, steps, told)

    run_desk(show.station, person, show.stick, clock=show.sandbox.clock, drive=drive, at_once=True)
    return len(steps) or 1


def _one_protocol(show: Demo, opened: OpenDesk) -> list[Step]:
    """The first commission's file is taken in; the line confirms it; the centre publishes it."""
    from app.desktop.walk import Step
    from app.rehearsal.clerk import StationCrew

    station = opened.desk.station
    crew = StationCrew(station, show.stick)

    def confirmed() -> bool:
        seen = station.connection()
        return seen.queue == 0 and seen.last_receipt is not None

    def published() -> bool:
        status = show.scene.centre.status()
        received, published = int(status["received"]["revisions"]), int(status["published"]["last_revision"])
        return 0 < received <= published

    return [
        Step("intake", lambda: crew.take_in(crew.visits[0]), lambda: crew.work.accepted > 0),
        Step("receipt", lambda: None, confirmed),
        Step("published", lambda: None, published),
    ]


_NAMES: Final = {
    "intake": "převzetí zápisu · a protocol taken in",
    "receipt": "potvrzení ústředí · the centre's receipt",
    "published": "zveřejněno · published",
}


def _teller(console: object, taken: list[Taken]) -> Callable[[Taken], None]:
    from rich.console import Console

    assert isinstance(console, Console)

    def told(step: Taken) -> None:
        taken.append(step)
        name = _NAMES.get(step.name, f"stránka · page: {step.name}")
        sign = "[green]OK[/green]" if step.done else "[red]SELHALO · FAILED[/red]"
        console.print(f"{sign:>4} {step.seconds:6.2f} s  {name}", highlight=False)

    return told
