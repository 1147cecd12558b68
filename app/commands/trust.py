"""`prebirka trust`: the election's authority, signing requests and certificates, on the command line.

Three machines take part, and each command says on which it belongs: the authority's (kept offline),
the one whose key is wanted, and none in particular for looking at a file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.commands import passphrase, trust_server
from app.commands import trust_files as files
from app.commands.central_enrolment import issue_all
from app.trust.authority import AuthorityCertificate, issue, make_authority, make_request, read_request
from app.trust.certificate import Certificate, CertificateTrouble
from app.trust.identity import Identity, Role
from app.trust.keys import make_key, save_key
from app.trust.server_certificate import ServerCertificate

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
    no_passphrase: files.NoPassphrase = False,
) -> None:
    """Založí certifikační autoritu voleb: klíč ca.key a certifikát ca.pem.

    [dim]Makes an election's authority: the key ca.key and the certificate ca.pem.[/dim]

    Spouštějte na počítači bez sítě. Soubor ca.key ho neopustí; ca.pem dostanou všichni.
    Heslo se zadává na klávesnici, nebo v proměnné PREBIRKA_PASSPHRASE.
    [dim]Run it on a computer without a network. The file ca.key never leaves it; everybody gets ca.pem.
    The passphrase is typed, or taken from PREBIRKA_PASSPHRASE.[/dim]
    """
    now = files.now()
    key = make_key()
    # A day back, so that a machine whose clock is somewhat behind does not refuse a fresh authority.
    authority = make_authority(election, key, now - timedelta(days=1), now + timedelta(days=days))
    out.mkdir(parents=True, exist_ok=True)
    files.refuse_existing(out / "ca.pem")
    save_key(key, out / "ca.key", files.new_passphrase(no_passphrase))
    files.write_new(out / "ca.pem", authority.to_pem())
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
    no_passphrase: files.NoPassphrase = False,
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
    files.refuse_existing(out / f"{name}.csr")
    key = make_key()
    save_key(key, out / f"{name}.key", files.new_passphrase(no_passphrase))
    pem = make_request(key, identity)
    files.write_new(out / f"{name}.csr", pem)
    _describe_request(pem)
    print(f"Zapsáno · Written: {out / f'{name}.key'}, {out / f'{name}.csr'}")


@app.command(name="issue")
def issue_certificate(
    request_file: files.RequestFile,
    ca: files.AuthorityFolder,
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
    authority = AuthorityCertificate.from_pem(files.read(ca / "ca.pem"))
    identity = Identity(role, authority.election, point, station)
    now = files.now()
    # An hour back for clocks that are behind; whole seconds, as a certificate counts.
    not_before = max(now - timedelta(hours=1), authority.not_before)
    not_after = min(now + timedelta(days=days), authority.not_after) if days else authority.not_after
    files.refuse_existing(out)
    pem = files.read(request_file)
    read_request(pem)  # whatever is wrong with it is said before anybody types a passphrase
    certificate = issue(pem, identity, authority, passphrase.unlock(ca / "ca.key"), not_before, not_after)
    files.write_new(out, certificate.to_pem())
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
    pem = files.read(file)
    kinds: list[Callable[[], None]] = [
        lambda: _describe(Certificate.from_pem(pem)),
        lambda: _describe_authority(AuthorityCertificate.from_pem(pem)),
        lambda: trust_server.describe(ServerCertificate.from_pem(pem)),
    ]
    if b"CERTIFICATE REQUEST" in pem:
        kinds = [lambda: _describe_request(pem), lambda: trust_server.describe_request(pem)]
    troubles = []
    for describe in kinds:
        try:
            return describe()
        except CertificateTrouble as error:
            troubles.append(error)
    raise troubles[0]


app.command(name="issue-all")(issue_all)
app.command(name="server-request")(trust_server.server_request)
app.command(name="server-issue")(trust_server.server_issue)


def _describe(certificate: Certificate) -> None:
    identity = certificate.identity
    files.line("Certifikát · Certificate", identity.common_name)
    files.line("Volby · Election", identity.election)
    files.line("Role · Role", identity.role.value)
    if identity.station is not None:
        files.line("Přebírací místo · Transfer point", str(identity.transfer_point))
        files.line("Stanice · Station", identity.station)
    files.line("Číslo · Serial", f"{certificate.serial:x}")
    files.life(certificate.not_before, certificate.not_after)
    files.line("Otisk · Fingerprint (SHA-256)", certificate.fingerprint)


def _describe_authority(authority: AuthorityCertificate) -> None:
    files.line("Certifikační autorita voleb · Authority of the election", authority.election)
    files.life(authority.not_before, authority.not_after)
    files.line("Otisk · Fingerprint (SHA-256)", authority.fingerprint)


def _describe_request(pem: bytes) -> None:
    request = read_request(pem)
    files.line("Žádost o certifikát · Request for a certificate", request.identity.common_name)
    files.line("Otisk klíče · Key's fingerprint", request.fingerprint)
