"""`prebirka station enrol --provision FILE`: a workstation set up from its package without anybody watching.

Run again and again it does what is left to do, so that one line in a deployment tool is enough: take the
package, hand the request out, ask for the certificate. The exit status says how far it is.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from app.commands.passphrase import VARIABLE
from app.election.errors import KnownError

#: Exit statuses: in service; refused (as every command); the certificate is not there yet.
IN_SERVICE, REFUSED, WAITS = 0, 2, 3


def set_up(
    folder: Path | None,
    package: Path | None,
    fingerprint: str,
    ca: Path | None,
    request_out: Path | None,
    send: bool,
    certificate: Path | None,
    as_json: bool,
) -> None:
    """One step further. Raises typer.Exit with the status unless the station is in service."""
    from app.commands.places import station_folder

    told: dict[str, Any] = {}
    place = folder or station_folder()
    try:
        _steps(place, package, fingerprint, ca, request_out, send, certificate, told)
    except KnownError as error:
        if not as_json:
            raise
        told |= {"state": "refused", "code": error.code, "cs": error.cs, "en": error.en}
    if as_json:
        print(json.dumps({"folder": str(place), **told}, ensure_ascii=False))
    elif told["state"] == "in service":
        print(f"Stanice {told['station']} je v provozu. · The station is in service: {place}")
    else:
        print(f"Stanice {told['station']} čeká na certifikát. · It waits for its certificate: {place}\n"
              f"Otisk klíče · Key's fingerprint: {told['key']}")  # fmt: skip
    status = {"in service": IN_SERVICE, "waits": WAITS, "refused": REFUSED}[told["state"]]
    if status:
        raise typer.Exit(status)


def _steps(
    place: Path,
    package: Path | None,
    fingerprint: str,
    ca: Path | None,
    request_out: Path | None,
    send: bool,
    certificate: Path | None,
    told: dict[str, Any],
) -> None:
    from app.station.config import read_config
    from app.station.setting_up import asking, newer, opening, waiting

    now = datetime.now(UTC)
    if package is not None:
        data = opening.read_file(package)
        if waiting.is_station(place) or waiting.is_waiting(place):
            newer.take_newer(place, data, now)
        else:
            waiting.begin(place, _trusted(data, fingerprint, ca, now), now, os.environ.get(VARIABLE))
    if waiting.is_waiting(place):
        request = waiting.request_of(place)
        opened = waiting.waiting_package(place, now)
        told |= {"state": "waits", "station": opened.package.station, "mode": opened.package.mode.value}
        told |= {"key": request.key_fingerprint}
        if request_out is not None:
            _save(request_out / f"{opened.package.station}.csr", request.pem)
        if certificate is not None:
            waiting.finish(place, _read(certificate), now)
        elif send:
            asking.ask(place, now)
    if not waiting.is_waiting(place):
        config = read_config(place)
        told |= {"state": "in service", "station": config.station, "mode": config.mode.value}


def _trusted(data: bytes, fingerprint: str, ca: Path | None, now: datetime) -> Any:
    from app.station.setting_up import errors, opening
    from app.trust.anchors import Anchors

    if ca is not None:
        anchors = Anchors.from_pem(_read(ca))
        try:
            return opening.open_trusted(data, anchors, now)
        except errors.PackageRefused as error:
            if error.code != "PRO-04":
                raise
            opening.open_new(data, now)  # says it where the package itself is bad
            raise errors.other_authority() from error
    opened = opening.open_new(data, now)
    if not fingerprint:
        raise KnownError(
            "PRO-13",
            "Komu má stanice věřit? Uveďte --fingerprint s otiskem volební autority ze záznamu, nebo --ca.",
            "Whom is the station to trust? Give --fingerprint with the authority's fingerprint from the "
            "record, or --ca.",
        )
    if not opening.is_authority(opened, fingerprint):
        raise errors.other_authority()
    return opened


def _save(path: Path, data: bytes) -> None:
    """Write the request, the same one again as often as asked."""
    from app.station.setting_up import errors

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise errors.unwritable(path.parent, error) from error


def _read(path: Path) -> bytes:
    from app.station.setting_up import errors

    try:
        return path.read_bytes()
    except OSError as error:
        raise errors.unreadable(path, error) from error
