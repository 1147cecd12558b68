"""Both ends of the line within one process: a station with its people, and a centre behind real HTTP.

The server is one for a whole campaign; what it serves is exchanged when a run's centre is started or
stopped, which is quicker than a server that starts and ends. Everything else is the real thing.
"""

from __future__ import annotations

import random
import socket
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.central.centre import Centre
from app.central.http_server import listening
from app.central.run import server_of
from app.central.server import Door, application
from app.election.errors import KnownError
from app.rehearsal.clerk import StationCrew
from app.rehearsal.faults.scene import Clock
from app.rehearsal.files import Visit
from app.station.connection import Line
from app.station.line.way import Way
from app.station.sending import NoAnswer, Sender, Unreachable
from app.station.station import Station
from app.station.transport import HttpTransport

_START_SECONDS = 20.0


class Switch:
    """An application that hands on to the centre of the moment; without one it answers 503."""

    def __init__(self) -> None:
        self.behind: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        behind = self.behind
        if behind is None:
            await Response(status_code=503)(scope, receive, send)
        else:
            await behind(scope, receive, send)


class Server:
    """The HTTP server of a campaign; started with the first centre."""

    def __init__(self) -> None:
        self.switch = Switch()
        self._listener: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> tuple[str, int]:
        assert self._listener is not None
        host, port = self._listener.getsockname()[:2]
        return str(host), int(port)

    def serve(self, centre: Centre, door: Door) -> None:
        """Serve this centre from now on."""
        if self._thread is None:
            self._start(centre, door)
        self.switch.behind = application(centre, door)

    def close(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()

    def _start(self, centre: Centre, door: Door) -> None:
        server = server_of(centre, door)
        server.config.app = self.switch  # all else is set as in a real centre
        ready = threading.Event()

        def run() -> None:
            with listening("127.0.0.1", 0) as self._listener:
                ready.set()
                server.run(sockets=[self._listener])

        self._server = server
        self._thread = threading.Thread(target=run, name="server", daemon=True)
        self._thread.start()
        ready.wait(_START_SECONDS)


class CentrePost:
    """A run's centre. Open and close it as often as wanted."""

    def __init__(self, folder: Path, server: Server, clock: Clock) -> None:
        self._folder, self._server, self._clock = folder, server, clock
        self._door: Door | None = None
        self.centre: Centre | None = None

    def open(self) -> Centre:
        """Raises KnownError."""
        self.centre = Centre.open(self._folder, self._clock)
        self._door = Door(self.centre)
        self._server.serve(self.centre, self._door)
        return self.centre

    def publish(self) -> None:
        """A publication now; a disk that has no room for it is tried again at the next."""
        assert self.centre is not None
        with suppress(OSError, DBAPIError):
            self.centre.publisher.flush(close_batch=True)

    def close(self) -> None:
        self._server.switch.behind = None
        if self._door is not None and self.centre is not None:
            self._door.close()
            self.centre.close()
        self._door = self.centre = None


class StationPost:
    """One station, its people's agenda, and its sender, driven step by step."""

    def __init__(
        self,
        folder: Path,
        files: Path,
        url: str,
        clock: Clock,
        chance: random.Random,
        authority: Path | None = None,
    ) -> None:
        """`authority` is whom TLS trusts; the election's own unless given."""
        self.folder, self._files, self._url, self.clock, self._chance = folder, files, url, clock, chance
        self._authority = authority
        self.station: Station | None = None
        self.troubles: list[str] = []  # codes of troubles that people saw
        self._refused = 0
        self._transport: HttpTransport | None = None
        self._sender: Sender | None = None
        self._crew: StationCrew | None = None
        self._agenda: list[tuple[Visit, bool]] | None = None

    def open(self) -> Station:
        """Raises KnownError."""
        self.station = Station.open(self.folder, self.clock)
        self._refused = 0
        way = Way(self._url, self._authority) if self._authority else None
        self._transport = HttpTransport(self._url, self.folder, way)
        self._sender = self.station.sender(self._transport, self._chance)
        self._crew = StationCrew(self.station, self._files)
        if self._agenda is None:
            self._agenda = self._drawn(self._crew.visits)
        return self.station

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
        if self.station is not None:
            self.station.close()
        self.station = self._transport = self._sender = self._crew = None

    def begin_again(self) -> None:
        """The people go through all papers once more; what was accepted is recognised."""
        self._agenda = None

    @property
    def has_papers(self) -> bool:
        return bool(self._agenda)

    @property
    def queue(self) -> int:
        assert self.station is not None
        return self.station.outbox.queue()

    @property
    def is_done(self) -> bool:
        return not self.has_papers and self.queue == 0

    def take_in(self) -> None:
        """The next paper. A trouble leaves it where it was: the people will try again."""
        assert self._crew is not None
        if not self._agenda:
            return
        visit, correction = self._agenda[0]
        try:
            if correction:
                self._crew.take_correction(visit)
            else:
                self._crew.take_in(visit)
        except KnownError as error:
            self.troubles.append(error.code)
        else:
            self._agenda.pop(0)
            self._refused = 0
            return
        self._refused += 1

    def troubles_in_a_row(self) -> bool:
        """Whether the last paper could not be taken in although it was tried again."""
        return self._refused > 2

    def step(self) -> datetime | None:
        """One step of the sender; when it wants the next one."""
        assert self._sender is not None
        try:
            return self._sender.step(self.clock())
        except KnownError as error:
            self.troubles.append(error.code)
            return self.clock() + timedelta(seconds=1)

    def back_up(self) -> None:
        """A copy of the store, now."""
        assert self.station is not None
        self.station.backups.make()

    def out_of_order(self) -> bool:
        """Several batches come to the centre, the last one first; whether there were several."""
        assert self.station is not None
        assert self._transport is not None
        outbox, numbers = self.station.outbox, []
        for _ in range(3):
            self.take_in()
            made = outbox.make(self.clock())
            if made is not None:
                numbers.append(made.number)
        for number in reversed(numbers):
            outbox.begin(number)
            with suppress(Unreachable, NoAnswer):
                self._transport.push(outbox.batch(number).data)
            outbox.unknown(number, self.clock())
        return len(numbers) > 1

    @property
    def line(self) -> Line:
        assert self.station is not None
        return self.station.connection().line

    def _drawn(self, visits: tuple[Visit, ...]) -> list[tuple[Visit, bool]]:
        """The visits in a random order; a correction some time after its protocol."""
        agenda = [(visit, False) for visit in visits]
        self._chance.shuffle(agenda)
        for visit in visits:
            if visit.correction is not None:
                after = agenda.index((visit, False)) + 1
                agenda.insert(self._chance.randint(after, len(agenda)), (visit, True))
        return agenda
