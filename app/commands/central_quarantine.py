"""`prebirka central quarantine`: stations whose batches contradict each other, and the way out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.central.goes_on import GoesOn

if TYPE_CHECKING:
    from app.central.settling import Seen

app = typer.Typer(
    help="Karanténa: stanice, jejichž dávky si odporují.\n\n"
    "[dim]Quarantine: stations whose batches contradict each other.[/dim]\n\n"
    "Postup: 1. [bold]list[/bold] ukáže stanice, 2. [bold]show[/bold] obě větve, 3. zavolejte vedoucímu "
    "místa, který počítač má pokračovat; druhý vypne, 4. [bold]settle[/bold] rozhodne.\n"
    "[dim]The way: 1. list shows the stations, 2. show both branches, 3. call the point's supervisor which "
    "computer goes on; the other is turned off, 4. settle decides.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]
Station = Annotated[
    str, typer.Argument(metavar="STATION", help="Stanice, například 662-1.\n[dim]Such as 662-1.[/dim]")
]
_WORDS = {
    "": "nemá · lacks it",
    "same": "má týž obsah · same content",
    "other": "má jiný obsah · other content",
}


@app.command(name="list")
def list_(folder: Folder) -> None:
    """Vypíše stanice v karanténě a ty, o kterých se už rozhodlo.

    [dim]Lists the stations in quarantine, and those that were settled.[/dim]

    Stav 1: některá stanice na rozhodnutí čeká.
    [dim]Exit status 1: some station waits for a decision.[/dim]
    """
    from app.central import settling
    from app.central.centre import opened_store

    with opened_store(folder) as (database, _):
        found = settling.listed(database)
    for each in found:
        state = "V KARANTÉNĚ · IN QUARANTINE" if each.quarantine else "rozhodnuto · settled"
        print(f"{each.chain}\t{state}\t{each.since}")
    if not found:
        print("V karanténě nic není. · Nothing is in quarantine.")
    if any(each.quarantine for each in found):
        raise typer.Exit(1)


@app.command()
def show(folder: Folder, station: Station) -> None:
    """Ukáže obě větve stanice: dávky od rozdvojení a co z nich ústředí má.

    [dim]Shows both branches of a station: batches from the fork on, and what the centre has of them.[/dim]
    """
    from app.central import settling
    from app.central.centre import opened_store

    with opened_store(folder) as (database, _):
        found = settling.shown(database, station)
    state = "V KARANTÉNĚ · IN QUARANTINE" if found.in_force else "rozhodnuto · settled"
    print(f"{found.station}: {state}, {found.since}")
    print(f"\nA. Řetěz v ústředí · The centre's chain {found.chain} (--goes-on centre)")
    for batch in found.taken:
        _print(batch)
    for number, branch in enumerate(found.branches, start=1):
        fork = "?" if branch.parent is None else str(branch.fork_number)
        print(f"\nB{number}. Větev · Branch {branch.tip[:12]} za dávkou · after batch {fork} "
              f"(--goes-on branch --branch {branch.tip[:12]})")  # fmt: skip
        for batch in branch.batches:
            _print(batch)


@app.command()
def settle(
    folder: Folder,
    station: Station,
    goes_on: Annotated[
        GoesOn,
        typer.Option(
            help="Co pokračuje: centre = řetěz v ústředí, branch = odložená větev.\n"
            "[dim]What goes on: the centre's chain, or the branch that was set aside.[/dim]"
        ),
    ],
    reason: Annotated[
        str, typer.Option(help="Proč; zůstane v deníku.\n[dim]Why; it stays in the journal.[/dim]")
    ],
    branch: Annotated[
        str,
        typer.Option(
            help="Začátek otisku větve, je-li jich víc.\n[dim]Beginning of its hash, if there are more.[/dim]"
        ),
    ] = "",
) -> None:
    """Rozhodne, která větev pokračuje. Platí hned i v běžícím ústředí.

    [dim]Settles which branch goes on, at once, in a running centre too.[/dim]

    Vybírejte podle počítače, na kterém se bude pracovat dál. branch: odložené dávky přijdou do půl minuty
    znovu samy a posoudí se. centre: větev se zavrhne; její zápisy, které ústředí nemá (quarantine show), se
    převezmou znovu z papíru. Co už platí, se nemění.
    Příklad: prebirka central quarantine settle ustredi 662-1 --goes-on branch --reason "obnova ze zálohy"
    [dim]Choose by the computer that is worked on from now. branch: its batches come again by themselves
    within half a minute and are judged. centre: the branch is given up, and protocols of it that the centre
    lacks are taken in again from paper. What counts already does not change.[/dim]
    """
    from app.central import settling
    from app.central.centre import opened_store

    with opened_store(folder) as (database, _):
        done = settling.settle(database, station, goes_on, branch, reason, datetime.now(UTC))
    print(f"Pokračuje řetěz · The chain goes on: {done.chain}")
    print(f"Dávky, které přijdou znovu · Batches that come again: {done.released}")


def _print(batch: Seen) -> None:
    print(f"  {batch.number}\t{batch.sha256[:12]}\t{batch.received_at}\t{batch.code or 'PRIJATO'}")
    for item in batch.items:
        told = _WORDS.get(item.at_centre, item.at_centre)
        print(f"    {item.key}\trev. {item.revision}\t{item.content_hash[:12]}\t{told}")
