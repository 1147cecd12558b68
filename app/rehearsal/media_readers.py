"""Newsrooms of a rehearsed night: each address a connection of its own that polls, some that listen.

They keep their own log of everything that they asked and heard, by the clock of the night and to the byte:
the server's counts are judged by it. Nothing here is shared with the server.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

_VERSION = re.compile(rb' VERZE="(\d+)"')
_CODE = re.compile(rb"MED-\d\d")
_PATIENCE = 30.0


class Asked(NamedTuple):
    """One request and its answer: `version` where the answer says one, `code` of a refusal."""

    address: str
    path: str
    sent: datetime
    heard: datetime
    status: int
    size: int
    version: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Listened:
    """One stream of events, to its end: `by_server` tells who ended it."""

    address: str
    began: datetime
    ended: datetime
    size: int
    by_server: bool


class _Answer(NamedTuple):
    status: int
    tag: str
    body: bytes
    closes: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where the line is, and whose clock the log is kept by."""

    host: str
    port: int
    clock: Callable[[], datetime]


class Reader:
    """One address. `log` and `streams` may be read when it has ended."""

    def __init__(
        self, place: Place, address: str, paths: Sequence[str], pause: float, spoofed: str = ""
    ) -> None:
        """Asks for each of `paths` in turn, then pauses for so many seconds. `spoofed` is an address that it
        claims to be."""
        self.address = address
        self.log: list[Asked] = []
        self.streams: list[Listened] = []
        self._place = place
        self._paths = paths
        self._pause = pause
        self._more = f"X-Forwarded-For: {spoofed}\r\nForwarded: for={spoofed}\r\n" if spoofed else ""
        self._tags: dict[str, str] = {}

    async def poll(self, ended: asyncio.Event) -> None:
        """Until told to end; over one connection for as long as the server keeps it."""
        lines = None
        while not ended.is_set():
            for path in self._paths:
                if lines is None:
                    lines = await self._connected()
                closes = await self._ask(path, *lines)
                if closes:
                    lines[1].close()
                    lines = None
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), self._pause)
        if lines is not None:
            lines[1].close()

    async def listen(self, path: str, ended: asyncio.Event) -> None:
        """Listen to events, again whenever the stream ends, until told to end or refused."""
        while not ended.is_set():
            reader, writer = await self._connected()
            sent = self._place.clock()
            writer.write(self._request(path, ""))
            status, headers = await _head(reader)
            if status != 200:
                body = await reader.readexactly(int(headers["content-length"]))
                self._note(path, sent, _Answer(status, "", body, True))
                writer.close()
                return
            await self._stream(reader, sent, ended)
            writer.close()

    async def _stream(self, reader: asyncio.StreamReader, began: datetime, ended: asyncio.Event) -> None:
        size, over, by_server = 0, asyncio.ensure_future(ended.wait()), False
        try:
            while not over.done():
                piece = asyncio.ensure_future(_piece(reader))
                await asyncio.wait({piece, over}, return_when=asyncio.FIRST_COMPLETED)
                if not piece.done():
                    piece.cancel()
                    break
                size += piece.result()
                if not piece.result():
                    by_server = True
                    break
        finally:
            over.cancel()
        self.streams.append(Listened(self.address, began, self._place.clock(), size, by_server))

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        place = self._place
        return await asyncio.open_connection(place.host, place.port, local_addr=(self.address, 0))

    async def _ask(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        sent = self._place.clock()
        writer.write(self._request(path, self._tags.get(path, "")))
        async with asyncio.timeout(_PATIENCE):
            status, headers = await _head(reader)
            size = 0 if status == 304 else int(headers["content-length"])
            body = await reader.readexactly(size)
        if status == 200:
            self._tags[path] = headers["etag"]
        answer = _Answer(status, "", body, headers.get("connection") == "close")
        self._note(path, sent, answer)
        return answer.closes

    def _note(self, path: str, sent: datetime, answer: _Answer) -> None:
        version, code = _VERSION.search(answer.body[:1000]), _CODE.search(answer.body[:10])
        self.log.append(
            Asked(
                self.address,
                path,
                sent,
                self._place.clock(),
                answer.status,
                len(answer.body),
                int(version[1]) if version else 0,
                code[0].decode() if code else "",
            )
        )

    def _request(self, path: str, tag: str) -> bytes:
        condition = f"If-None-Match: {tag}\r\n" if tag else ""
        return f"GET {path} HTTP/1.1\r\nHost: media\r\n{self._more}{condition}\r\n".encode()


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    return int(first.split()[1]), dict(_fields(lines))


def _fields(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in filter(None, lines):
        name, _, value = line.partition(":")
        yield name.lower(), value.strip()


async def _piece(reader: asyncio.StreamReader) -> int:
    """Bytes of the next chunk; 0 at the end."""
    try:
        size = int(await reader.readuntil(b"\r\n"), 16)
        await reader.readexactly(size + 2)
    except (asyncio.IncompleteReadError, ConnectionError):
        return 0
    return size
