"""`prebirka trust`: the election's authority, signing requests and certificates, on the command line.

Three machines take part, and each command says on which it belongs: the authority's (kept offline),
the one whose key is wanted, and none in particular for looking at a file.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.election.errors import KnownError
from app.trust.authority import AuthorityCertificate, issue, make_authority, make_request, read_request
from app.trust.certificate import Certificate, CertificateTrouble
from app.trust.identity import Identity, Role
from app.trust.keys import PrivateKey, load_key, make_key, save_key

PASSPHRASE = "PREBIRKA_PASSPHRASE"  # noqa: S105 (the name of a variable, not its value)

app = typer.Typer(
    help="Klíče a certifikáty: volební autorita a certifikáty míst.\n\n"
    "[dim]Keys and certificates: the election authority and the stations.[/dim]\n\n"
    "Postup: 1. [bold]ca[/bold] na počítači autority, 2. [bold]request[/bold] na každé stanici, "
    "3. [bold]issue[/bold] u autority, 4. vydaný certifikát zpět na stanici.\n"
    "[dim]The way: 1. ca at the authority, 2. request on every station, 3. issue at the authority, "
    "4. the certificate goes back to the station.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

Election = Annotated[
    str, typer.Option(help="Kód voleb, například kz2024.\n[dim]The election's code, such as kz2024.[/dim]")
]
Point = Annotated[
    int | None,
    typer.Option(
        help="Číslo přebíracího místa (jen stanice).\n[dim]Transfer point's number, stations only.[/dim]"
    ),
]
Station = Annotated[
    str | None,
    typer.Option(
        help="Stanice, například 662-1 (jen stanice).\n[dim]Station such as 662-1, stations only.[/dim]"
    ),
]
RoleOption = Annotated[
    Role, typer.Option(help="Co bude klíč podepisovat.\n[dim]What the key is going to sign for.[/dim]")
]
NoPassphrase = Annotated[
    bool,
    typer.Option(
        "--no-passphrase",
        help="Klíč bez hesla: jen pro zkoušky.\n[dim]A key without a passphrase: for rehearsals only.[/dim]",
    ),
]


@app.command()
def ca(
    election: Election,
    out: Annotated[
        Path,
        typer.Option(
            help="Složka pro ca.key a ca.pem.\n[dim]Folder for ca.key and ca.pem.[/dim]", file_okay=False
        ),
    ],
    days: Annotated[int, typer.Option(min=1, help="Platnost ve dnech.\n[dim]Life in days.[/dim]")] = 60,
    no_passphrase: NoPassphrase = False,
) -> None:
    """Založí certifikační autoritu voleb: klíč ca.key a certifikát ca.pem.

    [dim]Makes an election's authority: the key ca.key and the certificate ca.pem.[/dim]

    Spouštějte na počítači bez sítě. Soubor ca.key ho neopustí; ca.pem dostanou všichni.
    Heslo se zadává na klávesnici, nebo v proměnné PREBIRKA_PASSPHRASE.
    [dim]Run it on a computer without a network. The file ca.key never leaves it; everybody gets ca.pem.
    The passphrase is typed, or taken from PREBIRKA_PASSPHRASE.[/dim]
    """
    now = _now()
    key = make_key()
    # A day back, so that a machine whose clock is somewhat behind does not refuse a fresh authority.
    authority = make_authority(election, key, now - timedelta(days=1), now + timedelta(days=days))
    out.mkdir(parents=True, exist_ok=True)
    _refuse_existing(out / "ca.pem")
    save_key(key, out / "ca.key", _new_passphrase(no_passphrase))
    _write_new(out / "ca.pem", authority.to_pem())
    _describe_authority(authority)
    print(f"Zapsáno · Written: {out / 'ca.key'}, {out / 'ca.pem'}")


@app.command()
def request(
    election: Election,
    out: Annotated[
        Path,
        typer.Option(
            help="Složka pro klíč a žádost.\n[dim]Folder for the key and the request.[/dim]", file_okay=False
        ),
    ],
    role: RoleOption = Role.STATION,
    point: Point = None,
    station: Station = None,
    no_passphrase: NoPassphrase = False,
) -> None:
    """Vytvoří na tomto počítači klíč a žádost o certifikát.

    [dim]Makes a key on this computer, and a request for a certificate.[/dim]

    Soubor .key zůstává zde a nikam se neposílá; autoritě se odevzdá soubor .csr.
    Příklad: prebirka trust request --election kz2024 --point 662 --station 662-1 --out klice
    [dim]The .key file stays here and is sent nowhere; the .csr file goes to the authority.[/dim]
    """
    identity = Identity(role, election, point, station)
    name = identity.station or identity.role.value
    out.mkdir(parents=True, exist_ok=True)
    _refuse_existing(out / f"{name}.csr")
    key = make_key()
    save_key(key, out / f"{name}.key", _new_passphrase(no_passphrase))
    pem = make_request(key, identity)
    _write_new(out / f"{name}.csr", pem)
    _describe_request(pem)
    print(f"Zapsáno · Written: {out / f'{name}.key'}, {out / f'{name}.csr'}")


@app.command(name="issue")
def issue_certificate(
    request_file: Annotated[
        Path,
        typer.Argument(
            metavar="REQUEST.csr", help="Žádost.\n[dim]The request.[/dim]", exists=True, dir_okay=False
        ),
    ],
    ca: Annotated[
        Path,
        typer.Option(
            help="Složka autority.\n[dim]The authority's folder.[/dim]", exists=True, file_okay=False
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="Kam zapsat certifikát.\n[dim]Where to write the certificate.[/dim]")
    ],
    role: RoleOption = Role.STATION,
    point: Point = None,
    station: Station = None,
    days: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Platnost ve dnech; jinak jako autorita.\n[dim]Life in days; else the authority's.[/dim]",
        ),
    ] = None,
) -> None:
    """Vydá certifikát podle žádosti: zkontroluje ji a podepíše klíčem autority.

    [dim]Issues the certificate that a request asks for: checks it and signs with the authority's key.[/dim]

    Roli, místo a stanici uvádíte vy; žádost s jinými údaji se odmítne.
    Příklad: prebirka trust issue 662-1.csr --ca autorita --point 662 --station 662-1 --out 662-1.pem
    [dim]Role, point and station are what you say; a request that says otherwise is refused.[/dim]
    """
    authority = AuthorityCertificate.from_pem(_read(ca / "ca.pem"))
    identity = Identity(role, authority.election, point, station)
    now = _now()
    # An hour back for clocks that are behind; whole seconds, as a certificate counts.
    not_before = max(now - timedelta(hours=1), authority.not_before)
    not_after = min(now + timedelta(days=days), authority.not_after) if days else authority.not_after
    _refuse_existing(out)
    pem = _read(request_file)
    read_request(pem)  # whatever is wrong with it is said before anybody types a passphrase
    certificate = issue(pem, identity, authority, _unlock(ca / "ca.key"), not_before, not_after)
    _write_new(out, certificate.to_pem())
    _describe(certificate)
    print(f"Zapsáno · Written: {out}")


@app.command()
def show(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Soubor.\n[dim]The file.[/dim]", exists=True, dir_okay=False),
    ],
) -> None:
    """Ukáže, co je v certifikátu nebo v žádosti o něj.

    [dim]Shows what is in a certificate or in a request for one.[/dim]
    """
    pem = _read(file)
    if b"CERTIFICATE REQUEST" in pem:
        _describe_request(pem)
        return
    try:
        _describe(Certificate.from_pem(pem))
    except CertificateTrouble as error:
        try:
            _describe_authority(AuthorityCertificate.from_pem(pem))
        except CertificateTrouble:
            raise error from None


def _describe(certificate: Certificate) -> None:
    identity = certificate.identity
    _line("Certifikát · Certificate", identity.common_name)
    _line("Volby · Election", identity.election)
    _line("Role · Role", identity.role.value)
    if identity.station is not None:
        _line("Přebírací místo · Transfer point", str(identity.transfer_point))
        _line("Stanice · Station", identity.station)
    _line("Číslo · Serial", f"{certificate.serial:x}")
    _life(certificate.not_before, certificate.not_after)
    _line("Otisk · Fingerprint (SHA-256)", certificate.fingerprint)


def _describe_authority(authority: AuthorityCertificate) -> None:
    _line("Certifikační autorita voleb · Authority of the election", authority.election)
    _life(authority.not_before, authority.not_after)
    _line("Otisk · Fingerprint (SHA-256)", authority.fingerprint)


def _describe_request(pem: bytes) -> None:
    request = read_request(pem)
    _line("Žádost o certifikát · Request for a certificate", request.identity.common_name)
    _line("Otisk klíče · Key's fingerprint", request.fingerprint)


def _life(start: datetime, end: datetime) -> None:
    _line("Platnost · Valid", f"{start:%Y-%m-%d %H:%M:%S} – {end:%Y-%m-%d %H:%M:%S} UTC")


def _line(label: str, value: str) -> None:
    print(f"{label}: {value}")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _new_passphrase(without: bool) -> str | None:
    if without:
        return None
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given
    typed: str = typer.prompt("Heslo ke klíči · Passphrase", hide_input=True, confirmation_prompt=True)
    return typed


def _unlock(path: Path) -> PrivateKey:
    """Load a key; ask for the passphrase only if it has one."""
    try:
        return load_key(path, None)
    except KnownError as error:
        if error.code != "KEY-02":
            raise
    given = os.environ.get(PASSPHRASE)
    if given is None:
        given = typer.prompt("Heslo ke klíči · Passphrase", hide_input=True)
    return load_key(path, given)


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise CertificateTrouble(
            code="CRT-09",
            cs=f"Soubor {path} už existuje a nepřepisuje se. Zvolte jiné jméno nebo složku.",
            en=f"The file {path} exists and is not overwritten. Choose another name or folder.",
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CertificateTrouble(
            code="CRT-10",
            cs=f"Soubor {path} nelze přečíst: {error.strerror}.",
            en=f"The file {path} cannot be read: {error.strerror}.",
        ) from error


def _write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
