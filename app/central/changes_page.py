"""`changes?after=`: what came after a cursor, for whoever asks "what is new for me?" without reading files.

The items are those of the static files, at most a thousand at once; DALSI is the cursor to go on with. The
cursor is opaque to readers and never expires: it is the number of the last item read. Many readers ask with
the same cursor, so an answer is made once for each version; the store is read by one thread, apart from
those that take batches in, and few may wait for it.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl

from sqlalchemy.exc import DBAPIError
from starlette.types import Receive, Scope, Send

from app.central import changes
from app.central.caching import Lasting
from app.central.conditional import Answering, Response, send_response
from app.central.database import Database
from app.central.site import XML, Page, Site
from app.documents.feed.changes import Published, answer
from app.documents.feed.parts import Issue

#: Items of one answer.
MOST = 1000
_CURSOR = re.compile(r"[0-9]{1,9}", re.ASCII)
#: Answers of the current version that are kept; requests that may wait for the store.
_KEPT = 64
_WAITING = 64
_WRONG = "Takový kurzor není (after). / There is no such cursor (after).\n".encode()
_BUSY = "Zkuste to za chvíli. / Try again in a moment.\n".encode()


class ChangesPage:
    """An ASGI application on the server's loop."""

    def __init__(
        self, database: Database, issue: Issue, site: Site, answering: Answering, most: int = MOST
    ) -> None:
        """`most` items in one answer."""
        self._database = database
        self._issue = issue
        self._site = site
        self._most = most
        self._answering = answering
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="changes")
        self._made: OrderedDict[tuple[int, int], asyncio.Future[Page]] = OrderedDict()

    def close(self) -> None:
        """Let the thread finish what it began."""
        self._pool.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_response(await self._respond(scope), scope["method"], send)

    async def _respond(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return self._answering.error(405, _WRONG)
        cursor = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("after", "0")
        if not _CURSOR.fullmatch(cursor):
            return self._answering.error(400, _WRONG)
        try:
            page = await self._page(int(cursor))
        except DBAPIError:
            page = None
        if page is None:
            return self._answering.error(503, _BUSY)
        return self._answering.page(page, Lasting.SHORT, scope["headers"])

    async def _page(self, after: int) -> Page | None:
        """The answer, made once for all who ask the same of one version; None while too many wait."""
        version = self._site.edition.version
        made = self._made.get((version, after))
        if made is None:
            if not version or sum(not each.done() for each in self._made.values()) >= _WAITING:
                return None
            loop = asyncio.get_running_loop()
            made = loop.run_in_executor(self._pool, self._make, after, version)
            self._made[version, after] = made
            while len(self._made) > _KEPT + _WAITING:
                self._made.popitem(last=False)
        try:
            return await asyncio.shield(made)
        except DBAPIError:
            self._made.pop((version, after), None)
            raise

    def _make(self, after: int, version: int) -> Page:
        with self._database.reading() as connection:
            items = list(changes.after(connection, after, version, self._most))
            now = Published(version, changes.published_at(connection, version))
        last = items[-1][1].change.number if items else after
        return Page(answer(self._issue, now, after, items, str(last)), XML, now.at)
