"""The centre's HTTP application: the door for batches and inquiries, the status, published documents.

A batch is read with a limit of bytes and of time, then verified and stored by one of a few threads; above
a limit of waiting batches the answer is "busy, come again", so that memory stays bounded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from app.central import inquiries, journal, refusals, store
from app.central.answers import SIGNED, Answer, Refused, refuse
from app.central.centre import Centre
from app.central.front import Front


def system_clock(offset_seconds: int) -> Callable[[], datetime]:
    """The machine's clock, shifted for a rehearsal."""
    offset = timedelta(seconds=offset_seconds)
    return lambda: datetime.now(UTC) + offset


class Door:
    """`POST /v1/batches`, `POST /v1/inquiries` and `GET /v1/status`; one for each process."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._pool = ThreadPoolExecutor(centre.settings.ingest_threads, thread_name_prefix="ingest")
        self._waiting = 0

    def close(self) -> None:
        """Let the threads finish what they began."""
        self._pool.shutdown()

    async def batches(self, request: Request) -> Response:
        """Take in one batch."""
        return await self._signed(request, self._centre.settings.max_batch_bytes, self._centre.ingest.receive)

    async def inquiries(self, request: Request) -> Response:
        """Answer one inquiry of a station."""
        return await self._signed(request, inquiries.MAX_BYTES, self._centre.inquiries.answer)

    async def _signed(
        self, request: Request, limit: int, work: Callable[[bytes, datetime], Answer]
    ) -> Response:
        """Read one signed file and let a thread of the pool answer it."""
        try:
            data = await self._body(request, limit)
            answer = await self._worked(work, data)
        except Refused as refused:
            answer = refuse(refused.refusal, refused.cause)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        headers = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
        if answer.retry_after is not None:
            headers["retry-after"] = str(answer.retry_after)
        return Response(answer.body, answer.http_status, headers, answer.content_type)

    async def _body(self, request: Request, limit: int) -> bytes:
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != SIGNED:
            raise Refused(refusals.WRONG_TYPE)
        stated = request.headers.get("content-length", "0")
        if not (stated.isascii() and stated.isdigit()) or int(stated) > limit:
            raise Refused(refusals.OVERSIZE)
        data = bytearray()
        try:
            async with asyncio.timeout(self._centre.settings.receive_seconds):
                async for chunk in request.stream():
                    data += chunk
                    if len(data) > limit:
                        raise Refused(refusals.OVERSIZE)
        except TimeoutError:
            raise Refused(refusals.TOO_SLOW) from None
        return bytes(data)

    async def _worked(self, work: Callable[[bytes, datetime], Answer], data: bytes) -> Answer:
        if self._waiting >= self._centre.settings.max_waiting_batches:
            raise Refused(refusals.BUSY)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, work, data, self._centre.clock())
        finally:
            self._waiting -= 1

    async def status(self, _: Request) -> Response:
        """What the centre has received and published: counts only, no results."""
        loop = asyncio.get_running_loop()
        return JSONResponse(
            await loop.run_in_executor(self._pool, self._status),
            headers={"cache-control": "no-store", "access-control-allow-origin": "*"},
        )

    def _status(self) -> dict[str, object]:
        centre = self._centre
        with centre.database.reading() as connection:
            counts = store.counts(connection)
            head = journal.head(connection)
        now, election = centre.clock(), centre.reference.election
        published_at = centre.publisher.published_at
        return {
            "election": election.code,
            "mode": election.mode.value,
            "time": now.isoformat(timespec="seconds"),
            "embargo": now < election.calendar.voting_ends,
            "received": counts._asdict(),
            "waiting": self._waiting,
            "contests": centre.publisher.progress,
            "published": {
                "version": centre.site.edition.version,
                "at": None if published_at is None else published_at.isoformat(timespec="seconds"),
                "last_revision": centre.publisher.last_revision,
                "stopped": centre.publisher.stopped or None,
            },
            "journal": {"rows": head.id, "head": head.hash},
        }


def application(centre: Centre, door: Door) -> ASGIApp:
    """The whole application of one process."""
    behind = Starlette(
        routes=[
            Route("/v1/batches", door.batches, methods=["POST"]),
            Route("/v1/inquiries", door.inquiries, methods=["POST"]),
            Route("/v1/status", door.status, methods=["GET"]),
        ]
    )
    return Front(centre.site, centre.reference.election.code, behind)
