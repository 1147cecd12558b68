"""`prebirka central take`: batches that were carried to the centre on a medium."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.commands.passphrase import unlock


def take(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
    ],
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="Soubory s dávkami, nebo médium.\n[dim]Files with batches, or the medium.[/dim]",
            exists=True,
        ),
    ],
    clock: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M"],
            help="Jen zkouška: kolik je hodin (pražský čas).\n"
            "[dim]Rehearsal only: what time it is, Prague time.[/dim]",
        ),
    ] = None,
) -> None:
    """Přijme dávky přinesené na médiu a vedle nich zapíše potvrzení.

    [dim]Takes in batches brought on a medium and writes the receipts beside them.[/dim]

    Dávka se přijímá stejně jako po síti, i když ústředí zároveň běží; přijde-li oběma cestami, započte se
    jednou. Médium pak vraťte stanici: potvrzení si z něj načte. Stav 1: některá dávka nebyla přijata.
    Příklad: prebirka central take ustredi /media/usb
    [dim]A batch is taken in as by the line, also while the centre runs; by both ways it counts once. Give
    the medium back to the station, which reads the receipts from it. Exit status 1: some batch was not
    taken.[/dim]
    """
    from app.central import take as taking
    from app.central.centre import Centre
    from app.central.settings import CentreFolder, load
    from app.commands.central import offset_of

    paths_of = CentreFolder(folder)
    settings = load(paths_of)
    offset = timedelta(seconds=settings.clock_offset_seconds)
    if clock is not None:
        offset = offset_of(clock, settings.mode.value)
    centre = Centre.open(folder, lambda: datetime.now(UTC) + offset, unlock(paths_of.key))
    good = True
    try:
        for each in taking.take(centre, taking.found(paths)):
            good = good and not each.code
            _tell(each)
    finally:
        centre.database.close()
    if not good:
        raise typer.Exit(1)


def _tell(taken: object) -> None:
    from app.central import refusals
    from app.central.take import Taken

    assert isinstance(taken, Taken)
    if taken.code:
        refusal = refusals.REFUSALS[taken.code]
        print(f"{taken.path}: {refusal.cs}\n    {refusal.en} [{taken.code}]")
    if taken.receipt is None or taken.written is None:
        return
    refused = [item.code for item in taken.receipt.items if item.code]
    told = f", vráceno · returned: {' '.join(refused)}" if refused else ""
    count = len(taken.receipt.items)
    print(f"{taken.path.name}: {taken.receipt.station}, zápisů · protocols: {count}{told}, "
          f"potvrzení · receipt: {taken.written.name}")  # fmt: skip
