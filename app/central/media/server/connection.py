"""One connection of the line: the PROXY protocol where the front server speaks it, refusals as plain text."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from app.central.answers import Answer
from app.central.connections import Bounded, Connections
from app.central.media.server import proxy_protocol, refused
from app.central.media.server.gate import Gate
from app.central.media.server.origin import NoOrigin, Told, canonical
from app.central.quick import Quick
from app.central.refusals import Refusal


class MediaConnection(Bounded):
    """`connection_of` makes the class for a server."""

    gate: ClassVar[Gate]
    _preface: bytes | None = None  # of the PROXY protocol, as far as it came; None once it is over

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        origin = self.gate.origin
        peer = self.client[0] if self.client else ""
        if origin.told is Told.PROXY_PROTOCOL and origin.is_proxy(peer):
            self._preface = b""

    def data_received(self, data: bytes) -> None:
        if self._preface is None:
            super().data_received(data)
            return
        self._preface += data
        try:
            preface = proxy_protocol.read(self._preface)
        except NoOrigin:
            self.gate.refuse(refused.NO_ORIGIN)
            self.transport.close()
            return
        if preface is None:
            return
        rest, self._preface = self._preface[preface.length :], None
        if preface.address:
            self.client = (preface.address, 0)
        if rest:
            super().data_received(rest)

    def _said_of(self, refusal: Refusal, origin: str) -> Answer:
        media = refused.OF_CONNECTIONS[refusal.code]
        self.gate.refuse(media, self._who(origin))
        _, body = refused.said(media)
        return Answer(media.http_status, body, "text/plain; charset=utf-8", media.code)

    def _who(self, peer: str) -> str:
        """The address, where it is the client's own; nothing of a front server's request was read."""
        try:
            return "" if self.gate.origin.is_proxy(peer) else canonical(peer)
        except NoOrigin:
            return ""


def connection_of(gate: Gate, connections: Connections, quick: Quick) -> type[MediaConnection]:
    """The server's protocol."""
    return type("MediaConnectionHere", (MediaConnection,), {"gate": gate, "all": connections, "quick": quick})
