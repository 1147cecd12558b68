"""The public server's application: pages of the version that is published, made when somebody asks for them.

What was made is kept until something that it rests on changes (`marks`), and only as much as there is room
for. Pages that most people open are made with each version and lie among its documents, so that the quickest
way answers them. The server stands on `app.central.folder_site`: of the centre it reads the published folder
and nothing else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from app.central.caching import Lasting
from app.central.conditional import Response, send_response
from app.central.folder_site import FolderSite
from app.central.pages.history import Changes
from app.central.pages.marks import Mark, mark_of, same
from app.central.pages.rendering import NoSuchPage, Pages, assets
from app.central.pages.routes import Route, address, route_of
from app.central.pages.texts import Language
from app.central.pages.view import Reader, View
from app.central.site import HTML, Headers, Page

#: Bytes of pages that are kept.
ROOM = 128 * 1024 * 1024
#: Bytes of a query that are looked at.
_LONGEST_QUERY = 400
#: Each costs a socket and a small queue; pages of most readers listen.
MAX_LISTENERS = 20_000
_NOT_YET = "Zatím není nic zveřejněno. / Nothing is published yet.\n".encode()
_ONLY_GET = "Stránky se jen čtou (GET). / Pages can only be read (GET).\n".encode()


class _Kept(NamedTuple):
    """A page that was made, and what it rests on."""

    mark: Mark
    page: Page
    status: int


class PublicPages:
    """The pages of one published folder. Views come from the following thread, requests on one loop."""

    def __init__(self, public: Path, room: int = ROOM) -> None:
        self._pages = Pages()
        self._reader = Reader()
        self._changes = Changes(public / "changes")
        self._view: View | None = None
        self._modified: datetime | None = None
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._room, self._size = room, 0
        self.site = FolderSite(public, pages=self._made, behind=self, max_listeners=MAX_LISTENERS)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        response = self.respond(scope["method"], scope["path"], scope["query_string"], scope["headers"])
        await send_response(response, scope["method"], send)

    def respond(
        self, method: str, path: str, query: bytes, headers: Iterable[tuple[bytes, bytes]]
    ) -> Response:
        """The answer to a request for a page: the page, a redirection to its address with a slash, or a page
        that says that there is none."""
        view, answering = self._view, self.site.answering
        if method not in ("GET", "HEAD"):
            refusal = answering.error(405, _ONLY_GET)
            return refusal._replace(headers=[*refusal.headers, (b"allow", b"GET, HEAD")])
        if view is None:
            refusal = answering.error(503, _NOT_YET)
            return refusal._replace(headers=[*refusal.headers, (b"retry-after", b"1")])
        found = route_of(path)
        if found is None and not path.endswith("/") and route_of(f"{path}/"):
            return Response(301, _moved(f"{path}/"), b"")
        kept = self._missing(view, path) if found is None else self._page(view, path, *found, query)
        if kept.status == 200:
            return answering.page(kept.page, Lasting.SHORT, headers)
        plain = [each for each in headers if each[0] == b"accept-encoding"]
        return answering.page(kept.page, Lasting.SHORT, plain)._replace(status=kept.status)

    def _page(self, view: View, path: str, route: Route, language: Language, query: bytes) -> _Kept:
        question = _question(query) if route.kind == "search" else ""
        key = f"{path}?{question}"
        mark, kept = mark_of(view, route), self._kept.get(key)
        if kept is not None and same(kept.mark, mark):
            self._kept.move_to_end(key)
            return kept
        made = self._fresh(view, path, route, language, question)
        if made.status == 200:
            self._remember(key, made, kept)
        return made

    def _fresh(self, view: View, path: str, route: Route, language: Language, question: str) -> _Kept:
        try:
            body = self._pages.page(view, route, language, question)
        except NoSuchPage:
            return self._missing(view, path)
        return _Kept(mark_of(view, route), Page(body, HTML, self._modified or view.head.generated_at), 200)

    def _missing(self, view: View, path: str) -> _Kept:
        language = Language.ENGLISH if path.startswith("/en/") else Language.CZECH
        body = self._pages.missing(view, language)
        return _Kept((), Page(body, HTML, self._modified or view.head.generated_at), 404)

    def _remember(self, key: str, made: _Kept, before: _Kept | None) -> None:
        self._kept[key] = made
        self._kept.move_to_end(key)
        self._size += len(made.page.body) - (len(before.page.body) if before else 0)
        while self._size > self._room and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest.page.body)

    def _made(self, _version: int, files: Mapping[str, bytes], modified: datetime) -> Mapping[str, bytes]:
        """Take a version over, and make what lies among its documents: the pages that most people open."""
        view = self._reader.view(files, self._changes.up_to(files))
        pages = {
            f"{address(route.kind, language, **dict(route.words))[1:]}index.html": self._pages.page(
                view, route, language
            )
            for language in Language
            for route in _first(view)
        }
        self._view, self._modified = view, modified
        return pages | assets()


def _first(view: View) -> Iterator[Route]:
    """The pages that are made with each version."""
    yield Route("country")
    yield Route("reduced")
    for number in view.territory.regions:
        yield Route("region", (("region", str(number)),))
    if view.senate_results() is not None:
        yield Route("senate")


def _question(query: bytes) -> str:
    """The parameter `q`; empty for a query that is none."""
    try:
        asked = parse_qs(query[:_LONGEST_QUERY].decode("ascii"), errors="replace", max_num_fields=10)
    except ValueError:
        return ""
    return "".join(each if each.isprintable() else " " for each in asked.get("q", [""])[0])


def _moved(path: str) -> Headers:
    return [(b"location", path.encode()), (b"content-length", b"0"), (b"cache-control", b"public, max-age=1")]
