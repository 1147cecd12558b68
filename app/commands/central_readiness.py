"""`prebirka central readiness`: which transfer points are ready, which are not, who is silent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from app.commands.centre_clock import clock_of


def readiness(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Vypsat jako JSON.\n[dim]Print JSON.[/dim]")
    ] = False,
    pdf: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Kam uložit poslední zprávy jako PDF.\n[dim]Where to put the last PDFs.[/dim]"
        ),
    ] = None,
) -> None:
    """Vypíše, která přebírací místa jsou připravena, která ne a která mlčí.

    [dim]Lists which transfer points are ready, which are not, and which are silent.[/dim]

    Platí poslední podepsaná zpráva každé stanice; místo je připraveno, jsou-li připraveny všechny jeho
    stanice. Stav 1: některé místo připraveno není nebo mlčí.
    [dim]Each station's last signed report counts; a point is ready when all its stations are. Exit status 1:
    some point is not ready or silent.[/dim]
    """
    from app.central.centre import listed_readiness
    from app.central.readiness import PointStanding, counted, why

    found = listed_readiness(folder, clock_of(folder))
    words = {
        PointStanding.READY: "připraveno · ready",
        PointStanding.NOT_READY: "nepřipraveno · not ready",
        PointStanding.SILENT: "mlčí · silent",
    }
    if as_json:
        told = [
            {"point": each.transfer_point, "standing": each.standing.value, "why": list(why(each))}
            for each in found
        ]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for each in found:
            print(f"{each.transfer_point:>6}  {words[each.standing]}  {'; '.join(why(each))}".rstrip())
        counts = counted(found)
        print(
            " · ".join(f"{words[standing].partition(' ·')[0]}: {count}" for standing, count in counts.items())
        )
    if pdf is not None:
        pdf.mkdir(parents=True, exist_ok=True)
        for point in found:
            for one in point.stations:
                if one.report is not None and one.report.pdf is not None:
                    (pdf / f"{one.station}.pdf").write_bytes(one.report.pdf)
    if any(each.standing is not PointStanding.READY for each in found):
        raise typer.Exit(1)
