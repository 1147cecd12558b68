"""`prebirka central`: the centre's folder, the running centre, its register of stations."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.error import URLError

import typer

from app.commands import (
    central_act,
    central_builds,
    central_care,
    central_enrolment,
    central_init,
    central_keys,
    central_media,
    central_quarantine,
    central_room,
)
from app.commands.central_opendata import opendata
from app.commands.central_public import public
from app.commands.central_readiness import readiness
from app.commands.central_take import take
from app.commands.passphrase import unlock
from app.commands.permit import permit
from app.election.errors import KnownError

app = typer.Typer(
    help="Ústředí: založení a provoz.\n\n"
    "[dim]The centre: set-up and operation.[/dim]\n\n"
    "Postup: 1. [bold]init[/bold] založí složku, 2. [bold]station add[/bold] zapíše stanice podle jejich "
    "certifikátů, 3. [bold]run[/bold] přijímá a zveřejňuje, 4. [bold]status[/bold] ukáže, co je hotovo.\n"
    "[dim]The way: 1. init makes the folder, 2. station add registers the stations by their certificates, "
    "3. run receives and publishes, 4. status shows what is done.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)
station = typer.Typer(
    help="Zapsané stanice: přidat, odvolat, nahradit, vypsat, prověřit.\n\n"
    "[dim]Registered stations: add, revoke, replace, list, review.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)
app.add_typer(station, name="station")
app.add_typer(central_quarantine.app, name="quarantine")
app.add_typer(central_enrolment.app, name="enrolment")
app.add_typer(central_builds.app, name="builds")
app.add_typer(central_act.app, name="act")
app.add_typer(central_media.app, name="media")
station.command()(central_keys.replace)
station.command()(central_keys.review)
app.command()(permit)
app.command()(central_room.room)
app.command()(central_room.evidence)
app.add_typer(central_room.operator, name="operator")
app.command()(take)
app.command()(opendata)
app.command()(public)
app.command()(readiness)
for care in (central_care.backup, central_care.restore, central_care.upgrade, central_care.health):
    app.command()(care)

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]
Url = Annotated[
    str,
    typer.Argument(metavar="URL", help="Adresa ústředí.\n[dim]The centre's address.[/dim]"),
]


def _file(help_: str, *names: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(*names, help=help_, exists=True, dir_okay=False)
    return option


@app.command()
def init(
    folder: Folder,
    ca: Annotated[
        Path | None, _file("Certifikát autority, ca.pem.\n[dim]The authority's certificate.[/dim]")
    ] = None,
    key: Annotated[Path | None, _file("Klíč ústředí.\n[dim]The centre's key.[/dim]")] = None,
    certificate: Annotated[
        Path | None, _file("Certifikát ústředí.\n[dim]The centre's certificate.[/dim]")
    ] = None,
    reference: Annotated[
        Path | None,
        _file(
            "Podepsané číselníky; podpis leží vedle (.p7s).\n[dim]Signed reference data, .p7s beside.[/dim]"
        ),
    ] = None,
    interval: Annotated[
        float,
        typer.Option(min=0, help="Nejdelší čekání na zveřejnění, s.\n[dim]Publish at most so late, s.[/dim]"),
    ] = 0.8,
    grid: Annotated[
        int,
        typer.Option(
            min=0,
            help="Dávky okrsků po tolika sekundách; 0 při každém zveřejnění.\n"
            "[dim]Batches of precincts each so many seconds; 0 at each publication.[/dim]",
        ),
    ] = 300,
    database: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Databáze na serveru, postgresql+psycopg://uživatel@počítač/databáze, bez hesla; jinak "
            "soubor ve složce.\n[dim]A database on a server, without a password; else a file in the "
            "folder.[/dim]",
        ),
    ] = "",
) -> None:
    """Založí složku ústředí; v terminálu se zeptá na vše, co není zadáno volbami.

    [dim]Makes a centre's folder; on a terminal it asks for what no option gives.[/dim]

    Volby i režim (ostrý, nebo zkouška) určují číselníky. Další nastavení je v souboru centre.toml.
    Příklad: prebirka central init ustredi --ca ca.pem --key centre.key --certificate centre.pem
    --reference kz2024.sqlite
    [dim]Election and mode come from the reference data; more settings are in centre.toml.[/dim]
    """
    from app.central import centre
    from app.central.settings import CentreSettings
    from app.documents import reference as reference_file
    from app.trust.certificate import Certificate

    given = central_init.complete((ca, key, certificate, reference), database)
    election = reference_file.load(given.reference).election
    settings = CentreSettings(
        election.code,
        election.mode,
        database=given.database,
        publish_interval_seconds=interval,
        batch_grid_seconds=grid,
    )
    centre.init(
        folder,
        settings,
        authority=given.ca.read_bytes(),
        key=given.key,
        certificate=Certificate.from_pem(given.certificate.read_bytes()),
        reference=given.reference,
        reference_signature=given.reference.with_name(given.reference.name + ".p7s"),
    )
    print(f"Ústředí je založeno · Made a centre: {folder} ({election.code}, {election.mode})")
    print(central_init.next_steps(folder, election.code))


@app.command()
def run(
    folder: Folder,
    host: Annotated[
        str, typer.Option(help="Adresa, na které naslouchá.\n[dim]The address to listen on.[/dim]")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 = kterýkoli volný.\n[dim]Port; 0 = any free.[/dim]")
    ] = 8000,
    clock: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M"],
            help="Jen zkouška: kolik je na začátku hodin (pražský čas).\n"
            "[dim]Rehearsal only: the time at the beginning, Prague time.[/dim]",
        ),
    ] = None,
    processes: Annotated[
        int,
        typer.Option(
            min=1,
            max=64,
            help="Kolik procesů sdílí adresu; zveřejňuje vždy jeden.\n"
            "[dim]How many processes share the address; one of them publishes.[/dim]",
        ),
    ] = 1,
) -> None:
    """Spustí ústředí: přijímá dávky, zveřejňuje výsledky. Končí po Ctrl+C nebo SIGTERM.

    [dim]Runs the centre: receives batches, publishes results, until Ctrl+C or SIGTERM.[/dim]

    Jakmile je připraveno, vypíše READY a svou adresu; na ní je stránka s průběhem.
    [dim]When it can be asked it prints READY and its address, where a page shows the progress.[/dim]
    """
    import logging
    import sys

    from app.central.asked import WithRequest
    from app.central.run import serve
    from app.central.settings import CentreFolder, load

    words = logging.StreamHandler(sys.stderr)
    words.addFilter(WithRequest())
    logging.basicConfig(
        handlers=[words],
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(request)s %(name)s %(message)s",
    )
    paths = CentreFolder(folder)
    settings = load(paths)
    offset = timedelta(seconds=settings.clock_offset_seconds)
    if clock is not None:
        offset = offset_of(clock, settings.mode.value)
    key = unlock(paths.key)
    serve(folder, host, port, lambda: datetime.now(UTC) + offset, key, count=processes)


@app.command()
def status(url: Url = "http://127.0.0.1:8000") -> None:
    """Ukáže, co běžící ústředí přijalo a zveřejnilo.

    [dim]Shows what a running centre has received and published.[/dim]
    """
    told = _asked(url)
    print(f"{told['election']} ({told['mode']}), {told['time']}")
    for contest, counts in told["contests"].items():
        never = f", nebude dodáno · never delivered: {counts['never']}" if counts.get("never") else ""
        declared = (
            f", prohlášená území · declared areas: {counts['declared']}" if counts.get("declared") else ""
        )
        print(f"{contest}: {counts['processed']} / {counts['expected']} okrsků · precincts{never}{declared}")
    received, published = told["received"], told["published"]
    print(
        f"dávky · batches: {received['batches']}, odložené · set aside: {received['set_aside']}, "
        f"zápisy · protocols: {received['revisions']}"
    )
    print(f"zveřejněná verze · published version: {published['version']}")
    for waiting in told.get("undecided", []):
        print(f"ČEKÁ NA ROZHODNUTÍ · WAITS FOR A DECISION\n  {waiting['cs']}\n  {waiting['en']}")
    if told["quarantine"]:
        names = ", ".join(map(str, told["quarantine"]))
        print(f"V KARANTÉNĚ · IN QUARANTINE: {names} (prebirka central quarantine show)")
    if told["clock"]:
        print(f"HODINY NESOUHLASÍ, NIC SE NEZVEŘEJŇUJE · CLOCKS DISAGREE: {told['clock']}")
    if told["embargo"]:
        print("Do konce hlasování se nic nezveřejňuje. · Nothing is published before voting ends.")
    if published["stopped"]:
        print(f"ZVEŘEJŇOVÁNÍ JE ZASTAVENO · PUBLICATION IS STOPPED: {published['stopped']}")
        raise typer.Exit(1)


@station.command()
def add(
    folder: Folder,
    certificates: Annotated[
        list[Path],
        typer.Argument(
            metavar="CERTIFICATE.pem…",
            help="Certifikáty stanic.\n[dim]Certificates of stations.[/dim]",
            exists=True,
            dir_okay=False,
        ),
    ],
) -> None:
    """Zapíše stanice podle jejich certifikátů; nový certifikát nahradí starší. Platí hned.

    [dim]Registers stations by their certificates; a new certificate replaces the older. At once.[/dim]
    """
    from app.central import centre
    from app.trust.certificate import Certificate

    read = [Certificate.from_pem(path.read_bytes()) for path in certificates]
    changed = centre.add_stations(folder, read, datetime.now(UTC))
    print(f"Zapsáno stanic · Stations registered: {changed} / {len(read)}")


@station.command()
def revoke(
    folder: Folder,
    name: Annotated[
        str,
        typer.Argument(metavar="STATION", help="Stanice, například 662-1.\n[dim]Such as 662-1.[/dim]"),
    ],
    reason: Annotated[
        str, typer.Option(help="Proč; zůstane v deníku.\n[dim]Why; it stays in the journal.[/dim]")
    ],
) -> None:
    """Odvolá stanici: od této chvíle se od ní nic nepřijme.

    [dim]Revokes a station: from this moment nothing is taken from it.[/dim]
    """
    from app.central import centre

    centre.revoke_station(folder, name, reason, datetime.now(UTC))
    print(f"Odvolána stanice · Revoked station: {name}")


@station.command(name="list")
def list_(folder: Folder) -> None:
    """Vypíše zapsané stanice: stanice, platí/odvolána, od kdy, otisk certifikátu.

    [dim]Lists the registered stations: station, in force or revoked, since when, fingerprint.[/dim]
    """
    from app.central import centre

    for each in centre.listed_stations(folder):
        state = "platí · in force" if each.active else f"odvolána · revoked: {each.reason}"
        print(f"{each.station}\t{state}\t{each.at}\t{each.fingerprint}")


def offset_of(clock: datetime, mode: str) -> timedelta:
    """How far a rehearsal's clock, in Prague time, is from the machine's. Raises KnownError."""
    from zoneinfo import ZoneInfo

    if mode != "ZKOUSKA":
        raise KnownError(
            "CEN-03",
            "Posunuté hodiny smí mít jen zkouška; v ostrém provozu volbu --clock vynechte.",
            "Only a rehearsal may run by a shifted clock; leave --clock out in live mode.",
        )
    return clock.replace(tzinfo=ZoneInfo("Europe/Prague")) - datetime.now(UTC)


def _asked(url: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/v1/status", timeout=10) as answer:  # noqa: S310
            told: dict[str, Any] = json.load(answer)
    except (URLError, OSError, ValueError) as error:
        raise KnownError(
            "CEN-09",
            f"Na adrese {url} ústředí neodpovídá. Zkontrolujte adresu a zda ústředí běží.",
            f"No centre answers at {url} ({error}). Check the address and whether the centre runs.",
        ) from error
    return told
