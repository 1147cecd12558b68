"""A published folder as a site of its own: what a process serves that knows nothing but files.

The public server and the media's server stand on this. It reads `public/` alone (the link `current`, the
versions, the changes), keeps the current version in memory and answers at the same addresses and by the same
rules as the centre does, events included; of the centre's store and keys it knows nothing, so it stands when
the centre does not, and falls without it. A new version is seen within `LOOK_SECONDS` and the time of reading
what changed.

To add addresses: a document of a version lies in its folder and needs nothing. `pages` makes more documents
of each version (path without its slash → bytes; the ending gives the type, see `app.central.site.TYPES`):
they are served from memory with entity tags, compressed forms and all else. Whatever is asked for otherwise
goes on to `behind`, any ASGI application. `live` are applications at `/feed/{election}/{name}`.

    site = FolderSite(public, pages=made, behind=application)
    with site.followed(), listening(host, port) as listener:
        folder_server(site).run(sockets=[listener])
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from app.central import older
from app.central.addresses import Layout, folder_of
from app.central.caching import AT_ONCE, FOR_EVER, SHORT, Lasting
from app.central.conditional import Answering, send_response
from app.central.connections import Connections
from app.central.events import Events
from app.central.front import Front
from app.central.http_server import Server, server_of
from app.central.quick import Quick
from app.central.site import Site
from app.central.version_folder import Made, VersionFolder
from app.documents import results
from app.documents.document_errors import DocumentError
from app.documents.feed import index
from app.documents.feed.index import State
from app.election.model import Contest, Mode

#: Between two looks at the link.
LOOK_SECONDS = 0.1
_NOTHING = "Na této adrese nic není. / There is nothing at this address.\n".encode()
_log = logging.getLogger(__name__)


class FolderSite:
    """One public folder, served. It is followed by one thread and asked on one loop."""

    def __init__(
        self,
        public: Path,
        *,
        pages: Made | None = None,
        behind: ASGIApp | None = None,
        live: Mapping[str, ASGIApp] | None = None,
        max_listeners: int = 1000,
    ) -> None:
        self.site = Site()
        self.events = Events(self.site, max_listeners)
        self.head: index.Head | None = None  # of the current version's pointer; None before the first
        self.answering = Answering(self)
        self._folder = VersionFolder(public, self.site, self._errors, pages)
        live = {"events": self.events, **(live or {})}
        self.front = Front(self.site, Layout(), public, self.answering, behind or self._nothing, live)
        self._trouble = ""

    def of(self, lasting: Lasting) -> bytes:
        """How long an answer may be kept (`caching.Keeping`): nothing beyond voting's end, which is not
        known here, so before it not at all."""
        if self.head is None or self.head.state is State.BEFORE_THE_END:
            return AT_ONCE
        return FOR_EVER if lasting is Lasting.FOR_EVER and self.head.issue.mode is Mode.LIVE else SHORT

    def look(self) -> bool:
        """Serve the version that is current now; whether it is another one than before. Trouble is logged
        once, and what was served before stays."""
        try:
            changed = self._folder.look()
            self._trouble = ""
        except FileNotFoundError:
            return False  # taken away while it was read
        except (OSError, DocumentError, KeyError) as error:
            if self._trouble != (trouble := f"{type(error).__name__}: {error}"):
                self._trouble = trouble
                _log.error("the published folder cannot be read, the version before stays: %s", trouble)
            return False
        return changed

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Look again and again on a thread while the block runs; the first look is over before it begins."""
        self.look()
        ended = threading.Event()

        def follow() -> None:
            while not ended.wait(LOOK_SECONDS):
                self.look()

        thread = threading.Thread(target=follow, name="follow", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _errors(self, _version: int, files: Mapping[str, bytes], now: datetime) -> Mapping[str, bytes]:
        """The error documents of a version, once its addresses are known. Raises DocumentError, and KeyError
        for a folder that is no publication."""
        pointer = next((path for path in files if _is_pointer(path)), "feed/index.xml")
        self.head = head = index.read_head(files[pointer])
        senate = next((path for path in files if path.startswith("appdata/senat/")), "")
        day = senate.split("/")[2] if senate else ""
        results_of_senate = files.get(f"appdata/senat/{day}/odata/vysledky.xml", b"")
        election = head.issue.election
        self.front.lay_out(Layout(election, day, results.round_of(results_of_senate) if senate else ""))
        errors: dict[str, bytes] = {}
        if f"{folder_of(election)}vysledky.xml" in files:
            errors |= {older.DISTRICT: results.no_such_district(now), older.BATCH: results.not_yet(now)}
        if senate:
            errors |= {
                older.ELECTION: results.no_such_senate_election(now),
                older.SENATE_DISTRICT: results.no_such_senate_district(now),
                older.SENATE_BATCH: results.not_yet(now, Contest.SENATE_ROUND_1),
            }
        return errors

    async def _nothing(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send_response(self.answering.error(404, _NOTHING), scope["method"], send)


def folder_server(
    site: FolderSite, connections: Connections | None = None, proxies: tuple[str, ...] = ()
) -> Server:
    """The HTTP server of a site, not running yet. From `proxies` (networks) alone X-Forwarded-For is
    believed."""
    connections = connections or Connections(4000, 10.0, lambda _code: None)
    return server_of(site.front, connections, Quick(site.front), site.events, proxies=proxies)


def _is_pointer(path: str) -> bool:
    """`feed/{election}/index.xml`."""
    return path.startswith("feed/") and path.endswith("/index.xml") and path.count("/") == 2
