"""The HTTP server of every process of the centre: bounded connections, an orderly end, sockets that listen.

What it serves is an ASGI application; the quick way answers plain requests for published documents before it.
"""

from __future__ import annotations

import signal
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from app.central import processes
from app.central.connections import LARGEST_HEAD, Bounded, Connections, be_told_once, make_room, protocol_of
from app.central.events import Events
from app.central.quick import Quick
from app.election.errors import KnownError

#: An idle connection of a station must not hold the end up.
_GRACE_SECONDS = 5
_BACKLOG = 1024


class Server(uvicorn.Server):
    """Ends in order at SIGTERM and SIGINT and lets the process finish by itself, with exit status 0."""

    def __init__(self, config: uvicorn.Config, *events: Events) -> None:
        super().__init__(config)
        self._events = events

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for each in self._events:
            each.close()  # else the server would wait for those who listen
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


def server_of(
    application: ASGIApp,
    connections: Connections,
    quick: Quick | None,
    *events: Events,
    proxies: tuple[str, ...] = (),
    protocol: type[Bounded] | None = None,
) -> Server:
    """The server of an application, not running yet; `events` are let go when it ends.

    From `proxies` (networks) alone X-Forwarded-For is believed. `protocol` takes the place of the one that
    `connections` and `quick` make.
    """
    be_told_once()
    connections.most = make_room(connections.most)
    config = uvicorn.Config(
        application,
        http=protocol or protocol_of(connections, quick),
        h11_max_incomplete_event_size=LARGEST_HEAD,
        log_config=None,
        access_log=False,
        server_header=False,
        # said here, or a variable of the environment (FORWARDED_ALLOW_IPS) could have the word
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        lifespan="off",
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=30,
    )
    return Server(config, *events)


def url_of(listener: socket.socket) -> str:
    """The address of a socket that listens, `unix:PATH` for one in the file system."""
    if listener.family == getattr(socket, "AF_UNIX", None):
        return f"unix:{listener.getsockname()}"
    address, port = listener.getsockname()[:2]
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def print_ready(url: str) -> None:
    """Tell whoever started the process that it can be asked."""
    print(f"READY {url}", flush=True)  # noqa: T201


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens while the block runs; a `host` with a slash is a socket's path in the file
    system. Raises KnownError CEN-08."""
    if "/" in host:
        with _on_path(Path(host)) as listener:
            yield listener
        return
    with sharing(host, port, 1) as (listener,):
        yield listener


@contextmanager
def sharing(host: str, port: int, count: int) -> Iterator[list[socket.socket]]:
    """Sockets that listen on one address while the block runs. Raises KnownError CEN-08."""
    try:
        listeners = processes.listeners(host, port, count, _BACKLOG)
    except OSError as error:
        raise _cannot_listen(f"{host}, port {port}", error) from error
    with ExitStack() as stack:
        for listener in listeners:
            stack.enter_context(listener)
            # Connections inherit it. Without it a receipt's second packet waits for the peer's
            # acknowledgement of the first, which comes some 40 ms later; asyncio sets it only on sockets
            # that it made itself.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listeners


@contextmanager
def _on_path(path: Path) -> Iterator[socket.socket]:
    """A socket that a process before left behind is replaced; anything else that is there is not."""
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            with suppress(FileNotFoundError):
                if stat.S_ISSOCK(path.lstat().st_mode):
                    path.unlink()
            listener.bind(str(path))
            path.chmod(0o660)  # the front server is in the group
            listener.listen(_BACKLOG)
        except OSError as error:
            raise _cannot_listen(str(path), error) from error
        try:
            yield listener
        finally:
            with suppress(OSError):
                path.unlink()


def _cannot_listen(where: str, error: OSError) -> KnownError:
    return KnownError(
        "CEN-08",
        f"Na adrese {where} nelze naslouchat. Zvolte jinou, nebo uvolněte tuto.",
        f"Cannot listen on {where} ({error.strerror}). Choose another address or free this one.",
    )
