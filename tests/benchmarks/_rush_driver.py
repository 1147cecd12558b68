"""Stations of the rush in one process: each pushes what is due over its own connection and asks for news.

A batch is due when its protocol is accepted; how long its receipt took is counted from then, also when the
station still waited for an earlier one. After each receipt and every quarter of a minute a station asks for
the state of its point, signed anew, as the program does. Receipts are verified after the run.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from app.documents import inquiry, point_state
from app.documents.inquiry import Inquiry, Kind
from app.election.model import Mode
from app.trust import cms, message
from tests.benchmarks._rush_world import Sending

ASK_EVERY = 15.0
_MOST_TRIES, _ANSWER_SECONDS = 5, 20.0
_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: centre\r\nContent-Type: application/pkcs7-mime\r\n"
    "Content-Length: {size}\r\n\r\n"
)


@dataclass
class Told:
    """What a process saw: seconds from acceptance to receipt, receipts, what was not answered by 200
    (0: not at all), and how often the same bytes had to go again."""

    waits: list[float] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    inquiries: int = 0
    unanswered: int = 0
    refused: list[tuple[str, int]] = field(default_factory=list)
    processor: float = 0.0


class _Line:
    """A connection that is kept, and made anew when the centre has ended it."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        assert address.hostname is not None
        assert address.port is not None
        self._host, self._port = address.hostname, address.port
        self.unanswered = 0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, data: bytes) -> tuple[int, bytes]:
        """The answer; the same bytes again after a second where none came."""
        for _ in range(_MOST_TRIES):
            try:
                return await asyncio.wait_for(self._post(path, data), _ANSWER_SECONDS)
            except (OSError, EOFError, IndexError, TimeoutError):
                self.unanswered += 1
                self._reader = None
                await asyncio.sleep(1)
        return 0, b""

    async def _post(self, path: str, data: bytes) -> tuple[int, bytes]:
        if self._reader is None or self._reader.at_eof():
            if self._writer is not None:
                self._writer.close()
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        assert self._writer is not None
        self._writer.write(_HEAD.format(path=path, size=len(data)).encode() + data)
        status = int((await self._reader.readline()).split()[1])
        length = 0
        while (head := await self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = head.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return status, await self._reader.readexactly(length)


class _Station:
    def __init__(self, sending: Sending, url: str, election: str, offset: timedelta, told: Told) -> None:
        self._sending, self.line, self._told = sending, _Line(url), told
        self._election, self._offset = election, offset
        self._cursor = 0

    async def run(self, begins: float, until: float) -> None:
        """`begins` and `until` in seconds of `time.monotonic`, which all processes share."""
        waiting = list(reversed(self._sending.batches))
        asked = begins
        while (waiting or time.monotonic() < until) and not self._told.refused:
            due = begins + waiting[-1][0] if waiting else until
            await asyncio.sleep(max(0.0, min(due, asked + ASK_EVERY) - time.monotonic()))
            if waiting and time.monotonic() >= due:
                await self._push(due, waiting.pop()[1])
            elif time.monotonic() >= until:
                return
            await self._ask()
            asked = time.monotonic()

    async def _push(self, due: float, data: bytes) -> None:
        status, body = await self.line.post("/v1/batches", data)
        self._told.waits.append(time.monotonic() - due)
        if status == 200:
            self._told.receipts.append(body)
        else:
            self._told.refused.append(("batch", status))

    async def _ask(self) -> None:
        one = self._sending
        now = datetime.now(UTC) + self._offset
        asked = Inquiry(
            self._election, Mode.REHEARSAL, one.name, one.point, Kind.STATE, self._cursor, one.name, 0, now
        )
        data = cms.sign(inquiry.write(asked), one.key, one.certificate, now)
        status, body = await self.line.post("/v1/inquiries", data)
        self._told.inquiries += 1
        if status == 200:
            self._cursor = point_state.read(message.decode(body).content or b"").cursor
        else:
            self._told.refused.append(("inquiry", status))


def drive(
    sendings: Sequence[Sending], url: str, election: str, offset: timedelta, begins: float, until: float
) -> Told:
    """Be these stations from `begins` to `until`."""
    told = Told()

    async def all_of_them() -> None:
        stations = [_Station(one, url, election, offset, told) for one in sendings]
        await asyncio.gather(*(station.run(begins, until) for station in stations))

        told.unanswered = sum(station.line.unanswered for station in stations)

    before = time.process_time()
    asyncio.run(all_of_them())
    told.processor = time.process_time() - before
    return told
