"""The centre's HTTP application: the door for batches and inquiries, the status, published documents.

A batch is read with a limit of bytes and of time, then verified and stored by one of a few threads; above
a limit of those that wait (`app.central.waiting`), or of bytes received in all, the answer is "busy, come
again", so that memory stays bounded. `/metrics` is for the operator's own machines: what came through a
front proxy is told that there is no such address.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_network

from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from app import __version__
from app.central import chains, enrolment, inquiries, journal, limits, metrics, refusals, store
from app.central.addresses import Layout
from app.central.answers import SIGNED, Answer, Refused, refuse
from app.central.caching import CacheControl
from app.central.centre import Centre
from app.central.changes_page import ChangesPage
from app.central.conditional import Answering
from app.central.connections import Connections
from app.central.events import Events
from app.central.front import Front
from app.central.gate import Gate, may_read_counters, origin_of, respond
from app.central.heard import Heard
from app.central.metrics import Counters
from app.central.refusals import Refusal
from app.central.waiting import Errand, WaitingRoom
from app.documents import readiness as readiness_report
from app.documents import readiness_trial
from app.documents.feed.parts import Issue

_log = logging.getLogger(__name__)


def system_clock(offset_seconds: int) -> Callable[[], datetime]:
    """The machine's clock, shifted for a rehearsal."""
    offset = timedelta(seconds=offset_seconds)
    return lambda: datetime.now(UTC) + offset


class Door:
    """`POST /v1/batches`, `POST /v1/inquiries`, `GET /v1/status` and `GET /metrics`; one for each process."""

    def __init__(self, centre: Centre) -> None:
        settings = centre.settings
        self._centre = centre
        self.counters = Counters()
        self.connections = Connections(settings.max_connections, settings.head_seconds, self.counters.refused)
        self.admit = limits.of_addresses(settings.address_rate, settings.address_burst)
        admit_station = limits.of_stations(settings.station_rate, settings.station_burst)
        centre.ingest.admit = centre.inquiries.admit = centre.readiness.admit = admit_station
        centre.inquiries.heard = Heard(centre.folder.heard).note
        centre.ingest.counted = self.counters.protocol_refused
        self._readers = tuple(ip_network(each) for each in settings.metrics_from.split())
        self._received = 0  # bytes of bodies that are in memory
        self._pool = ThreadPoolExecutor(settings.ingest_threads, thread_name_prefix="ingest")
        election = centre.reference.election
        self.events = Events(centre.site, settings.max_listeners)
        self.answering = Answering(CacheControl(centre.reference, centre.clock))
        issue = Issue(election.code, election.mode)
        self.changes_page = ChangesPage(centre.database, issue, centre.site, self.answering)
        self._room = WaitingRoom(
            settings.ingest_threads, settings.max_waiting_batches, settings.max_waiting_inquiries
        )

    def close(self) -> None:
        """Let the threads finish what they began."""
        self._pool.shutdown()
        self.changes_page.close()

    async def batches(self, request: Request) -> Response:
        """Take in one batch."""
        limit = self._centre.settings.max_batch_bytes
        return await self._signed(request, limit, Errand.BATCH, self._centre.ingest.receive)

    async def inquiries(self, request: Request) -> Response:
        """Answer one inquiry of a station."""
        return await self._signed(request, inquiries.MAX_BYTES, Errand.INQUIRY, self._centre.inquiries.answer)

    async def readiness(self, request: Request) -> Response:
        """Store one readiness report of a station."""
        work = self._centre.readiness.report
        return await self._signed(request, readiness_report.MAX_SIGNED_BYTES, Errand.INQUIRY, work)

    async def trials(self, request: Request) -> Response:
        """Judge one trial protocol, which is stored nowhere."""
        work = self._centre.readiness.trial
        return await self._signed(request, readiness_trial.MAX_SIGNED_BYTES, Errand.INQUIRY, work)

    async def enrolments(self, request: Request) -> Response:
        """Take the certificate request of a new station, or hand its certificate out."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or len(token) != enrolment.TOKEN_DIGITS:
            return self.refused(refusals.UNKNOWN_TOKEN, request)
        work = partial(self._centre.enrolment.answer, token)
        kind, limit = enrolment.REQUEST_TYPE, enrolment.MAX_BYTES
        return await self._signed(request, limit, Errand.INQUIRY, work, kind)

    async def builds(self, request: Request) -> Response:
        """The signed list of approved programs, for stations."""
        loop, programs = asyncio.get_running_loop(), self._centre.programs
        try:
            found = await loop.run_in_executor(self._pool, programs.signed, self._centre.clock())
        except DBAPIError as error:
            _log.error("store failed: %s", type(error.orig).__name__)
            return self.refused(refusals.CANNOT_STORE, request)
        if found is None:
            return self.refused(refusals.NO_SUCH_ADDRESS, request)
        return respond(Answer(200, found, SIGNED), self.counters)

    async def _signed(
        self,
        request: Request,
        limit: int,
        errand: Errand,
        work: Callable[[bytes, datetime], Answer],
        kind: str = SIGNED,
    ) -> Response:
        """Read one signed file and let a thread of the pool answer it."""
        data = bytearray()
        try:
            await self._receive(request, limit, data, kind)
            answer = await self._worked(errand, work, bytes(data))
        except Refused as refused:
            answer = refuse(refused.refusal, refused.cause, origin=origin_of(request))
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        finally:
            self._received -= len(data)
        return respond(answer, self.counters)

    async def _receive(self, request: Request, limit: int, data: bytearray, kind: str) -> None:
        """Read the body into `data`, within the limits of its bytes, of everybody's bytes, and of time."""
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != kind:
            raise Refused(refusals.WRONG_TYPE)
        stated = request.headers.get("content-length", "0")
        if not (stated.isascii() and stated.isdigit()) or len(stated) > 12 or int(stated) > limit:
            raise Refused(refusals.OVERSIZE)
        settings, now = self._centre.settings, asyncio.get_running_loop().time
        ends = now() + settings.receive_seconds
        try:
            async with asyncio.timeout_at(min(ends, now() + settings.pause_seconds)) as patience:
                async for chunk in request.stream():
                    data += chunk
                    self._received += len(chunk)
                    if len(data) > limit:
                        raise Refused(refusals.OVERSIZE)
                    if self._received > settings.max_received_bytes:
                        raise Refused(refusals.BUSY)
                    patience.reschedule(min(ends, now() + settings.pause_seconds))
        except TimeoutError:
            raise Refused(refusals.TOO_SLOW) from None

    async def _worked(self, errand: Errand, work: Callable[[bytes, datetime], Answer], data: bytes) -> Answer:
        async with self._room.turn(errand):
            loop = asyncio.get_running_loop()
            within = contextvars.copy_context()  # the request's number goes along into the log
            return await loop.run_in_executor(self._pool, within.run, work, data, self._centre.clock())

    async def status(self, request: Request) -> Response:
        """What the centre has received and published: counts only, no results."""
        loop = asyncio.get_running_loop()
        try:
            told = await loop.run_in_executor(self._pool, self._status)
        except DBAPIError as error:
            _log.error("store failed: %s", type(error.orig).__name__)
            return self.refused(refusals.CANNOT_STORE, request)
        return JSONResponse(
            told,
            headers={"cache-control": "no-store", "access-control-allow-origin": "*"},
        )

    async def metrics(self, request: Request) -> Response:
        """Counters and gauges for Prometheus, to the networks that the settings name."""
        if not may_read_counters(request, self._readers):
            return self.refused(refusals.NO_SUCH_ADDRESS, request)
        text = self.counters.text(
            {
                "prebirka_waiting": (
                    "Batches and inquiries that wait for a thread or are in one.",
                    len(self._room),
                ),
                "prebirka_received_bytes": ("Bytes of bodies in memory.", self._received),
                "prebirka_heard_beyond": (
                    "The highest decision that a station heard of and the store did not hold (CEN-26).",
                    self._centre.inquiries.seen_beyond,
                ),
                "prebirka_connections": ("Open connections.", len(self.connections)),
                "prebirka_listeners": ("Readers that listen to events.", len(self.events)),
            }
        )
        return PlainTextResponse(text, media_type=metrics.CONTENT_TYPE, headers={"cache-control": "no-store"})

    def refused(self, refusal: Refusal, request: Request) -> Response:
        """The answer to a request of which nothing was read."""
        return respond(refuse(refusal, origin=origin_of(request)), self.counters)

    def _status(self) -> dict[str, object]:
        centre = self._centre
        with centre.database.reading() as connection:
            counts = store.counts(connection)
            head = journal.head(connection)
            quarantine = chains.in_quarantine(connection)
        now, election = centre.clock(), centre.reference.election
        published_at = centre.publisher.published_at
        return {
            "election": election.code,
            "mode": election.mode.value,
            "software": f"prebirka {__version__}",
            "time": now.isoformat(timespec="seconds"),
            "embargo": not centre.publisher.is_open,
            "clock": centre.publisher.clock_trouble or None,
            "received": counts._asdict(),
            "programs": centre.programs.status(now),
            "waiting": len(self._room),
            "quarantine": quarantine,
            "heard_beyond": centre.inquiries.seen_beyond or None,
            "contests": centre.publisher.progress,
            "undecided": centre.publisher.undecided,
            "published": {
                "version": centre.site.edition.version,
                "at": None if published_at is None else published_at.isoformat(timespec="seconds"),
                "last_revision": centre.publisher.last_revision,
                "stopped": centre.publisher.stopped or centre.publisher.stopped_elsewhere or None,
            },
            "journal": {"rows": head.id, "head": head.hash},
        }


def application(centre: Centre, door: Door) -> Front:
    """The whole application of one process."""

    async def no_such_address(request: Request, _: Exception) -> Response:
        return door.refused(refusals.NO_SUCH_ADDRESS, request)

    async def other_method(request: Request, _: Exception) -> Response:
        return door.refused(refusals.OTHER_METHOD, request)

    behind = Starlette(
        routes=[
            Route("/v1/batches", door.batches, methods=["POST"]),
            Route("/v1/inquiries", door.inquiries, methods=["POST"]),
            Route("/v1/readiness", door.readiness, methods=["POST"]),
            Route("/v1/trials", door.trials, methods=["POST"]),
            Route("/v1/enrolments", door.enrolments, methods=["POST"]),
            Route("/v1/builds", door.builds, methods=["GET"]),
            Route("/v1/status", door.status, methods=["GET"]),
            Route("/metrics", door.metrics, methods=["GET"]),
        ],
        exception_handlers={404: no_such_address, 405: other_method},
    )
    behind.router.redirect_slashes = False
    gate = Gate(behind, door.admit, door.counters)
    live: dict[str, ASGIApp] = {"events": door.events, "changes": door.changes_page}
    layout = Layout.of(centre.reference)
    return Front(centre.site, layout, centre.folder.public, door.answering, gate, live)
