"""Batches and inquiries over HTTP: POST to the centre, with TLS trusted by the election's authority alone.

What matters is to tell apart a push that certainly did not arrive (no connection) from one of which
nobody knows (anything after the first byte). The standard library's client lets connecting and asking be
two steps, and needs no redirects, cookies and proxies switched off.
"""

from __future__ import annotations

import selectors
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from types import MappingProxyType, TracebackType
from urllib.parse import urlsplit

from app.station.config import CA_FILE
from app.station.wire import CMS_TYPE, Answer, NoAnswer, Unreachable

#: Seconds. A batch has at most some 1.3 MB; an answer comes within one second of it.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
#: Bytes of a receipt, and of an answer that carries a batch of the largest size in Base64.
_LARGEST_RECEIPT = 2_000_000
_LARGEST_ANSWER = 14_000_000
_SIGNED_HEADERS = MappingProxyType({"Content-Type": CMS_TYPE})
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class HttpTransport:
    """Pushes to `{centre_url}/v1/batches`, asks at `/v1/inquiries`; keeps its connection open
    in between. Use from one thread."""

    def __init__(self, centre_url: str, folder: Path) -> None:
        self._url = centre_url
        self._authority = folder / CA_FILE
        self._kept: HTTPConnection | None = None

    def push(self, data: bytes) -> Answer:
        """POST one batch. Raises `Unreachable` or `NoAnswer`."""
        return self._post("/v1/batches", data, _LARGEST_RECEIPT)

    def ask(self, data: bytes) -> Answer:
        """POST one inquiry. Raises `Unreachable` or `NoAnswer`."""
        return self._post("/v1/inquiries", data, _LARGEST_ANSWER)

    def _post(self, path: str, data: bytes, limit: int) -> Answer:
        response, body = self._ask("POST", path, data, _SIGNED_HEADERS, ANSWER_SECONDS, limit)
        return Answer(
            response.status,
            body,
            response.headers.get("Content-Type", ""),
            _seconds(response.headers.get("Retry-After")),
        )

    def ping(self) -> bool:
        """Whether the centre answers at all."""
        try:
            response, _ = self._ask("GET", "/v1/status", None, _NO_HEADERS, CONNECT_SECONDS, _LARGEST_RECEIPT)
        except (Unreachable, NoAnswer):
            return False
        return response.status < 500

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def __enter__(self) -> HttpTransport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(
        self,
        method: str,
        path: str,
        data: bytes | None,
        headers: Mapping[str, str],
        seconds: float,
        limit: int,
    ) -> tuple[HTTPResponse, bytes]:
        """One request and its whole answer of at most `limit` bytes; each step of it may last `seconds`."""
        connection = self._connected()
        target = urlsplit(self._url).path.rstrip("/") + path
        try:
            connection.sock.settimeout(seconds)
            connection.request(method, target, data, headers)
            response = connection.getresponse()
            body = response.read(limit + 1)
            if response.length or len(body) > limit:
                raise NoAnswer("the answer was cut or is too large")
        except (OSError, HTTPException) as error:
            self.close()
            raise NoAnswer(str(error)) from error
        except BaseException:
            self.close()  # what is left of the answer must not be taken for the next one
            raise
        return response, body

    def _connected(self) -> HTTPConnection:
        """The kept connection if it still holds, else a new one. Raises `Unreachable`."""
        if self._kept is not None and not _holds(self._kept):
            self.close()
        if self._kept is None:
            try:
                self._kept = self._new()
                self._kept.connect()
            except (OSError, HTTPException, ValueError) as error:
                self.close()
                raise Unreachable(str(error)) from error
        return self._kept

    def _new(self) -> HTTPConnection:
        url = urlsplit(self._url)
        if not url.hostname:
            raise ValueError(f"an address without a host: {self._url}")
        if url.scheme == "http":
            return HTTPConnection(url.hostname, url.port or 80, timeout=CONNECT_SECONDS)
        if url.scheme == "https":
            trusted = ssl.create_default_context(cafile=str(self._authority))
            return HTTPSConnection(url.hostname, url.port or 443, timeout=CONNECT_SECONDS, context=trusted)
        raise ValueError(f"an address that is not of HTTP: {self._url}")


def _holds(connection: HTTPConnection) -> bool:
    """Whether an idle connection is still open. If there is something to read from it, it is its end."""
    if connection.sock is None:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return not selector.select(0)


def _seconds(text: str | None) -> float | None:
    """Retry-After in seconds; the form with a date is not used by the centre and is ignored."""
    return float(text) if text is not None and text.isdigit() else None
