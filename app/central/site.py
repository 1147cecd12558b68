"""What is published now, in memory: each document with everything that an answer needs.

A publication replaces the whole table of pages in one assignment, so every request sees one version.
Bodies are compressed once, when somebody first asks for them so; a newsroom that asks twice a second
costs a look into a table.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

XML = "text/xml; charset=utf-8"
HTML = "text/html; charset=utf-8"
CSS = "text/css; charset=utf-8"
_TYPES = {".xml": XML, ".html": HTML, ".css": CSS}
#: Below this many bytes compression gains nothing.
_WORTH_COMPRESSING = 512

Headers = list[tuple[bytes, bytes]]

#: Any page of any newsroom may read; nothing is to be guessed about the type.
COMMON_HEADERS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
]
_PAGE_HEADERS: Headers = [
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]


@dataclass(frozen=True, slots=True)
class Representation:
    """A page as it goes out: whole, or in gzip. `etag` is strong: it names these bytes."""

    body: bytes
    etag: str
    headers: Headers


class Page:
    """One document. Its entity tag is a hash of its content, so an equal document stays unmodified."""

    __slots__ = ("_content_type", "_digest", "_gzip", "_plain", "body", "modified")

    def __init__(self, body: bytes, content_type: str, modified: datetime) -> None:
        self.body = body
        self.modified = modified.astimezone(UTC).replace(microsecond=0)
        self._content_type = content_type
        self._digest = hashlib.sha256(body).hexdigest()[:32]
        self._plain = self._representation(body, "")
        self._gzip: Representation | None = None

    @property
    def etags(self) -> tuple[str, str]:
        """The tags under which a client may know this content."""
        return f'"{self._digest}"', f'"{self._digest}-gz"'

    def plain(self) -> Representation:
        return self._plain

    def compressed(self) -> Representation:
        """In gzip, made once; plain where that would not be worth it."""
        if len(self.body) < _WORTH_COMPRESSING:
            return self._plain
        if self._gzip is None:
            self._gzip = self._representation(gzip.compress(self.body, 6, mtime=0), "-gz")
        return self._gzip

    def _representation(self, body: bytes, suffix: str) -> Representation:
        etag = f'"{self._digest}{suffix}"'
        headers = [
            (b"content-type", self._content_type.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"etag", etag.encode()),
            (b"last-modified", format_datetime(self.modified, usegmt=True).encode()),
            (b"cache-control", b"public, max-age=1"),
            (b"vary", b"accept-encoding"),
            *COMMON_HEADERS,
        ]
        if suffix:
            headers.append((b"content-encoding", b"gzip"))
        if self._content_type == HTML:
            headers += _PAGE_HEADERS
        return Representation(body, etag, headers)


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything of one version: pages by path (no leading slash), error documents by name."""

    version: int = 0
    pages: Mapping[str, Page] = field(default_factory=dict)
    errors: Mapping[str, Page] = field(default_factory=dict)


class Site:
    """The current edition; replaced as a whole."""

    def __init__(self) -> None:
        self.edition = Edition()

    def publish(
        self, version: int, files: Mapping[str, bytes], errors: Mapping[str, bytes], modified: datetime
    ) -> None:
        """Serve these from now on; a file whose bytes are the same object keeps its page."""
        before = self.edition.pages
        pages: dict[str, Page] = {}
        for path, body in files.items():
            page = before.get(path)
            if page is None or page.body is not body:
                page = Page(body, _TYPES[path[path.rindex(".") :]], modified)
            pages[path] = page
        self.edition = Edition(
            version, pages, {name: Page(body, XML, modified) for name, body in errors.items()}
        )
