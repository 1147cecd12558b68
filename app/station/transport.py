"""Batches and inquiries over HTTP: POST to the centre, by the way that the station's configuration names.

What matters is to tell apart a push that certainly did not arrive (no connection) from one of which
nobody knows (anything after the first byte). The standard library's client lets connecting and asking be
two steps, and needs no redirects, cookies and proxies switched off.
"""

from __future__ import annotations

import selectors
import ssl
import time
from collections.abc import Mapping
from datetime import timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING

from app.station.config import CA_FILE, StationConfig
from app.station.line.way import Way
from app.station.wire import CMS_TYPE, Answer, NoAnswer, Unreachable

if TYPE_CHECKING:
    from app.station.outbox import Signer

#: Seconds. An answer comes within one second of a whole batch.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
#: Bytes a second that a bad line still carries: a batch of 1.3 MB may take 80 seconds more than a short one.
SLOWEST_LINE = 16_000
#: How often the time may double after an exchange that did not end in it.
_MOST_DOUBLINGS = 3
#: Bytes of a receipt, and of an answer that carries a batch of the largest size in Base64.
_LARGEST_RECEIPT = 2_000_000
_LARGEST_ANSWER = 14_000_000
_SIGNED_HEADERS = MappingProxyType({"Content-Type": CMS_TYPE})
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class HttpTransport:
    """Pushes to `{centre_url}/v1/batches`, asks at `/v1/inquiries`; keeps its connection open
    in between. Use from one thread."""

    def __init__(self, centre_url: str, folder: Path, way: Way | None = None) -> None:
        """Straight to an address; `of` goes as a station's configuration says."""
        self._way = way or Way(centre_url, folder / CA_FILE)
        self._context: ssl.SSLContext | None = None
        self._kept: HTTPConnection | None = None
        self._doublings = self._too_long = 0  # the second: bytes of what ended in a time-out

    @classmethod
    def of(cls, config: StationConfig, folder: Path, signer: Signer | None = None) -> HttpTransport:
        """By the proxy, the trust and the certificate that the configuration names."""
        return cls(config.centre_url, folder, Way.of(config, folder, signer))

    def push(self, data: bytes) -> Answer:
        """POST one batch. Raises `Unreachable` or `NoAnswer`."""
        return self._post("/v1/batches", data, _LARGEST_RECEIPT)

    def ask(self, data: bytes) -> Answer:
        """POST one inquiry. Raises `Unreachable` or `NoAnswer`."""
        return self._post("/v1/inquiries", data, _LARGEST_ANSWER)

    def post(self, path: str, data: bytes) -> Answer:
        """POST another signed file; its answer is as short as a receipt. Raises as `push` does."""
        return self._post(path, data, _LARGEST_RECEIPT)

    def _post(self, path: str, data: bytes, limit: int) -> Answer:
        response, body = self._ask("POST", path, data, _SIGNED_HEADERS, self._patience(len(data)), limit)
        return Answer(
            response.status,
            body,
            response.headers.get("Content-Type", ""),
            retry_after(response.headers),
        )

    def enrol(self, request: bytes, token: str) -> Answer:
        """POST a certificate request with its one-time token. Raises `Unreachable` or `NoAnswer`."""
        headers = {"Content-Type": "application/pkcs10", "Authorization": f"Bearer {token}"}
        return self._short("POST", "/v1/enrolments", request, headers)

    def builds(self) -> Answer:
        """GET the signed list of approved programs. Raises `Unreachable` or `NoAnswer`."""
        return self._short("GET", "/v1/builds", None, _NO_HEADERS)

    def _short(self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]) -> Answer:
        response, body = self._ask(method, path, data, headers, ANSWER_SECONDS, _LARGEST_RECEIPT)
        kind = response.headers.get("Content-Type", "")
        return Answer(response.status, body, kind, retry_after(response.headers))

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
        ends = time.monotonic() + seconds
        try:
            connection.sock.settimeout(seconds)
            connection.request(method, self._way.target(path), data, {**headers, **self._way.headers})
            response = connection.getresponse()
            body = _whole(response, limit, ends)
        except (OSError, HTTPException) as error:
            self.close()
            if isinstance(error, TimeoutError) and data is not None:
                self._doublings, self._too_long = min(self._doublings + 1, _MOST_DOUBLINGS), len(data)
            raise NoAnswer(str(error)) from error
        except BaseException:
            self.close()  # what is left of the answer must not be taken for the next one
            raise
        if data is not None and len(data) >= self._too_long:
            self._doublings = self._too_long = 0
        return response, body

    def _patience(self, size: int) -> float:
        """Seconds for sending so many bytes and hearing of them; more after each time-out in a row."""
        return (ANSWER_SECONDS + size / SLOWEST_LINE) * (1 << self._doublings)

    def _connected(self) -> HTTPConnection:
        """The kept connection if it still holds, else a new one. Raises `Unreachable`."""
        if self._kept is not None and not _holds(self._kept):
            self.close()
        if self._kept is None:
            try:
                if self._context is None and self._way.is_secure:
                    self._context = self._way.context()
                self._kept = self._way.connection(CONNECT_SECONDS, self._context)
                self._kept.connect()
            except (OSError, HTTPException, ValueError) as error:
                self.close()
                raise Unreachable(str(error)) from error
        return self._kept


def _whole(response: HTTPResponse, limit: int, ends: float) -> bytes:
    """The whole body. Raises `NoAnswer` when it is cut or too large, TimeoutError when it only trickles."""
    body = bytearray()
    while len(body) <= limit and (piece := response.read1(65_536)):
        body += piece
        if time.monotonic() > ends:
            raise TimeoutError("the answer trickles")
    if response.length or len(body) > limit:
        raise NoAnswer("the answer was cut or is too large")
    response.close()  # of the answer, not of the line: the next request may go
    return bytes(body)


def _holds(connection: HTTPConnection) -> bool:
    """Whether an idle connection is still open. If there is something to read from it, it is its end."""
    if connection.sock is None:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return not selector.select(0)


def retry_after(headers: Message) -> float | None:
    """Retry-After in seconds, in both of its forms (RFC 9110, 10.2.3); None when it is missing or nonsense.
    A date is counted from the answer's own, so that this machine's clock does not matter."""
    told = (headers.get("Retry-After") or "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:9])
    try:
        wait = parsedate_to_datetime(told) - parsedate_to_datetime(headers.get("Date") or "")
    except (ValueError, TypeError):  # no dates, or one of them without a zone
        return None
    return max(wait, timedelta()).total_seconds()
