"""The centre as a process: the server, the publisher's thread, an orderly end."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from app import heap
from app.central import settings as settings_file
from app.central.centre import Centre, Clock
from app.central.connections import LARGEST_HEAD, be_told_once, make_room, protocol_of
from app.central.events import Events
from app.central.server import Door, application, system_clock
from app.central.settings import CentreFolder
from app.election.errors import KnownError
from app.trust.keys import PrivateKey

#: An idle connection of a station must not hold the end up.
_GRACE_SECONDS = 5
_BACKLOG = 1024
_log = logging.getLogger(__name__)


class _Server(uvicorn.Server):
    """Ends in order at SIGTERM and SIGINT and lets the process finish by itself, with exit status 0."""

    def __init__(self, config: uvicorn.Config, events: Events) -> None:
        super().__init__(config)
        self._events = events

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._events.close()  # else the server would wait for those who listen
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread hears signals; whoever runs it elsewhere sets should_exit
            return
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(
    folder: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    clock: Clock | None = None,
    key: PrivateKey | None = None,
    ready: Callable[[str], None] = lambda url: print(f"READY {url}", flush=True),  # noqa: T201
) -> None:
    """Run a centre until SIGTERM. Port 0 takes any free one; `ready` hears the address.

    Without `clock` it runs by the machine's, shifted by the settings; `key` is the centre's key where its
    file has a passphrase. Raises KnownError before it begins
    (CEN-…; CEN-08 when the address cannot be had).
    """
    if clock is None:
        clock = system_clock(settings_file.load(CentreFolder(folder)).clock_offset_seconds)
    centre = Centre.open(folder, clock, key)
    try:
        with listening(host, port) as listener:
            centre.publisher.start()
            heap.keep_for_good()
            door = Door(centre)
            try:
                _run(centre, door, listener, ready)
            finally:
                door.close()
    finally:
        centre.close()


def server_of(centre: Centre, door: Door) -> uvicorn.Server:
    """The HTTP server of a centre, not running yet."""
    be_told_once()
    door.connections.most = make_room(door.connections.most)
    config = uvicorn.Config(
        application(centre, door),
        http=protocol_of(door.connections),
        h11_max_incomplete_event_size=LARGEST_HEAD,
        log_config=None,
        access_log=False,
        server_header=False,
        # said here, or a variable of the environment (FORWARDED_ALLOW_IPS) could have the word
        forwarded_allow_ips=centre.settings.front_proxies.split(),
        lifespan="off",
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=30,
    )
    return _Server(config, door.events)


def _run(centre: Centre, door: Door, listener: socket.socket, ready: Callable[[str], None]) -> None:
    address, port = listener.getsockname()[:2]
    host = f"[{address}]" if ":" in address else address
    # connections made from here on wait in the listener's queue until the server's loop takes them
    ready(f"http://{host}:{port}")
    server_of(centre, door).run(sockets=[listener])


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens while the block runs. Raises KnownError CEN-08."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise KnownError(
            "CEN-08",
            f"Na adrese {host}, port {port} nelze naslouchat. Zvolte jiný port, nebo uvolněte tento.",
            f"Cannot listen on {host}, port {port} ({error.strerror}). Choose another port or free this one.",
        ) from error
    with listener:
        # Connections inherit it. Without it a receipt's second packet waits for the peer's acknowledgement
        # of the first, which comes some 40 ms later; asyncio sets it only on sockets that it made itself.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener
