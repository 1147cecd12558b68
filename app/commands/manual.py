"""`prebirka manual`: the whole manual as HTML pages or as PDF, to be read and printed anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Příručka: obsluha, vedoucí, technik, ústředí, média, kódy hlášení.\n\n"
    "[dim]The manual: clerk, supervisor, technician, centre, media, codes.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

Out = Annotated[
    Path,
    typer.Argument(
        metavar="OUT", help="Složka, kam zapsat.\n[dim]The folder to write into.[/dim]", file_okay=False
    ),
]


@app.command()
def html(out: Out) -> None:
    """Zapíše příručku jako stránky HTML; čtou se bez sítě, začíná se v index.html.

    [dim]Writes the manual as HTML pages, readable without a network, from index.html on.[/dim]
    """
    from app.station.manual.site import write

    written = write(out)
    print(f"Zapsáno stránek · Pages written: {len(written)}, {out / 'index.html'}")


@app.command()
def pdf(
    out: Out,
    only: Annotated[
        list[str] | None,
        typer.Option("--page", help="Jen tato stránka, třeba obsluha.\n[dim]Only this page.[/dim]"),
    ] = None,
) -> None:
    """Zapíše příručku jako PDF, jeden soubor pro každou stránku; s --page jen některé.

    [dim]Writes the manual as PDF, one file a page; with --page only some.[/dim]

    Příklad: prebirka manual pdf k-tisku --page obsluha --page kdyz-to-spadne
    """
    from app.desktop.printing.manual import write  # Qt loads only here
    from app.election.errors import KnownError
    from app.station.manual.pages import pages

    known = {page.name: page for page in pages()}
    for name in only or ():
        if name not in known:
            raise KnownError(
                "MAN-01",
                f"Příručka nemá stránku {name}. Má: {', '.join(known)}.",
                f"The manual has no page {name}. It has: {', '.join(known)}.",
            )
    for name in only or known:
        print(write(known[name], out))
