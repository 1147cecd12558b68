"""The answer to a request for a document that there is: whole, in which form, or "you have it already".

The one place where the rules of `app.central.caching` become headers, for files of a version and for what
is made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from starlette.types import Send

from app.central import negotiation
from app.central.caching import Keeping, Lasting
from app.central.site import COMMON_HEADERS, Headers, Page

_NO_FORM = "Dokument je jen prostý, gzip a br. / The document is there plain, in gzip and in br.\n".encode()


class Response(NamedTuple):
    """What goes out. The body is there for HEAD too; `send` leaves it out."""

    status: int
    headers: Headers
    body: bytes


class Answering:
    """Makes answers, as long-lived as the election's clock allows."""

    def __init__(self, cache_control: Keeping) -> None:
        self._cache_control = cache_control

    def page(self, page: Page, lasting: Lasting, headers: Iterable[tuple[bytes, bytes]]) -> Response:
        """The answer to GET or HEAD with these headers."""
        encoding, match, since = _asked(headers)
        form = page.best(negotiation.accepted(encoding))
        if form is None:
            return self.error(406, _NO_FORM)
        cache_control = self._cache_control.of(lasting)
        if match is not None:
            known = negotiation.names(match, form.etag)
        else:
            known = since is not None and negotiation.is_since(since, page.modified, coincided=page.coincided)
        if known:
            return Response(304, form.headers_unchanged(cache_control), b"")
        return Response(200, form.headers(cache_control), form.body)

    def error(self, status: int, body: bytes) -> Response:
        """A sentence in plain text, for a second at most."""
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", self._cache_control.of(Lasting.SHORT)),
            (b"vary", b"accept-encoding"),
            *COMMON_HEADERS,
        ]
        return Response(status, headers, body)


async def send_response(response: Response, method: str, send: Send) -> None:
    """Send an answer to a request of this method."""
    status, headers, body = response
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


def _asked(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str | None, str | None, str | None]:
    """Accept-Encoding, If-None-Match and If-Modified-Since; lines of one name are one list."""
    encoding = match = since = None
    for name, value in headers:
        if name == b"accept-encoding":
            text = value.decode("latin-1")
            encoding = text if encoding is None else f"{encoding},{text}"
        elif name == b"if-none-match":
            text = value.decode("latin-1")
            match = text if match is None else f"{match},{text}"
        elif name == b"if-modified-since":
            since = value.decode("latin-1")
    return encoding, match, since
