"""`prebirka reference`: reference data of an election, built from open registers, signed, verified, shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands import accounts, provisioning
from app.commands.passphrase import unlock
from app.election.errors import KnownError
from app.election.model import Mode

app = typer.Typer(
    help="Číselníky voleb: sestavení z otevřených dat, podpis, ověření.\n\n"
    "[dim]Reference data of an election: built from open data, signed, verified.[/dim]\n\n"
    "Postup: 1. [bold]build[/bold] z číselníků ČSÚ, 2. [bold]show[/bold] a prohlédnout, "
    "3. [bold]sign[/bold] klíčem role reference, 4. soubor i s podpisem .p7s na stanice a do ústředí.\n"
    "[dim]The way: 1. build from the office's registers, 2. show and look, 3. sign with a key of the role "
    "reference, 4. the file and its .p7s go to the stations and to the centre.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

app.command()(accounts.accounts)
app.command()(provisioning.provision)

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="Soubor číselníků.\n[dim]The reference file.[/dim]",
        exists=True,
        dir_okay=False,
    ),
]


@app.command()
def build(
    source: Annotated[
        list[Path],
        typer.Option(
            "--from",
            metavar="DIR",
            help="Složka s číselníky; lze opakovat (kraje a Senát).\n"
            "[dim]Folder with registers; may be repeated (regions and Senate).[/dim]",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="Kam zapsat číselníky.\n[dim]Where to write the reference file.[/dim]"
        ),
    ],
    code: Annotated[
        str | None,
        typer.Option(help="Kód voleb; jinak podle složky (kz2024).\n[dim]Code; else by the folder.[/dim]"),
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option(
            "--date",
            formats=["%Y-%m-%d"],
            help="První den hlasování (RRRR-MM-DD).\n[dim]The first voting day.[/dim]",
        ),
    ] = None,
    mode: Annotated[
        Mode,
        typer.Option(
            help="Ostrý provoz, nebo zkouška.\n[dim]Live (OSTRY) or rehearsal (ZKOUSKA).[/dim]",
            case_sensitive=False,
        ),
    ] = Mode.REHEARSAL,
    name: Annotated[str | None, typer.Option(help="Název voleb.\n[dim]Name of the election.[/dim]")] = None,
    senate_round: Annotated[
        int,
        typer.Option(
            "--round", min=1, max=2, help="Kolo senátních voleb.\n[dim]Round of the Senate election.[/dim]"
        ),
    ] = 1,
    round1: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Pro 2. kolo Senátu: zveřejněné výsledky 1. kola (vysledky.xml, nebo celá jejich složka).\n"
            "[dim]For the Senate's round 2: round 1's published results, the file or its folder.[/dim]",
            exists=True,
        ),
    ] = None,
    left: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OBVOD:CKAND",
            help="Kdo postoupil a nekandiduje; nahradí ho další v pořadí. Lze opakovat.\n"
            "[dim]A finalist who withdrew, lost eligibility or died; the next advances. Repeatable.[/dim]",
        ),
    ] = None,
    postponed: Annotated[
        bool,
        typer.Option(
            "--postponed",
            help="Jen obvody z --left, kde se volí o týden později.\n"
            "[dim]Only the districts of --left, which vote a week later.[/dim]",
        ),
    ] = False,
    previous: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Složka s tabulkou kzt6 minulých voleb: odtud očekávaní voliči a účast.\n"
            "[dim]Folder with the previous election's table kzt6: expected voters and turnout.[/dim]",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    contacts: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Tabulka kontaktů na komise (OBEC, OKRSEK, JMENO, TELEFON, SIDLO); nezveřejňuje se.\n"
            "[dim]Table of the commissions' contacts; never published.[/dim]",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Sestaví soubor číselníků z otevřených dat ČSÚ.

    [dim]Builds the reference file from the office's open data.[/dim]

    Potřebuje kzciskr, kzcoco, kzrk (nebo kand) a kzrkl (nebo cvs); pro Senát secoco, serk a secobv.
    Čte XML i CSV, i zabalené .gz. Týž vstup dá vždy tentýž soubor, takže podpis lze přezkoušet.
    [dim]It needs kzciskr, kzcoco, kzrk (or kand) and kzrkl (or cvs); for the Senate secoco, serk, secobv.
    XML and CSV, packed or not. The same input gives the same file, so that a signature can be checked.[/dim]

    Příklad · Example: prebirka reference build --from kz2024/ --out reference.sqlite --mode OSTRY

    Druhé kolo Senátu má vlastní číselníky: tytéž registry a --round1 s výsledky 1. kola; --date je pak první
    den 1. kola. Bez --round1 se finalisté berou z registru kandidátů.
    [dim]The Senate's round 2 has a reference file of its own: the same registers and --round1 with the
    results of round 1; --date is the first day of round 1 then.[/dim]
    """
    from rich.console import Console

    from app.documents.reference import build as build_file
    from app.documents.reference import load
    from app.documents.registers import (
        guess,
        read_registers,
        round_2,
        with_contacts,
        with_previous,
        with_round_1,
    )

    first_day: date | None = None if day is None else day.date()
    with Console(stderr=True).status("Čtu číselníky · Reading the registers") as status:
        gone = _left(left or [])
        known = code if round1 is None or day is not None else None  # of round 2 no folder tells the code
        settings = guess(source, code=known, name=name, day=first_day, mode=mode, senate_round=senate_round)
        if round1 is not None:
            second = round_2(settings, postponed=postponed)
            settings = replace(second, code=code or second.code, name=name or second.name)
        reference = read_registers(source, settings)
        if round1 is not None:
            reference = with_round_1(reference, round1, gone, postponed=postponed)
        if previous is not None:
            reference = with_previous(reference, previous)
        if contacts is not None:
            reference = with_contacts(reference, contacts)
        status.update("Zapisuji · Writing")
        build_file(reference, out)
        status.update("Ověřuji zápis · Reading back")
        same = load(out) == reference
    if not same:
        raise KnownError(
            "REF-06",
            f"Soubor {out} se po zápisu přečetl jinak, než byl zapsán. Zkontrolujte disk a opakujte.",
            f"The file {out} was read back differently than written. Check the disk and try again.",
        )
    _describe(out)


@app.command()
def sign(
    file: File,
    key: Annotated[
        Path,
        typer.Option(help="Klíč role reference.\n[dim]Key of the role reference.[/dim]", exists=True),
    ],
    certificate: Annotated[
        Path, typer.Option(help="Certifikát ke klíči.\n[dim]The key's certificate.[/dim]", exists=True)
    ],
) -> None:
    """Podepíše soubor číselníků; podpis zapíše vedle něj jako FILE.p7s.

    [dim]Signs the reference file; the signature is written beside it as FILE.p7s.[/dim]

    Heslo ke klíči se zadává na klávesnici, nebo v proměnné PREBIRKA_PASSPHRASE.
    Podpis ověří i openssl: openssl cms -verify -inform DER -in FILE.p7s -content FILE -CAfile ca.pem
    [dim]The passphrase is typed, or taken from PREBIRKA_PASSPHRASE. openssl checks the signature too.[/dim]
    """
    from app.documents.reference import load
    from app.trust.certificate import Certificate
    from app.trust.cms import sign_detached
    from app.trust.identity import Role

    signer = Certificate.from_pem(certificate.read_bytes())
    election = load(file).election
    identity = signer.identity
    if identity.role is not Role.REFERENCE or identity.election != election.code:
        raise KnownError(
            "REF-07",
            f"Certifikát ({identity.common_name}) nesmí podepsat číselníky voleb {election.code}. "
            "Použijte certifikát role reference týchž voleb.",
            f"The certificate ({identity.common_name}) may not sign the reference data of {election.code}. "
            "Use one of the role reference of the same election.",
        )
    signature = sign_detached(file.read_bytes(), unlock(key), signer, datetime.now(UTC))
    path = _signature_of(file)
    path.write_bytes(signature)
    print(f"Zapsáno · Written: {path}")


@app.command()
def verify(
    file: File,
    ca: Annotated[
        Path,
        typer.Option(
            help="Certifikát volební autority (ca.pem).\n[dim]The authority's certificate.[/dim]", exists=True
        ),
    ],
) -> None:
    """Ověří podpis FILE.p7s a ukáže, čí je a co soubor obsahuje.

    [dim]Verifies the signature FILE.p7s and shows whose it is and what the file holds.[/dim]
    """
    from app.documents.reference import load
    from app.trust.anchors import Anchors
    from app.trust.cms import verify_detached
    from app.trust.identity import Expected, Role

    path = _signature_of(file)
    if not path.is_file():
        raise KnownError(
            "REF-08",
            f"Chybí podpis {path}. Bez něj se číselníky nesmějí použít; vyžádejte si ho.",
            f"The signature {path} is missing. Without it the file must not be used; ask for it.",
        )
    anchors = Anchors.from_pem(ca.read_bytes())
    expected = Expected(Role.REFERENCE, anchors.authorities[0].election)
    verified = verify_detached(file.read_bytes(), path.read_bytes(), anchors, datetime.now(UTC), expected)
    if load(file).election.code != verified.identity.election:
        raise KnownError(
            "REF-09",
            f"Číselníky jsou jiných voleb než podpis ({verified.identity.election}). Nepoužívejte je.",
            "The file belongs to another election than its signature. Do not use it.",
        )
    print(f"Podpis platí · Valid signature: {verified.identity.common_name}")
    print(f"Podepsáno · Signed: {verified.signing_time:%Y-%m-%d %H:%M:%S} UTC")
    _describe(file)


@app.command()
def show(file: File) -> None:
    """Ukáže, co soubor číselníků obsahuje. Podpis neověřuje.

    [dim]Shows what the reference file holds. It does not verify the signature.[/dim]
    """
    _describe(file)


def _left(given: Sequence[str]) -> dict[int, list[int]]:
    """`OBVOD:CKAND` of each, by district."""
    found: dict[int, list[int]] = {}
    for each in given:
        district, colon, number = each.partition(":")
        if not (
            colon and district.isascii() and district.isdigit() and number.isascii() and number.isdigit()
        ):
            raise typer.BadParameter("OBVOD:CKAND (5:3)", param_hint="--left")
        found.setdefault(int(district), []).append(int(number))
    return found


def _signature_of(file: Path) -> Path:
    return file.with_name(file.name + ".p7s")


def _describe(file: Path) -> None:
    import hashlib

    from app.documents.reference import load

    reference = load(file)
    election, calendar = reference.election, reference.election.calendar
    lists = [listed for region in reference.regions.values() for listed in region.lists.values()]
    seats = sum(region.seats for region in reference.regions.values())
    candidates = sum(len(listed.candidates) for listed in lists)
    points = {precinct.transfer_point for precinct in reference.precincts.values()}
    expected = [key.contest for key in reference.expected]
    protocols = ", ".join(f"{contest.form} {expected.count(contest)}" for contest in election.contests)
    feed = ", ".join(f"{name}={value}" for name, value in election.feed.items())
    finalists = sum(len(district.finalists) for district in reference.senate_districts.values())
    for label, value in (
        ("Soubor · File", file),
        ("Otisk · SHA-256", hashlib.sha256(file.read_bytes()).hexdigest()),
        ("Volby · Election", f"{election.code} – {election.name}"),
        ("Režim · Mode", election.mode.value),
        ("Začátek hlasování · Voting begins", f"{calendar.voting_begins:%d. %m. %Y %H:%M}"),
        ("Konec hlasování · Voting ends", f"{calendar.voting_ends:%d. %m. %Y %H:%M}"),
        ("Konec přebírání · Delivery ends", f"{calendar.delivery_ends:%d. %m. %Y %H:%M}"),
        ("Kraje, mandáty · Regions, seats", f"{len(reference.regions)}, {seats}"),
        ("Listiny, kandidáti · Lists, candidates", f"{len(lists)}, {candidates}"),
        ("Senátní obvody · Senate districts", len(reference.senate_districts)),
        ("Postupující do 2. kola · Finalists", finalists or "—"),
        ("Přebírací místa · Transfer points", len(points)),
        ("Obce · Municipalities", len(reference.municipalities)),
        ("Okrsky · Precincts", len(reference.precincts)),
        ("Očekávané zápisy · Expected protocols", protocols),
        ("Nastavení dokumentů · Feed settings", feed or "—"),
    ):
        print(f"{label}: {value}")
