"""`prebirka central backup`, `restore`, `upgrade` and `health`: what keeps a centre alive."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer

from app.commands.passphrase import unlock

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]


def backup(
    folder: Folder,
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="Složka pro zálohy, na jiném disku.\n[dim]The folder for backups, on another disk.[/dim]",
        ),
    ],
    keep: Annotated[
        int,
        typer.Option(
            min=0,
            help="Kolik nejnovějších záloh nechat; 0 všechny.\n[dim]How many newest ones stay; 0: all.[/dim]",
        ),
    ] = 0,
    with_key: Annotated[
        bool,
        typer.Option(
            "--with-key",
            help="I soukromý klíč; jen když je chráněn heslem.\n"
            "[dim]The private key too; only one that a passphrase protects.[/dim]",
        ),
    ] = False,
) -> None:
    """Zálohuje ústředí, i za běhu: databázi, nastavení, certifikáty, číselníky, podepsaný soupis.

    [dim]Backs a centre up, running or not: database, settings, certificates, reference data, signed.[/dim]

    Soukromý klíč v záloze není. Zveřejněné soubory také ne: ústředí je z databáze vytvoří znovu.
    Příklad: prebirka central backup ustredi /mnt/zalohy --keep 48
    [dim]The private key is not in it, nor what is published: the centre makes that again.[/dim]
    """
    from app.central import centre
    from app.central.backup.making import make
    from app.central.settings import CentreFolder

    seal = centre.seal_of(folder, unlock(CentreFolder(folder).key))
    made = make(folder, out, seal, _night(folder), with_key=with_key, keep=keep)
    counts = made.manifest.counts
    print(f"Záloha · Backup: {made.folder}")
    print(
        f"dávky · batches: {counts.batches}, zápisy · protocols: {counts.revisions}, "
        f"deník · journal: {counts.journal}"
    )
    for removed in made.removed:
        print(f"smazána starší · removed an older one: {removed.name}")


def restore(
    copy: Annotated[
        Path,
        typer.Argument(
            metavar="BACKUP",
            help="Složka jedné zálohy.\n[dim]The folder of one backup.[/dim]",
            file_okay=False,
        ),
    ],
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Nová složka ústředí.\n[dim]The centre's new folder.[/dim]"),
    ],
    ca: Annotated[
        Path,
        typer.Option(
            help="Certifikát volební autority, odjinud než ze zálohy.\n"
            "[dim]The election authority's certificate, not the one in the backup.[/dim]",
            exists=True,
            dir_okay=False,
        ),
    ],
    key: Annotated[
        Path | None,
        typer.Option(
            help="Klíč ústředí, když není v záloze.\n[dim]The centre's key, if the backup lacks it.[/dim]",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help='Prázdná databáze na serveru; "" = soubor ve složce; bez volby jako v záloze.\n'
            '[dim]An empty database on a server; "" = a file in the folder; else as in the backup.[/dim]',
        ),
    ] = None,
    public: Annotated[
        Path | None,
        typer.Option(
            help="Stará složka public: zveřejněné zůstane ke čtení a čísla verzí poběží dál.\n"
            "[dim]The old folder public: readers go on reading, version numbers go on rising.[/dim]",
            exists=True,
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Založí ústředí ze zálohy do nové složky. Nic nepřepíše. Co v záloze chybí, pošlou stanice samy znovu.

    [dim]Makes a centre from a backup in a new folder; stations send again what it lacks.[/dim]

    Příklad: prebirka central restore /mnt/zalohy/prebirka-kz2024-20241004T181500Z-000123 ustredi2
    --ca ca.pem --key centre.key --public ustredi/public
    """
    from app.central.backup.restoring import restore as put_back

    # A rehearsal's certificates live in the rehearsed night.
    restored = put_back(
        copy, folder, ca.read_bytes(), _night(copy), key=key, database=database, public=public
    )
    counts = restored.manifest.counts
    print(f"Ústředí je obnoveno · The centre is restored: {folder}")
    print(
        f"stav · as of {restored.manifest.made_at:%Y-%m-%d %H:%M:%S %Z}: dávky · batches {counts.batches}, "
        f"zápisy · protocols {counts.revisions}, verze · version {counts.version}"
    )
    if restored.version is not None:
        print(f"ke čtení zůstává verze · readers keep version {restored.version}")
    print(f"Dál · Next: prebirka central run {folder}")


def upgrade(
    folder: Folder,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Jen ukázat; skončí stavem 1, když je co dělat.\n[dim]Only show; exit 1 if any.[/dim]",
        ),
    ] = False,
) -> None:
    """Převede databázi zastaveného ústředí na tuto verzi programu; předtím ji zálohuje do složky upgrade.

    [dim]Brings a stopped centre's database to this version; copies it into the folder upgrade first.[/dim]

    Není to nutné: udělá to i první příkaz novější verze. Zpět: příručka, „Upgrade and the way back“.
    [dim]The first command of a newer version does the same. The way back is in the manual.[/dim]
    """
    from app.central import centre
    from app.central import settings as settings_file
    from app.central.backup import upgrading
    from app.central.settings import CentreFolder

    paths = CentreFolder(folder)
    found = upgrading.pending(settings_file.load(paths).store_in(paths))
    if found is None:
        print("Databáze je této verze, není co dělat. · The database is of this version: nothing to do.")
        return
    for script in found.scripts:
        print(script)
    if check:
        raise typer.Exit(1)
    with centre.opened_store(folder):
        print(f"Převedeno · Brought up to date. Předchozí · Before: {paths.root / upgrading.FOLDER}")


def health(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Adresa ústředí.\n[dim]The centre's address.[/dim]")
    ] = "http://127.0.0.1:8000",
    late: Annotated[
        float,
        typer.Option(
            min=0,
            help="Kolik sekund smí přijaté čekat na zveřejnění.\n"
            "[dim]Seconds until publication at most.[/dim]",
        ),
    ] = 10.0,
) -> None:
    """Řekne jedním řádkem a stavem, zda je ústředí zdravé: 0 ano, 1 pozor, 2 ne, 3 neodpovídá.

    [dim]One line and an exit status for monitoring: 0 well, 1 warning, 2 critical, 3 no answer.[/dim]
    """
    from app.central.health import judge

    try:
        with urlopen(f"{url.rstrip('/')}/v1/status", timeout=10) as answer:  # noqa: S310
            told = json.load(answer)
        verdict = judge(told, timedelta(seconds=late))
    except (URLError, OSError, ValueError, KeyError, TypeError) as error:
        print(f"UNKNOWN {url}: {error}")
        raise typer.Exit(3) from None
    print(verdict.line)
    raise typer.Exit(verdict.status)


def _night(folder: Path) -> datetime:
    """Now, by the clock of the centre in a folder (a rehearsal's may be shifted)."""
    from app.central import settings as settings_file
    from app.central.settings import CentreFolder

    shift = settings_file.load(CentreFolder(folder)).clock_offset_seconds
    return datetime.now(UTC) + timedelta(seconds=shift)
