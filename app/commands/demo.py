"""`prebirka demo`: an election night to try, with nothing to prepare."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.night_report import report

if TYPE_CHECKING:
    from rich.console import Console

    from app.rehearsal.demo import Demo

app = typer.Typer(add_completion=False)


@app.command(
    help=(
        "Volební noc na zkoušku: spustí ústředí a otevře okno jednoho přebíracího místa se 30 okrsky. "
        "Soubory komisí čekají ve složce jako na USB disku; adresa stránky s výsledky se vypíše.\n\n"
        "Bez obrazovky udělá totéž bez okna: vše převezme, odešle a porovná zveřejněné výsledky.\n\n"
        "[dim]An election night to try: runs the centre and opens the window of one transfer point of 30 "
        "precincts; the commissions' files wait in a folder as on a stick. Without a display it does the "
        "same without a window and compares what was published.[/dim]"
    )
)
def demo(
    precincts: Annotated[int, typer.Option(min=1, max=177, help="Počet okrsků. · Number of precincts.")] = 30,
    seed: Annotated[int, typer.Option(help="Semínko: stejné dá stejné volby. · Seed.")] = 2024,
    folder: Annotated[
        Path | None,
        typer.Option(help="Prázdná složka, která zůstane; jinak dočasná. · An empty folder that is kept."),
    ] = None,
    window: Annotated[
        bool | None,
        typer.Option(help="S oknem, nebo bez; jinak podle obrazovky. · With a window, or without."),
    ] = None,
) -> None:
    from rich.console import Console

    from app.rehearsal.demo import running

    console = Console()
    with ExitStack() as stack:
        place = _place(folder, stack)
        with console.status("připravuje se · preparing") as status:
            show = stack.enter_context(
                running(place, precincts, seed, datetime.now(UTC), lambda what: status.update(what))
            )
        _introduce(console, show)
        if window if window is not None else _has_display():
            clerk = _people(console, show)
            from app.desktop.application import run_desk  # Qt loads only for a window

            sys.exit(run_desk(show.station, clerk, show.stick, clock=show.sandbox.clock, at_once=True))
        equal = _without_window(console, show)
        if sys.stdin.isatty():
            console.input("Ústředí běží dál; Enter ukončí. · The centre goes on; Enter ends it. ")
    if not equal:
        raise typer.Exit(1)


def _place(folder: Path | None, stack: ExitStack) -> Path:
    if folder is None:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="prebirka-demo-")))
    from app.rehearsal.night import check_empty

    check_empty(folder)
    return folder


def _has_display() -> bool:
    """Whether a window could be seen. Windows and macOS always have a screen."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _introduce(console: Console, show: Demo) -> None:
    from app.rehearsal.tour import LANGUAGES, short

    console.print("[bold]Přebírka – zkušební volební noc · a rehearsed election night[/bold]")
    for what, where in (
        ("výsledky · results", show.results),
        ("soubory komisí · the commissions' files", show.stick),
        ("přebírací místo · the transfer point", show.station),
        ("průvodce a papíry k opsání · the guide, with the papers to type from", show.guide),
    ):
        console.print(f"  {what}: {where}", highlight=False, soft_wrap=True)
    console.print("[bold]Co vyzkoušet · what to try[/bold]")
    for number, stop in enumerate(show.stops, 1):
        told = " · ".join(short(stop, language) for language in LANGUAGES)
        console.print(f"  {number}  {stop.files['file']}  {told}", highlight=False, soft_wrap=True)


def _people(console: Console, show: Demo) -> str:
    """Give the station its people and say their passwords; the name of the clerk who begins."""
    from app.rehearsal import people

    people.move_in(show.station, show.sandbox.clock)
    console.print("[bold]Lidé a jejich hesla · people and their passwords[/bold]")
    roles = {"clerk": "obsluha · clerk", "supervisor": "vedoucí · supervisor"}
    for one in people.PEOPLE:
        console.print(f"  {one.name}  {one.password}  ({roles[one.role]})", highlight=False, soft_wrap=True)
    console.print(
        f"  Přihlášena je {people.CLERK.name}. · {people.CLERK.name} is signed in.", highlight=False
    )
    return people.CLERK.name


def _without_window(console: Console, show: Demo) -> bool:
    """The same without a window; tells whether everything published is right."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from app.rehearsal.demo import without_window

    console.print(
        "Není tu obrazovka, proto běží bez okna. · There is no display, so this runs without a window."
    )
    with Progress(TextColumn("převzato zápisů"), BarColumn(), MofNCompleteColumn(), console=console) as bar:
        task = bar.add_task("", total=show.scene.protocols)
        outcome = without_window(show, lambda work: bar.update(task, completed=work.accepted))
    report(console, outcome)
    return outcome.right
