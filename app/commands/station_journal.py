"""`prebirka station journal`: the station's journal as a file, for whoever has to answer for it."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.election.model import PrecinctId

app = typer.Typer(
    help="Deník stanice.\n\n[dim]The station's journal.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

_PRAGUE = ZoneInfo("Europe/Prague")


class Kind(str, Enum):  # noqa: UP042 - typer shows the values
    """What is written."""

    csv = "csv"
    jsonl = "jsonl"


@app.callback()
def journal() -> None:
    """Keeps `export` a command of its own."""


@app.command()
def export(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Složka stanice.\n[dim]The station's folder.[/dim]")
    ],
    out: Annotated[
        Path,
        typer.Option(help="Kam zapsat.\n[dim]The file to write.[/dim]", metavar="FILE"),
    ],
    kind: Annotated[
        Kind | None,
        typer.Option(
            "--format",
            help="csv ke čtení, jsonl k ověření řetězu; jinak podle přípony souboru.\n"
            "[dim]csv for reading, jsonl for checking the chain; else by the file's ending.[/dim]",
        ),
    ] = None,
    precinct: Annotated[
        str,
        typer.Option(help="Jen okrsek OBEC/OKRSEK.\n[dim]One precinct only.[/dim]", metavar="OBEC/OKRSEK"),
    ] = "",
    user: Annotated[str, typer.Option(help="Jen úkony této osoby.\n[dim]One person's acts only.[/dim]")] = "",
    act: Annotated[
        list[str] | None,
        typer.Option(
            help="Jen tento úkon, například accept; lze opakovat.\n[dim]One kind of act; may be "
            "repeated.[/dim]",
            metavar="ACT",
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(help="Od kdy, v pražském čase.\n[dim]From when, in the time of Prague.[/dim]"),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(help="Do kdy (ten okamžik už ne).\n[dim]To when, that instant left out.[/dim]"),
    ] = None,
    language: Annotated[
        str, typer.Option(help="Slova v CSV: cs, nebo en.\n[dim]Words of the CSV.[/dim]", metavar="LANGUAGE")
    ] = "cs",
    operator: Annotated[
        str,
        typer.Option(
            "--operator",
            help="Kdo vyváží; jinak přihlášený uživatel počítače.\n"
            "[dim]Who exports; else the user of this computer.[/dim]",
            envvar="PREBIRKA_USER",
        ),
    ] = "",
) -> None:
    """Zapíše deník, nebo jeho vybrané řádky, do souboru; vývoz sám je dalším řádkem deníku.

    [dim]Writes the journal, or chosen rows of it, to a file; the export itself is one more row.[/dim]

    JSON Lines obsahuje přesné hodnoty a otisky: řetěz z nich ověří i krátký program bez Přebírky, viz
    resources/manual/journal-export.md. Nejde spustit, když se složkou pracuje okno.
    Příklad: prebirka station journal export misto --out denik.jsonl
    [dim]JSON Lines holds exact values and hashes: a short program checks the chain without this one. It
    cannot run while the window works with the folder.[/dim]
    """
    from app.commands.opening import open_station
    from app.station.journal_export import Format
    from app.station.journal_search import Search
    from app.station.journal_words import LANGUAGES
    from app.station.states import Role, User

    if language not in LANGUAGES:
        raise typer.BadParameter(" / ".join(LANGUAGES), param_hint="--language")
    ending = kind.value if kind else out.suffix.lower().lstrip(".")
    if ending not in list(Format):
        raise typer.BadParameter(" / ".join(Format), param_hint="--format")
    search = Search(
        precinct=_precinct(precinct),
        user=user,
        acts=frozenset(act or ()),
        since=_instant(since),
        until=_instant(until),
    )
    with open_station(folder, None) as station:
        who = User(operator or _login(), Role.TECHNICIAN)
        done = station.journal_export.write(out, search, Format(ending), who, language)
    print(f"Zapsáno řádků · Rows written: {done.rows}\nSHA-256: {done.sha256}")


def _precinct(text: str) -> PrecinctId | None:
    if not text:
        return None
    municipality, _, number = text.partition("/")
    if not (municipality.isascii() and municipality.isdigit() and number.isascii() and number.isdigit()):
        raise typer.BadParameter("OBEC/OKRSEK", param_hint="--precinct")
    return PrecinctId(int(municipality), int(number))


def _instant(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=_PRAGUE).astimezone(UTC)


def _login() -> str:
    import getpass

    return getpass.getuser()
