"""`prebirka station users`: accounts for whoever sets a station up, without its window.

A password is typed or comes from the standard input, never from the command line, which others can see.
Whoever adds accounts proves to be a supervisor, but for the first one; ending a lock-out gives no access and
is for the day on which the only supervisor is locked out.
"""

from __future__ import annotations

import getpass
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands.opening import ask_password, open_station

app = typer.Typer(
    help="Uživatelé stanice: přehled, nový účet, uvolnění, účty od ústředí.\n\n"
    "[dim]Users of a station: list, new account, release, the centre's accounts.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka stanice.\n[dim]The station's folder.[/dim]")
]
Login = Annotated[
    str, typer.Argument(metavar="LOGIN", help="Přihlašovací nebo celé jméno.\n[dim]Login or name.[/dim]")
]
Now = Annotated[
    datetime | None,
    typer.Option(
        "--now",
        help="Jiný čas než skutečný; jen ve zkušebním režimu.\n"
        "[dim]Another time than the real one (UTC); in rehearsals only.[/dim]",
    ),
]
_ROLES = {"obsluha": "clerk", "vedouci": "supervisor", "technik": "technician"}


@app.command(name="list")
def list_users(folder: Folder, now: Now = None) -> None:
    """Vypíše účty stanice a zda se s nimi lze přihlásit.

    [dim]Lists the accounts of the station and whether one can sign in with them.[/dim]
    """
    with open_station(folder, now) as station:
        accounts = station.users.accounts.all()
        if not accounts:
            print("Stanice nemá žádné uživatele. · The station has no users.")
        for one in accounts:
            state = "zrušený · closed" if not one.active else ""
            if one.active and one.locked:
                state = "zablokovaný · locked"
            elif one.active and one.temporary:
                state = "dočasné heslo · temporary password"
            print(f"{one.login:<20} {one.role:<11} {one.name}  {state}".rstrip())
        if station.users.delivery.trouble is not None:
            trouble = station.users.delivery.trouble
            print(f"{trouble.cs}\n{trouble.en} [{trouble.code}]")


@app.command()
def add(
    folder: Folder,
    login: Login,
    name: Annotated[str, typer.Option(help="Jméno a příjmení.\n[dim]Full name.[/dim]")],
    role: Annotated[
        str,
        typer.Option(
            help="obsluha, vedouci nebo technik.\n[dim]Clerk, supervisor or technician.[/dim]",
            metavar="ROLE",
        ),
    ] = "obsluha",
    by: Annotated[
        str,
        typer.Option(
            help="Vedoucí, který účet zakládá; první účet (vedoucí) ho nepotřebuje.\n"
            "[dim]The supervisor who makes the account; the first one (a supervisor) needs none.[/dim]",
            metavar="LOGIN",
        ),
    ] = "",
    now: Now = None,
) -> None:
    """Založí účet. Hesla se ptá na klávesnici; z roury je čte po řádcích: vedoucí, nový účet.

    [dim]Makes an account. Passwords are typed; from a pipe one a line: the supervisor's, the new one's.[/dim]

    Nový uživatel si při prvním přihlášení zvolí vlastní heslo.
    [dim]The new user chooses an own password at the first signing in.[/dim]
    """
    from app.station.permissions import Permission
    from app.station.states import Role, User

    if role not in _ROLES:
        raise typer.BadParameter(" / ".join(_ROLES), param_hint="--role")
    with open_station(folder, now) as station:
        accounts = station.users.accounts
        if accounts.needs_first and role == "vedouci":
            made = accounts.make_first(login, name, _new_password())
        elif not by:
            needed = "--role vedouci" if accounts.needs_first else "--by"
            raise typer.BadParameter("Účty zakládá vedoucí. · A supervisor adds accounts.", param_hint=needed)
        else:
            password = ask_password(f"Heslo vedoucího {by} · Password of {by}")
            at_desk = User(_operator(), Role.TECHNICIAN)
            chief = station.users.signing.vouch(by, password, Permission.MANAGE_USERS, at_desk)
            made = accounts.add(chief, login, name, Role(_ROLES[role]), _new_password())
    print(f"Založeno · Made: {made.login} ({made.role}) {made.name}")


@app.command()
def release(folder: Folder, login: Login, now: Now = None) -> None:
    """Uvolní účet zablokovaný po chybných heslech; heslo zůstává.

    [dim]Ends the lock of an account after wrong passwords; the password stays.[/dim]

    Je pro případ, že je zablokovaný jediný vedoucí. V deníku zůstane, kdo příkaz spustil.
    [dim]For when the only supervisor is locked out. The journal keeps who ran the command.[/dim]
    """
    with open_station(folder, now) as station:
        account = station.users.accounts.release_on_site(_operator(), login)
    print(f"Uvolněno · Released: {account.name}")


@app.command(name="import")
def import_users(
    folder: Folder,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Podepsaný soubor účtů.\n[dim]The signed file of accounts.[/dim]",
            exists=True,
            dir_okay=False,
        ),
    ],
    now: Now = None,
) -> None:
    """Přijme účty připravené ústředím (podepsaný soubor); soubor accounts.p7m ve složce přijme sama stanice.

    [dim]Takes accounts that the centre prepared (a signed file); the station itself takes accounts.p7m of
    its folder.[/dim]
    """
    with open_station(folder, now) as station:
        count = station.users.delivery.take(file.read_bytes())
    print(f"Přijato účtů · Accounts taken: {count}")


def _operator() -> str:
    """Who runs the command, as the journal names them."""
    return f"příkazová řádka ({getpass.getuser()})"


def _new_password() -> str:
    password = ask_password("Nové heslo · New password")
    if sys.stdin.isatty() and password != ask_password("Nové heslo znovu · New password again"):
        raise typer.BadParameter("Hesla se neshodují. · The passwords do not match.")
    return password
