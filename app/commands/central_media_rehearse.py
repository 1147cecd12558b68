"""`prebirka central media rehearse`: a night of the line on this machine, judged by the readers' own log."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer


def rehearse(
    organisations: Annotated[
        int, typer.Option(min=1, max=250, help="Kolik organizací čte.\n[dim]How many organisations.[/dim]")
    ] = 40,
    addresses: Annotated[
        int,
        typer.Option(
            min=1, max=5, help="Adres pro noc a testovacích u každé.\n[dim]Addresses of either kind.[/dim]"
        ),
    ] = 5,
    precincts: Annotated[
        int, typer.Option(min=40, max=20_000, help="Počet okrsků.\n[dim]Number of precincts.[/dim]")
    ] = 1500,
    stations: Annotated[int, typer.Option(min=2, help="Přebíracích míst.\n[dim]Transfer points.[/dim]")] = 20,
    pause: Annotated[
        float,
        typer.Option(
            min=0.05, help="Sekund mezi dvěma dotazy adresy.\n[dim]Seconds between two polls of one.[/dim]"
        ),
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="Semínko voleb.\n[dim]The election's seed.[/dim]")] = 2024,
) -> None:
    """Zkouška linky: redakce čtou, noc se zveřejňuje, uprostřed začne ostrý provoz. Bez odchylky skončí 0.

    [dim]A rehearsal of the line: newsrooms read while a night is published, and in the middle it goes live.
    Exit status 0 only without any deviation.[/dim]

    Každá adresa má vlastní spojení z vlastní adresy smyčky (127.…). Soudí se podle záznamu čtenářů, a to i
    počty serveru, na bajt.
    [dim]Each address has a connection of its own from a loopback address of its own. The readers' log is
    the judge, of the server's counts too, to the byte.[/dim]
    """
    from rich.console import Console
    from rich.table import Table

    from app.rehearsal.media_night import Size, rehearse

    console = Console()
    size = Size(organisations, addresses, precincts, stations, seed, pause)
    with tempfile.TemporaryDirectory(prefix="prebirka-media-") as folder, console.status("…") as status:
        verdict, outcome = rehearse(Path(folder), size, datetime.now(UTC), lambda what: status.update(what))
    table = Table(show_header=False, title="Linka pro média · The media's line")
    table.add_column("what")
    table.add_column("figure", justify="right")
    for name, figure in verdict.figures.items():
        table.add_row(name, f"{figure:g}" if isinstance(figure, float) else str(figure))
    table.add_row("deviations", str(len(verdict.deviations)))
    console.print(table)
    for said in verdict.deviations:
        console.print(said, style="bold red", markup=False)
    if not outcome.right:
        console.print("Zveřejněné hodnoty se neshodují. · The published values differ.", style="bold red")
    if verdict.deviations or not outcome.right:
        raise typer.Exit(1)
