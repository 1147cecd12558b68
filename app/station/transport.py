"""Batches over HTTP: POST to the centre, with TLS trusted by the election's own authority alone.

What matters is to tell apart a push that certainly did not arrive (no connection) from one of which
nobody knows (anything after the first byte).
"""

from __future__ import annotations

import ssl
from pathlib import Path
from types import TracebackType

from app.station.config import CA_FILE
from app.station.sending import CMS_TYPE, Answer, NoAnswer, Unreachable

#: Seconds. A batch has at most some 1.3 MB; an answer comes within one second of it.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
_LARGEST_ANSWER = 2_000_000


class HttpTransport:
    """Pushes to `{centre_url}/v1/batches`; keeps its connection open between pushes. Use from one thread."""

    def __init__(self, centre_url: str, folder: Path) -> None:
        import httpx  # takes 0.15 s, which the window's start need not pay

        self._httpx = httpx
        trusted = ssl.create_default_context(cafile=str(folder / CA_FILE))
        self._client = httpx.Client(
            base_url=centre_url,
            verify=trusted,
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
        )

    def push(self, data: bytes) -> Answer:
        """POST one batch. Raises `Unreachable` or `NoAnswer`."""
        httpx = self._httpx
        try:
            with self._client.stream(
                "POST", "/v1/batches", content=data, headers={"Content-Type": CMS_TYPE}
            ) as response:
                body = b""
                for part in response.iter_bytes():
                    body += part
                    if len(body) > _LARGEST_ANSWER:
                        raise NoAnswer("the answer is too large")
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.UnsupportedProtocol,
        ) as error:
            raise Unreachable(str(error)) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(str(error)) from error
        return Answer(
            response.status_code,
            body,
            response.headers.get("content-type", ""),
            _seconds(response.headers.get("retry-after")),
        )

    def ping(self) -> bool:
        """Whether the centre answers at all."""
        try:
            return self._client.get("/v1/status", timeout=CONNECT_SECONDS).status_code < 500
        except self._httpx.HTTPError:
            return False

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> HttpTransport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _seconds(text: str | None) -> float | None:
    """Retry-After in seconds; the form with a date is not used by the centre and is ignored."""
    return float(text) if text is not None and text.isdigit() else None
