"""The front of the published documents: addresses, conditional requests, nothing but memory.

Plain ASGI, because thousands of readers ask for the same few documents. Three sets of addresses: the static
layout of volby.cz since 2024 (`/appdata/…`), the older one (`/pls/…`, see `app.central.older`) and our feed
(`/feed/{election}/…`) with the versions that are kept and the changes. How long an answer may be kept, and
by whom, is the table of eight rules in `app.central.caching`. Whatever else is asked for goes on to the
application behind. Who asks makes no difference: no header but the ones of those rules is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from starlette.types import ASGIApp, Receive, Scope, Send

from app.central import older
from app.central.addresses import OKRSKY, Layout, folder_of
from app.central.caching import Lasting
from app.central.conditional import Answering, Response, send_response
from app.central.shelf import Shelf
from app.central.site import COMMON_HEADERS, Edition, Headers, Page, Site, type_of

LATEST = f"{OKRSKY}.xml"
#: How addresses of published documents begin.
PUBLISHED = ("/appdata/", "/pls/", "/feed/")
_MISSING = "Takový dokument tu není. / There is no such document.\n".encode()
#: A page of a newsroom that sends If-None-Match from a browser's script asks first whether it may.
_PREFLIGHT: Headers = [
    *COMMON_HEADERS,
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"if-none-match, if-modified-since, cache-control"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]


class Found(NamedTuple):
    page: Page
    lasting: Lasting


class Front:
    """Answers GET, HEAD and OPTIONS of published documents; hands on everything else."""

    def __init__(
        self,
        site: Site,
        layout: Layout,
        public: Path,
        answering: Answering,
        behind: ASGIApp,
        live: Mapping[str, ASGIApp] | None = None,
    ) -> None:
        """`live` are the addresses below `/feed/{election}/` that are made for each request, by name."""
        self._site = site
        self._live_by_name = dict(live or {})
        self.lay_out(layout)
        self._shelf = Shelf(public)
        self._answering = answering
        self._behind = behind

    def lay_out(self, layout: Layout) -> None:
        """Answer at the addresses of this election from now on."""
        election = layout.election
        self._layout = layout
        self._regional = folder_of(election)
        self._versions = f"/feed/{election}/versions/"
        self._changes = f"/feed/{election}/changes/"
        self._live = {f"/feed/{election}/{name}": made for name, made in self._live_by_name.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._behind(scope, receive, send)
            return
        path = scope["path"]
        # OPTIONS, whether a page may ask at all, is answered for all addresses alike.
        made = self._live.get(path) if scope["method"] != "OPTIONS" else None
        if made is not None:
            await made(scope, receive, send)
            return
        response = self.respond(scope["method"], path, scope["query_string"], scope["headers"])
        if response is None:
            await self._behind(scope, receive, send)
            return
        await send_response(response, scope["method"], send)

    def is_live(self, path: str) -> bool:
        """Whether the answer is made for each request, by an application of its own."""
        return path in self._live

    def respond(
        self, method: str, path: str, query: bytes, headers: Iterable[tuple[bytes, bytes]]
    ) -> Response | None:
        """The answer to a request for a document, with the body also for HEAD; None for anything else."""
        if method == "OPTIONS" and path.startswith(PUBLISHED):
            return Response(204, _PREFLIGHT, b"")
        if method not in ("GET", "HEAD"):
            return None
        found = self.find(path, query)
        if found is not None:
            return self._answering.page(found.page, found.lasting, headers)
        return self._answering.error(404, _MISSING) if path.startswith(PUBLISHED) else None

    def find(self, path: str, query: bytes) -> Found | None:
        """What there is at an address, an error document for an older address, or None."""
        edition = self._site.edition
        if path.startswith(self._versions):
            page = self._of_version(path.removeprefix(self._versions))
            return None if page is None else Found(page, Lasting.FOR_EVER)
        page = edition.pages.get(path[1:])
        if page is None:
            page = self._elsewhere(edition, path, query)
        return None if page is None else Found(page, page.lasting)

    def _elsewhere(self, edition: Edition, path: str, query: bytes) -> Page | None:
        """Whatever is not a file of the current version by its own name."""
        if path.endswith("/") and (page := edition.pages.get(f"{path[1:]}index.html")):
            return page
        if path.startswith("/pls/"):
            return self._older(edition, path, query)
        if path.startswith(self._changes):
            return self._shelf.page("changes/" + path.removeprefix(self._changes))
        if path == f"/{self._regional}{LATEST}":
            return edition.errors.get(older.BATCH)  # the pointer is there before anything that it points to
        if edition.senate and path == f"/{edition.senate}{LATEST}":
            return edition.errors.get(older.SENATE_BATCH)
        return None

    def _older(self, edition: Edition, path: str, query: bytes) -> Page | None:
        wanted = older.wanted(path, query, self._layout.election)
        if wanted is None or (wanted.senate and not edition.senate):
            return None
        folder = edition.senate if wanted.senate else self._regional
        page = edition.pages.get(folder + wanted.path) if self._is_ours(wanted) else None
        return page or edition.errors.get(wanted.error)

    def _is_ours(self, wanted: older.Wanted) -> bool:
        """Whether this night's day and round of the Senate were asked for, or none in particular."""
        _, day, round_ = self._layout
        return wanted.date in ("", day) and wanted.round_ in ("", round_)

    def _of_version(self, rest: str) -> Page | None:
        number, _, path = rest.partition("/")
        if number.isascii() and number.isdigit() and len(number) < 10 and number[0] != "0":
            edition = self._site.of_version(int(number))
            if edition is not None:
                return edition.pages.get(path)
        return self._shelf.page(f"versions/{rest}") if type_of(path) else None
