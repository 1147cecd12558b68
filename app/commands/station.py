"""`prebirka station`: a transfer point's workstation without a window, for set-up, service and scripts."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import provisioning, station_audit, station_backup, station_journal, station_users
from app.commands.opening import ask_password, open_station
from app.election.errors import KnownError
from app.election.model import Mode

if TYPE_CHECKING:
    from app.station.offers import Offer
    from app.station.station import Station

app = typer.Typer(
    help="Přebírací místo bez okna: založení, převzetí souboru, odesílání.\n\n"
    "[dim]A transfer point without a window: set-up, intake of a file, sending.[/dim]\n\n"
    "Postup: 1. [bold]init[/bold] složí složku stanice, 2. [bold]status[/bold] ukáže, co v ní je, "
    "3. [bold]take-in[/bold] přečte soubory se zápisy, 4. [bold]send[/bold] odešle převzaté do ústředí.\n"
    "[dim]The way: 1. init makes the station's folder, 2. status shows what is in it, 3. take-in reads "
    "protocol files, 4. send sends what was accepted to the centre.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

app.add_typer(station_audit.app, name="audit")
app.add_typer(station_journal.app, name="journal")
app.add_typer(station_users.app, name="users")

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka stanice.\n[dim]The station's folder.[/dim]")
]
Now = Annotated[
    datetime | None,
    typer.Option(
        "--now",
        help="Jiný čas než skutečný; jen ve zkušebním režimu.\n"
        "[dim]Another time than the real one (UTC); in rehearsals only.[/dim]",
    ),
]
_File = {"exists": True, "dir_okay": False}


@app.command()
def init(
    folder: Folder,
    ca: Annotated[
        Path,
        typer.Option(help="Certifikát volební autority ca.pem.\n[dim]The authority's ca.pem.[/dim]", **_File),
    ],
    key: Annotated[Path, typer.Option(help="Klíč stanice.\n[dim]The station's key.[/dim]", **_File)],
    certificate: Annotated[
        Path, typer.Option(help="Certifikát stanice.\n[dim]The station's certificate.[/dim]", **_File)
    ],
    reference: Annotated[
        Path, typer.Option(help="Číselníky voleb.\n[dim]The reference file.[/dim]", **_File)
    ],
    centre_url: Annotated[
        str, typer.Option(help="Adresa ústředí.\n[dim]The centre's address.[/dim]", metavar="URL")
    ],
    mode: Annotated[
        Mode,
        typer.Option(
            help="OSTRY, nebo ZKOUSKA; číselníky musí být pro týž.\n"
            "[dim]Live or rehearsal; the reference file has to be for the same.[/dim]"
        ),
    ],
    signature: Annotated[
        Path | None,
        typer.Option(
            help="Podpis číselníků; jinak vedle nich s příponou .p7s.\n"
            "[dim]Signature of the reference file; else beside it with .p7s.[/dim]",
            **_File,
        ),
    ] = None,
) -> None:
    """Složí složku stanice z jejích částí a ověří, že patří k sobě.

    [dim]Makes a station's folder from its parts and proves that they belong together.[/dim]

    Která stanice to je, říká certifikát. Složka musí být prázdná; když něco nesouhlasí, nezůstane z ní nic.
    Příklad: prebirka station init misto --ca ca.pem --key 662-1.key --certificate 662-1.pem
    --reference kz2024.sqlite --centre-url https://ustredi.example --mode OSTRY
    [dim]The certificate says which station it is. The folder must be empty; where something does not fit,
    nothing of it stays.[/dim]
    """
    from app.station.config import Parts, StationConfig, assemble
    from app.station.errors import FolderRefused
    from app.trust.certificate import Certificate

    identity = Certificate.from_pem(certificate.read_bytes()).identity
    if identity.station is None or identity.transfer_point is None:
        raise FolderRefused(
            "STA-39",
            f"Certifikát {certificate} nepatří stanici, ale „{identity.common_name}“.",
            f"The certificate {certificate} is not a station's but that of “{identity.common_name}”.",
        )
    config = StationConfig(identity.election, mode, identity.station, identity.transfer_point, centre_url)
    beside = signature or reference.with_name(reference.name + ".p7s")
    was_there = folder.exists()
    assemble(folder, config, Parts(ca, key, certificate, reference, beside))
    try:
        with open_station(folder, None) as station:
            _describe(station)
    except BaseException:
        shutil.rmtree(folder)  # it was empty before, all in it is a copy
        if was_there:
            folder.mkdir()
        raise
    print(f"Založeno · Made: {folder}")


@app.command()
def status(folder: Folder, now: Now = None) -> None:
    """Ukáže, co stanice přijala, co čeká a co potvrdilo ústředí.

    [dim]Shows what the station took in, what waits and what the centre confirmed.[/dim]

    Nic nemění. Nejde spustit, když se složkou pracuje okno nebo odesílání.
    [dim]It changes nothing. It cannot run while the window or the sender works with the folder.[/dim]
    """
    with open_station(folder, now) as station:
        _describe(station)
        progress = station.progress()
        states = Counter(row.state for row in station.completeness().rows)
        for state, count in states.most_common():
            print(f"  {count:>5}  {state.cs} · {state.en}")
        connection = station.connection()
        print(f"Převzato · Accepted: {progress.accepted}/{progress.expected}, "
              f"potvrzeno · confirmed: {progress.confirmed}, čeká · queue: {connection.queue}")  # fmt: skip
        last = connection.last_receipt
        print(f"Poslední potvrzení · Last receipt: {last.isoformat(' ', 'seconds') if last else '–'}")
        broken = station.journal.first_broken()
        if broken is not None:
            print(f"Deník je porušen v řádku {broken}! · The journal is broken at row {broken}!")
            raise typer.Exit(1)


@app.command(name="take-in")
def take_in(
    folder: Folder,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Soubory se zápisy.\n[dim]Protocol files.[/dim]")
    ],
    user: Annotated[
        str, typer.Option(help="Jméno obsluhy.\n[dim]The clerk's name.[/dim]", envvar="PREBIRKA_USER")
    ] = "",
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="Převzít, co kontroly dovolí.\n[dim]Accept what the checks allow.[/dim]",
        ),
    ] = False,
    now: Now = None,
) -> None:
    """Přečte a zkontroluje soubory se zápisy; s --accept převezme ty bez chyb.

    [dim]Reads and checks protocol files; with --accept it takes in those without errors.[/dim]

    Bez --accept se nic neukládá; s ním se program zeptá na údaje z podepsaného papíru. Zápis s pustitelnou
    chybou nebo upozorněním převezme jen okno, protože ho musí schválit někdo jiný. Stav 1: některý zápis
    nebyl v pořádku.
    [dim]Without --accept nothing is stored; with it the totals of the signed paper are asked. A protocol
    with a passable error or a warning is for the window, because somebody else has to approve it. Exit
    status 1: some protocol was not in order.[/dim]
    """
    from app.station.permissions import Permission
    from app.station.states import User

    good = True
    with open_station(folder, now) as station:
        person = User(user or _login())
        if accept and station.users.known:
            password = ask_password(f"Heslo · Password: {person.name}")
            here = User(f"příkazová řádka ({_login()})")
            person = station.users.signing.vouch(person.name, password, Permission.TAKE_IN, here)
        for path in files:
            try:
                offers = station.intake.read_file(path)
            except KnownError as error:
                print(f"{path}: {error.cs}\n    {error.en} [{error.code}]")
                good = False
                continue
            for offer in offers:
                good = _take(station, path, offer, person, accept) and good
    if not good:
        raise typer.Exit(1)


@app.command()
def send(
    folder: Folder,
    once: Annotated[
        bool,
        typer.Option(
            "--once", help="Skončit, jakmile je vše vyřízeno.\n[dim]End when nothing waits any more.[/dim]"
        ),
    ] = False,
    now: Now = None,
) -> None:
    """Odesílá převzaté zápisy do ústředí a přijímá potvrzení, dokud se nezastaví (Ctrl+C).

    [dim]Sends accepted protocols to the centre and takes its receipts until it is stopped (Ctrl+C).[/dim]

    S --once skončí, až je fronta prázdná, nebo když linka nefunguje (stav 1); nic se tím neztratí.
    [dim]With --once it ends when the queue is empty, or when the line is down (exit status 1); nothing is
    lost by that.[/dim]
    """
    with open_station(folder, now) as station:
        sender = station.sender()
        if not once:
            try:
                sender.run_forever(Event())
            except KeyboardInterrupt:
                print("Zastaveno · Stopped")
            return
        while station.connection().queue and (due := sender.step(station.clock())) is not None:
            if due > station.clock():
                break  # the line is down, or the centre wants time
        connection = station.connection()
        print(f"Čeká · Queue: {connection.queue}")
        if connection.last_refusal is not None:
            print(f"{connection.last_refusal.cs}\n{connection.last_refusal.en}")
        if connection.queue:
            raise typer.Exit(1)


@app.command()
def line(
    folder: Folder,
    language: Annotated[
        str, typer.Option(help="cs, nebo en.\n[dim]cs or en.[/dim]", metavar="LANGUAGE")
    ] = "cs",
    now: Now = None,
) -> None:
    """Projde cestu k ústředí krok po kroku a řekne, co je špatně a co s tím.

    [dim]Walks the way to the centre step by step and says what is wrong and what to do.[/dim]

    Adresa, jméno, spojení, šifrování, ústředí, hodiny, certifikát, seznam stanic, fronta. Nic nemění. Totéž
    ukazuje okno na místě Spojení. Stav 1: některý krok je chybný.
    [dim]Address, name, connection, encryption, centre, clock, certificate, register, queue. It changes
    nothing. The window shows the same under Line. Exit status 1: some step is faulty.[/dim]
    """
    from app.station.line.report import text
    from app.station.line.steps import State

    if language not in ("cs", "en"):
        raise typer.BadParameter("cs / en", param_hint="--language")
    with open_station(folder, now) as station:
        found = station.examination().examine()
        print(text(found, station.config, language), end="")
    if any(each.state is State.FAULT for each in found.findings):
        raise typer.Exit(1)


@app.command()
def handbook(
    folder: Folder,
    out: Annotated[
        Path,
        typer.Option(help="Kam příručku zapsat.\n[dim]Where to write the handbook.[/dim]", metavar="DIR"),
    ],
    language: Annotated[
        str, typer.Option(help="cs, nebo en.\n[dim]cs or en.[/dim]", metavar="LANGUAGE")
    ] = "cs",
    now: Now = None,
) -> None:
    """Zapíše příručku obsluhy těchto voleb jako soubory Markdown; začíná se v index.md.

    [dim]Writes the clerk's handbook of this election as Markdown files; it begins in index.md.[/dim]
    """
    from app.station.handbook import LANGUAGES, Handbook, export

    if language not in LANGUAGES:
        raise typer.BadParameter(" / ".join(LANGUAGES), param_hint="--language")
    with open_station(folder, now) as station:
        written = export(Handbook(station.reference.election, language), out)
    print(f"Zapsáno stránek · Pages written: {len(written)}")


def _describe(station: Station) -> None:
    election = station.reference.election
    print(f"{election.name} ({election.code}), {election.mode}")
    print(f"Stanice · Station {station.config.station}, zápisů · protocols: {len(station.expected)}, "
          f"ústředí · centre: {station.config.centre_url}")  # fmt: skip


def _take(station: Station, path: Path, offer: Offer, user: object, accept: bool) -> bool:
    """Print the verdict on one protocol and accept it if told; whether it is in order."""
    from app.election.checks import text_cs, text_en
    from app.station.offers import Standing
    from app.station.states import User

    assert isinstance(user, User)
    if offer.standing is Standing.SAME:
        print(f"{path}: {offer.key}: už převzat se stejným obsahem · accepted before, same content")
        return True
    for result in offer.verdict.failed:
        for case in result.failed_cases:
            print(f"{path}: {offer.key}: {result.rule_id} ({result.severity.value}) {text_cs(result, case)}")
            print(f"    {text_en(result, case)}")
    if accept:
        offer = _retyped(station, offer)
    if not offer.can_accept or (accept and station.retype.missing(offer)):
        print(f"{path}: {offer.key}: nelze převzít · cannot be accepted")
        return False
    if not accept:
        print(f"{path}: {offer.key}: v pořádku · in order")
        return True
    accepted = station.intake.accept(offer, user)
    print(f"{path}: {offer.key}: převzat · accepted, {accepted.revision}, {accepted.content_hash[:12]}")
    return True


def _retyped(station: Station, offer: Offer) -> Offer:
    """Ask for the totals of the signed paper, where this point requires them; empty: a blank."""
    fields = station.retype.missing(offer)
    if not fields or not offer.can_accept:
        return offer
    print(f"{offer.key}: opište z podepsaného papíru · type from the signed paper")
    typed = {}
    for field in fields:
        name = " ".join(str(part) for part in field if part is not None)
        answer = typer.prompt(f"  {name}", default="", show_default=False).strip()
        typed[field] = int(answer) if answer.isascii() and answer.isdigit() else None
    judged = station.retype.judged(offer, typed)
    for field in station.retype.differing(judged):
        name = " ".join(str(part) for part in field if part is not None)
        print(f"{offer.key}: KC-05: {name}: papír a soubor se liší · paper and file differ")
    return judged


def _login() -> str:
    import getpass

    return getpass.getuser()


# Last, so that the help lists them after the daily work.
app.command()(provisioning.enrol)
app.command()(station_backup.backup)
app.command()(station_backup.drill)
app.command()(station_backup.restore)
