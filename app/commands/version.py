"""`prebirka version`: which program this is, for a person on the telephone and for a script."""

import json
import platform
import sys

import typer

from app import __version__

app = typer.Typer(add_completion=False)


@app.command()
def version(
    as_json: bool = typer.Option(
        False,
        "--json",
        help="I s otiskem sestavení, pro skripty a pro seznam schválených programů.\n\n"
        "[dim]With the build's hash, for scripts and for the list of approved programs.[/dim]",
    ),
    build: bool = typer.Option(
        False, "--build", help="I s otiskem sestavení.\n\n[dim]With the build's hash.[/dim]"
    ),
) -> None:
    """Vypíše verzi programu.

    Prints the version of the program.
    """
    if as_json:
        from app.program import current

        told = current()
        print(
            json.dumps(
                {
                    "version": told.version,
                    "commit": told.commit,
                    "build": told.build,
                    "platform": told.platform,
                    "frozen": told.frozen,
                    "listed": f"{told.version}:{told.platform}:{told.build}",
                }
            )
        )
        return
    if getattr(sys, "frozen", False):
        from app import program

        built = program.current()
        print(f"Přebírka {built.version} (Python {platform.python_version()}, {platform.system()})")
        print(f"build {built.build}\ncommit {built.commit}")
        return
    print(f"Přebírka {__version__} (Python {platform.python_version()}, {platform.system()})")
    if build:
        from app.program import current

        print(f"Sestavení · Build {current().build}")
