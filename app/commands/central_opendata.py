"""`prebirka central opendata`: the complete package of tables after the night."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def opendata(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
    ],
    out: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="Kam se tabulky uloží.\n[dim]Where the tables go.[/dim]"),
    ],
) -> None:
    """Sestaví otevřená data: T6, T6p a T5 všech platných zápisů s kontrolními čísly, jako soubory ČSÚ.

    [dim]Makes the open data: T6, T6p and T5 of all protocols in force, with control numbers, as ČSÚ's
    files.[/dim]

    Kódování UTF-8, středníky, sloupce jako kzt6.csv z roku 2024; vynechány jsou odvolané výsledky.
    [dim]UTF-8, semicolons, columns as in kzt6.csv of 2024; withdrawn results are left out.[/dim]
    """
    from app.central.opendata import write_package

    for name, rows in write_package(folder, out).items():
        print(f"{out / name}: {rows} řádků · rows")
    print("Zdroj: Český statistický úřad, volby.cz")
