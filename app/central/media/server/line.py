"""The media's line itself: requests in, documents of the right feed out.

In the test phase everybody in the list reads the rehearsal's feed, from the live moment on the night's
addresses read the live one. Both are published folders (`app.central.folder_site`), served as the centre
serves them. A folder of another election or mode than the list's is not served: rehearsal and live never mix.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from starlette.types import Receive, Scope, Send

from app.central.conditional import Response, send_response
from app.central.folder_site import FolderSite
from app.central.media.server import refused, status_page
from app.central.media.server.gate import Gate, Visitor
from app.central.media.server.phase import Phase
from app.central.media.server.refused import Refused
from app.central.media.server.streams import Streams
from app.central.quick import Quick
from app.central.refusals import Refusal
from app.central.site import Headers
from app.documents.feed.parts import Issue
from app.election.model import Mode

_log = logging.getLogger(__name__)
_READING = ("GET", "HEAD", "OPTIONS")


class MediaLine:
    """The ASGI application of the line; `respond` is the same for whoever has the whole request."""

    def __init__(self, gate: Gate, live: FolderSite, rehearsal: FolderSite | None = None) -> None:
        self.gate = gate
        self._sites = {Phase.LIVE: live, Phase.TEST: rehearsal}
        self.streams = Streams(self._may_go_on, self._sent)
        self._told_wrong: Issue | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        peer = scope["client"][0] if scope["client"] else ""
        method, path, headers = scope["method"], scope["path"], scope["headers"]
        if is_stream(path) and method == "GET":
            await self._stream(peer, scope, receive, send)
            return
        if not scope["raw_path"].startswith(b"/"):
            response = answer_of(self.gate.refuse(refused.NOT_HTTP, self._who(peer, headers)).refusal)
        else:
            response = self.respond(peer, method, path, scope["query_string"], headers)
        await send_response(response, method, send)

    def respond(
        self, peer: str, method: str, path: str, query: bytes, headers: Iterable[tuple[bytes, bytes]]
    ) -> Response:
        """The answer, counted; `peer` is the address of the connection's other end, empty for a socket of
        the file system."""
        headers = list(headers)
        try:
            visitor = self.gate.enter(peer, headers)
            self._check_form(visitor, method, headers)
            if path in status_page.PATHS:
                site = self._sites[visitor.phase]
                response, version = status_page.answer(visitor, self.gate, site, path), 0
            else:
                site = self._site(visitor)
                response = self._document(visitor, site, method, path, query, headers)
                version = site.site.edition.version
        except Refused as refusal:
            return answer_of(refusal.refusal)
        size = 0 if method == "HEAD" else len(response.body)
        now = int(self.gate.clock().timestamp())
        self.gate.counts.answered(visitor.address, visitor.line, response.status, size, now, version)
        return response

    def _document(
        self, visitor: Visitor, site: FolderSite, method: str, path: str, query: bytes, headers: Headers
    ) -> Response:
        response = site.front.respond(method, path, query, headers)
        if response is None:
            raise self.gate.refuse(refused.NO_SUCH_ADDRESS, visitor.address, visitor.line)
        return response

    async def _stream(self, peer: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            visitor = self.gate.enter(peer, scope["headers"])
            self._check_form(visitor, "GET", scope["headers"])
            site = self._site(visitor)
            if not site.front.is_live(scope["path"]):
                raise self.gate.refuse(refused.NO_SUCH_ADDRESS, visitor.address, visitor.line)
        except Refused as refusal:
            await send_response(answer_of(refusal.refusal), "GET", send)
            return
        now, version = int(self.gate.clock().timestamp()), site.site.edition.version
        self.gate.counts.answered(visitor.address, visitor.line, 200, 0, now, version)
        await self.streams.serve(visitor, site.events, scope, receive, send)

    def _site(self, visitor: Visitor) -> FolderSite:
        """The feed of the phase. Raises Refused while it is not there, or is another one's."""
        site = self._sites[visitor.phase]
        media = visitor.allowed.media
        mode = media.mode if visitor.phase is Phase.LIVE else Mode.REHEARSAL
        wanted = Issue(media.election, mode)
        if site is None or site.head is None:
            raise self.gate.refuse(refused.NO_FEED, visitor.address, visitor.line)
        if site.head.issue != wanted:
            if self._told_wrong != site.head.issue:
                self._told_wrong = site.head.issue
                _log.error("the folder for %s holds %s, not %s", visitor.phase, site.head.issue, wanted)
            raise self.gate.refuse(refused.NO_FEED, visitor.address, visitor.line)
        return site

    def _check_form(self, visitor: Visitor, method: str, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Raises Refused for another method and for a request with a body: what follows such a request on
        its connection two readers may see differently."""
        if method not in _READING:
            raise self.gate.refuse(refused.OTHER_METHOD, visitor.address, visitor.line)
        for name, value in headers:
            if name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0"):
                raise self.gate.refuse(refused.NOT_HTTP, visitor.address, visitor.line)

    def _who(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        try:
            return self.gate.origin.of(peer, headers)
        except ValueError:
            return ""

    def _may_go_on(self, visitor: Visitor) -> bool:
        return self.gate.may_stay(visitor.address) is visitor.phase

    def _sent(self, visitor: Visitor, size: int) -> None:
        self.gate.counts.sent(visitor.address, visitor.line, size)


class MediaQuick(Quick):
    """The quick way of the line: everything but streams."""

    def __init__(self, line: MediaLine, front: FolderSite) -> None:
        super().__init__(front.front)
        self._line = line

    def respond(self, peer: str, method: str, path: str, query: bytes, headers: Headers) -> Response | None:
        if is_stream(path):
            return None
        return self._line.respond(peer, method, path, query, headers)


def is_stream(path: str) -> bool:
    """Whether an address may be one of events."""
    return path.startswith("/feed/") and path.endswith("/events")


def answer_of(refusal: Refusal) -> Response:
    """The answer of a refusal. After a request that was not understood the connection ends."""
    headers, body = refused.said(refusal)
    if refusal in (refused.NOT_HTTP, refused.OTHER_METHOD):
        headers.append((b"connection", b"close"))
    return Response(refusal.http_status, headers, body)
