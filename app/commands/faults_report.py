"""`prebirka rehearse --faults`: many runs under a progress bar, their table, and what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as Printed

    from app.rehearsal.faults.campaign import Table, Tally

#: Failed runs that are printed; the rest is counted.
_SHOWN = 10
_COLUMNS = (
    "běhů\nruns", "závad\nevents", "ztraceno\nlost", "dvakrát\ndoubled", "podvrženo\nforged", "uvízlo\nstuck",
)  # fmt: skip


def run_faults(console: Console, seed: str, runs: int) -> None:
    """Run them all and print the table; exit status 1 on anything but zeros."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from app.rehearsal.faults.campaign import campaign

    columns = (
        TextColumn("běhy se závadami · runs with faults"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("závad · events {task.fields[events]}, špatně · wrong {task.fields[wrong]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=1 if "/" in seed else runs, events=0, wrong=0)

        def told(table: Table) -> None:
            bar.update(task, completed=table.all.runs, events=table.all.events, wrong=len(table.failed))

        table = campaign(seed, runs, told)
    _report(console, table)
    if not table.is_right:
        raise typer.Exit(1)


def _report(console: Console, table: Table) -> None:
    from rich.table import Table as Printed

    from app.rehearsal.faults.kinds import CZECH

    printed = Printed(title="Závady · Faults", padding=(0, 0))
    printed.add_column("co se dělo\nwhat was done", no_wrap=True)
    for name in _COLUMNS:
        printed.add_column(name, justify="right")
    for fault, tally in table.rows.items():
        _row(printed, f"{CZECH[fault]}\n{fault}", tally)
    printed.add_section()
    _row(printed, "celkem\nin all", table.all)
    console.print(printed)
    for verdict in table.failed[:_SHOWN]:
        console.print(f"prebirka rehearse --faults --seed {verdict.seed}", style="bold red")
        for line in verdict.lines[:_SHOWN]:
            console.print(f"  {line}", markup=False, soft_wrap=True)
    if len(table.failed) > _SHOWN:
        console.print(f"… a dalších {len(table.failed) - _SHOWN} běhů · runs more")
    if table.is_right:
        console.print("Nic se neztratilo, nezdvojilo, nepodvrhlo, neuvízlo. · Zeros everywhere.")
    else:
        console.print(f"ŠPATNĚ skončilo běhů: {len(table.failed)} · runs went WRONG", style="bold red")


def _row(printed: Printed, name: str, tally: Tally) -> None:
    figures = (tally.runs, tally.events, tally.lost, tally.doubled, tally.forged, tally.stuck)
    printed.add_row(name, *(str(figure) for figure in figures))
