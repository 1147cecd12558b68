"""`prebirka reference accounts`: prepares the people of a transfer point, signed for its stations."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.passphrase import unlock

if TYPE_CHECKING:
    from app.documents.accounts import DeliveredAccount

_ROLES = {"obsluha": "OBSLUHA", "vedouci": "VEDOUCI", "technik": "TECHNIK"}
_COLUMNS = ("login", "jmeno", "role")


def accounts(
    people: Annotated[
        Path,
        typer.Argument(
            metavar="CSV",
            help="Sloupce login, jmeno, role (obsluha, vedouci, technik).\n"
            "[dim]Columns login, jmeno (full name), role (clerk, supervisor, technician).[/dim]",
            exists=True,
            dir_okay=False,
        ),
    ],
    reference: Annotated[
        Path, typer.Option(help="Číselníky voleb.\n[dim]The reference file.[/dim]", exists=True)
    ],
    point: Annotated[int, typer.Option(help="Číslo přebíracího místa.\n[dim]The transfer point.[/dim]")],
    key: Annotated[
        Path, typer.Option(help="Klíč role reference.\n[dim]Key of the role reference.[/dim]", exists=True)
    ],
    certificate: Annotated[
        Path, typer.Option(help="Certifikát ke klíči.\n[dim]The key's certificate.[/dim]", exists=True)
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Kam soubor zapsat.\n[dim]Where to write it.[/dim]")
    ] = Path("accounts.p7m"),
) -> None:
    """Připraví účty přebíracího místa: podepsaný soubor do složek jeho stanic a dočasná hesla na papír.

    [dim]Prepares the accounts of a transfer point: a signed file for the folders of its stations, and the
    temporary passwords for paper.[/dim]

    Hesla se jen vypíšou a nikde nezůstanou; v souboru jsou jejich otisky Argon2id. Soubor accounts.p7m
    přijme stanice při otevření, nebo příkazem prebirka station users import.
    [dim]The passwords are printed and kept nowhere; the file has their Argon2id hashes. A station takes
    accounts.p7m when it opens, or by prebirka station users import.[/dim]
    """
    from app.documents import accounts as documents
    from app.documents.reference import load
    from app.trust.certificate import Certificate
    from app.trust.cms import sign

    election = load(reference).election
    now = datetime.now(UTC)
    made, passwords = _prepared(people)
    content = documents.DeliveredAccounts(election.code, election.mode, point, now, made)
    signer = Certificate.from_pem(certificate.read_bytes())
    data = sign(documents.write(content), unlock(key), signer, now)
    documents.read(documents.write(content))  # what a station would refuse is refused here
    with out.open("xb") as file:
        file.write(data)
    for one, password in zip(made, passwords, strict=True):
        print(f"{one.login:<20} {one.name:<30} {password}")
    print(f"Zapsáno · Written: {out}")


def _prepared(people: Path) -> tuple[tuple[DeliveredAccount, ...], list[str]]:
    """The accounts of the table, and their temporary passwords in the same order."""
    return prepared(read_people(people))


def read_people(people: Path, *more: str) -> list[dict[str, str]]:
    """The rows of a table of people, which has the columns login, jmeno, role, and `more`."""
    with people.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        rows = list(table)
    columns = (*more, *_COLUMNS)
    if not rows or not set(columns) <= set(table.fieldnames or ()):
        raise typer.BadParameter(f"Sloupce · Columns: {', '.join(columns)}", param_hint="CSV")
    for number, row in enumerate(rows, start=2):
        if (row["role"] or "").strip() not in _ROLES:
            raise typer.BadParameter(f"{number}: role = {' / '.join(_ROLES)}", param_hint="CSV")
    return rows


def prepared(rows: list[dict[str, str]]) -> tuple[tuple[DeliveredAccount, ...], list[str]]:
    """The accounts of rows, and their temporary passwords in the same order."""
    from app.documents.accounts import AccountRole, DeliveredAccount
    from app.trust.passwords import Passwords, suggested

    hashing, made, given = Passwords(), [], []
    for row in rows:
        given.append(suggested())
        login, name = row["login"].strip(), " ".join(row["jmeno"].split())
        role = AccountRole(_ROLES[row["role"].strip()])
        made.append(DeliveredAccount(login, name, role, hashing.hashed(given[-1])))
    return tuple(made), given
