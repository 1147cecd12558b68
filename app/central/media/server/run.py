"""The media server as a process: two followed folders, the followed list, the line, the operator's address.

One thread beside the server's loop looks at the list and the phase several times a second, cuts streams,
rewrites what is exported and keeps the statistics on the disk. Requests never wait for it: they ask the
clock and the list in memory themselves.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from app.central.connections import Connections
from app.central.folder_site import FolderSite
from app.central.http_server import Server, listening, print_ready, server_of, url_of
from app.central.media.server import counts, export
from app.central.media.server.allowed import Allowed, ListFile
from app.central.media.server.connection import connection_of
from app.central.media.server.counts import Counts
from app.central.media.server.export import Form
from app.central.media.server.gate import Gate, Limits
from app.central.media.server.line import MediaLine, MediaQuick
from app.central.media.server.operator import OperatorPage
from app.central.media.server.origin import Origin, Told
from app.central.media.server.phase import Phase, Phases
from app.documents.files import read_bytes_of
from app.election.errors import KnownError
from app.election.model import Mode
from app.trust.anchors import Anchors

Clock = Callable[[], datetime]

#: Between two looks at the list and at the phase; between two writings of the statistics.
_LOOK_SECONDS = 0.2
_WRITE_SECONDS = 1.0
_SUM_UP_SECONDS = 60.0
_MOST_PEM = 100_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where everything is, and what is believed and allowed."""

    public: Path
    listed: Path
    authority: Path
    statistics: Path
    rehearsal: Path | None = None
    proxies: tuple[str, ...] = ()
    told: Told = Told.X_FORWARDED_FOR
    limits: Limits = field(default_factory=Limits)
    exports: Mapping[Form, Path] = field(default_factory=dict)
    max_connections: int = 4000
    max_listeners: int = 1000
    head_seconds: float = 10.0
    #: by a shifted clock only a rehearsal may run
    shifted: bool = False


class MediaServer:
    """Everything of the process but its sockets."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Raises KnownError for an authority or a network that is none."""
        anchors = Anchors.from_pem(read_bytes_of(settings.authority, _MOST_PEM))
        election = anchors.authorities[0].election
        origin = Origin(settings.proxies, settings.told)
        self._settings = settings
        self._clock = clock
        self._counts = Counts()
        before = self._taken_up(counts.read(settings.statistics), election)
        mode = Mode.REHEARSAL if settings.shifted else None
        self.listed = ListFile(settings.listed, anchors, election, clock, before.serial, mode)
        self._phases = Phases(clock, before.live_since)
        self.gate = Gate(
            origin, self._phases, settings.limits, self._counts, clock, lambda: self.listed.allowed
        )
        self.live = FolderSite(settings.public, max_listeners=settings.max_listeners)
        self.rehearsal = None
        if settings.rehearsal is not None:
            self.rehearsal = FolderSite(settings.rehearsal, max_listeners=settings.max_listeners)
        self.line = MediaLine(self.gate, self.live, self.rehearsal)
        self._connections = Connections(settings.max_connections, settings.head_seconds, lambda _code: None)
        self._exported: object = None
        self._phase: Phase | None = None
        self._written: tuple[object, ...] = ()
        self._trouble = ""

    def server(self) -> Server:
        """The server of the line, not running yet."""
        quick = MediaQuick(self.line, self.live)
        protocol = connection_of(self.gate, self._connections, quick)
        events = [each.events for each in (self.live, self.rehearsal) if each is not None]
        return server_of(self.line, self._connections, quick, *events, protocol=protocol)

    def operator(self) -> Server:
        """The server of the operator's address, not running yet."""
        return server_of(OperatorPage(self.told), Connections(100, 10.0, lambda _code: None), None)

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Follow the folders, the list and the phase while the block runs."""
        ended = threading.Event()
        with ExitStack() as stack:
            for site in (self.live, self.rehearsal):
                if site is not None:
                    stack.enter_context(site.followed())
            self.look()
            thread = threading.Thread(target=self._follow, args=(ended,), name="list", daemon=True)
            thread.start()
            try:
                yield
            finally:
                ended.set()
                thread.join()
                self.write()

    def look(self) -> None:
        """One look at the list and at the phase: streams are cut and files rewritten when they changed."""
        changed = self.listed.look()
        phase = self.gate.phase
        if phase is not None and phase is not self._phase:
            if self._phase is not None:
                _log.info("the phase is %s from now on", phase)
            self._phase, changed = phase, True
        if changed:
            self.line.streams.recheck()
        self._export()

    def told(self) -> dict[str, Any]:
        """Everything for the operator and for the next start."""
        allowed = self.listed.allowed
        phase = self.gate.phase
        since = self._phases.live_since
        read = self.live if phase is Phase.LIVE else self.rehearsal
        return {
            "election": self.listed.election,
            "phase": "" if phase is None else phase.value,
            "live_since": None if since is None else since.isoformat(),
            "list": {
                "serial": self.listed.lowest,
                "organisations": 0 if allowed is None else len(allowed.media.organisations),
                "names": {}
                if allowed is None
                else {each.id: each.name for each in allowed.media.organisations},
                "refused": self.listed.refused,
                "trouble": self.listed.trouble,
            },
            "version": 0 if read is None else read.site.edition.version,
            "connections": len(self._connections),
            "listeners": len(self.line.streams),
            **self._counts.told(),
        }

    def write(self) -> None:
        """Write the statistics when there is anything new; trouble is logged once."""
        told = self.told()
        state = (told["phase"], told["list"]["serial"], told["version"], told["list"]["refused"])
        if not self._counts.changed and state == self._written:
            return
        self._counts.changed = False
        try:
            counts.write(self._settings.statistics, told)
            self._written, self._trouble = state, ""
        except OSError as error:
            if self._trouble != (trouble := str(error.strerror)):
                self._trouble = trouble
                _log.error("the statistics cannot be written: %s", trouble)

    def _follow(self, ended: threading.Event) -> None:
        looks = 0
        while not ended.wait(self._pause()):
            looks += 1
            self.look()
            if not looks % round(_WRITE_SECONDS / _LOOK_SECONDS):
                self.write()
            if not looks % round(_SUM_UP_SECONDS / _LOOK_SECONDS):
                self.gate.sum_up()

    def _pause(self) -> float:
        """Seconds to the next look: the live moment is not slept over."""
        allowed = self.listed.allowed
        if allowed is None or self._phases.live_since is not None:
            return _LOOK_SECONDS
        left = (allowed.media.live_from - self._clock()).total_seconds()
        return min(_LOOK_SECONDS, max(left, 0.001))

    def _export(self) -> None:
        allowed, phase = self.listed.allowed, self.gate.phase
        if allowed is None or phase is None or (allowed, phase) == self._exported:
            return
        try:
            for form, path in self._settings.exports.items():
                if export.write(path, export.text(form, allowed, phase)):
                    _log.info("written for %s: %s", form, path)
            self._exported = (allowed, phase)
        except KnownError as error:
            _log.error("%s %s", error.code, error.en)

    def _taken_up(self, before: dict[str, Any], election: str) -> _Before:
        """What the last run left, where it is this election's."""
        try:
            told = _before(before, election)
            if before.get("election") == election:
                self._counts.take_up(before)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            _log.error("the statistics of the last run cannot be taken up: %s", type(error).__name__)
            return _Before()
        return told


def listed_now(
    listed: Path, authority: Path, statistics: Path, clock: Clock, *, shifted: bool = False
) -> tuple[Allowed, Phase]:
    """The list in force and the phase, for a command beside a running server or without one. Raises
    KnownError where there is no list that may be taken."""
    anchors = Anchors.from_pem(read_bytes_of(authority, _MOST_PEM))
    before = _before(counts.read(statistics), anchors.authorities[0].election)
    mode = Mode.REHEARSAL if shifted else None
    file = ListFile(listed, anchors, anchors.authorities[0].election, clock, before.serial, mode)
    allowed = Allowed.of(file.read())
    return allowed, Phases(clock, before.live_since).at(allowed.media.live_from)


def _before(told: Mapping[str, Any], election: str) -> _Before:
    """Raises KeyError, ValueError or TypeError for what is no statistics."""
    if told.get("election") != election:
        return _Before()
    since = told["live_since"]
    return _Before(int(told["list"]["serial"]), datetime.fromisoformat(since) if since else None)


@dataclass(frozen=True, slots=True)
class _Before:
    """Of the last run: the highest list, and when live operation began."""

    serial: int = 0
    live_since: datetime | None = None


def serve(
    settings: Settings,
    clock: Clock,
    host: str = "127.0.0.1",
    port: int = 8010,
    operator: tuple[str, int] | None = None,
    ready: Callable[[str], None] = print_ready,
) -> None:
    """Run the media server until SIGTERM. Port 0 takes any free one, a `host` with a slash is a socket in
    the file system; `ready` hears the address. Raises KnownError before it begins."""
    media = MediaServer(settings, clock)
    with ExitStack() as stack:
        listener = stack.enter_context(listening(host, port))
        beside = None
        if operator is not None:
            own = stack.enter_context(listening(*operator))
            beside = media.operator()
            thread = threading.Thread(target=beside.run, kwargs={"sockets": [own]}, name="operator")
            thread.start()
            _log.info("statistics at %s/metrics", url_of(own))
        try:
            with media.followed():
                ready(url_of(listener))
                media.server().run(sockets=[listener])
        finally:
            if beside is not None:
                beside.should_exit = True
                thread.join()
