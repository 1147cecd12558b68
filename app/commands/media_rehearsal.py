"""`prebirka central media test-authority|make-application`: what a rehearsal of the register needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.media_shared import FORMATS, prague
from app.election.errors import KnownError
from app.election.model import Mode

if TYPE_CHECKING:
    from app.documents.media_application import Filming

#: A rehearsal may live in the past: by a shifted clock it replays an election that was.
_BACK = timedelta(days=3650)

Addresses = Annotated[
    list[str] | None,
    typer.Option(
        "--night", help="Adresa pro noc; i vícekrát.\n[dim]An address for the night; may be repeated.[/dim]"
    ),
]
TestAddresses = Annotated[
    list[str] | None,
    typer.Option("--test", help="Adresa pro zkoušky; i vícekrát.\n[dim]An address for testing.[/dim]"),
]


def rehearsal_authority(
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Nová složka.\n[dim]A new folder.[/dim]", file_okay=False)
    ],
    days: Annotated[
        int, typer.Option(min=1, help="Jak dlouho platí, dny.\n[dim]Its life in days.[/dim]")
    ] = 365,
) -> None:
    """Vytvoří zkušební autoritu podpisů. V ostrém ústředí neplatí a všude je vidět, že je zkušební.

    [dim]Makes the rehearsals' authority of signatures; a live centre refuses it; it shows everywhere.[/dim]

    Zkušebnímu ústředí se svěří tím, že se její certifikát vloží do jeho složky media/trust:
    cp OUT/zkusebni-autorita.pem ustredi/media/trust/
    [dim]A rehearsing centre trusts it once its certificate lies in media/trust of its folder.[/dim]
    """
    from app.trust import rehearsal_authority as authorities

    now = datetime.now(UTC)
    made = authorities.make_authority(now - _BACK, now + timedelta(days=days))
    try:
        authorities.save(made, out, None)
    except OSError as error:
        raise KnownError(
            "MED-26",
            f"Zkušební autoritu nelze uložit do {out}: složka ji už má, nebo se do ní nedá zapsat.",
            f"The rehearsals' authority cannot be put into {out}: there is one, or it cannot be written.",
        ) from error
    print(f"ZKUŠEBNÍ autorita · REHEARSAL authority: {out / authorities.AUTHORITY_FILE}")


def make_application(
    authority: Annotated[
        Path,
        typer.Argument(
            metavar="AUTORITA", help="Složka zkušební autority.\n[dim]The authority's folder.[/dim]"
        ),
    ],
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Nová složka.\n[dim]A new folder.[/dim]", file_okay=False)
    ],
    election: Annotated[str, typer.Option(help="Volby, kz2024.\n[dim]The election.[/dim]")],
    organisation: Annotated[str, typer.Option(help="Organizace.\n[dim]The organisation.[/dim]")],
    person: Annotated[str, typer.Option(help="Kdo podepíše.\n[dim]Who signs.[/dim]")] = "Jana Zkušební",
    number: Annotated[str, typer.Option("--ico", help="IČO.\n[dim]Its number.[/dim]")] = "",
    email: Annotated[str, typer.Option(help="E-mail.")] = "redakce@example.org",
    telephone: Annotated[
        str, typer.Option("--phone", help="Telefon.\n[dim]Telephone.[/dim]")
    ] = "+420222333444",
    night: Addresses = None,
    test: TestAddresses = None,
    film: Annotated[
        list[str] | None,
        typer.Option(
            help="Natáčení: CPOU;od;do;jméno,jméno. I vícekrát.\n[dim]Filming: CPOU;from;to;name,name.[/dim]"
        ),
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(formats=FORMATS, help="Čas podpisu; jinak teď.\n[dim]Signing time; else now.[/dim]"),
    ] = None,
    rsa: Annotated[
        bool, typer.Option("--rsa/--ecdsa", help="Druh klíče.\n[dim]The kind of key.[/dim]")
    ] = True,
    live: Annotated[
        bool, typer.Option("--live", help="Žádost ostrá.\n[dim]An application for a live run.[/dim]")
    ] = False,
) -> None:
    """Vyrobí zkušební žádost podepsanou všemi způsoby: PDF, zprávy, přílohy datové zprávy.

    [dim]Makes a rehearsal's application, signed in each way: PDF, messages, data-box attachments.[/dim]

    Příklad: prebirka central media make-application autorita zadost --election kz2024
    --organisation "Televize Lhota" --night 192.0.2.1 --test 192.0.2.2
    --film "662;2024-09-21T14:00;2024-09-21T18:00;Eva Zvuková,Petr Kamera"
    """
    from app.documents import media_application
    from app.documents.media_application import Application
    from app.rehearsal import media_applications
    from app.trust import rehearsal_authority as authorities

    moment = datetime.now(UTC) if at is None else prague(at)
    one = Application(
        election, Mode.LIVE if live else Mode.REHEARSAL, organisation, number, person, email, telephone,
        tuple(night or ()), tuple(test or ()), tuple(_filming(each) for each in film or ()),
    )  # fmt: skip
    content = media_application.encode(one)
    media_application.decode(content)  # refuses what the form would
    try:
        issuer = authorities.load(authority)
        life = (moment - timedelta(days=1), moment + timedelta(days=90))
        key = authorities.make_key(elliptic=not rsa)
        signer = authorities.issue(issuer, authorities.Person(person, organisation, number), *life, key)
        out.mkdir(parents=True)
        for name, data in media_applications.files(content, signer, moment).items():
            (out / name).write_bytes(data)
            print(out / name)
    except OSError as error:
        raise KnownError(
            "MED-27",
            f"Žádost nelze vyrobit: chybí složka autority, nebo složka {out} už je či do ní nelze zapsat.",
            f"The application cannot be made: no authority, or {out} is there or cannot be written.",
        ) from error


def _filming(text: str) -> Filming:
    from app.documents.media_application import Filming

    try:
        point, begins, ends, crew = text.split(";")
        names = tuple(name.strip() for name in crew.split(","))
        return Filming(
            int(point), prague(datetime.fromisoformat(begins)), prague(datetime.fromisoformat(ends)), names
        )
    except ValueError as error:
        raise KnownError(
            "MED-28",
            f"„{text}“ není natáčení. Napište CPOU;od;do;jméno,jméno.",
            f"“{text}” is no filming. Write CPOU;from;to;name,name.",
        ) from error
