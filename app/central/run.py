"""The centre as a process: the server, the publisher's thread, an orderly end."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from app import heap
from app.central import http_server, processes
from app.central import settings as settings_file
from app.central.centre import Centre, Clock, connected, prepare, proved
from app.central.http_server import listening, print_ready, sharing, url_of
from app.central.quick import Quick
from app.central.server import Door, application, system_clock
from app.central.settings import CentreFolder
from app.trust.keys import PrivateKey


def serve(
    folder: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    clock: Clock | None = None,
    key: PrivateKey | None = None,
    ready: Callable[[str], None] = print_ready,
    count: int = 1,
) -> None:
    """Run a centre until SIGTERM. Port 0 takes any free one; `ready` hears the address.

    Without `clock` it runs by the machine's, shifted by the settings; `key` is the centre's key where its
    file has a passphrase; `count` is the number of processes that share the address. Raises KnownError
    before it begins (CEN-…; CEN-08 when the address cannot be had, CEN-18 where there can be one process
    only).
    """
    processes.check(count)
    if clock is None:
        clock = system_clock(settings_file.load(CentreFolder(folder)).clock_offset_seconds)
    heap.give_back()
    parts = prepare(folder, clock, key)
    database = proved(parts)
    if count == 1:
        with listening(host, port) as listener:
            _work(Centre.of(parts, database), listener, lambda: ready(url_of(listener)))
        return
    database.close()  # each process has its own connections
    heap.keep_for_good()
    with sharing(host, port, count) as listeners:

        def work(listener: socket.socket, told: Callable[[], None]) -> None:
            _work(Centre.of(parts, connected(parts)), listener, told)

        processes.run(listeners, work, lambda: ready(url_of(listeners[0])))


def _work(centre: Centre, listener: socket.socket, ready: Callable[[], None]) -> None:
    """What one process does, from the first publication to the last."""
    try:
        centre.publisher.start()
        heap.keep_for_good()
        door = Door(centre)
        try:
            # connections made from here on wait in the listener's queue until the server's loop takes them
            ready()
            server_of(centre, door).run(sockets=[listener])
        finally:
            door.close()
    finally:
        centre.close()


def server_of(centre: Centre, door: Door) -> uvicorn.Server:
    """The HTTP server of a centre, not running yet."""
    front = application(centre, door)
    proxies = tuple(centre.settings.front_proxies.split())
    return http_server.server_of(front, door.connections, Quick(front), door.events, proxies=proxies)
