"""The centre as a process: the server, the publisher's thread, an orderly end."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvicorn

from app import heap
from app.central import processes
from app.central import settings as settings_file
from app.central.centre import Centre, Clock, connected, prepare, proved
from app.central.connections import LARGEST_HEAD, be_told_once, make_room, protocol_of
from app.central.events import Events
from app.central.quick import Quick
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


def _print_ready(url: str) -> None:
    print(f"READY {url}", flush=True)  # noqa: T201


def serve(
    folder: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    clock: Clock | None = None,
    key: PrivateKey | None = None,
    ready: Callable[[str], None] = _print_ready,
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
    parts = prepare(folder, clock, key)
    database = proved(parts)
    if count == 1:
        with listening(host, port) as listener:
            _work(Centre.of(parts, database), listener, lambda: ready(_url(listener)))
        return
    database.close()  # each process has its own connections
    heap.keep_for_good()
    with sharing(host, port, count) as listeners:

        def work(listener: socket.socket, told: Callable[[], None]) -> None:
            _work(Centre.of(parts, connected(parts)), listener, told)

        processes.run(listeners, work, lambda: ready(_url(listeners[0])))


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
    be_told_once()
    door.connections.most = make_room(door.connections.most)
    front = application(centre, door)
    config = uvicorn.Config(
        front,
        http=protocol_of(door.connections, Quick(front)),
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


def _url(listener: socket.socket) -> str:
    address, port = listener.getsockname()[:2]
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens while the block runs. Raises KnownError CEN-08."""
    with sharing(host, port, 1) as (listener,):
        yield listener


@contextmanager
def sharing(host: str, port: int, count: int) -> Iterator[list[socket.socket]]:
    """Sockets that listen on one address while the block runs. Raises KnownError CEN-08."""
    try:
        listeners = processes.listeners(host, port, count, _BACKLOG)
    except OSError as error:
        raise KnownError(
            "CEN-08",
            f"Na adrese {host}, port {port} nelze naslouchat. Zvolte jiný port, nebo uvolněte tento.",
            f"Cannot listen on {host}, port {port} ({error.strerror}). Choose another port or free this one.",
        ) from error
    with ExitStack() as stack:
        for listener in listeners:
            stack.enter_context(listener)
            # Connections inherit it. Without it a receipt's second packet waits for the peer's
            # acknowledgement of the first, which comes some 40 ms later; asyncio sets it only on sockets
            # that it made itself.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listeners
