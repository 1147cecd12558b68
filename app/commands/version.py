"""`prebirka version`: which program this is, for a person on the telephone and for a script."""

import platform

import typer

from app import __version__

app = typer.Typer(add_completion=False)


@app.command()
def version() -> None:
    """Vypíše verzi programu.

    Prints the version of the program.
    """
    print(f"Přebírka {__version__} (Python {platform.python_version()}, {platform.system()})")
