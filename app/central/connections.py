"""Connections of the door: how many there may be, and how long one may take for the head of a request.

The server's own protocol waits for a request's head for ever, and takes any number of connections. Here a
head has its time, an attacker's thousand idle connections give way to those that ask, and what is no HTTP
gets a refusal with its code like everything else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from app.central import asked, refusals
from app.central.answers import Answer, refuse
from app.central.quick import Quick
from app.central.refusals import Refusal

#: a refused sender goes on sending at most so many bytes of a head
LARGEST_HEAD = 16 * 1024
#: files that the process opens beside connections: store, published documents, log
_OTHER_FILES = 200
_OURS = frozenset({"Invalid HTTP request received.", "Unsupported upgrade request."})


class Connections:
    """The open connections of one server; used on its loop alone."""

    def __init__(self, most: int, head_seconds: float, counted: Callable[[str], None]) -> None:
        """`counted` hears the code of each refusal."""
        self.most = most
        self.head_seconds = head_seconds
        self.counted = counted
        self._open: dict[Bounded, None] = {}

    def __len__(self) -> int:
        return len(self._open)

    def opened(self, connection: Bounded) -> bool:
        """One more; the oldest that asks for nothing makes room. False when every one of them asks."""
        if len(self._open) >= self.most:
            idle = next((each for each in self._open if not each.is_asking), None)
            if idle is None:
                return False
            idle.transport.close()
            self.closed(idle)
        self._open[connection] = None
        return True

    def closed(self, connection: Bounded) -> None:
        self._open.pop(connection, None)


class Bounded(H11Protocol):
    """One connection, bounded in time. `protocol_of` makes the class for a server."""

    all: ClassVar[Connections]
    quick: ClassVar[Quick | None] = None
    _late: asyncio.TimerHandle | None = None
    _began = False  # with the head of a request that is not whole yet

    @property
    def is_asking(self) -> bool:
        """Whether a request is being answered."""
        return bool(self.cycle) and not self.cycle.response_complete  # none before the first request

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if not self.all.opened(self):
            self._refuse(refusals.TOO_MANY_CONNECTIONS)
            return
        self._late = self.loop.call_later(self.all.head_seconds, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        self.all.closed(self)
        self._in_time()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing() or self._answered(data):
            return
        self._began = True
        super().data_received(data)
        if self.is_asking:
            self._in_time()
        elif self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(self.all.head_seconds, self._head_is_late)

    def _answered(self, data: bytes) -> bool:
        """Answer at once what is one whole plain request for a published document; False for anything else,
        and while anything else is under way or the reader is slow to take what it was sent."""
        if (
            self.quick is None
            or self._began
            or self.conn.our_state is not h11.IDLE
            or self.conn.trailing_data[0]
            or self.flow.write_paused
        ):
            return False
        answer = self.quick.answer(
            data, self.server_state.default_headers, self.client[0] if self.client else ""
        )
        if answer is None:
            return False
        self._in_time()
        self.transport.write(answer)
        self.server_state.total_requests += 1
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )
        return True

    def on_response_complete(self) -> None:
        self._began = False
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """The server calls it for what is no HTTP."""
        self._refuse(refusals.NOT_HTTP)

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _head_is_late(self) -> None:
        self._late = None
        if self.transport.is_closing() or self.is_asking:
            return
        if self._began:
            self._refuse(refusals.LATE_HEAD)
        else:
            self.transport.close()  # it never began: nothing to refuse

    def _refuse(self, refusal: Refusal) -> None:
        """Answer if the line still can, and cut it."""
        number = asked.begin()
        self.all.counted(refusal.code)
        answer = self._said_of(refusal, self.client[0] if self.client else "")
        if self.is_asking:
            self.cycle.disconnected = True  # whoever reads the body is told that nothing more comes
            self.cycle.message_event.set()
        started = self.is_asking and self.cycle.response_started
        if not started and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers = [
                (b"content-type", answer.content_type.encode()),
                (b"content-length", str(len(answer.body)).encode()),
                (b"x-request-id", number.encode()),
                (b"connection", b"close"),
            ]
            if answer.retry_after is not None:
                headers.append((b"retry-after", str(answer.retry_after).encode()))
            status = answer.http_status
            # the answer to a HEAD has no body, and the one to what has no head yet has one
            bare = self.is_asking and self.scope["method"] == "HEAD"
            events: tuple[h11.Event, ...] = (
                h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status]),
                h11.Data(data=b"" if bare else answer.body),
                h11.EndOfMessage(),
            )
            self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))
        self.transport.close()

    def _said_of(self, refusal: Refusal, origin: str) -> Answer:
        """The refusal's answer, logged once."""
        return refuse(refusal, origin=origin)


def protocol_of(connections: Connections, quick: Quick | None = None) -> type[Bounded]:
    """The server's protocol over these connections, with a quick way to published documents."""
    return type("BoundedHere", (Bounded,), {"all": connections, "quick": quick})


def make_room(most: int) -> int:
    """Let the process have so many connections beside its files, as far as the system allows; returns how
    many it will have."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return most
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + _OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return most if soft == resource.RLIM_INFINITY else min(most, max(soft - _OTHER_FILES, soft // 2))


def be_told_once() -> None:
    """What the server says of a bad request stands in the door's own line already, with its code."""
    logging.getLogger("uvicorn.error").addFilter(_said_already)


def _said_already(record: logging.LogRecord) -> bool:
    return str(record.msg) not in _OURS and not str(record.msg).startswith("No supported WebSocket")
