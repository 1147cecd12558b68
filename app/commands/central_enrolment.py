"""`prebirka central enrolment`, `prebirka trust issue-all`: hundreds of stations, each certified by people.

The centre collects requests and hands certificates out; between the two the requests travel to the
authority's ceremony and back. Nothing here certifies anybody without it.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from app.election.errors import KnownError

app = typer.Typer(
    help="Zařazení nových stanic: očekávané, žádosti, vydané certifikáty.\n\n"
    "[dim]Enrolment of new stations: expected ones, requests, issued certificates.[/dim]\n\n"
    "Postup: 1. [bold]expect[/bold] přijme seznam z prebirka provision, 2. [bold]export[/bold] uloží žádosti "
    "pro obřad, 3. u autority prebirka trust issue-all, 4. [bold]take[/bold] zapíše a vydá certifikáty.\n"
    "[dim]The way: 1. expect takes the list of prebirka provision, 2. export saves requests for the "
    "ceremony, 3. there prebirka trust issue-all, 4. take registers and hands out the certificates.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

_FILE: dict[str, Any] = {"exists": True, "dir_okay": False}
Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]


@app.command()
def expect(
    folder: Folder,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE.p7m…", help="Seznamy z prebirka provision.\n[dim]Its lists.[/dim]", **_FILE
        ),
    ],
) -> None:
    """Přijme seznam pracovišť, od kterých přijde žádost. Starší balíček téže stanice tím přestane platit.

    [dim]Takes a list of workstations that are going to ask. An older package of the same one ends.[/dim]
    """
    from app.central import centre, enrolment
    from app.central.settings import CentreFolder
    from app.trust.anchors import Anchors

    now = datetime.now(UTC)
    reference = centre.reference_of(folder, lambda: now)
    anchors = Anchors.from_pem(CentreFolder(folder).authority.read_bytes())
    with centre.opened_store(folder) as (database, _):
        for file in files:
            count = enrolment.expect(database, anchors, reference, file.read_bytes(), now)
            print(f"{file}: očekává se stanic · stations expected: {count}")


@app.command(name="list")
def list_(
    folder: Folder,
    as_json: Annotated[bool, typer.Option("--json", help="Pro skripty.\n[dim]For scripts.[/dim]")] = False,
) -> None:
    """Ukáže, která stanice požádala a která má certifikát.

    [dim]Shows which station has asked and which has its certificate.[/dim]
    """
    from app.central import centre, enrolment

    with centre.opened_store(folder) as (database, _):
        found = enrolment.standings(database)
    if as_json:
        print(json.dumps([asdict(one) for one in found], indent=1))
        return
    states: Counter[str] = Counter()
    for one in found:
        state = "vydáno · issued" if one.issued_at else "žádá · asks" if one.asked_at else "čeká se · awaited"
        states[state] += 1
        print(f"{one.station:<10} {state:<20} {one.key_fingerprint}")
    print(", ".join(f"{state}: {count}" for state, count in states.items()) or "–")


@app.command()
def export(
    folder: Folder,
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="Kam uložit žádosti.\n[dim]Where to save the requests.[/dim]", file_okay=False
        ),
    ],
) -> None:
    """Uloží žádosti, ke kterým ještě není certifikát, pro obřad autority.

    [dim]Saves the requests that have no certificate yet, for the authority's ceremony.[/dim]
    """
    from app.central import centre, enrolment

    with centre.opened_store(folder) as (database, _):
        waiting = enrolment.waiting(database)
    out.mkdir(parents=True, exist_ok=True)
    for station, pem in waiting:
        (out / f"{station}.csr").write_bytes(pem)
    print(f"Uloženo žádostí · Requests saved: {len(waiting)}")


@app.command()
def take(
    folder: Folder,
    certificates: Annotated[
        list[Path],
        typer.Argument(
            metavar="CERTIFICATE.pem…", help="Vydané certifikáty.\n[dim]Issued certificates.[/dim]", **_FILE
        ),
    ],
) -> None:
    """Zapíše stanice podle vydaných certifikátů a nechá si je stanice vyzvednout.

    [dim]Registers stations by their issued certificates, and lets them fetch those.[/dim]
    """
    from app.central import centre, enrolment
    from app.trust.certificate import Certificate

    read = [Certificate.from_pem(path.read_bytes()) for path in certificates]
    with centre.opened_store(folder) as (database, election):
        count = enrolment.hand_out(database, read, election, datetime.now(UTC))
    print(f"Zapsáno stanic · Stations registered: {count} / {len(read)}")


def issue_all(
    requests: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="Složka s žádostmi 662-1.csr.\n[dim]Folder of requests.[/dim]", exists=True
        ),
    ],
    ca: Annotated[
        Path,
        typer.Option(
            help="Složka autority.\n[dim]The authority's folder.[/dim]", exists=True, file_okay=False
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Kam uložit certifikáty.\n[dim]Where to save certificates.[/dim]"),
    ],
) -> None:
    """Vydá certifikáty všech stanic ve složce; jméno souboru musí být jméno stanice v žádosti.

    [dim]Issues certificates for all the stations in a folder; a file's name has to be the station's.[/dim]

    Spouštějte na počítači autority, bez sítě. Vypíše otisk klíče každé žádosti: porovnejte je se seznamem
    prebirka central enrolment list z ústředí.
    [dim]Run it on the authority's computer, without a network. It prints each key's fingerprint: compare them
    with the centre's prebirka central enrolment list.[/dim]
    """
    from app.commands import trust_files as files
    from app.commands.passphrase import unlock
    from app.trust.authority import AuthorityCertificate, issue, read_request
    from app.trust.identity import Identity, Role

    authority = AuthorityCertificate.from_pem(files.read(ca / "ca.pem"))
    found = {path: files.read(path) for path in sorted(requests.glob("*.csr"))}
    if not found:
        raise KnownError(
            "PRO-32",
            f"Ve složce {requests} není žádná žádost (.csr).",
            f"There is no request (.csr) in the folder {requests}.",
        )
    wanted = {}
    for path, pem in found.items():  # whatever is wrong with one is said before anything is issued
        name = path.stem
        identity = Identity(Role.STATION, authority.election, int(name.partition("-")[0] or 0), name)
        wanted[path] = identity
        print(f"{name:<10} {read_request(pem).fingerprint}")
        files.refuse_existing(out / f"{name}.pem")
    key, begins = unlock(ca / "ca.key"), max(files.now() - timedelta(hours=1), authority.not_before)
    out.mkdir(parents=True, exist_ok=True)
    for path, identity in wanted.items():
        certificate = issue(found[path], identity, authority, key, begins, authority.not_after)
        files.write_new(out / f"{path.stem}.pem", certificate.to_pem())
    print(f"Vydáno · Issued: {len(wanted)}, {out}")
