"""`prebirka provision`: the packages from which new workstations set themselves up, and a look into one."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.passphrase import unlock
from app.election.errors import KnownError

if TYPE_CHECKING:
    from app.commands.packages import Office

app = typer.Typer(
    help="Balíčky pracovišť: jeden podepsaný soubor na flash disku, ze kterého se stanice založí sama.\n\n"
    "[dim]Workstations' packages: one signed file on a stick from which a station sets itself up.[/dim]\n\n"
    "Postup: 1. [bold]point[/bold] nebo [bold]all[/bold] vyrobí balíčky, 2. [bold]show[/bold] ukáže, co "
    "v nich je, 3. na stanici prebirka desk nebo prebirka station enrol --provision.\n"
    "[dim]The way: 1. point or all make packages, 2. show tells what is in them, 3. at the station prebirka "
    "desk or prebirka station enrol --provision.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

_FILE: dict[str, Any] = {"exists": True, "dir_okay": False}
Reference = Annotated[
    Path,
    typer.Option(
        help="Podepsané číselníky; podpis leží vedle (.p7s).\n[dim]Signed reference data, .p7s beside.[/dim]",
        **_FILE,
    ),
]
Ca = Annotated[
    Path, typer.Option(help="Certifikát autority, ca.pem.\n[dim]The authority's certificate.[/dim]", **_FILE)
]
Centre = Annotated[
    Path,
    typer.Option(
        help="Certifikát, kterým podepisuje ústředí.\n[dim]The centre's signing certificate.[/dim]", **_FILE
    ),
]
Url = Annotated[str, typer.Option(help="Adresa ústředí.\n[dim]The centre's address.[/dim]", metavar="URL")]
Key = Annotated[
    Path, typer.Option(help="Klíč role reference.\n[dim]Key of the role reference.[/dim]", **_FILE)
]
Signer = Annotated[
    Path, typer.Option(help="Certifikát ke klíči.\n[dim]The key's certificate.[/dim]", **_FILE)
]
Out = Annotated[
    Path, typer.Option(metavar="FOLDER", help="Kam balíčky zapsat.\n[dim]Where to write them.[/dim]")
]
Settings = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Nastavení stanice ze station.toml, například lock_minutes=5.\n"
        "[dim]A setting of station.toml.[/dim]",
    ),
]
Builds = Annotated[
    Path | None,
    typer.Option(
        help="Podepsaný soupis schválených programů.\n[dim]The signed list of approved programs.[/dim]",
        **_FILE,
    ),
]
Serial = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=999_999_999,
        help="Pořadové číslo; jinak podle času.\n[dim]Serial number; else by the time.[/dim]",
    ),
]
NoToken = Annotated[
    bool,
    typer.Option(
        "--no-token",
        help="Bez hesla pro žádost po síti; žádosti se přenesou souborem.\n"
        "[dim]Without the token for a request over the network.[/dim]",
    ),
]


@app.command()
def point(
    number: Annotated[int, typer.Argument(metavar="POINT", help="Přebírací místo.\n[dim]Its number.[/dim]")],
    reference: Reference,
    ca: Ca,
    centre: Centre,
    centre_url: Url,
    key: Key,
    certificate: Signer,
    out: Out,
    workstations: Annotated[
        int,
        typer.Option(min=1, max=99, help="Kolik má místo počítačů.\n[dim]How many computers it has.[/dim]"),
    ] = 1,
    people: Annotated[
        Path | None,
        typer.Option(
            help="Lidé místa: login, jmeno, role.\n[dim]The point's people, as for reference accounts.[/dim]",
            **_FILE,
        ),
    ] = None,
    set_: Settings = [],  # noqa: B006 - typer reads it
    builds: Builds = None,
    serial: Serial = None,
    no_token: NoToken = False,
) -> None:
    """Vyrobí balíčky jednoho přebíracího místa, jeden soubor pro každý počítač.

    [dim]Makes the packages of one transfer point, one file for each computer.[/dim]

    Dočasná hesla lidí se jen vypíšou. Soubor centre-POINT.p7m patří ústředí: prebirka central enrolment
    expect.
    Příklad: prebirka provision point 662 --reference kz2024.sqlite --ca ca.pem --centre centre.pem
    --centre-url https://ustredi.example --key reference.key --certificate reference.pem --out balicky
    [dim]Temporary passwords are printed only. centre-POINT.p7m is for the centre.[/dim]
    """
    from app.commands.accounts import prepared, read_people

    office = _office(reference, ca, centre, centre_url, key, certificate, set_, builds, serial, no_token)
    _known(office, number)
    accounts, passwords = prepared(read_people(people)) if people else ((), [])
    signed = office.accounts(number, accounts)
    for each in range(1, workstations + 1):
        _write(office, number, each, signed, out / f"{number}-{each}.p7m")
    for one, password in zip(accounts, passwords, strict=True):
        print(f"{one.login:<20} {one.name:<30} {password}")
    if office.made:
        _new(out / f"centre-{number}.p7m", office.expected())
    print(f"Zapsáno · Written: {out} ({workstations}), č. · no. {office.serial}")


@app.command(name="all")
def every(
    reference: Reference,
    ca: Ca,
    centre: Centre,
    centre_url: Url,
    key: Key,
    certificate: Signer,
    out: Out,
    workstations: Annotated[
        Path | None,
        typer.Option(
            help="Tabulka misto, pocet; jinak jeden počítač na 11 okrsků.\n"
            "[dim]Table of points and their computers; else one for 11 precincts.[/dim]",
            **_FILE,
        ),
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(
            help="Lidé všech míst: misto, login, jmeno, role.\n[dim]People of all points.[/dim]", **_FILE
        ),
    ] = None,
    set_: Settings = [],  # noqa: B006 - typer reads it
    builds: Builds = None,
    serial: Serial = None,
    no_token: NoToken = False,
) -> None:
    """Vyrobí balíčky všech přebíracích míst, dočasná hesla do složky passwords a seznam pro ústředí.

    [dim]Makes the packages of all transfer points, temporary passwords in the folder passwords, and the list
    for the centre.[/dim]

    Ve složce je podsložka každého místa. Složku passwords vytiskněte do obálek a smažte.
    [dim]There is a folder for each point. Print passwords into envelopes and delete the folder.[/dim]
    """
    from rich.progress import track

    from app.commands.accounts import prepared, read_people

    office = _office(reference, ca, centre, centre_url, key, certificate, set_, builds, serial, no_token)
    counts = _counts(office, workstations)
    rows: dict[int, list[dict[str, str]]] = defaultdict(list)
    for row in read_people(people, "misto") if people else ():
        rows[_known(office, _number(row["misto"]))].append(row)
    total = size = 0
    with ThreadPoolExecutor() as pool:  # hashing a password takes long on purpose, and lets others work
        hashed = {number: pool.submit(prepared, rows[number]) for number in counts if rows.get(number)}
        for number in track(sorted(counts), description="Místa · Points"):
            accounts, passwords = hashed[number].result() if number in hashed else ((), [])
            signed = office.accounts(number, accounts)
            for each in range(1, counts[number] + 1):
                size += _write(office, number, each, signed, out / str(number) / f"{number}-{each}.p7m")
                total += 1
            if accounts:
                given = [(one.login, one.name, word) for one, word in zip(accounts, passwords, strict=True)]
                _passwords(out / "passwords" / f"{number}.csv", given)
    if office.made:
        _new(out / "centre.p7m", office.expected())
    print(f"Zapsáno · Written: {out}, míst · points {len(counts)}, počítačů · computers {total}, "
          f"{size / 1e6:.0f} MB, č. · no. {office.serial}")  # fmt: skip


@app.command()
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Balíček.\n[dim]The package.[/dim]", **_FILE)],
    as_json: Annotated[bool, typer.Option("--json", help="Pro skripty.\n[dim]For scripts.[/dim]")] = False,
) -> None:
    """Ověří balíček a ukáže, co v něm je.

    [dim]Verifies a package and shows what is in it.[/dim]

    Otisk autority porovnejte se záznamem o obřadu; teprve ten říká, že balíček je od vás.
    [dim]Compare the authority's fingerprint with the record of the ceremony; only that proves it yours.[/dim]
    """
    from app.station.setting_up.opening import open_new, read_file
    from app.station.setting_up.telling import told_of

    told = told_of(open_new(read_file(file), datetime.now(UTC)))
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for name, value in told.items():
        print(f"{name:<22} {value}")


def _office(
    reference: Path, ca: Path, centre: Path, centre_url: str, key: Path, certificate: Path,
    settings: list[str], builds: Path | None, serial: int | None, no_token: bool,
) -> Office:  # fmt: skip
    from app.commands.packages import Office, serial_at
    from app.documents.package import PackedReference
    from app.documents.reference import load
    from app.trust.authority import AuthorityCertificate
    from app.trust.certificate import Certificate

    given = {}
    for each in settings:
        name, separator, value = each.partition("=")
        if not separator:
            raise typer.BadParameter(f"{each}: NAME=VALUE", param_hint="--set")
        given[name.strip()] = value.strip()
    now = datetime.now(UTC)
    signature = reference.with_name(reference.name + ".p7s")
    if not signature.exists():
        raise KnownError(
            "PRO-20",
            f"Vedle číselníků chybí jejich podpis {signature.name}. Podepište je: prebirka reference sign.",
            f"The signature {signature.name} of the reference data is missing. Sign them: prebirka reference "
            "sign.",
        )
    return Office(
        load(reference),
        PackedReference.of(reference.read_bytes(), signature.read_bytes()),
        AuthorityCertificate.from_pem(ca.read_bytes()).der,
        Certificate.from_pem(centre.read_bytes()).der,
        centre_url.rstrip("/"),
        unlock(key),
        Certificate.from_pem(certificate.read_bytes()),
        given,
        builds.read_bytes() if builds else None,
        serial or serial_at(now),
        now,
        not no_token,
    )


def _write(office: Office, point: int, number: int, accounts: bytes | None, path: Path) -> int:
    """Make, try and write one package; its size in bytes."""
    from app.station.setting_up.opening import open_new

    data = office.package(point, number, accounts)
    open_new(data, office.now)  # what a station would refuse is refused here
    _new(path, data)
    return len(data)


def _new(path: Path, data: bytes) -> None:
    from app.commands.packages import write_secret

    try:
        write_secret(path, data)
    except FileExistsError as error:
        raise KnownError(
            "PRO-21",
            f"Soubor {path} už existuje. Zvolte prázdnou složku, ať se nic nepřepíše.",
            f"The file {path} exists. Choose an empty folder, so that nothing is overwritten.",
        ) from error


def _passwords(path: Path, given: list[tuple[str, str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("login", "jmeno", "heslo"))
    writer.writerows(given)
    _new(path, text.getvalue().encode("utf-8-sig"))


def _points(office: Office) -> Counter[int]:
    """How many precincts each transfer point has."""
    return Counter(one.transfer_point for one in office.reference.precincts.values())


def _counts(office: Office, table: Path | None) -> dict[int, int]:
    """How many workstations each point has."""
    from app.commands.packages import usual_workstations

    known = _points(office)
    if table is None:
        return {number: usual_workstations(precincts) for number, precincts in known.items()}
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"misto", "pocet"} <= rows[0].keys():
        raise typer.BadParameter("Sloupce · Columns: misto, pocet", param_hint="--workstations")
    return {_known(office, _number(row["misto"])): max(1, min(99, _number(row["pocet"]))) for row in rows}


def _number(text: str) -> int:
    if not (text.isascii() and text.strip().isdigit()):
        raise typer.BadParameter(f"„{text}“: číslo · a number", param_hint="CSV")
    return int(text)


def _known(office: Office, point: int) -> int:
    if point not in _points(office):
        code = office.reference.election.code
        raise KnownError(
            "PRO-22",
            f"Přebírací místo {point} ve volbách {code} není. Zkontrolujte jeho číslo.",
            f"There is no transfer point {point} in the election {code}. Check its number.",
        )
    return point
