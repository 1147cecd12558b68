"""`prebirka desk`: opens the window of a transfer point."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(add_completion=False)


@app.command()
def desk(
    folder: Path = typer.Argument(
        ..., metavar="FOLDER", help="Složka přebíracího místa.\n\n[dim]The station's folder.[/dim]"
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
    wall: bool = typer.Option(
        False,
        "--wall",
        help="Jen nástěnka pro veřejnost přes celou obrazovku, bez přihlášení.\n\n"
        "[dim]Only the wall for the public, on the whole screen, without a login.[/dim]",
    ),
) -> None:
    """Otevře okno přebíracího místa.

    Opens the window of a transfer point and sends what is accepted in it.
    """
    if wall:
        from app.desktop.overseeing.wall_run import run_wall

        raise typer.Exit(run_wall(folder, language))
    from app.desktop.application import run_desk  # Qt loads only for this command

    raise typer.Exit(run_desk(folder, user, inbox, language))
