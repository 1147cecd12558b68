"""`prebirka reference provision` and `prebirka station enrol`: certificates on their way to the stations."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from app.commands.opening import open_station
from app.commands.passphrase import unlock
from app.election.errors import KnownError

_FILE = {"exists": True, "dir_okay": False}
Reference = Annotated[Path, typer.Option(help="Číselníky voleb.\n[dim]The reference file.[/dim]", **_FILE)]


def provision(
    certificates: Annotated[
        list[Path],
        typer.Argument(
            metavar="CERTIFICATE.pem…",
            help="Certifikáty stanic místa.\n[dim]Certificates of the point's stations.[/dim]",
            **_FILE,
        ),
    ],
    reference: Reference,
    point: Annotated[int, typer.Option(help="Číslo přebíracího místa.\n[dim]The transfer point.[/dim]")],
    centre_url: Annotated[
        str, typer.Option(help="Adresa ústředí.\n[dim]The centre's address.[/dim]", metavar="URL")
    ],
    key: Annotated[
        Path, typer.Option(help="Klíč role reference.\n[dim]Key of the role reference.[/dim]", **_FILE)
    ],
    certificate: Annotated[
        Path, typer.Option(help="Certifikát ke klíči.\n[dim]The key's certificate.[/dim]", **_FILE)
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Kam zapsat.\n[dim]Where to write it.[/dim]")],
) -> None:
    """Podepíše vybavení přebíracího místa: certifikáty jeho stanic, adresu ústředí a otisk číselníků.

    [dim]Signs a point's provisioning: its stations' certificates, the centre's address, the hash of the
    reference data.[/dim]

    Nic tajného v něm není. Na stanici ho přijme jeden příkaz: prebirka station enrol.
    [dim]It carries no secret. One command takes it at a station: prebirka station enrol.[/dim]
    """
    from app.documents import provisioning as documents
    from app.documents.reference import load
    from app.trust.certificate import Certificate
    from app.trust.cms import sign

    election = load(reference).election
    read = [Certificate.from_pem(path.read_bytes()) for path in certificates]
    for path, one in zip(certificates, read, strict=True):
        if (one.identity.election, one.identity.transfer_point) != (election.code, point):
            raise KnownError(
                "CRT-11",
                f"Certifikát {path} patří „{one.identity.common_name}“, ne stanici místa {point} voleb "
                f"{election.code}.",
                f"The certificate {path} is of “{one.identity.common_name}”, not of a station of the point "
                f"{point} of {election.code}.",
            )
    now = datetime.now(UTC)
    content = documents.write(
        documents.Provisioning(
            election.code, election.mode, point, now, centre_url,
            sha256(reference.read_bytes()).hexdigest(), tuple(one.der for one in read),
        )
    )  # fmt: skip
    documents.read(content)  # what a station would refuse is refused here
    data = sign(content, unlock(key), Certificate.from_pem(certificate.read_bytes()), now)
    with out.open("xb") as file:
        file.write(data)
    print(f"Zapsáno · Written: {out} ({len(read)})")


def enrol(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="Složka stanice; jinak ta, kterou otevírá prebirka desk.\n"
            "[dim]The station's folder; else the one that prebirka desk opens.[/dim]",
        ),
    ] = None,
    provisioning: Annotated[
        Path | None,
        typer.Argument(
            metavar="PROVISIONING.p7m",
            help="Podepsané vybavení místa.\n[dim]The point's signed provisioning.[/dim]",
            **_FILE,
        ),
    ] = None,
    ca: Annotated[
        Path | None,
        typer.Option(help="Certifikát volební autority ca.pem.\n[dim]The authority's ca.pem.[/dim]", **_FILE),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="Klíč, který vznikl zde.\n[dim]The key made here.[/dim]", **_FILE)
    ] = None,
    reference: Annotated[
        Path | None, typer.Option(help="Číselníky voleb.\n[dim]The reference file.[/dim]", **_FILE)
    ] = None,
    signature: Annotated[
        Path | None,
        typer.Option(
            help="Podpis číselníků; jinak vedle nich s příponou .p7s.\n"
            "[dim]Signature of the reference file; else beside it with .p7s.[/dim]",
            **_FILE,
        ),
    ] = None,
    package: Annotated[
        Path | None,
        typer.Option(
            "--provision",
            help="Balíček pracoviště (prebirka provision).\n[dim]The workstation's package.[/dim]",
            **_FILE,
        ),
    ] = None,
    fingerprint: Annotated[
        str,
        typer.Option(
            help="Otisk volební autority ze záznamu o obřadu, alespoň 16 číslic.\n"
            "[dim]The authority's fingerprint from the record, at least 16 digits.[/dim]"
        ),
    ] = "",
    request_out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Kam uložit žádost o certifikát.\n[dim]Where to save the certificate request.[/dim]",
            file_okay=False,
        ),
    ] = None,
    send: Annotated[
        bool,
        typer.Option(
            "--send", help="Předat žádost ústředí po síti.\n[dim]Hand the request to the centre.[/dim]"
        ),
    ] = False,
    certificate: Annotated[
        Path | None,
        typer.Option(
            help="Vydaný certifikát, přinesený souborem.\n[dim]The issued certificate from a file.[/dim]",
            **_FILE,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Výsledek pro skripty.\n[dim]The result for scripts.[/dim]")
    ] = False,
) -> None:
    """Uvede stanici do provozu: z balíčku (--provision), nebo z vybavení místa a jeho částí.

    [dim]Puts a station into service: from a package (--provision), or from its point's provisioning and the
    parts beside it.[/dim]

    Hromadně a bez obsluhy, opakovaně, dokud stav není 0 (3: čeká na certifikát, 2: odmítnuto):
    prebirka station enrol --provision 662-1.p7m --fingerprint 3f2a… --send --json
    [dim]For mass deployment, again and again until the exit status is 0 (3: waits for its certificate, 2:
    refused).[/dim]

    Z vybavení: prebirka station enrol misto 662.p7m --ca ca.pem --key 662-1.key --reference kz2024.sqlite
    [dim]Where something does not fit, nothing of the folder stays.[/dim]
    """
    if provisioning is None:
        from app.commands.enrolling import set_up

        set_up(folder, package, fingerprint, ca, request_out, send, certificate, as_json)
        return
    if folder is None or ca is None or key is None or reference is None:
        raise typer.BadParameter("--ca, --key, --reference", param_hint="PROVISIONING.p7m")
    from app.station.enrolment import Delivered
    from app.station.enrolment import enrol as enrolled

    was_there = folder.exists()
    beside = signature or reference.with_name(reference.name + ".p7s")
    delivered = Delivered(provisioning, ca, reference, beside)
    config = enrolled(folder, delivered, key, unlock(key), datetime.now(UTC))
    try:
        with open_station(folder, None) as station:
            election = station.reference.election
    except BaseException:
        shutil.rmtree(folder)  # it was empty before, all in it is a copy
        if was_there:
            folder.mkdir()
        raise
    print(f"Stanice · Station {config.station}, {election.name} ({config.election}), {config.mode}: {folder}")
