"""The folder of a centre and its settings, `centre.toml`: which election, which mode, how it publishes.

The folder holds everything that the centre needs and everything that it makes: `centre.toml`, `ca.pem`
(the election authority), `centre.key` and `centre.pem` (receipts are signed with them),
`reference.sqlite` with its signature, `centre.sqlite` (the store) and `public/` (what is published).
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, fields
from ipaddress import ip_network
from pathlib import Path

from app.election.errors import KnownError
from app.election.model import Mode

FILE_NAME = "centre.toml"


@dataclass(frozen=True, slots=True)
class CentreSettings:
    """What can be set for a centre; each field is one line of `centre.toml`."""

    election: str
    mode: Mode
    #: where the store is: postgresql+psycopg://user@host/database; empty: `centre.sqlite` in the folder
    database: str = ""
    #: new results are published, ready to be read, within this many seconds
    publish_interval_seconds: float = 0.8
    #: `vysledky_okrsky` batches close on this grid; 0 closes one at each publication
    batch_grid_seconds: int = 300
    #: published versions that stay on disk, the current one included: of a rush's 1.6 a second, ten minutes
    keep_versions: int = 1000
    #: an ingested file may have at most this many bytes
    max_batch_bytes: int = 8 * 1024 * 1024
    #: threads that verify and store batches
    ingest_threads: int = 2
    #: batches that may wait for a thread; above that the answer is "busy, come again"
    max_waiting_batches: int = 64
    #: inquiries that may wait beside them; they never take a batch's place
    max_waiting_inquiries: int = 1000
    #: a request body must arrive within this many seconds
    receive_seconds: float = 60.0
    #: and no pause between two pieces of it may be longer
    pause_seconds: float = 10.0
    #: the head of a request must arrive within this many seconds
    head_seconds: float = 10.0
    #: bytes of all the bodies that are being received or wait for a thread
    max_received_bytes: int = 128 * 1024 * 1024
    #: connections; above that the oldest idle one gives way
    max_connections: int = 4000
    #: readers that may listen to events at once; above that they are told to ask
    max_listeners: int = 1000
    #: requests a second from one address (behind a front proxy: the one that it names), and at once;
    #: 0 sets no limit
    address_rate: float = 1000.0
    address_burst: int = 5000
    #: signed requests a second of one station, and at once; 0 sets no limit
    station_rate: float = 100.0
    station_burst: int = 1000
    #: networks of the front proxies, divided by spaces: from them alone X-Forwarded-For is believed
    front_proxies: str = "127.0.0.1/32 ::1/128"
    #: networks that may read /metrics, divided by spaces; never what came through a front proxy
    metrics_from: str = "127.0.0.0/8 ::1/128"
    #: a station's program that is not approved: off (nothing), warn, refuse (take no batch from it)
    build_policy: str = "warn"
    #: rehearsals may run by a shifted clock; refused in live mode
    clock_offset_seconds: int = 0

    def store_in(self, folder: CentreFolder) -> Path | str:
        """What `Database` opens for the centre in this folder."""
        return self.database or folder.store


@dataclass(frozen=True, slots=True)
class CentreFolder:
    """The paths inside a centre's folder."""

    root: Path

    @property
    def settings(self) -> Path:
        return self.root / FILE_NAME

    @property
    def authority(self) -> Path:
        return self.root / "ca.pem"

    @property
    def key(self) -> Path:
        return self.root / "centre.key"

    @property
    def certificate(self) -> Path:
        return self.root / "centre.pem"

    @property
    def reference(self) -> Path:
        return self.root / "reference.sqlite"

    @property
    def reference_signature(self) -> Path:
        return self.root / "reference.sqlite.p7s"

    @property
    def store(self) -> Path:
        return self.root / "centre.sqlite"

    @property
    def leader(self) -> Path:
        return self.root / "publisher.lock"

    @property
    def heard(self) -> Path:
        return self.root / "heard"

    @property
    def media_statistics(self) -> Path:
        return self.root / "media" / "statistics.json"

    @property
    def public(self) -> Path:
        return self.root / "public"


def load(folder: CentreFolder) -> CentreSettings:
    """Read `centre.toml`. Raises KnownError (CEN-01…03) when it is missing, wrong, or forbidden."""
    try:
        values = tomllib.loads(folder.settings.read_text("utf-8"))
    except FileNotFoundError:
        raise KnownError(
            "CEN-01",
            f"Ve složce {folder.root} není ústředí (chybí {FILE_NAME}). Založte ho: prebirka central init.",
            f"There is no centre in {folder.root} ({FILE_NAME} is missing). Make one: prebirka central init.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(f"{error}") from None
    kinds = {field.name: field.type for field in fields(CentreSettings)}
    for name, value in values.items():
        if name not in kinds:
            raise _wrong(f"neznámé nastavení / unknown setting: {name}")
        if not _fits(value, str(kinds[name])):
            raise _wrong(f"{name} = {value!r}")
    if "election" not in values or values.get("mode") not in set(Mode):
        raise _wrong("election, mode")
    settings = CentreSettings(**{**values, "mode": Mode(values["mode"])})
    for name in ("front_proxies", "metrics_from"):
        _check_networks(name, getattr(settings, name))
    if settings.build_policy not in ("off", "warn", "refuse"):
        raise _wrong(f"build_policy = {settings.build_policy!r}: off, warn, refuse")
    if settings.mode is Mode.LIVE and settings.clock_offset_seconds:
        raise KnownError(
            "CEN-03",
            "Posunuté hodiny (clock_offset_seconds) smí mít jen zkouška; v ostrém provozu je odstraňte.",
            "Only a rehearsal may run by a shifted clock (clock_offset_seconds); take it out in live mode.",
        )
    return settings


def write(folder: CentreFolder, settings: CentreSettings) -> None:
    """Write `centre.toml`; strings and numbers of JSON are valid TOML."""
    lines = [f"{field.name} = {json.dumps(getattr(settings, field.name))}" for field in fields(settings)]
    folder.settings.write_text("\n".join(lines) + "\n", "utf-8")


def _fits(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return False
    if kind == "float":
        return isinstance(value, int | float) and value >= 0
    if kind == "int":
        return isinstance(value, int)
    return isinstance(value, str)


def _check_networks(name: str, value: str) -> None:
    try:
        for each in value.split():
            ip_network(each)
    except ValueError as error:
        raise _wrong(f"{name}: {error}") from None


def _wrong(detail: str) -> KnownError:
    return KnownError(
        "CEN-02",
        f"Soubor {FILE_NAME} je chybný ({detail}). Opravte ho podle příručky.",
        f"{FILE_NAME} is wrong ({detail}). Mend it by the manual.",
    )
