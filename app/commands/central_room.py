"""`prebirka central room` and `prebirka central operator`: the operations room, and who may sign in there."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.passphrase import unlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.central.room.operators import Operators

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]
Login = Annotated[str, typer.Argument(help="Přihlašovací jméno.\n[dim]The login.[/dim]")]
By = Annotated[
    str, typer.Option(help="Kdo to dělá; zůstane v deníku.\n[dim]Who does it; it stays in the journal.[/dim]")
]

operator = typer.Typer(
    help="Účty velínu: přidat, vypsat, zrušit, uvolnit, nové heslo.\n\n"
    "[dim]Accounts of the operations room: add, list, disable, release, new password.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)


class RoleName(StrEnum):
    """The roles as the command line writes them."""

    OPERATOR = "operator"
    MEDIA = "media"
    ADMINISTRATOR = "administrator"
    OBSERVER = "observer"


def room(
    folder: Folder,
    host: Annotated[
        str, typer.Option(help="Adresa, na které naslouchá.\n[dim]The address to listen on.[/dim]")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 = kterýkoli volný.\n[dim]Port; 0 = any free.[/dim]")
    ] = 8100,
    origin: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Adresa v prohlížeči, stojí-li před velínem server s TLS.\n"
            "[dim]The address in browsers, where a front server with TLS stands before it.[/dim]",
        ),
    ] = "",
    centre: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Adresa běžícího ústředí; prázdná = neptat se.\n"
            "[dim]The running centre's address; empty: do not ask it.[/dim]",
        ),
    ] = "http://127.0.0.1:8000",
    silent_after: Annotated[
        int,
        typer.Option(
            min=10, help="Po kolika sekundách místo mlčí.\n[dim]Silent after so many seconds.[/dim]"
        ),
    ] = 300,
    clock: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M"],
            help="Jen zkouška: kolik je na začátku hodin (pražský čas).\n"
            "[dim]Rehearsal only: the time at the beginning, Prague time.[/dim]",
        ),
    ] = None,
) -> None:
    """Spustí velín: stránku obsluhy ústředí za přihlášením, na vlastní adrese. Končí po Ctrl+C.

    [dim]Runs the operations room: the page of the centre's operators behind a login, until Ctrl+C.[/dim]

    Účty se zakládají příkazem prebirka central operator add. Bez serveru s TLS (viz --origin) naslouchá jen
    na tomto počítači.
    [dim]Accounts are made by prebirka central operator add. Without a server with TLS (--origin) it listens
    on this machine alone.[/dim]
    """
    import logging
    import sys

    from app.central.room.run import serve
    from app.central.settings import CentreFolder, load
    from app.commands.central import offset_of

    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    paths = CentreFolder(folder)
    settings = load(paths)
    offset = timedelta(seconds=settings.clock_offset_seconds)
    if clock is not None:
        offset = offset_of(clock, settings.mode.value)
    serve(
        folder, host, port, lambda: datetime.now(UTC) + offset, unlock(paths.key),
        origin=origin, centre=centre, silent_after=timedelta(seconds=silent_after),
    )  # fmt: skip


def evidence(
    folder: Folder,
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="Nová složka, nebo soubor .tar.gz.\n[dim]A new folder, or a file .tar.gz.[/dim]",
        ),
    ],
    log: Annotated[
        list[Path] | None,
        typer.Option(
            help="Protokol k přiložení; i vícekrát.\n[dim]A log to enclose; may be repeated.[/dim]",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Zabalí důkazy: dávky, potvrzenky, všechny verze zápisů, deník, certifikáty, podpisy, nastavení.

    [dim]Packs the evidence: batches, receipts, all revisions, journal, certificates, signatures,
    settings.[/dim]

    Ústředí při tom může běžet. Soukromé klíče ani hesla v balíčku nejsou; podepsán je klíčem ústředí a
    ověří ho openssl a sha256sum (README.txt uvnitř). Deník systému: journalctl -u prebirka-centre > log.txt
    Příklad: prebirka central evidence ustredi dukazy.tar.gz --log log.txt
    [dim]The centre may run meanwhile. No private key and no password is inside; it is signed by the centre's
    key and checked by openssl and sha256sum (README.txt in it).[/dim]
    """
    from app.central.centre import opened_store, prepare
    from app.central.evidence import last_act, pack
    from app.central.settings import CentreFolder

    now = datetime.now(UTC)
    with opened_store(folder) as (database, _):
        then = last_act(database) or now
        parts = prepare(folder, lambda: then, unlock(CentreFolder(folder).key))
        packed = pack(database, parts, out, now, log or [])
    print(f"{out}: {packed.files} souborů · files, {packed.size} B, SHA256SUMS {packed.sha256}")


@operator.command()
def add(
    folder: Folder,
    login: Login,
    name: Annotated[str, typer.Option(help="Jméno a příjmení.\n[dim]The full name.[/dim]")],
    role: Annotated[
        RoleName,
        typer.Option(
            help="operator rozhoduje o výsledcích, media o médiích, administrator o účtech a stanicích, "
            "observer se dívá.\n[dim]Who decides about results, media, accounts, or watches.[/dim]"
        ),
    ] = RoleName.OPERATOR,
    by: By = "command line",
) -> None:
    """Přidá účet a vypíše jeho dočasné heslo; člověk si při prvním přihlášení zvolí vlastní.

    [dim]Adds an account and prints its temporary password; its owner chooses another at the first signing
    in.[/dim]

    Příklad: prebirka central operator add ustredi jnova --name "Jana Nová" --role operator
    """
    from app.central.room.permissions import Role
    from app.trust.passwords import suggested

    password = suggested()
    with _accounts(folder) as accounts:
        accounts.add(login, name, Role(role.value), password, by, datetime.now(UTC))
    print(f"{login}\t{name}\t{role}\t{password}")


@operator.command(name="list")
def list_(folder: Folder) -> None:
    """Vypíše účty: přihlašovací jméno, jméno, role, stav.

    [dim]Lists the accounts: login, name, role, state.[/dim]
    """
    with _accounts(folder) as accounts:
        for each in accounts.all():
            state = "platí · in force" if each.active else "zrušen · closed"
            if each.active and each.locked:
                state = "zablokován · locked"
            print(f"{each.login}\t{each.name}\t{each.role}\t{state}")


@operator.command()
def disable(folder: Folder, login: Login, by: By = "command line") -> None:
    """Zruší účet; jeho přihlášení skončí při dalším kliknutí. Účet zůstane v seznamu.

    [dim]Closes an account; its sessions end with the next click. It stays in the list.[/dim]
    """
    with _accounts(folder) as accounts:
        accounts.disable(login, by, datetime.now(UTC))
    print(f"Účet je zrušen · The account is closed: {login}")


@operator.command()
def release(folder: Folder, login: Login, by: By = "command line") -> None:
    """Uvolní účet zablokovaný chybnými hesly; heslo zůstane.

    [dim]Releases an account that wrong passwords locked; the password stays.[/dim]
    """
    with _accounts(folder) as accounts:
        accounts.release(login, by, datetime.now(UTC))
    print(f"Účet je uvolněn · The account is released: {login}")


@operator.command()
def password(folder: Folder, login: Login, by: By = "command line") -> None:
    """Nastaví účtu nové dočasné heslo a vypíše ho.

    [dim]Sets a new temporary password of an account and prints it.[/dim]
    """
    from app.trust.passwords import suggested

    made = suggested()
    with _accounts(folder) as accounts:
        accounts.new_password(login, made, by, datetime.now(UTC))
    print(f"{login}\t{made}")


@contextmanager
def _accounts(folder: Path) -> Iterator[Operators]:
    """The accounts of a centre, running or not."""
    from app.central.centre import opened_store
    from app.central.room.operators import Operators
    from app.trust.passwords import Passwords

    with opened_store(folder) as (database, _):
        yield Operators(database, Passwords())
