"""`prebirka central permit`: the centre's permission to take one protocol in after the 24 hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.central.spoken import precinct_of
from app.commands.passphrase import unlock
from app.election.errors import KnownError
from app.election.model import Contest, ProtocolKey

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]


def permit(
    folder: Folder,
    precinct: Annotated[
        str,
        typer.Argument(
            metavar="OBEC/OKRSEK", help="Okrsek, například 550001/3.\n[dim]Precinct, such as 550001/3.[/dim]"
        ),
    ],
    contest: Annotated[
        Contest, typer.Argument(metavar="KZ|SE1|SE2", help="Druh volby.\n[dim]The contest.[/dim]")
    ],
    until: Annotated[
        datetime,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            help="Do kdy smí být zápis převzat (pražský čas).\n"
            "[dim]Until when it may be accepted, Prague time.[/dim]",
        ),
    ],
    reason: Annotated[
        str, typer.Option(help="Proč; zůstane v povolení i v deníku.\n[dim]Why; it stays in both.[/dim]")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Soubor povolení (.p7m).\n[dim]The permit's file.[/dim]", dir_okay=False),
    ] = None,
) -> None:
    """Povolí jedno pozdní převzetí nebo opravu: podepsaný soubor pro přebírací místo.

    [dim]Permits one late acceptance or correction: a signed file for the transfer point.[/dim]

    Soubor se pošle na přebírací místo a tam se pustí do okna programu jako kterýkoli jiný. Ústředí bez
    vydaného povolení pozdní zápis nepřijme (ING-24).
    Příklad: prebirka central permit ustredi 550001/3 KZ --until "2024-09-22 20:00"
    --reason "Sněhová kalamita" --out povoleni.p7m
    [dim]Send the file to the point, where it is dropped on the window. Without a permit the centre takes no
    late protocol (ING-24).[/dim]
    """
    from zoneinfo import ZoneInfo

    from app.central import centre
    from app.central.settings import CentreFolder, load

    paths = CentreFolder(folder)
    offset = timedelta(seconds=load(paths).clock_offset_seconds)
    given = centre.give_permit(
        folder,
        ProtocolKey(precinct_of(precinct), contest),
        until.replace(tzinfo=ZoneInfo("Europe/Prague")),
        reason,
        lambda: datetime.now(UTC) + offset,
        unlock(paths.key),
    )
    path = out or Path(f"povoleni-{given.permit.number:04}.p7m")
    _write(path, given.signed)
    print(f"Povolení č. {given.permit.number} · Permit No. {given.permit.number}: {path}")


def _write(path: Path, data: bytes) -> None:
    """A new file; the permit itself is kept at the centre already."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise KnownError(
            "CEN-43",
            f"Povolení je vydáno, ale soubor {path} nelze zapsat nebo už existuje. Vydejte je s jinou "
            "volbou --out.",
            f"The permit is given, but the file {path} cannot be written or is there already "
            f"({error.strerror}). Give it again with another --out.",
        ) from error
