"""Stations of the rush in one process: each pushes what is due over its own connection and asks for news.

A batch is due when its protocol is accepted; how long its receipt took is counted from then, also when the
station still waited for an earlier one. After each receipt and every quarter of a minute a station asks for
the state of its point, signed anew, as the program does; the stations were started by people, one in any
second of the quarter of a minute before. Whom the centre tells to wait, waits so long as the program would
(its own `Backoff`), and then pushes the same bytes, or asks anew. Receipts are verified after the run.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from app.documents import inquiry, point_state
from app.documents.inquiry import Inquiry, Kind
from app.election.model import Mode
from app.station.backoff import Backoff
from app.station.point.pulling import ALONE
from app.trust import cms, message
from tests.benchmarks._rush_world import Sending

ASK_EVERY = ALONE.total_seconds()
_MOST_TRIES, _ANSWER_SECONDS = 50, 20.0
_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: centre\r\nContent-Type: application/pkcs7-mime\r\n"
    "Content-Length: {size}\r\n\r\n"
)


@dataclass
class Told:
    """What a process saw: seconds from acceptance to receipt, when each was accepted, receipts, what was
    refused (0: not answered at all), how often there was no answer and the same bytes had to go again, and
    how often the centre asked a batch or an inquiry to come again."""

    waits: list[float] = field(default_factory=list)
    dues: list[float] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    inquiries: int = 0
    unanswered: int = 0
    waited: int = 0
    refused: list[tuple[str, int]] = field(default_factory=list)
    processor: float = 0.0


class _Heard(NamedTuple):
    status: int
    body: bytes
    retry_after: float | None


class _Line:
    """A connection that is kept, and made anew when the centre has ended it."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        assert address.hostname is not None
        assert address.port is not None
        self._host, self._port = address.hostname, address.port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, data: bytes) -> _Heard:
        """The answer of one try. Raises OSError, EOFError, IndexError or TimeoutError when there is none."""
        try:
            return await asyncio.wait_for(self._post(path, data), _ANSWER_SECONDS)
        except BaseException:
            self._reader = None
            raise

    async def _post(self, path: str, data: bytes) -> _Heard:
        if self._reader is None or self._reader.at_eof():
            if self._writer is not None:
                self._writer.close()
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        assert self._writer is not None
        self._writer.write(_HEAD.format(path=path, size=len(data)).encode() + data)
        status = int((await self._reader.readline()).split()[1])
        length, retry_after = 0, None
        while (head := await self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = head.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"retry-after":
                retry_after = float(value)
        return _Heard(status, await self._reader.readexactly(length), retry_after)


class _Station:
    def __init__(self, sending: Sending, url: str, election: str, offset: timedelta, told: Told) -> None:
        self._sending, self._line, self._told = sending, _Line(url), told
        self._election, self._offset = election, offset
        self._cursor = 0
        self._chance = random.Random(sending.name)
        self._backoff = Backoff(self._chance)

    async def run(self, begins: float, until: float) -> None:
        """`begins` and `until` in seconds of `time.monotonic`, which all processes share."""
        waiting = list(reversed(self._sending.batches))
        asks = begins + ASK_EVERY * self._chance.random()
        while (waiting or time.monotonic() < until) and not self._told.refused:
            due = begins + waiting[-1][0] if waiting else until
            await asyncio.sleep(max(0.0, min(due, asks) - time.monotonic()))
            if waiting and time.monotonic() >= due:
                await self._push(due, waiting.pop()[1])
            elif time.monotonic() >= until:
                return
            await self._ask()
            asks = time.monotonic() + ASK_EVERY * (1 - self._chance.random() / 5)

    async def _push(self, due: float, data: bytes) -> None:
        heard = await self._answered("/v1/batches", lambda: data)
        self._told.waits.append(time.monotonic() - due)
        self._told.dues.append(due)
        if heard.status == 200:
            self._told.receipts.append(heard.body)
        else:
            self._told.refused.append(("batch", heard.status))

    async def _ask(self) -> None:
        heard = await self._answered("/v1/inquiries", self._inquiry)
        self._told.inquiries += 1
        if heard.status == 200:
            self._cursor = point_state.read(message.decode(heard.body).content or b"").cursor
        else:
            self._told.refused.append(("inquiry", heard.status))

    def _inquiry(self) -> bytes:
        one, now = self._sending, datetime.now(UTC) + self._offset
        asked = Inquiry(
            self._election, Mode.REHEARSAL, one.name, one.point, Kind.STATE, self._cursor, one.name, 0, now
        )
        return cms.sign(inquiry.write(asked), one.key, one.certificate, now)

    async def _answered(self, path: str, made: Callable[[], bytes]) -> _Heard:
        """The first answer that does not ask to come again; status 0 when there was none to the last."""
        for _ in range(_MOST_TRIES):
            try:
                heard = await self._line.post(path, made())
            except (OSError, EOFError, IndexError, TimeoutError):
                self._told.unanswered += 1
                wait = self._backoff.failed()
            else:
                if heard.status not in (429, 503):
                    self._backoff.succeeded()
                    return heard
                self._told.waited += 1
                wait = self._backoff.told_to_wait(heard.retry_after)
            await asyncio.sleep(wait.total_seconds())
        return _Heard(0, b"", None)


def drive(
    sendings: Sequence[Sending], url: str, election: str, offset: timedelta, begins: float, until: float
) -> Told:
    """Be these stations from `begins` to `until`."""
    told = Told()

    async def all_of_them() -> None:
        stations = [_Station(one, url, election, offset, told) for one in sendings]
        await asyncio.gather(*(station.run(begins, until) for station in stations))

    before = time.process_time()
    asyncio.run(all_of_them())
    told.processor = time.process_time() - before
    return told
