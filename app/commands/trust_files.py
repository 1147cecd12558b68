"""What the commands of `prebirka trust` share: passphrases, files that are never overwritten, output."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands import passphrase
from app.trust.certificate import CertificateTrouble

NoPassphrase = Annotated[
    bool,
    typer.Option(
        "--no-passphrase",
        help="Klíč bez hesla: jen pro zkoušky.\n[dim]A key without a passphrase: for rehearsals only.[/dim]",
    ),
]

RequestFile = Annotated[
    Path,
    typer.Argument(
        metavar="REQUEST.csr", help="Žádost.\n[dim]The request.[/dim]", exists=True, dir_okay=False
    ),
]
AuthorityFolder = Annotated[
    Path,
    typer.Option(help="Složka autority.\n[dim]The authority's folder.[/dim]", exists=True, file_okay=False),
]


def life(start: datetime, end: datetime) -> None:
    line("Platnost · Valid", f"{start:%Y-%m-%d %H:%M:%S} – {end:%Y-%m-%d %H:%M:%S} UTC")


def line(label: str, value: str) -> None:
    print(f"{label}: {value}")


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def new_passphrase(without: bool) -> str | None:
    if without:
        return None
    given = os.environ.get(passphrase.VARIABLE)
    if given is not None:
        return given
    typed: str = typer.prompt("Heslo ke klíči · Passphrase", hide_input=True, confirmation_prompt=True)
    return typed


def refuse_existing(path: Path) -> None:
    if path.exists():
        raise CertificateTrouble(
            code="CRT-09",
            cs=f"Soubor {path} už existuje a nepřepisuje se. Zvolte jiné jméno nebo složku.",
            en=f"The file {path} exists and is not overwritten. Choose another name or folder.",
        )


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CertificateTrouble(
            code="CRT-10",
            cs=f"Soubor {path} nelze přečíst: {error.strerror}.",
            en=f"The file {path} cannot be read: {error.strerror}.",
        ) from error


def write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
