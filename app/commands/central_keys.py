"""`prebirka central station replace` and `review`: a lost workstation, and a key that somebody else has."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.election.errors import KnownError

if TYPE_CHECKING:
    from app.central.review import Signed

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]
Name = Annotated[
    str, typer.Argument(metavar="STATION", help="Stanice, například 662-1.\n[dim]Such as 662-1.[/dim]")
]


def replace(
    folder: Folder,
    name: Name,
    certificate: Annotated[
        Path,
        typer.Option(
            help="Certifikát k novému klíči.\n[dim]The new key's certificate.[/dim]",
            exists=True,
            dir_okay=False,
        ),
    ],
    reason: Annotated[
        str, typer.Option(help="Proč; zůstane v deníku.\n[dim]Why; it stays in the journal.[/dim]")
    ],
) -> None:
    """Nahradí ztracenou stanici: starý certifikát přestane platit, nový platí hned.

    [dim]Replaces a lost workstation: the old certificate ends, the new one holds at once.[/dim]

    Stanice si nechá jméno i řetěz dávek: na novém počítači ji obnoví prebirka station restore ze zálohy
    nebo z prázdné složky; co už odeslala, přijde z ústředí.
    Příklad: prebirka central station replace ustredi 662-1 --certificate new.pem --reason "odcizen"
    [dim]The station keeps its name and its chain: prebirka station restore rebuilds it on the new computer
    from a backup or an empty folder; what it sent already comes from the centre.[/dim]
    """
    from app.central import stations
    from app.central.centre import opened_store
    from app.trust.certificate import Certificate

    read = Certificate.from_pem(certificate.read_bytes())
    with opened_store(folder) as (database, election):
        stations.replace(database, name, read, election, reason, datetime.now(UTC))
    print(f"Nahrazena stanice · Replaced station: {name}, {read.fingerprint}")


def review(
    folder: Folder,
    name: Name,
    since: Annotated[
        datetime,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            help="Od kdy (pražský čas, podle hodin ústředí).\n[dim]Since when, Prague time.[/dim]",
        ),
    ],
    csv: Annotated[
        Path | None,
        typer.Option(help="Zapsat i jako CSV.\n[dim]Write as CSV too.[/dim]", dir_okay=False),
    ] = None,
) -> None:
    """Vypíše vše, co stanice od dané doby podepsala, a označí to v deníku k prověření.

    [dim]Lists all that a station signed since a time, and marks it for review in the journal.[/dim]

    Výsledky se tím nemění; chybný zápis se opraví další revizí. Klíč, který má někdo jiný, nejdřív odvolejte.
    [dim]Results do not change by it; a wrong protocol is corrected by a later revision. Revoke a key that
    somebody else has first.[/dim]
    """
    from zoneinfo import ZoneInfo

    from app.central import review as reviewing
    from app.central.centre import opened_store

    moment = since.replace(tzinfo=ZoneInfo("Europe/Prague"))
    with opened_store(folder) as (database, _):
        found = reviewing.review(database, name, moment, datetime.now(UTC))
    for each in found:
        print(_line(each))
    batches = len({each.batch_sha256 for each in found})
    protocols = sum(each.key is not None for each in found)
    print(f"Dávek · Batches: {batches}, zápisů · protocols: {protocols}")
    if csv is not None:
        _write(csv, reviewing.as_csv(found))
        print(f"Zapsáno · Written: {csv}")


def _line(each: Signed) -> str:
    number = "?" if each.batch_number is None else str(each.batch_number)
    stands = {"this": "platí · stands", "other": f"platí jiná · another stands: {each.standing}", "": "–"}
    what = "–" if each.key is None else f"{each.key}\trev. {each.revision}\t{each.content_hash[:12]}"
    told = "" if each.key is None else f"\t{stands[each.stands]}"
    return f"{number}\t{each.received_at}\t{each.certificate[:12]}\t{what}\t{each.outcome}{told}"


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise KnownError(
            "CEN-25",
            f"Seznam je v deníku, ale soubor {path} nelze zapsat nebo už existuje. Zvolte jiný.",
            f"The list is in the journal, but the file {path} cannot be written or is there already "
            f"({error.strerror}). Choose another.",
        ) from error
