"""`events`: a page that stays open and hears the number of each new version as server-sent events.

Who listens need not ask every second. A listener first hears the current version, so that nobody misses one
between two connections; who is slow hears fewer numbers, never older ones, for only the last few wait. The
number of listeners is bounded, and all end when the server does.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

from starlette.types import Receive, Scope, Send

from app.central.site import COMMON_HEADERS, Headers, Site

#: Seconds between two signs of life, so that proxies keep the connection.
HEARTBEAT = 15.0
#: Seconds that one listener may take to read what was sent.
PATIENCE = 30.0
#: Numbers that wait for one listener.
_WAITING = 4
_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx hands each event on at once
    *COMMON_HEADERS,
]
_FULL = "Posluchačů je příliš mnoho, ptejte se index.xml. / Too many listeners; ask index.xml.\n".encode()
_ONLY_GET = "Události se jen čtou (GET). / Events can only be read (GET).\n".encode()
_Numbers = asyncio.Queue[int | None]


class Events:
    """The listeners of one server; an ASGI application on the server's loop."""

    def __init__(self, site: Site, most: int, heartbeat: float = HEARTBEAT) -> None:
        """`most` listeners at once; `heartbeat` in seconds."""
        self._site = site
        self._most = most
        self._heartbeat = heartbeat
        self._listeners: set[_Numbers] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        site.listen(self._published)

    def __len__(self) -> int:
        return len(self._listeners)

    def close(self) -> None:
        """Let every listener go; call it on the server's loop when the server ends."""
        self._closed = True
        for numbers in self._listeners:
            _put(numbers, None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _refuse(send, 405, _ONLY_GET)
        elif self._closed or len(self._listeners) >= self._most:
            await _refuse(send, 503, _FULL)
        else:
            await self._serve(receive, send)

    async def _serve(self, receive: Receive, send: Send) -> None:
        self._loop = asyncio.get_running_loop()
        numbers: _Numbers = asyncio.Queue(_WAITING)
        self._listeners.add(numbers)
        gone = asyncio.create_task(_until_gone(receive, numbers))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _say(send, b"retry: 2000\n\n" + _event(self._site.edition.version))
            await self._tell(numbers, send)
        except (TimeoutError, OSError):
            pass  # it does not read, or is gone
        finally:
            self._listeners.discard(numbers)
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone

    async def _tell(self, numbers: _Numbers, send: Send) -> None:
        """Until there is nobody to tell."""
        while True:
            try:
                async with asyncio.timeout(self._heartbeat):
                    version = await numbers.get()
            except TimeoutError:
                await _say(send, b": heartbeat\n\n")
                continue
            if version is None:
                await send({"type": "http.response.body", "body": b""})
                return
            await _say(send, _event(version))

    def _published(self, version: int) -> None:
        """From the publisher's thread."""
        loop = self._loop
        if loop is not None and not self._closed:
            with suppress(RuntimeError):  # the server's loop has ended
                loop.call_soon_threadsafe(self._announce, version)

    def _announce(self, version: int) -> None:
        for numbers in self._listeners:
            _put(numbers, version)


def _put(numbers: _Numbers, version: int | None) -> None:
    if numbers.full():
        numbers.get_nowait()
    numbers.put_nowait(version)


def _event(version: int) -> bytes:
    return f"event: version\nid: {version}\ndata: {json.dumps({'version': version})}\n\n".encode()


async def _say(send: Send, text: bytes) -> None:
    async with asyncio.timeout(PATIENCE):
        await send({"type": "http.response.body", "body": text, "more_body": True})


async def _until_gone(receive: Receive, numbers: _Numbers) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    _put(numbers, None)


async def _refuse(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *COMMON_HEADERS,
    ]
    headers.append((b"retry-after", b"5") if status == 503 else (b"allow", b"GET"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
