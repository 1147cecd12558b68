"""The centre's door as bytes on a connection: whatever comes, answers are HTTP with a known code, nothing
but published documents is given away, and nothing fails behind.

The server's own protocol and application run on a loop that stands still between inputs; the connection is
made of memory.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from uvicorn.server import ServerState

from app.central.refusals import REFUSALS
from app.central.run import server_of
from app.central.server import Door
from tests.fuzzing import world
from tests.fuzzing.targets import Made

_SIGNED = b"Content-Type: application/pkcs7-mime\r\n"
_CODE = re.compile(rb'"code": "([A-Z]{3}-\d\d)"')
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_PRIVATE = (b"PRIVATE KEY", b"SQLite format", b"Traceback", b"centre.key", b"max_batch_bytes")
SEEDS = (
    b"POST /v1/batches HTTP/1.1\r\nHost: x\r\n" + _SIGNED + b"Content-Length: 3\r\n\r\nabc",
    b"POST /v1/inquiries HTTP/1.1\r\nHost: x\r\n" + _SIGNED + b"Content-Length: 2\r\n\r\n0\x82",
    b"GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\nX-Real-IP: ::1\r\n\r\n",
    b"GET /pls/zk2024/vysledky_okrsky?kolo=1&davka=1 HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n",
    b'GET /pls/zk2024/vysledky_okres?nuts=CZ0411 HTTP/1.1\r\nHost: x\r\nIf-None-Match: W/"a", *\r\n\r\n',
    b"HEAD / HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: Sat, 21 Sep 2024 12:00:00 GMT\r\n\r\n",
    b"GET /appdata/zk2024/odata/../../centre.key HTTP/1.1\r\nHost: x\r\nRange: bytes=0-9\r\n\r\n",
    b"GET /feed/zk2024/changes?after=0 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /v1/batches HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Encoding: br\r\n\r\n1\r",
    b"HEAD /v1/batches HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\nno chunk\r\n",
)


class _Wire(asyncio.Transport):
    """A connection that remembers what was written to it."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 5), "sockname": ("192.0.2.2", 80)})
        self.written, self._closing = bytearray(), False

    def write(self, data: Any) -> None:
        assert not self._closing, "written after the end"
        self.written += data

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        self._closing = True

    def abort(self) -> None:
        self._closing = True

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...


def requests() -> Made:
    with world.counted_keys():
        house = world.house(address_rate=0.0, ingest_threads=1)
    centre = house.open()
    centre.publisher.flush()
    door = Door(centre)
    config = server_of(centre, door).config
    config.load()
    loop = asyncio.new_event_loop()
    failures: list[str] = []
    loop.set_exception_handler(lambda _, context: failures.append(str(context)))

    async def talk(data: bytes) -> bytes:
        state, wire = ServerState(), _Wire()
        made: Any = config.http_protocol_class
        protocol = made(config=config, server_state=state, app_state={})
        protocol.connection_made(wire)
        for piece in (data[: len(data) // 2], data[len(data) // 2 :]):
            if piece and not wire.is_closing():
                protocol.data_received(piece)
            for _ in range(4):
                await asyncio.sleep(0)
        protocol.connection_lost(None)
        await asyncio.wait_for(asyncio.gather(*state.tasks), 20)
        return bytes(wire.written)

    def run(data: bytes) -> None:
        told = loop.run_until_complete(talk(data))
        assert not failures, failures
        statuses = [int(status) for status in _STATUS.findall(told)]
        assert not told or statuses, told[:200]
        assert 500 not in statuses, told[:500]
        assert {code.decode() for code in _CODE.findall(told)} <= REFUSALS.keys(), told[:500]
        assert not any(word in told for word in _PRIVATE), told[:500]

    def close() -> None:
        door.close()
        centre.close()
        loop.close()

    return Made(run, SEEDS, close)
