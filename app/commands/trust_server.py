"""`prebirka trust server-request` and `server-issue`: certificates of TLS servers, as the centre's front."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.commands import passphrase
from app.commands import trust_files as files
from app.trust.authority import AuthorityCertificate
from app.trust.keys import make_key, save_key
from app.trust.server_certificate import (
    ServerCertificate,
    check_hosts,
    issue_server,
    make_server_request,
    read_server_request,
)

Names = Annotated[
    list[str],
    typer.Option(
        "--name",
        help="Jméno nebo adresa serveru; i víckrát.\n[dim]A name or address; may be repeated.[/dim]",
    ),
]


def server_request(
    name: Names,
    out: Annotated[
        Path,
        typer.Option(
            help="Složka pro server.key a server.csr.\n[dim]Folder for server.key and server.csr.[/dim]",
            file_okay=False,
        ),
    ],
    no_passphrase: files.NoPassphrase = False,
) -> None:
    """Vytvoří na serveru klíč TLS a žádost o certifikát.

    [dim]Makes a TLS key on the server, and a request for a certificate.[/dim]

    Klíč zůstává na serveru. S heslem ho nginx čte pomocí ssl_password_file; jinak --no-passphrase.
    Příklad: prebirka trust server-request --name ustredi.example --name 192.0.2.10 --out server
    [dim]The key stays on the server. nginx reads a passphrase from ssl_password_file; else --no-passphrase,
    readable by its owner alone.[/dim]
    """
    hosts = check_hosts(name)
    out.mkdir(parents=True, exist_ok=True)
    files.refuse_existing(out / "server.csr")
    key = make_key()
    save_key(key, out / "server.key", files.new_passphrase(no_passphrase))
    pem = make_server_request(key, hosts)
    files.write_new(out / "server.csr", pem)
    describe_request(pem)
    print(f"Zapsáno · Written: {out / 'server.key'}, {out / 'server.csr'}")


def server_issue(
    request_file: files.RequestFile,
    ca: files.AuthorityFolder,
    name: Names,
    out: Annotated[
        Path, typer.Option(help="Kam zapsat certifikát.\n[dim]Where to write the certificate.[/dim]")
    ],
    days: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Platnost ve dnech; jinak jako autorita.\n[dim]Life in days; else the authority's.[/dim]",
        ),
    ] = None,
) -> None:
    """Vydá certifikát serveru TLS; nehodí se k ničemu jinému než k TLS.

    [dim]Issues a TLS server's certificate, which serves for nothing else.[/dim]

    Jména uvádíte vy; žádost o jiná se odmítne.
    Příklad: prebirka trust server-issue server.csr --ca autorita --name ustredi.example --out server.pem
    [dim]The names are what you say; a request for others is refused.[/dim]
    """
    authority = AuthorityCertificate.from_pem(files.read(ca / "ca.pem"))
    now = files.now()
    not_before = max(now - timedelta(hours=1), authority.not_before)  # for clocks that are behind
    not_after = min(now + timedelta(days=days), authority.not_after) if days else authority.not_after
    files.refuse_existing(out)
    pem = files.read(request_file)
    read_server_request(pem)  # whatever is wrong with it is said before anybody types a passphrase
    hosts = check_hosts(name)
    certificate = issue_server(pem, hosts, authority, passphrase.unlock(ca / "ca.key"), not_before, not_after)
    files.write_new(out, certificate.to_pem())
    describe(certificate)
    print(f"Zapsáno · Written: {out}")


def describe(certificate: ServerCertificate) -> None:
    files.line("Certifikát serveru TLS · TLS server's certificate", " ".join(certificate.hosts))
    files.line("Číslo · Serial", f"{certificate.serial:x}")
    files.life(certificate.not_before, certificate.not_after)
    files.line("Otisk · Fingerprint (SHA-256)", certificate.fingerprint)


def describe_request(pem: bytes) -> None:
    request = read_server_request(pem)
    files.line("Žádost o certifikát serveru · Request of a server", " ".join(request.hosts))
    files.line("Otisk klíče · Key's fingerprint", request.fingerprint)
