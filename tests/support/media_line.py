"""A media's line for tests: a centre that published, a signed list, the real server in a thread, readers from
loopback addresses of their own."""

from __future__ import annotations

import http.client
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.central.http_server import listening
from app.central.media.server.run import MediaServer, Settings
from app.central.settings import CentreFolder
from app.documents import media_list
from app.documents.media_list import MediaList, Organisation
from app.election.model import Contest, Mode
from app.trust import cms, keys
from app.trust.certificate import Certificate
from tests.support.house import Clock, House
from tests.support.invented_election import POINT, VOTING_ENDS, protocols, reference

CODE = "zk2024"
INDEX = f"/feed/{CODE}/index.xml"
RESULTS = f"/appdata/{CODE}/odata/vysledky.xml"
EVENTS = f"/feed/{CODE}/events"
RADIO = Organisation("radio", "Rádio & spol.", ("127.1.0.1", "127.1.0.2"), ("127.1.1.1",))
PAPER = Organisation("noviny", "Noviny <b>dne</b>", ("127.2.0.1",), ("127.2.1.1",))
STRANGER = "127.9.9.9"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader heard."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """Of a refusal."""
        return self.body[:6].decode("ascii", "replace") if self.body.startswith(b"MED-") else ""


@dataclass
class Newsrooms:
    """The centre's folder, its clock, and the list that the line reads."""

    house: House
    rehearsal: Path
    media: Path
    serial: int = 0
    live_from: datetime = field(default=VOTING_ENDS + timedelta(days=1))

    @property
    def clock(self) -> Clock:
        return self.house.clock

    @property
    def settings(self) -> Settings:
        folder = CentreFolder(self.house.centre_folder)
        self.media.mkdir(exist_ok=True)
        listed, statistics = self.media / "allowed.p7m", self.media / "statistics.json"
        return Settings(folder.public, listed, folder.authority, statistics, self.rehearsal)

    def signed(self, *organisations: Organisation, **changes: object) -> bytes:
        """The next list; `changes` replace fields of it."""
        self.serial += 1
        made = MediaList(CODE, Mode.REHEARSAL, self.serial, self.clock(), self.live_from, organisations)
        made = replace(made, **changes)  # type: ignore[arg-type]
        folder = CentreFolder(self.house.centre_folder)
        certificate = Certificate.from_pem(folder.certificate.read_bytes())
        key = keys.load_key(folder.key, None)
        return cms.sign(media_list.encode(made), key, certificate, self.clock())

    def put(self, data: bytes) -> None:
        """Where the line looks, whole."""
        half = self.settings.listed.with_suffix(".part")
        half.write_bytes(data)
        half.replace(self.settings.listed)

    def publish(self, organisations: tuple[Organisation, ...] = (RADIO, PAPER), **changes: object) -> None:
        """The next list of these."""
        self.put(self.signed(*organisations, **changes))

    def go_live(self) -> None:
        """The clock reaches the live moment."""
        self.clock.now = self.live_from


@dataclass
class Line:
    """A running server of the line."""

    media: MediaServer
    port: int

    def ask(
        self, address: str, path: str = INDEX, method: str = "GET", headers: dict[str, str] | None = None
    ) -> Answer:
        """On a connection of its own from this address."""
        with closing(self.connection(address)) as connection:
            return asked(connection, path, method, headers)

    def connection(self, address: str) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(address, 0))

    def raw(self, address: str, data: bytes) -> bytes:
        """Everything that comes back until the server ends the connection."""
        with socket.create_connection(("127.0.0.1", self.port), 20, (address, 0)) as line:
            line.sendall(data)
            return b"".join(iter(lambda: line.recv(65536), b""))


def asked(
    connection: http.client.HTTPConnection,
    path: str = INDEX,
    method: str = "GET",
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request on a connection that may be open already."""
    connection.request(method, path, headers=headers or {})
    with connection.getresponse() as response:
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, response.read())


@contextmanager
def newsrooms(folder: Path) -> Iterator[Newsrooms]:
    """A rehearsed election whose centre published twice: what came first is the rehearsal's feed."""
    known = reference(Contest.REGIONAL, mode=Mode.REHEARSAL)
    house = House(folder, known, Clock(VOTING_ENDS + timedelta(hours=1)), batch_grid_seconds=0)
    centre = house.open()
    try:
        centre.publisher.flush()
        shutil.copytree(house.centre_folder / "public", folder / "rehearsal", symlinks=True)
        house.clock.move(minutes=5)
        station = house.station(f"{POINT}-1")
        counted = protocols(known, Contest.REGIONAL)[0]
        assert centre.ingest.receive(station.batch(station.item(counted)), house.clock()).code == ""
        centre.publisher.flush(close_batch=True)
    finally:
        centre.close()
    yield Newsrooms(house, folder / "rehearsal", folder / "media")


@contextmanager
def running(place: Newsrooms, host: str = "127.0.0.1", **changes: object) -> Iterator[Line]:
    """The real server of the line in a thread, following everything; `changes` replace settings."""
    media = MediaServer(replace(place.settings, **changes), place.clock)  # type: ignore[arg-type]
    server = media.server()
    with listening(host, 0) as listener, media.followed():
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Line(media, 0 if "/" in host else listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
