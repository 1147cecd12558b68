"""`prebirka central media receive|list|show|approve|refuse|decide|meeting|publish|letter`: the register."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.media_shared import (
    FORMATS,
    PRAGUE,
    By,
    English,
    Folder,
    Number,
    Reason,
    opened,
    prague,
    say,
    told,
)
from app.election.errors import KnownError

if TYPE_CHECKING:
    from app.central.media.state import Entry, State


class Came(StrEnum):
    """How an application came, as the command names it."""

    PDF = "pdf"
    SMIME = "smime"
    DATABOX = "databox"


def receive(
    folder: Folder,
    file: Annotated[
        Path, typer.Argument(metavar="SOUBOR", help="Co přišlo, beze změny.\n[dim]What came, as it is.[/dim]")
    ],
    way: Annotated[
        Came,
        typer.Option(
            help="pdf: podepsané PDF; smime: podepsaná zpráva (.eml); databox: příloha datové zprávy.\n"
            "[dim]A signed PDF, a signed message, or a data-box message's attachment.[/dim]"
        ),
    ],
    officer: By,
    received: Annotated[
        datetime | None,
        typer.Option(
            formats=FORMATS,
            help="Kdy byla doručena (pražský čas), podle pošty nebo datové schránky; jinak teď.\n"
            "[dim]When it was delivered, Prague time; else now.[/dim]",
        ),
    ] = None,
    signature: Annotated[
        Path | None,
        typer.Option(
            help="Podpis vedle přílohy datové zprávy; jinak SOUBOR.p7s, je-li tam.\n"
            "[dim]The signature beside a data-box attachment; else FILE.p7s if it is there.[/dim]"
        ),
    ] = None,
) -> None:
    """Přijme žádost: ověří podpis, posoudí ji a uloží, ať je jakákoli.

    [dim]Receives an application: verifies its signature, judges it and keeps it, whatever it is.[/dim]

    Uloží se i podvržená nebo opožděná, s důvodem. Nepřijatá žádost vrátí stav 1.
    Příklad: prebirka central media receive ustredi zadost.pdf --way pdf --received "2024-09-05 14:10"
    --officer "Marie Úřední"
    [dim]A forged or late one is kept too, with the reason. Exit status 1 when it is not accepted.[/dim]
    """
    from app.central.media.intake import Delivery
    from app.central.media.records import Way
    from app.central.media.register import Officer

    beside = signature
    if beside is None and way is Came.DATABOX and file.with_name(f"{file.name}.p7s").is_file():
        beside = file.with_name(f"{file.name}.p7s")
    with opened(folder) as register:
        at = register.clock() if received is None else prague(received)
        detached = b"" if beside is None else _read(beside)
        delivery = Delivery(Way(way.value), _read(file), at, file.name, detached)
        entry = register.receive(delivery, Officer(officer))
    _show(entry)
    if not entry.outcome.accepted:
        raise typer.Exit(1)


def list_(folder: Folder) -> None:
    """Vypíše žádosti: číslo, stav, kdy byla doručena, kdo žádá, a co brání schválení.

    [dim]Lists the applications: number, state, time of receipt, who asks, and what stands in the way.[/dim]
    """
    with opened(folder) as register:
        state = register.state()
    for entry in state.entries.values():
        say(told(entry))
    if not state.entries:
        say("Žádná žádost zatím nepřišla. · No application has come yet.")


def show(
    folder: Folder,
    number: Number,
    out: Annotated[
        Path | None,
        typer.Option(help="Uloží podání, jak přišlo.\n[dim]Saves what came, as it came.[/dim]"),
    ] = None,
) -> None:
    """Ukáže jednu žádost: výsledek, kdo a kdy podepsal, adresy, natáčení a všechna rozhodnutí.

    [dim]Shows one application: outcome, who signed and when, addresses, filming and all decisions.[/dim]
    """
    with opened(folder) as register:
        raw, detached = register.received(number)
        state = register.state()
    _show(state.entries[number], state)
    if out is not None:
        _write(out, raw)
        if detached:
            _write(out.with_name(f"{out.name}.p7s"), detached)


def approve(
    folder: Folder,
    number: Number,
    officer: By,
    reason: Reason = "",
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Nahradí dřívější schválenou žádost téže organizace.\n[dim]Replaces an earlier one.[/dim]",
        ),
    ] = False,
) -> None:
    """Schválí žádost: její adresy jsou hned v podepsaném seznamu, podle kterého pouští linka médií.

    [dim]Approves an application: its addresses are in the signed list at once.[/dim]

    Příklad: prebirka central media approve ustredi 7 --officer "Marie Úřední"
    """
    from app.central.media.register import Officer

    with opened(folder) as register:
        say(told(register.approve(number, Officer(officer, reason), replace=replace)))


def refuse(folder: Folder, number: Number, officer: By, reason: Reason = "") -> None:
    """Zamítne žádost, i schválenou: její adresy ze seznamu hned zmizí. Důvod se žadateli nesděluje.

    [dim]Refuses an application, also an approved one: its addresses leave the list at once.[/dim]
    """
    from app.central.media.register import Officer

    with opened(folder) as register:
        say(told(register.refuse(number, Officer(officer, reason))))


def decide(
    folder: Folder,
    number: Number,
    address: Annotated[
        str, typer.Argument(metavar="ADRESA", help="Opakovaná adresa.\n[dim]A repeated address.[/dim]")
    ],
    keep: Annotated[
        bool,
        typer.Option(
            "--keep/--drop",
            help="Patří této žádosti, nebo ne.\n[dim]It belongs to this application, or not.[/dim]",
        ),
    ],
    officer: By,
    reason: Reason = "",
) -> None:
    """Rozhodne o adrese, která je v žádosti dvakrát nebo ji má i jiný žadatel: --keep nebo --drop.

    [dim]Decides about an address that stands twice or belongs to another applicant too.[/dim]

    Adresa patří v seznamu vždy jen jednomu; za společnou bránou (NAT) čtou oba, počítá se tomu, komu patří.
    Příklad: prebirka central media decide ustredi 9 192.0.2.1 --drop --officer "Marie Úřední"
    """
    from app.central.media.addresses import normalised
    from app.central.media.register import Officer

    with opened(folder) as register:
        known = normalised(address) or address
        say(told(register.decide(number, known, Officer(officer, reason), keep=keep)))


def meeting(
    folder: Folder,
    at: Annotated[
        datetime, typer.Option(formats=FORMATS, help="Kdy, pražský čas.\n[dim]When, Prague time.[/dim]")
    ],
    place: Annotated[str, typer.Option(help="Kde.\n[dim]Where.[/dim]")],
    officer: By,
    reason: Reason = "",
) -> None:
    """Stanoví technickou schůzku; uvádějí ji dopisy.

    [dim]Sets the technical meeting, which the letters tell.[/dim]
    """
    from app.central.media.register import Officer

    with opened(folder) as register:
        found = register.meet(prague(at), place, Officer(officer, reason)).meeting
    assert found is not None
    say(f"Technická schůzka · Technical meeting: {found.at:%d. %m. %Y %H:%M}, {found.place}")


def publish(folder: Folder) -> None:
    """Zapíše podepsaný seznam znovu, třeba po závadě disku nebo po změně media.toml.

    [dim]Writes the signed list again, after a fault of the disk or a change of media.toml.[/dim]
    """
    with opened(folder) as register:
        serial = register.publish()
        say(f"Seznam médií č. {serial} · List of media No. {serial}: {register.folder.allowed}")


def letter(
    folder: Folder,
    number: Number,
    out: Annotated[
        Path, typer.Option(help="Složka pro PDF.\n[dim]A folder for the PDF.[/dim]", file_okay=False)
    ] = Path(),
    english: English = False,
) -> None:
    """Vyhotoví dopis žadateli jako PDF: schválení, zamítnutí bez důvodu, nebo nepřijetí s důvodem.

    [dim]Makes the letter to the applicant as PDF: approval, refusal, or why it was not accepted.[/dim]
    """
    from app.commands import media_letters

    with opened(folder) as register:
        say(str(media_letters.letter(register, number, out, english=english)))


def _show(entry: Entry, state: State | None = None) -> None:
    say(told(entry))
    for reason in entry.reasons:
        say(f"  {reason.code} {reason.cs}")
        say(f"         {reason.en}")
    if entry.detail:
        say(f"  pro technika · for a technician: {entry.detail}")
    if entry.signer is not None:
        signer = entry.signer
        mark = " · ZKUŠEBNÍ AUTORITA · REHEARSAL AUTHORITY" if signer.rehearsal else ""
        checked = "ověřeno · checked" if signer.revocation_known else "neověřeno (chybí CRL) · no CRL"
        when = "?" if entry.signed_at is None else f"{entry.signed_at.astimezone(PRAGUE):%d. %m. %Y %H:%M:%S}"
        say(f"  podepsal(a) · signed by: {signer.name}, {signer.organisation} {signer.number} ({when})")
        say(f"  certifikát · certificate: {signer.serial}, {signer.issuer}{mark}; zneplatnění: {checked}")
    if entry.application is not None:
        one = entry.application
        say(f"  {one.organisation} {one.number}; {one.person}, {one.email}, {one.telephone}")
        say(f"  noc · night: {' '.join(one.night) or '–'}")
        say(f"  zkoušky · test: {' '.join(one.test) or '–'}")
    if state is not None and entry.alive:
        night, test = state.addresses_of(entry)
        say(f"  v seznamu · in the list: {' '.join(night) or '–'} | {' '.join(test) or '–'}")
    states = {True: "povoleno · permitted", False: "nepovoleno · refused", None: "nerozhodnuto · open"}
    for wish in entry.wishes:
        one_wish = wish.filming
        say(
            f"  natáčení · filming {entry.number}/{wish.number}: CPOU {one_wish.transfer_point}, "
            f"{one_wish.begins:%d. %m. %H:%M}–{one_wish.ends:%d. %m. %H:%M}, {', '.join(one_wish.crew)}: "
            f"{states[wish.permitted]}"
        )
    for event in entry.events:
        at = event.at.astimezone(PRAGUE)
        say(f"  {at:%d. %m. %Y %H:%M} {event.act} {event.detail or ''} {event.officer}: {event.reason}")


def _read(path: Path) -> bytes:
    from app.documents.files import read_bytes_of

    return read_bytes_of(path, 64 * 1024 * 1024)


def _write(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise KnownError(
            "MED-23",
            f"Soubor {path} nelze zapsat nebo už existuje. Zvolte jiné jméno.",
            f"The file {path} cannot be written or is there already ({error.strerror}). Choose another name.",
        ) from error
