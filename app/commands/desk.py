"""`prebirka desk`: opens the window of a transfer point."""

from __future__ import annotations

import os
from pathlib import Path

import typer

app = typer.Typer(add_completion=False)


@app.command()
def desk(
    folder: Path | None = typer.Argument(
        None,
        metavar="FOLDER",
        help="Složka přebíracího místa; jinak PREBIRKA_FOLDER, nebo obvyklé místo.\n\n"
        "[dim]The station's folder; else PREBIRKA_FOLDER, or the usual place.[/dim]",
    ),
    user: str = typer.Option(
        "",
        "--user",
        help="Kdo se přihlásí; jméno se jen předvyplní.\n\n"
        "[dim]Who is going to sign in; the name is filled in, no more.[/dim]",
    ),
    inbox: Path | None = typer.Option(
        None,
        "--inbox",
        help="Kde začíná výběr souboru.\n\n[dim]Where choosing a file begins.[/dim]",
    ),
    language: str = typer.Option(
        "cs", "--language", help="Jazyk okna: cs, en.\n\n[dim]The window's language.[/dim]"
    ),
    provision: Path | None = typer.Option(
        None,
        "--provision",
        help="Balíček pracoviště: založí nové, nebo obnoví účty, nastavení a číselníky.\n\n"
        "[dim]The workstation's package: sets a new one up, or brings accounts, settings and reference data "
        "up.[/dim]",
        exists=True,
        dir_okay=False,
    ),
    wall: bool = typer.Option(
        False,
        "--wall",
        help="Jen nástěnka pro veřejnost přes celou obrazovku, bez přihlášení.\n\n"
        "[dim]Only the wall for the public, on the whole screen, without a login.[/dim]",
    ),
    training: bool = typer.Option(
        False,
        "--training",
        help="Výcvik obsluhy na vymyšlených zápisech; nic neopustí počítač.\n\n"
        "[dim]Training of clerks on invented protocols; nothing leaves the computer.[/dim]",
    ),
    zoom: int = typer.Option(
        100,
        "--zoom",
        min=100,
        max=200,
        help="Velikost písma a všeho v okně, %.\n\n[dim]The size of type and all else, %.[/dim]",
    ),
    contrast: bool = typer.Option(
        False,
        "--contrast",
        help="Vysoký kontrast: černá, bílá a silné okraje; jinak podle systému.\n\n"
        "[dim]High contrast: black, white, strong edges; else as the system says.[/dim]",
    ),
) -> None:
    """Otevře okno přebíracího místa.

    Opens the window of a transfer point and sends what is accepted in it.

    Na novém počítači nejdřív převezme balíček pracoviště a počká na certifikát.

    On a new computer it takes the workstation's package first and waits for its certificate.
    """
    see_better(zoom, contrast)
    if training:
        from app.commands.training import run_training

        raise typer.Exit(run_training(folder, language))
    if folder is None:
        from app.commands.places import station_folder

        folder = station_folder()
    if wall:
        from app.desktop.overseeing.wall_run import run_wall

        raise typer.Exit(run_wall(folder, language))
    from app.desktop.application import run_desk  # Qt loads only for this command

    raise typer.Exit(run_desk(folder, user, inbox, language, package=provision))


def see_better(zoom: int, contrast: bool) -> None:
    """Larger type and high contrast for the window that opens next: Qt reads the one, the theme the other."""
    if zoom != 100:
        os.environ["QT_SCALE_FACTOR"] = f"{zoom / 100:g}"
    if contrast:
        os.environ["PREBIRKA_CONTRAST"] = "1"
