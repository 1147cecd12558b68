"""Streams of events that stay open: each may be cut when its reader may no longer read what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.central.media.server.gate import Visitor


class Streams:
    """The open ones of one server, on its loop; `recheck` may be called from any thread."""

    def __init__(self, may_go_on: Callable[[Visitor], bool], sent: Callable[[Visitor, int], None]) -> None:
        """`sent` hears how many bytes went to whom."""
        self._may_go_on = may_go_on
        self._sent = sent
        self._open: dict[asyncio.Event, Visitor] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        return len(self._open)

    def recheck(self) -> None:
        """Cut every stream whose reader may not go on; soon."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the server's loop has ended
                loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for cut, visitor in list(self._open.items()):
            if not self._may_go_on(visitor):
                cut.set()

    async def serve(
        self, visitor: Visitor, made: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Let an application serve a stream; when it is cut, the application hears that nobody is there."""
        self._loop = asyncio.get_running_loop()
        cut = asyncio.Event()
        self._open[cut] = visitor

        async def received() -> Message:
            return await _first(receive, cut)

        async def counted(message: Message) -> None:
            if not (cut.is_set() and message.get("body")):  # nothing more is said to whom it does not concern
                self._sent(visitor, len(message.get("body", b"")))
                await send(message)

        try:
            await made(scope, received, counted)
        finally:
            del self._open[cut]


async def _first(receive: Receive, cut: asyncio.Event) -> Message:
    """What comes first: a message, or the cut, which reads as the end of the connection."""
    waiting = {asyncio.ensure_future(receive()), asyncio.ensure_future(cut.wait())}
    try:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            if isinstance(result := each.result(), dict):
                return result
        return {"type": "http.disconnect"}
    finally:
        for each in waiting:
            each.cancel()
