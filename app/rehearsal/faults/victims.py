"""Processes that end themselves by SIGKILL at a chosen point of the code.

A process of its own, forked from a small server that has everything imported, runs the real programs:
`app.central.run.serve`, or a station with its people. Before that, what the programs call of the
standard library is wrapped, in this process alone: the commits of `sqlite3`, `os.fsync`, what a socket
sends and receives. When the n-th point of the chosen kind is reached, the process kills itself; a random
end comes from a timer.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.central.run import serve
from app.rehearsal.faults.posts import StationPost
from app.rehearsal.faults.scene import Clock, Seconds, seeded

#: A station that needs more steps than this in one life is stuck.
_MOST_STEPS = 4000
_PAUSE = 0.01
#: A wait on the line is made no longer than this.
_LONGEST = 20.0
#: How a station tells that it could not come to its end.
STUCK = 3


class Point(StrEnum):
    """Where a life can end."""

    COMMIT = "commit"
    FSYNC = "fsync"
    SEND = "send"
    RECEIVE = "receive"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Death:
    """A life's end: before or after the `nth` point of a kind, or `seconds` after its begin."""

    point: Point
    after: bool = False
    nth: int = 1
    seconds: float = 0.0


class _Fate:
    """Counts the points of one kind and kills at the right one. None kills never."""

    def __init__(self, death: Death) -> None:
        self._death, self._left, self._guard = death, death.nth, threading.Lock()

    def around(self, point: Point, work: Callable[[], Any]) -> Any:
        """Do the work of a point, or die before or after it."""
        mine = point is self._death.point and self._is_last()
        if mine and not self._death.after:
            _die()
        done = work()
        if mine:
            _die()
        return done

    def _is_last(self) -> bool:
        with self._guard:
            self._left -= 1
            return self._left == 0


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    threading.Event().wait()  # the signal may need a moment


def wrap(death: Death | None) -> None:
    """Put the end of this process's life over the standard library."""
    if death is None:
        return
    if death.point is Point.ANYWHERE:
        timer = threading.Timer(death.seconds, _die)
        timer.daemon = True
        timer.start()
        return
    fate = _Fate(death)
    if death.point is Point.COMMIT:
        _wrap_commits(fate)
    elif death.point is Point.FSYNC:
        fsync = os.fsync

        def watched(handle: Any) -> None:
            fate.around(Point.FSYNC, lambda: fsync(handle))

        setattr(os, "fsync", watched)  # noqa: B010 - typed otherwise
    else:
        _wrap_sockets(fate)


def _wrap_commits(fate: _Fate) -> None:
    class Watched(sqlite3.Connection):
        """A connection whose commits are points."""

        def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
            plain = super().execute
            if sql.strip().upper().startswith("COMMIT"):
                return fate.around(Point.COMMIT, lambda: plain(sql, *rest))  # type: ignore[no-any-return]
            return plain(sql, *rest)

        def commit(self) -> None:
            plain = super().commit
            if self.in_transaction:
                fate.around(Point.COMMIT, plain)
            else:
                plain()

    connect = sqlite3.connect

    def watched(*given: Any, **named: Any) -> Any:
        return connect(*given, **{"factory": Watched, **named})

    for module in (sqlite3, sqlite3.dbapi2):
        setattr(module, "connect", watched)  # noqa: B010 - typed otherwise


def _wrap_sockets(fate: _Fate) -> None:
    def wrapped(name: str, point: Point) -> None:
        plain = getattr(socket.socket, name)

        def call(self: socket.socket, *given: Any) -> Any:
            return fate.around(point, lambda: plain(self, *given))

        setattr(socket.socket, name, call)

    for name in ("send", "sendall"):
        wrapped(name, Point.SEND)
    for name in ("recv", "recv_into"):
        wrapped(name, Point.RECEIVE)


def _prepare(log: Path, death: Death | None) -> None:
    """Write to the log what would be shown, and put the end over the library."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(handle, number)
    logging.disable(logging.CRITICAL)
    wrap(death)


def centre(
    folder: Path, port: int, begins: datetime, seconds: Seconds, log: Path, death: Death | None
) -> None:
    """The life of a centre."""
    _prepare(log, death)
    serve(folder, port=port, clock=Clock(begins, seconds), ready=lambda _: None)


def station(
    folder: Path, files: Path, url: str, begins: datetime, seconds: Seconds, log: Path, death: Death | None,
    seed: str,
) -> None:  # fmt: skip
    """The life of a station: its people go through all papers, and it sends until all is confirmed."""
    _prepare(log, death)
    chance = seeded(seed)
    post = StationPost(folder, files, url, Clock(begins, seconds), chance)
    post.open()
    pause = threading.Event()
    for _ in range(_MOST_STEPS):
        if post.has_papers and chance.random() < 0.5:
            post.take_in()
            continue
        due = post.step()
        if post.is_done:
            post.close()
            return
        wait = 0.0 if due is None else (due - post.clock()).total_seconds()
        if wait > 0:
            pause.wait(_PAUSE)
            post.clock.advance(min(wait, _LONGEST))
    sys.exit(STUCK)
