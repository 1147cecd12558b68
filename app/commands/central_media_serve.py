"""`prebirka central media serve` and `export`: the media's line, and its list for what stands in front."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.central.media.server.origin import Told

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]


def _path(help_: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(help=help_)
    return option


Public = Annotated[Path | None, _path("Zveřejněná data; jinak FOLDER/public.\n[dim]What is published.[/dim]")]
Listed = Annotated[
    Path | None,
    typer.Option(
        "--list", help="Podepsaný seznam; jinak FOLDER/media/allowed.p7m.\n[dim]The signed list.[/dim]"
    ),
]
Authority = Annotated[
    Path | None,
    typer.Option(
        "--ca", help="Certifikát autority; jinak FOLDER/ca.pem.\n[dim]The authority's certificate.[/dim]"
    ),
]
Statistics = Annotated[
    Path | None,
    _path("Soubor statistik; jinak FOLDER/media/statistics.json.\n[dim]The file of statistics.[/dim]"),
]

Shifted = Annotated[
    int,
    typer.Option(
        help="Jen zkouška: o kolik sekund jsou hodiny posunuté.\n"
        "[dim]Rehearsal only: seconds by which the clock is shifted.[/dim]"
    ),
]


def serve(
    folder: Folder,
    host: Annotated[
        str,
        typer.Option(
            help="Adresa, na které naslouchá; s lomítkem soket v souborovém systému.\n"
            "[dim]The address to listen on; with a slash a socket in the file system.[/dim]"
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 = kterýkoli volný.\n[dim]Port; 0 = any free.[/dim]")
    ] = 8010,
    rehearsal: Annotated[
        Path | None,
        _path("Zveřejněná data zkoušky.\n[dim]The rehearsal's published folder.[/dim]"),
    ] = None,
    public: Public = None,
    listed: Listed = None,
    ca: Authority = None,
    statistics: Statistics = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CIDR",
            help="Síť předřazeného serveru, kterému se věří, od koho požadavek je; „unix“ pro soket.\n"
            "[dim]A network of a front server that is believed about addresses; “unix” for a socket.[/dim]",
        ),
    ] = None,
    forwarded_by: Annotated[
        Told,
        typer.Option(help="Jak to říká.\n[dim]How it says so.[/dim]"),
    ] = Told.X_FORWARDED_FOR,
    operator: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS:PORT",
            help="Adresa provozovatele s /metrics; prázdná žádná.\n[dim]The operator's, with /metrics.[/dim]",
        ),
    ] = "127.0.0.1:8011",
    organisation_rate: Annotated[
        float, typer.Option(min=0, help="Požadavků za sekundu od organizace.\n[dim]Requests a second.[/dim]")
    ] = 200.0,
    address_rate: Annotated[
        float, typer.Option(min=0, help="Požadavků za sekundu z adresy.\n[dim]Of one address.[/dim]")
    ] = 100.0,
    export_nginx: Annotated[
        Path | None,
        _path("Přepisuje tento soubor pro nginx.\n[dim]Keeps this file for nginx.[/dim]"),
    ] = None,
    export_nftables: Annotated[
        Path | None,
        _path("Přepisuje tento soubor pro nftables.\n[dim]Keeps this file for nftables.[/dim]"),
    ] = None,
    clock_offset: Shifted = 0,
) -> None:
    """Spustí linku pro média: čte zveřejněné soubory a podepsaný seznam adres, nic jiného.

    [dim]Runs the media's line: it reads published files and the signed list of addresses, nothing else.[/dim]

    Do začátku ostrého provozu čtou všechny adresy data zkoušky, potom jen adresy pro noc data ostrá. Jakmile
    je připravena, vypíše READY a svou adresu. Příklad: prebirka central media serve ustredi --rehearsal
    zkouska/public --proxy unix --host /run/prebirka/media.sock
    [dim]Until the live moment all addresses read the rehearsal's data, then only those of the night, the
    live ones.[/dim]
    """
    import logging
    import sys

    from app.central.media.server import run
    from app.central.media.server.export import Form
    from app.central.media.server.gate import Limits

    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    offset = timedelta(seconds=clock_offset)
    exports = {Form.NGINX: export_nginx, Form.NFTABLES: export_nftables}
    settings = run.Settings(
        public=public or folder / "public",
        listed=listed or folder / "media" / "allowed.p7m",
        authority=ca or folder / "ca.pem",
        statistics=statistics or folder / "media" / "statistics.json",
        rehearsal=rehearsal,
        proxies=tuple(proxy or ()),
        told=forwarded_by,
        limits=Limits(organisation_rate, int(organisation_rate * 10), address_rate, int(address_rate * 10)),
        exports={form: path for form, path in exports.items() if path is not None},
        shifted=bool(offset),
    )
    beside = _address(operator) if operator else None
    run.serve(settings, lambda: datetime.now(UTC) + offset, host, port, beside)


def fences(
    folder: Folder,
    nginx: Annotated[Path | None, _path("Soubor pro nginx (allow).\n[dim]A file for nginx.[/dim]")] = None,
    nftables: Annotated[Path | None, _path("Soubor pro nft -f.\n[dim]A file for nft -f.[/dim]")] = None,
    listed: Listed = None,
    ca: Authority = None,
    statistics: Statistics = None,
    clock_offset: Shifted = 0,
) -> None:
    """Vypíše platný seznam adres pro nginx a nftables; bez voleb jej ukáže.

    [dim]Writes the list of addresses in force for nginx and for nftables; without options it shows it.[/dim]

    Říká přesně to, co by o adrese řekla linka teď: ve zkušebním provozu všechny adresy, v ostrém jen adresy
    pro noc. Průběžně soubory přepisuje sama linka (serve --export-nginx, --export-nftables).
    [dim]It says exactly what the line would say of an address now.[/dim]
    """
    from app.central.media.server import export
    from app.central.media.server.export import Form
    from app.central.media.server.run import listed_now

    allowed, phase = listed_now(
        listed or folder / "media" / "allowed.p7m",
        ca or folder / "ca.pem",
        statistics or folder / "media" / "statistics.json",
        lambda: datetime.now(UTC) + timedelta(seconds=clock_offset),
        shifted=bool(clock_offset),
    )
    for form, path in ((Form.NGINX, nginx), (Form.NFTABLES, nftables)):
        text = export.text(form, allowed, phase)
        if path is not None:
            export.write(path, text)
            print(f"{form}: {path}")
        elif nginx is None and nftables is None:
            print(text, end="")


def _address(text: str) -> tuple[str, int]:
    """`127.0.0.1:8011`, `[::1]:8011`, or a path."""
    if "/" in text:
        return text, 0
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise typer.BadParameter(f"{text}: 127.0.0.1:8011")
    return host.strip("[]"), int(port)
