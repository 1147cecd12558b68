"""`prebirka station audit`: whether a station's database still holds what the program wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
) -> None:
    """Ověří deník, všechny tabulky, podpisy a konec řetězu; jmenuje první porušený řádek.

    [dim]Verifies journal, tables, signatures and the chain's head; names the first broken row.[/dim]

    Nic nemění a smí běžet i při otevřeném okně. Stav 1: databáze není taková, jakou ji program zapsal.
    [dim]It changes nothing and may run while the window is open. Exit status 1: the database is not what
    the program wrote.[/dim]
    """
    from app.station.audit.verify import verify_folder

    found = verify_folder(folder)
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
