"""`prebirka central media filming`: permits to film at transfer points, and their list for each point."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands import media_letters
from app.commands.media_shared import By, English, Folder, Reason, opened
from app.election.errors import KnownError

app = typer.Typer(
    help="Natáčení na přebíracích místech: povolit, nepovolit, vypsat, vytisknout.\n\n"
    "[dim]Filming at transfer points: permit, refuse, list, print.[/dim]\n\n"
    "O natáčení se žádá v téže žádosti. Každé přání má číslo ŽÁDOST/POŘADÍ (například 7/1), které vypíše "
    "[bold]list[/bold].\n"
    "[dim]It is asked for in the same application; each wish has a number such as 7/1, see list.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

WishName = Annotated[
    str, typer.Argument(metavar="ŽÁDOST/POŘADÍ", help="Například 7/1.\n[dim]Such as 7/1.[/dim]")
]
_COLUMNS = ("CPOU", "MISTO", "OD", "DO", "ORGANIZACE", "TELEFON", "STAB", "STAV", "ZADOST")
_STATES = {True: "POVOLENO", False: "NEPOVOLENO", None: "NEROZHODNUTO"}


@app.command(name="list")
def list_(
    folder: Folder,
    out: Annotated[
        Path | None,
        typer.Option("--csv", help="Soubor CSV; jinak na obrazovku.\n[dim]A CSV file.[/dim]"),
    ] = None,
) -> None:
    """Vypíše všechna přání natáčet, podle místa a času, jako CSV.

    [dim]Lists all wishes to film by point and time, as CSV.[/dim]
    """
    with opened(folder) as register:
        found = [
            (wish.filming, entry, wish)
            for entry in register.state().entries.values()
            for wish in entry.wishes
        ]
        found.sort(key=lambda each: (each[0].transfer_point, each[0].begins, each[1].number))
        rows = [
            (
                filming.transfer_point,
                media_letters.name_of(register, filming.transfer_point),
                filming.begins.isoformat(),
                filming.ends.isoformat(),
                entry.title,
                entry.application.telephone if entry.application is not None else "",
                ", ".join(filming.crew),
                _STATES[wish.permitted],
                f"{entry.number}/{wish.number}",
            )
            for filming, entry, wish in found
        ]
    if out is None:
        csv.writer(sys.stdout, lineterminator="\n").writerows([_COLUMNS, *rows])
        return
    try:
        with out.open("x", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([_COLUMNS, *(map(_safe, row) for row in rows)])
    except OSError as error:
        raise KnownError(
            "MED-23",
            f"Soubor {out} nelze zapsat nebo už existuje. Zvolte jiné jméno.",
            f"The file {out} cannot be written or is there already ({error.strerror}). Choose another name.",
        ) from error


def _safe(value: object) -> object:
    """A text that no spreadsheet takes for a formula: it comes from strangers."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


@app.command()
def approve(folder: Folder, wish: WishName, officer: By, reason: Reason = "") -> None:
    """Povolí natáčení.

    [dim]Permits filming.[/dim]

    Příklad: prebirka central media filming approve ustredi 7/1 --officer "Marie Úřední"
    """
    _decide(folder, wish, officer, reason, permit=True)


@app.command()
def refuse(folder: Folder, wish: WishName, officer: By, reason: Reason = "") -> None:
    """Nepovolí natáčení, i dříve povolené.

    [dim]Refuses filming, also where it was permitted.[/dim]
    """
    _decide(folder, wish, officer, reason, permit=False)


@app.command(name="print")
def print_(
    folder: Folder,
    point: Annotated[int, typer.Option(help="Číslo přebíracího místa (CPOU).\n[dim]The point.[/dim]")],
    out: Annotated[
        Path, typer.Option(help="Složka pro PDF.\n[dim]A folder for the PDF.[/dim]", file_okay=False)
    ] = Path(),
    english: English = False,
) -> None:
    """Vytiskne povolená natáčení jednoho přebíracího místa jako PDF, pro jeho vedoucího.

    [dim]Prints the permitted filming of one transfer point as PDF, for its supervisor.[/dim]
    """
    with opened(folder) as register:
        print(media_letters.crews(register, point, out, english=english))


def _decide(folder: Path, name: str, officer: str, reason: str, *, permit: bool) -> None:
    from app.central.media.register import Officer

    number, slash, position = name.partition("/")
    if not (slash and number.isdecimal() and position.isdecimal() and name.isascii()):
        raise KnownError(
            "MED-25",
            f"„{name}“ není číslo natáčení. Napište číslo žádosti, lomítko a pořadí, například 7/1.",
            f"“{name}” is no number of a wish. Write application, slash and position, such as 7/1.",
        )
    with opened(folder) as register:
        found = register.film(int(number), int(position), Officer(officer, reason), permit=permit)
        point = media_letters.name_of(register, found.filming.transfer_point)
    print(f"{name}: {point}: {_STATES[found.permitted]}")
