"""The front of the published documents: addresses, conditional requests, nothing but memory.

Plain ASGI, because thousands of readers ask for the same few documents. Two sets of addresses: the static
layout since 2024 and the older ones (`/pls/…`) that programs still use. Whatever else is asked for goes on
to the application behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from app.central.feed import NO_BATCH, NO_DISTRICT, OKRSKY, folder_of
from app.central.site import COMMON_HEADERS, Page, Representation, Site

_RawHeaders = Iterable[tuple[bytes, bytes]]


class Front:
    """Answers GET and HEAD of published documents; hands on everything else."""

    def __init__(self, site: Site, election: str, behind: ASGIApp) -> None:
        self._site = site
        self._behind = behind
        self._static = "/" + folder_of(election)
        self._older = f"/pls/{election}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._behind(scope, receive, send)
            return
        page = self.find(scope["path"], scope["query_string"])
        if page is not None:
            await _answer(page, scope, send)
        elif scope["path"].startswith(("/appdata/", "/pls/")):
            await _not_found(send)
        else:
            await self._behind(scope, receive, send)

    def find(self, path: str, query: bytes) -> Page | None:
        """The page at an address, an error document for an older address, or None."""
        edition = self._site.edition
        if path == "/":
            return edition.pages.get("index.html")
        if not path.startswith(self._older):
            return edition.pages.get(path[1:])
        parameters = dict(parse_qsl(query.decode("latin-1")))
        name = path.removeprefix(self._older)
        folder = self._static[1:]
        if name in ("vysledky", "vysledky_kandid"):
            return edition.pages.get(f"{folder}{name}.xml")
        if name == "vysledky_okres":
            nuts = parameters.get("nuts", "").upper()
            return edition.pages.get(f"{folder}okresy/vysledky_okres_{nuts}.xml") or edition.errors.get(
                NO_DISTRICT
            )
        if name == "vysledky_okrsky":
            batch = parameters.get("davka", "")
            number = (
                f"_{int(batch):05d}" if batch.isascii() and batch.isdigit() and len(batch) < 10 else batch
            )
            return edition.pages.get(f"{folder}{OKRSKY}{number}.xml") or edition.errors.get(NO_BATCH)
        return None


async def _answer(page: Page, scope: Scope, send: Send) -> None:
    accepts_gzip = False
    match = since = None
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepts_gzip = _accepts_gzip(value)
        elif name == b"if-none-match":
            match = value.decode("latin-1")
        elif name == b"if-modified-since":
            since = value.decode("latin-1")
    chosen = page.compressed() if accepts_gzip else page.plain()
    if _is_known(page, match, since):
        await _not_modified(chosen, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": chosen.headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else chosen.body})


def _accepts_gzip(value: bytes) -> bool:
    for coding in value.lower().split(b","):
        name, _, quality = coding.partition(b";")
        if name.strip() in (b"gzip", b"*"):
            return quality.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False


def _is_known(page: Page, match: str | None, since: str | None) -> bool:
    """Whether the client has this content already (RFC 9110, 13.2.2): tags first, else the time."""
    if match is not None:
        tags = {tag.strip().removeprefix("W/") for tag in match.split(",")}
        return "*" in tags or not tags.isdisjoint(page.etags)
    if since is not None:
        try:
            return parsedate_to_datetime(since) >= page.modified
        except (ValueError, TypeError):  # not a date, or one without a zone: as if it were not there
            return False
    return False


async def _not_modified(chosen: Representation, send: Send) -> None:
    left_out = (b"content-length", b"content-type", b"content-encoding")
    headers = [header for header in chosen.headers if header[0] not in left_out]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _not_found(send: Send) -> None:
    body = "Takový dokument tu není. / There is no such document.\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *COMMON_HEADERS,
    ]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": body})
