"""`prebirka station backup`, `drill` and `restore`: copies of a station, and a station made from them."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.commands.passphrase import VARIABLE
from app.election.errors import KnownError

_File = {"exists": True, "dir_okay": False}
Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka stanice.\n[dim]The station's folder.[/dim]")
]
Place = Annotated[
    Path | None,
    typer.Option(
        "--place",
        help="Místo pro zálohy; jinak to ze station.toml.\n[dim]Place for backups; else that of "
        "station.toml.[/dim]",
    ),
]


def backup(folder: Folder, place: Place = None) -> None:
    """Udělá a ověří zálohu stanice; smí běžet i při otevřeném okně.

    [dim]Makes and verifies a copy of the station; may run while the window is open.[/dim]

    Záloha obsahuje databázi, nastavení, certifikáty a číselníky. Klíč stanice jen tehdy, chrání-li ho heslo;
    jinak si ho uložte zvlášť do obálky, k obnově je potřeba.
    [dim]A copy holds the database, settings, certificates and reference data. The station's key only when a
    passphrase protects it; otherwise keep it apart in an envelope: restoring needs it.[/dim]
    """
    from app.station.backup.errors import no_place
    from app.station.backup.making import make_copy
    from app.station.config import read_config

    config = read_config(folder)
    chosen = place or (Path(config.backup_place) if config.backup_place else None)
    if chosen is None:
        raise no_place()
    made = make_copy(folder, chosen, config, datetime.now(UTC))
    print(f"Záloha · Backup: {made.folder}")
    print(f"Deník · Journal: {made.manifest.journal}, dávek · batches: {made.manifest.batches}")


def drill(folder: Folder, place: Place = None) -> None:
    """Zkusí obnovu: rozbalí poslední zálohu do dočasné složky a celou ji ověří.

    [dim]Tries restoring: lays the last copy out in a temporary folder and verifies all of it.[/dim]

    Nic nemění. Řekne stáří zálohy. Stav 1: z toho, co na místě leží, by se stanice obnovit nedala.
    [dim]It changes nothing and tells the copy's age. Exit status 1: the station could not be rebuilt from
    what lies there.[/dim]
    """
    from app.station.backup.drill import drill as tried
    from app.station.backup.errors import no_place
    from app.station.config import read_config

    config = read_config(folder)
    chosen = place or (Path(config.backup_place) if config.backup_place else None)
    if chosen is None:
        raise no_place()
    now = datetime.now(UTC)
    found = tried(chosen, config.station, now)
    if found.trouble is not None:
        raise found.trouble
    age = timedelta(0) if found.made_at is None else now - found.made_at
    print(f"V pořádku · Good: převzato · accepted {found.accepted}, deník · journal {found.journal}")
    print(f"Stáří zálohy · Age of the copy: {age - timedelta(microseconds=age.microseconds)}")


def restore(
    source: Annotated[
        Path,
        typer.Option(
            "--from",
            help="Místo se zálohami, jedna záloha, nebo složka stanice se starou databází.\n"
            "[dim]A place with copies, one copy, or a station's folder with an old database.[/dim]",
        ),
    ],
    target: Annotated[
        Path,
        typer.Option(
            "--to", help="Nová složka stanice; musí být prázdná.\n[dim]The new folder; must be empty.[/dim]"
        ),
    ],
    station: Annotated[
        str,
        typer.Option(help="Která stanice, je-li jich tam víc.\n[dim]Which, where there are several.[/dim]"),
    ] = "",
    key: Annotated[
        Path | None,
        typer.Option(
            help="Klíč stanice, není-li v záloze.\n[dim]The station's key, if not in the copy.[/dim]", **_File
        ),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(
            help="Nový certifikát k novému klíči.\n[dim]New certificate of a new key.[/dim]", **_File
        ),
    ] = None,
    without_centre: Annotated[
        bool,
        typer.Option(
            "--without-centre",
            help="Nouzově bez ústředí; stanice se ho zeptá, než odešle první novou dávku.\n"
            "[dim]In an emergency; the station asks the centre before its first new batch.[/dim]",
        ),
    ] = False,
    user: Annotated[str, typer.Option(help="Kdo obnovuje.\n[dim]Who restores.[/dim]")] = "",
) -> None:
    """Obnoví stanici ze zálohy a z ústředí do nové složky.

    [dim]Rebuilds a station from a copy and the centre in a new folder.[/dim]

    Ze zálohy se vezme vše, co v ní je, z ústředí to, co stanice odeslala potom. Co bylo převzato a nestihlo
    se ani zálohovat, ani odeslat, je ztraceno: přehled ukáže takový okrsek jako očekávaný a zápis se
    převezme znovu z papíru.
    [dim]From the copy comes all that is in it, from the centre what the station sent later. What was accepted
    and neither copied nor sent is lost: the overview shows that precinct as awaited, and the protocol is
    taken in again from its paper.[/dim]
    """
    from app.station.backup.restore import Credentials, http_line
    from app.station.backup.restore import restore as rebuild
    from app.station.states import Role, User

    who = User(user or _login(), Role.TECHNICIAN)
    line = None if without_centre else http_line

    def rebuilt(passphrase: str | None) -> object:
        given = Credentials(key, certificate, passphrase)
        return rebuild(source, target, who, lambda: datetime.now(UTC), line, given, station)

    try:
        done = rebuilt(None)
    except KnownError as error:
        if error.code != "KEY-02":
            raise
        told = os.environ.get(VARIABLE)
        done = rebuilt(
            told if told is not None else typer.prompt("Heslo ke klíči · Passphrase", hide_input=True)
        )
    _describe(done)


def _describe(done: object) -> None:
    from app.station.backup.restore import Restored

    assert isinstance(done, Restored)
    print(f"Obnoveno · Restored: {done.station} → {done.folder}")
    if done.made_at is not None:
        print(f"Záloha z · Copy of: {done.made_at.isoformat(' ', 'seconds')}")
    print(f"Z ústředí · From the centre: dávek · batches {len(done.recovered)}, "
          f"zápisů · protocols {len(done.keys)}")  # fmt: skip
    if not done.asked:
        print("Ústředí se neptalo; stanice se zeptá, než něco odešle. · The centre was not asked.")


def _login() -> str:
    import getpass

    return getpass.getuser()
