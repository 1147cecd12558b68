"""The operations room as a process: its own address, its own connections, an orderly end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from app.central import http_server
from app.central.centre import Clock, connected, prepare
from app.central.connections import Connections
from app.central.http_server import listening, print_ready, url_of
from app.central.room.neighbours import Neighbours
from app.central.room.place import Place, checked_origin
from app.central.room.watch import Watch
from app.central.room.web import Room
from app.central.settings import CentreFolder
from app.election.errors import KnownError
from app.trust.keys import PrivateKey
from app.trust.passwords import Passwords

_log = logging.getLogger(__name__)
_MOST_CONNECTIONS = 500
_HEAD_SECONDS = 10.0


def serve(
    folder: Path,
    host: str,
    port: int,
    clock: Clock,
    key: PrivateKey | None = None,
    *,
    origin: str = "",
    centre: str = "",
    silent_after: timedelta = timedelta(minutes=5),
    passwords: Passwords | None = None,
    ready: Callable[[str], None] = print_ready,
) -> None:
    """Run the room of a centre until SIGTERM. Port 0 takes any free one; `ready` hears the address.

    `origin` is the address in people's browsers where a front server stands before it; without one only this
    machine may be listened on, because nothing is encrypted. `centre` is the address of the running centre,
    for its own words about itself. Raises KnownError before it begins (CEN-…, ROM-22, ROM-23).
    """
    if origin:
        origin = checked_origin(origin)
    elif not _is_own(host):
        raise KnownError(
            "ROM-23",
            "Velín bez předřazeného serveru s TLS smí naslouchat jen na tomto počítači (127.0.0.1). Uveďte "
            "volbou --origin adresu, pod kterou ho otevírají prohlížeče.",
            "Without a front server with TLS the room may listen on this machine alone (127.0.0.1). Name by "
            "--origin the address by which browsers open it.",
        )
    parts = prepare(folder, clock, key)
    database = connected(parts)
    paths = CentreFolder(folder)
    try:
        neighbours = Neighbours(centre, paths.media_statistics)
        watch = Watch(database, paths, parts.reference, clock, silent_after, neighbours)
        with listening(host, port) as listener:
            url = url_of(listener)
            place = Place.of(parts, database, watch, origin or url, passwords or Passwords())
            room = Room(place)
            connections = Connections(_MOST_CONNECTIONS, _HEAD_SECONDS, _noted)
            server = http_server.server_of(
                room, connections, None, proxies=tuple(parts.settings.front_proxies.split())
            )
            try:
                ready(url)
                server.run(sockets=[listener])
            finally:
                room.close()
    finally:
        database.close()


def _noted(code: str) -> None:
    _log.info("%s: a connection was refused", code)


def _is_own(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost" or "/" in host:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
