"""Handing the request to the centre over the network, and fetching the certificate: the same question twice.

The token of the package goes along, so the way has to be TLS to a server that the pinned authority certified;
a rehearsal on one machine may do without. Who answers is not believed: the certificate is proved by the
pinned authority, as if it came on a stick.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from app.election.model import Mode
from app.station.config import StationConfig
from app.station.line.way import Way
from app.station.setting_up.errors import SettingUpRefused
from app.station.setting_up.settings import configured
from app.station.setting_up.waiting import finish, request_of, waiting_package
from app.station.transport import HttpTransport
from app.station.wire import NoAnswer, Unreachable, named_code

_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


def ask(folder: Path, at: datetime) -> StationConfig | None:
    """Hand the request in, or ask again; the station's configuration once it is in service, None while the
    certificate is not issued. Raises `SettingUpRefused` PRO-16 to PRO-18, `CertificateRefused`."""
    package = waiting_package(folder, at).package
    config = configured(package)
    address = urlsplit(config.centre_url)
    local = package.mode is Mode.REHEARSAL and address.hostname in _HERE
    if not package.token or (address.scheme != "https" and not local):
        raise SettingUpRefused(
            "PRO-18",
            "Tento balíček žádost po síti neumožňuje. Uložte žádost do souboru a předejte ji ústředí.",
            "This package does not allow a request over the network. Save the request to a file and hand it "
            "to the centre.",
        )
    try:
        with HttpTransport(config.centre_url, folder, Way.of(config, folder)) as transport:
            answer = transport.enrol(request_of(folder).pem, package.token)
    except (Unreachable, NoAnswer, ValueError) as error:
        raise SettingUpRefused(
            "PRO-17",
            "Ústředí neodpovídá. Zkontrolujte síť a zkuste to znovu, nebo žádost předejte souborem.",
            f"The centre does not answer ({error}). Check the network and try again, or hand the request "
            "over in a file.",
        ) from error
    if answer.status == 202:
        return None
    if answer.status != 200:
        code = named_code(answer)
        raise SettingUpRefused(
            "PRO-16",
            f"Ústředí žádost nepřijalo ({code}). Zavolejte technika ústředí a řekněte mu tento kód.",
            f"The centre did not take the request ({code}). Call the centre's technician and tell this code.",
        )
    return finish(folder, answer.body, at)
