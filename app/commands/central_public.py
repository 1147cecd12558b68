"""`prebirka central public`: the public page, served or written as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.election.errors import KnownError


def public(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="Složka ústředí, jeho složka public, nebo její kopie.\n"
            "[dim]The centre's folder, its folder public, or a copy of that.[/dim]",
        ),
    ],
    host: Annotated[
        str,
        typer.Option(
            help="Adresa, na které naslouchá; s lomítkem soket v souborovém systému.\n"
            "[dim]The address to listen on; with a slash a socket in the file system.[/dim]"
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 = kterýkoli volný.\n[dim]Port; 0 = any free.[/dim]")
    ] = 8020,
    export: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT",
            help="Jen zapsat všechny stránky do složky.\n[dim]Only write all pages as files.[/dim]",
        ),
    ] = None,
    reduced: Annotated[
        bool,
        typer.Option(
            "--reduced",
            help="S --export: jen souhrn, několik kB.\n[dim]With --export: totals only, a few kB.[/dim]",
        ),
    ] = False,
) -> None:
    """Veřejné stránky s výsledky; čte jen zveřejněná data. Končí po Ctrl+C nebo SIGTERM.

    [dim]The public pages with results; reads only what is published. Until Ctrl+C or SIGTERM.[/dim]

    Jakmile lze stránky číst, vypíše READY a adresu.
    [dim]Prints READY and its address when pages can be read.[/dim]
    """
    place = folder / "public" if (folder / "public").is_dir() else folder
    if export is not None:
        _export(place, export, reduced=reduced)
    elif reduced:
        raise KnownError(
            "PUB-02",
            "Souhrn se jen zapisuje: přidejte --export SLOŽKA.",
            "The reduced edition is only written as files: add --export FOLDER.",
        )
    else:
        _serve(place, host, port)


def _serve(place: Path, host: str, port: int) -> None:
    import logging
    import sys

    from app.central.http_server import listening, print_ready, url_of
    from app.central.pages.run import server_of

    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    with server_of(place) as server, listening(host, port) as listener:
        print_ready(url_of(listener))
        server.run(sockets=[listener])


def _export(place: Path, out: Path, *, reduced: bool) -> None:
    from rich.progress import track

    from app.central.pages import export

    view = export.view_of(place)
    if reduced:
        new = export.reduced(view, out)
    else:
        new = export.whole(view, out, lambda routes: track(routes, "Stránky · Pages"))
    typer.echo(f"{out}: {new} nových nebo změněných souborů / new or changed files")
