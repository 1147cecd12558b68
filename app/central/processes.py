"""Several processes of one centre behind one address: a parent that listens and watches, children that work.

Each child has a socket of its own on the shared port, so that the system deals connections out evenly. The
parent keeps them all open: what was waiting for a child that ended is taken by the one that follows it. The
parent does nothing else, so it can start a child at any time as a copy of itself, with the reference data
in memory already. When the parent is killed, its children end with it.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from app.election.errors import KnownError

#: What a child does with its socket until SIGTERM; it calls the second argument once it can be asked.
Work = Callable[[socket.socket, Callable[[], None]], None]

#: A child that ends sooner than this after its start is not started again at once. Seconds.
_LEAST_LIFE = 1.0
_LOOK_SECONDS = 0.2
_log = logging.getLogger(__name__)


def check(count: int) -> None:
    """Raises KnownError CEN-18 where a centre can have one process only."""
    if count > 1 and not (hasattr(os, "fork") and hasattr(socket, "SO_REUSEPORT")):
        raise KnownError(
            "CEN-18",
            "Na tomto systému běží ústředí jen v jednom procesu. Vynechte --processes.",
            "On this system a centre runs in one process only. Leave --processes out.",
        )


def run(listeners: Sequence[socket.socket], work: Work, ready: Callable[[], None]) -> None:
    """Run one child for each socket until SIGTERM or SIGINT; `ready` is called when all can be asked.

    A child that ends by itself is followed by another. Raises KnownError CEN-19 when one ends before it
    could be asked for the first time; the others are ended then.
    """
    parent = _Parent(listeners, work)
    with parent.hearing_signals():
        try:
            parent.begin()
            ready()
            parent.watch()
        finally:
            parent.end()


class _Parent:
    def __init__(self, listeners: Sequence[socket.socket], work: Work) -> None:
        self._listeners = listeners
        self._work = work
        self._children: dict[int, tuple[int, float]] = {}  # by process: which one it is, and since when
        self._ending = False
        self._life = os.pipe()  # its writing end is open in the parent alone
        self._told = os.pipe()

    @contextmanager
    def hearing_signals(self) -> Iterator[None]:
        def end(_number: int, _frame: object) -> None:
            self._ending = True
            self._signal()

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def begin(self) -> None:
        for index in range(len(self._listeners)):
            self._start(index)
        waiting = len(self._listeners)
        while waiting and not self._ending:
            if select.select([self._told[0]], [], [], _LOOK_SECONDS)[0]:
                waiting -= len(os.read(self._told[0], waiting))
            elif os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                raise KnownError(
                    "CEN-19",
                    "Jeden z procesů ústředí se nerozběhl; proč, je v jeho záznamu výše.",
                    "One of the centre's processes did not start; its log above says why.",
                )

    def watch(self) -> None:
        while self._children:
            process, status = os.wait()
            index, since = self._children.pop(process)
            if self._ending:
                continue
            code = os.waitstatus_to_exitcode(status)
            _log.error("process %d of the centre ended (%d) and is started again", process, code)
            if time.monotonic() - since < _LEAST_LIFE:
                time.sleep(_LEAST_LIFE)
            if not self._ending:
                self._start(index)

    def end(self) -> None:
        self._ending = True
        self._signal()
        for process in tuple(self._children):
            os.waitpid(process, 0)
        for end in (*self._life, *self._told):
            os.close(end)

    def _signal(self) -> None:
        for process in tuple(self._children):
            os.kill(process, signal.SIGTERM)

    def _start(self, index: int) -> None:
        # A signal between the copy and the note of it would be heard by nobody.
        signals = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        process = os.fork()
        if process:
            self._children[process] = (index, time.monotonic())
            signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
            return
        status = 1
        try:
            for number in signals:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
            os.close(self._life[1])
            threading.Thread(target=_end_with_the_parent, args=(self._life[0],), daemon=True).start()
            with ExitStack() as stack:
                for other in (*self._listeners[:index], *self._listeners[index + 1 :]):
                    stack.enter_context(other)
            self._work(self._listeners[index], lambda: _tell(self._told[1]))
            status = 0
        except KnownError as error:
            _log.error("%s %s", error.code, error.cs)
        except BaseException:
            _log.critical("a process of the centre failed", exc_info=True)
        finally:
            logging.shutdown()
            sys.stdout.flush()
            os._exit(status)


def _tell(end: int) -> None:
    os.write(end, b".")


def _end_with_the_parent(end: int) -> None:
    """A parent that is gone can start nobody again: whoever starts the next one needs the port."""
    os.read(end, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def listeners(host: str, port: int, count: int, backlog: int) -> list[socket.socket]:
    """So many sockets that share one port. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    first = socket.create_server((host, port), family=family, backlog=backlog)
    if count == 1:
        return [first]
    chosen = first.getsockname()[1]
    first.close()  # nobody else listens there: with a shared port one would not have seen it
    made: list[socket.socket] = []
    try:
        for _ in range(count):
            made.append(socket.create_server((host, chosen), family=family, backlog=backlog, reuse_port=True))
    except OSError:
        for each in made:
            each.close()
        raise
    return made
