"""`prebirka compare`: are our published results the official ones, value by value?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

DIFFERENT = 1


def region_numbers(text: str | None) -> list[int] | None:
    """Numbers from `3,4,6`; None stays None. Raises typer.BadParameter."""
    if text is None:
        return None
    try:
        return sorted({int(part) for part in text.replace(" ", "").split(",") if part})
    except ValueError:
        raise typer.BadParameter(
            f"„{text}“ nejsou čísla krajů oddělená čárkou, například 3,4,6 · not region numbers like 3,4,6"
        ) from None


@app.command()
def compare(
    ours: Annotated[
        Path,
        typer.Argument(
            metavar="OURS", help="Naše zveřejněná složka.\n[dim]The folder that we published.[/dim]"
        ),
    ],
    official: Annotated[
        Path,
        typer.Argument(
            metavar="OFFICIAL",
            help="Složka s úředními dokumenty.\n[dim]The folder with the official documents.[/dim]",
        ),
    ],
    regions: Annotated[
        str | None,
        typer.Option(
            help="Čísla krajů, například 3,4,6; jinak všechny.\n"
            "[dim]Region numbers such as 3,4,6; all by default.[/dim]"
        ),
    ] = None,
    senate_round: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=2,
            help="Místo krajů Senát: po kterém kole.\n"
            "[dim]The Senate instead of regions: after which round.[/dim]",
        ),
    ] = None,
) -> None:
    """Porovná zveřejněné výsledky s úředními, hodnotu po hodnotě.

    [dim]Compares published results with the official ones, value by value.[/dim]

    Porovnává se vysledky.xml (kraje), vysledky_kandid.xml a vysledky_okres všech okresů těchto krajů,
    včetně mandátů a zvolených; vynechává se jen čas vzniku. Soubory mohou být zabalené (.gz).
    [dim]Compared are vysledky.xml (regions), vysledky_kandid.xml and vysledky_okres of every district of
    those regions, seats and elected included; only the generation time is left out.[/dim]

    S --senate-round se porovnává celý dokument vysledky.xml Senátu (a obce obvodů, má-li je úřední složka).
    [dim]With --senate-round the Senate's vysledky.xml is compared whole.[/dim]

    Návratový kód 0: něco se porovnalo a vše souhlasí; 1: rozdíl, nebo nebylo co porovnat.
    [dim]Exit status 0: something was compared and all is equal; 1: a difference, or nothing compared.[/dim]

    Příklad · Example: prebirka compare public/ ../shared/data/kz2016 --regions 3,4,6,7,12
    """
    from rich.console import Console

    from app.documents.compare import compare as compare_folders
    from app.documents.compare_senate import compare_senate

    with Console(stderr=True).status("…") as status:
        if senate_round is None:
            result = compare_folders(ours, official, region_numbers(regions), status.update)
        else:
            result = compare_senate(ours, official, senate_round)
    for difference in result.differences:
        print(difference)
    for name in result.not_compared:
        print(f"Neporovnáno, úřední dokument chybí · Not compared, no official document: {name}")
    print(f"Dokumentů · Documents: {len(result.documents)}")
    print(f"Porovnaných hodnot · Values compared: {result.values_compared}")
    print(f"Rozdílů · Differences: {len(result.differences)}")
    if not result.equal:
        raise typer.Exit(DIFFERENT)
