"""`prebirka station audit`: whether a station's database still holds what the program wrote."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.passphrase import VARIABLE
from app.election.errors import KnownError

if TYPE_CHECKING:
    from app.documents.own_batches import ChainHead

app = typer.Typer(
    help="Ověření databáze stanice.\n\n[dim]Verification of a station's database.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)


@app.callback()
def audit() -> None:
    """Keeps `verify` a command of its own."""


@app.command()
def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Složka stanice.\n[dim]The station's folder.[/dim]")
    ],
    centre: Annotated[
        bool,
        typer.Option(
            "--centre",
            help="Zeptat se i ústředí, co od stanice má.\n[dim]Ask the centre too what it has.[/dim]",
        ),
    ] = False,
) -> None:
    """Ověří deník, všechny tabulky, podpisy a konec řetězu; jmenuje první porušený řádek.

    [dim]Verifies journal, tables, signatures and the chain's head; names the first broken row.[/dim]

    Nic nemění a smí běžet i při otevřeném okně. Stav 1: databáze není taková, jakou ji program zapsal.
    [dim]It changes nothing and may run while the window is open. Exit status 1: the database is not what
    the program wrote.[/dim]
    """
    from app.station.audit.verify import verify_folder

    found = verify_folder(folder, _ask(folder) if centre else None)
    print(f"Deník · Journal: {found.journal[0]}  {found.journal[1]}")
    print(f"Pečeti · Seals:  {found.seal.seq}  {found.seal.hash}")
    if found.is_whole:
        print("V pořádku · Whole")
        return
    first, *others = found.broken
    print(f"PORUŠENO · BROKEN: {first.place} [{first.code}]\n    {first.cs}\n    {first.en}")
    for one in others[:20]:
        print(f"  {one.place} [{one.code}] {one.cs} · {one.en}")
    if len(others) > 20:
        print(f"  … {len(others) - 20}")
    raise typer.Exit(1)


def _ask(folder: Path) -> ChainHead | None:
    """What the centre has of the station. A silent centre is told, and the rest is verified all the same."""
    from app.station.audit.asking import ask_centre
    from app.station.wire import NoAnswer, Unreachable

    try:
        head = ask_centre(folder, datetime.now(UTC), os.environ.get(VARIABLE))
    except (Unreachable, NoAnswer, KnownError) as error:
        print(f"Ústředí neodpovědělo · The centre did not answer: {error}")
        return None
    print(f"Ústředí · The centre: {0 if head is None else head.number}")
    return head
