"""`prebirka central builds`: the list of programs that may be worked with, made by the preparation and
published at the centre."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.passphrase import unlock

app = typer.Typer(
    help="Schválené programy stanic: vydat seznam, zveřejnit ho, ukázat, kdo s čím pracuje.\n\n"
    "[dim]Approved programs of the stations: make the list, publish it, show who works with what.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)
_FILE: dict[str, Any] = {"exists": True, "dir_okay": False}
_TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]
Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]
Builds = Annotated[
    list[str],
    typer.Option(
        metavar="VERSION:PLATFORM:SHA256",
        help="Jedno sestavení, jak ho vypíše prebirka version --json.\n"
        "[dim]One build as prebirka version --json tells it.[/dim]",
    ),
]


@app.command()
def make(
    out: Annotated[
        Path, typer.Argument(metavar="FILE", help="Kam seznam zapsat.\n[dim]Where to write it.[/dim]")
    ],
    reference: Annotated[
        Path, typer.Option(help="Číselníky voleb.\n[dim]The reference file.[/dim]", **_FILE)
    ],
    key: Annotated[
        Path, typer.Option(help="Klíč role reference.\n[dim]Key of the role reference.[/dim]", **_FILE)
    ],
    certificate: Annotated[
        Path, typer.Option(help="Certifikát ke klíči.\n[dim]The key's certificate.[/dim]", **_FILE)
    ],
    serial: Annotated[
        int, typer.Option(min=1, help="Pořadí; vyšší než minule.\n[dim]Higher than the last one.[/dim]")
    ],
    frozen: Annotated[
        datetime,
        typer.Option(
            formats=_TIMES,
            help="Od kdy se program nemění (pražský čas).\n[dim]No program changes from then on.[/dim]",
        ),
    ],
    allow: Builds = [],  # noqa: B006 - typer reads it
    warn: Builds = [],  # noqa: B006
    refuse: Builds = [],  # noqa: B006
    others: Annotated[
        str,
        typer.Option(help="Co s ostatními: allow, warn, refuse.\n[dim]What of all others.[/dim]"),
    ] = "warn",
    days: Annotated[
        int, typer.Option(min=1, max=400, help="Platnost ve dnech.\n[dim]Life in days.[/dim]")
    ] = 60,
) -> None:
    """Vydá podepsaný seznam schválených programů.

    [dim]Makes the signed list of approved programs.[/dim]

    Příklad: prebirka central builds make programy.p7m --reference kz2024.sqlite --key reference.key
    --certificate reference.pem --serial 1 --frozen "2024-09-13 18:00" --allow 1.0.0:linux:3f2a…
    """
    from zoneinfo import ZoneInfo

    from app.documents import builds as documents
    from app.documents.builds import Standing
    from app.documents.reference import load
    from app.trust.certificate import Certificate
    from app.trust.cms import sign

    standings = {"allow": Standing.ALLOWED, "warn": Standing.WARNED, "refuse": Standing.REFUSED}
    if others not in standings:
        raise typer.BadParameter(" / ".join(standings), param_hint="--others")
    election, now = load(reference).election, datetime.now(UTC)
    listed = [
        _listed(one, standings[name])
        for name, given in (("allow", allow), ("warn", warn), ("refuse", refuse))
        for one in given
    ]
    told = documents.Builds(
        election.code, election.mode, serial, now, now + timedelta(days=days),
        frozen.replace(tzinfo=ZoneInfo("Europe/Prague")), standings[others], tuple(listed),
    )  # fmt: skip
    content = documents.write(told)
    documents.read(content)  # what a station would refuse is refused here
    data = sign(content, unlock(key), Certificate.from_pem(certificate.read_bytes()), now)
    with out.open("xb") as file:
        file.write(data)
    print(f"Zapsáno · Written: {out}, č. · no. {serial}, {len(listed)}")


@app.command()
def publish(
    folder: Folder,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Podepsaný seznam.\n[dim]The signed list.[/dim]", **_FILE)
    ],
) -> None:
    """Zveřejní seznam u ústředí: hned platí a stanice si ho stáhnou. Starší se nepřijme.

    [dim]Publishes a list at the centre: it counts at once, stations fetch it. An older one is refused.[/dim]
    """
    from app.central import centre, programs
    from app.central.settings import CentreFolder
    from app.trust.anchors import Anchors

    now = datetime.now(UTC)
    reference = centre.reference_of(folder, lambda: now)
    anchors = Anchors.from_pem(CentreFolder(folder).authority.read_bytes())
    with centre.opened_store(folder) as (database, _):
        builds = programs.publish(database, anchors, reference, file.read_bytes(), now)
    print(f"Platí seznam č. · The list in force is no. {builds.serial} ({len(builds.builds)})")


@app.command(name="list")
def list_(folder: Folder) -> None:
    """Ukáže platný seznam a s čím která stanice pracuje.

    [dim]Shows the list in force, and what each station works with.[/dim]
    """
    from app.central import centre, programs
    from app.central.programs import Policy, Programs

    now = datetime.now(UTC)
    with centre.opened_store(folder) as (database, _):
        builds = Programs(database, Policy.OFF).builds(now)
        with database.reading() as connection:
            told = programs.programs(connection)
    if builds is None:
        print("Žádný seznam není zveřejněn. · No list is published.")
    else:
        expired = "  PROŠLÝ · EXPIRED" if now > builds.valid_until else ""
        freeze = f"zmrazení · freeze {builds.frozen_at:%Y-%m-%d %H:%M %z}"
        print(f"č. · no. {builds.serial}, {builds.valid_until:%Y-%m-%d %H:%M} UTC{expired}, {freeze}")
        print(f"ostatní · others: {builds.others}")
        for build in builds.builds:
            print(f"  {build.standing:<9} {build.version:<10} {build.platform:<8} {build.build}")
    for one in told:
        standing = builds.standing_of(one.build) if builds else "–"
        print(f"{one.station:<10} {standing:<9} {one.version:<10} {one.build}")


def _listed(text: str, standing: Any) -> Any:
    from app.documents.builds import ListedBuild

    version, _, rest = text.partition(":")
    platform, _, build = rest.partition(":")
    if not (version and platform) or len(build) != 64 or set(build) - set("0123456789abcdef"):
        raise typer.BadParameter(f"{text}: VERSION:PLATFORM:SHA256")
    return ListedBuild(version, build, platform, standing)
