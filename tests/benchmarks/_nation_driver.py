"""All stations of the nation pushing what they have, as fast as the centre answers, over a few connections.

One process with one thread: what it does is write ready bytes and read receipts, which are looked at after
the run. A batch that the centre is too busy for goes again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

#: Stations that push at the same time.
_AT_ONCE = 12
_BUSY = (429, 503)
_MOST_TRIES = 200
_HEAD = (
    "POST /v1/batches HTTP/1.1\r\nHost: centre\r\nContent-Type: application/pkcs7-mime\r\n"
    "Content-Length: {size}\r\n\r\n"
)


def push(url: str, stations: Sequence[Sequence[bytes]]) -> list[bytes]:
    """Push every station's batches in order; returns the receipts. Raises RuntimeError at a refusal."""
    return asyncio.run(_push(url, stations))


async def _push(url: str, stations: Sequence[Sequence[bytes]]) -> list[bytes]:
    address = urlsplit(url)
    waiting = iter(stations)
    receipts: list[bytes] = []

    async def line() -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        for batches in waiting:
            for data in batches:
                receipts.append(await _posted(reader, writer, data))
        writer.close()

    await asyncio.gather(*(line() for _ in range(_AT_ONCE)))
    return receipts


async def _posted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> bytes:
    for _ in range(_MOST_TRIES):
        writer.write(_HEAD.format(size=len(data)).encode() + data)
        status = int((await reader.readline()).split()[1])
        length = 0
        while (head := await reader.readline()) not in (b"\r\n", b""):
            name, _, value = head.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = await reader.readexactly(length)
        if status == 200:
            return body
        if status not in _BUSY:
            raise RuntimeError(f"the centre answered {status}: {body[:300]!r}")
        await asyncio.sleep(0.02)
    raise RuntimeError("the centre stayed busy")
