"""What the media register needs beside the centre: its folder, the deadline, the trusted authorities.

`FOLDER/media/` holds `media.toml` (all of it optional), `trust/` with the certificates of the authorities
(PEM), `crl/` with their lists of revoked ones, and `allowed.p7m`, the signed list that the media server
reads. The day of the deadline is a date of the election's calendar: `resources/facts/media.csv` knows it by
the election's code, and `deadline` in `media.toml` stands over it.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app import resources
from app.election.errors import KnownError
from app.election.model import Mode
from app.election.reference import Reference
from app.trust.qualified import TrustList

PRAGUE = ZoneInfo("Europe/Prague")
_ENDINGS = (".pem", ".crt", ".crl")


@dataclass(frozen=True, slots=True)
class MediaFolder:
    """The paths inside the register's folder."""

    root: Path

    @property
    def settings(self) -> Path:
        return self.root / "media.toml"

    @property
    def trust(self) -> Path:
        return self.root / "trust"

    @property
    def revoked(self) -> Path:
        return self.root / "crl"

    @property
    def allowed(self) -> Path:
        return self.root / "allowed.p7m"


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """`deadline`: the last instant at which an application may be received, inclusive; `live_from`: when the
    media's line turns from the rehearsal to live data."""

    deadline: datetime
    live_from: datetime


def load(folder: MediaFolder, reference: Reference) -> MediaSettings:
    """Read the settings. Raises KnownError MED-30 when they are wrong or nothing says the deadline."""
    election = reference.election
    try:
        values = tomllib.loads(folder.settings.read_text("utf-8")) if folder.settings.exists() else {}
        if unknown := values.keys() - {"deadline", "live_from"}:
            raise ValueError(f"neznámé nastavení / unknown setting: {', '.join(sorted(unknown))}")
        day = values.get("deadline") or _known_deadline(election.code)
        live_from = values.get("live_from", election.calendar.voting_begins)
        if type(day) is not date or not isinstance(live_from, datetime) or live_from.tzinfo is None:
            raise ValueError("deadline = 2024-09-06, live_from = 2024-09-20T14:00:00+02:00")
    except (OSError, ValueError) as error:
        raise KnownError(
            "MED-30",
            f"Nastavení rejstříku médií chybí nebo je chybné ({error}). Opravte soubor {folder.settings}.",
            f"The media register's settings are missing or wrong ({error}). Mend {folder.settings}.",
        ) from error
    return MediaSettings(end_of(day), live_from)


def end_of(day: date) -> datetime:
    """24:00 of a day in Prague, whatever the clocks did that day."""
    return datetime.combine(day + timedelta(days=1), time(), PRAGUE)


def trust(folder: MediaFolder, mode: Mode) -> TrustList:
    """The trusted authorities and the revoked certificates. Raises KnownError MED-31 when a file cannot be
    read, MED-32 when a live centre trusts the rehearsals' authority; QCA-01 and QCA-02."""
    found = TrustList.of(_files(folder.trust), _files(folder.revoked))
    if mode is Mode.LIVE and found.rehearsal:
        raise KnownError(
            "MED-32",
            f"Mezi důvěryhodnými autoritami je zkušební ({folder.trust}). V ostrém provozu ji odstraňte.",
            f"The rehearsals' authority is among the trusted ({folder.trust}). Take it out in live mode.",
        )
    return found


def _known_deadline(election: str) -> date:
    with resources.path("facts", "media.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["VOLBY"] == election:
                return date.fromisoformat(row["ZADOSTI_DO"])
    raise ValueError("deadline = ?")


def _files(folder: Path) -> list[bytes]:
    try:
        if not folder.exists():
            return []
        return [each.read_bytes() for each in sorted(folder.iterdir()) if each.suffix.lower() in _ENDINGS]
    except OSError as error:
        raise KnownError(
            "MED-31",
            f"Seznam důvěryhodných autorit ve složce {folder} nelze přečíst ({error.strerror}).",
            f"The list of trusted authorities in {folder} cannot be read ({error.strerror}).",
        ) from error
