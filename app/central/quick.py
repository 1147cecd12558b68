"""The quick way to a published document: from the bytes of a plain request to the bytes of its answer.

On the night almost every request is the same: a GET of a published document, whole in one piece, nothing
after it. A general HTTP library spends ten times longer on it than the answer itself needs. Here only such
a request is understood, by one strict expression; whatever is the least bit unusual (a body, an upgrade,
another version, an escaped address, two requests at once) is left to the library, which answers it as it
always did. The answer is made by the same `Front` either way.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from app.central.conditional import Response
from app.central.front import Front
from app.central.site import Headers

#: Bytes of a request that is looked at here.
LARGEST = 4096
#: RFC 9112, 3 and 5: a token, a colon, and a value without any control character but the tab.
_REQUEST = re.compile(
    rb"(GET|HEAD) (/[!$&-;=@-Z_a-z~]*)(?:\?([!$-;=?-Z_a-z~]*))? HTTP/1\.1\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*\r\n)+)\r\n"
)
#: What changes how a message is read or a connection goes on.
_UNUSUAL = frozenset(
    (b"content-length", b"transfer-encoding", b"upgrade", b"expect", b"te", b"trailer", b"http2-settings")
)
_LINES = {
    status: f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    for status in (200, 304, 400, 403, 404, 405, 406, 429, 503)
}


class Quick:
    """Answers requests that arrive whole; for one loop."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._defaults: object = None
        self._date = b""

    def answer(self, data: bytes, defaults: Headers, peer: str = "") -> bytes | None:
        """The whole answer to the bytes of one request, or None where they are for the library.

        `defaults` are the server's own headers; the same list as before means that they have not changed.
        `peer` is the address of the connection's other end.
        """
        if len(data) > LARGEST or not data.endswith(b"\r\n\r\n"):
            return None
        request = _REQUEST.fullmatch(data)
        if request is None:
            return None
        method, target, query, head = request.groups()
        path = target.decode("ascii")
        headers = _headers(head)
        if headers is None:
            return None
        response = self.respond(peer, method.decode("ascii"), path, query or b"", headers)
        if response is None or response.status not in _LINES:
            return None
        if self._defaults is not defaults:
            self._defaults, self._date = defaults, _block(defaults)
        body = b"" if method == b"HEAD" else response.body
        return b"".join((_LINES[response.status], self._date, _block(response.headers), b"\r\n", body))

    def respond(self, peer: str, method: str, path: str, query: bytes, headers: Headers) -> Response | None:
        """The answer of what is served here; None for what is for the library."""
        return None if self._front.is_live(path) else self._front.respond(method, path, query, headers)


def _headers(head: bytes) -> Headers | None:
    """Headers by names in small letters; None where one of them is unusual."""
    headers, hosts = [], 0
    for line in head.split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        name = name.lower()
        if name == b"host":
            hosts += 1
        elif name in _UNUSUAL or (name == b"connection" and value.strip().lower() != b"keep-alive"):
            return None
        headers.append((name, value.strip(b" \t")))
    return headers if hosts == 1 else None


def _block(headers: Headers) -> bytes:
    return b"".join([b"%b: %b\r\n" % each for each in headers])
