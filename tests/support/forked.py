"""Lives of a program that are begun many times: one process imports it, and each life is forked from it.

    python -m tests.support.forked MODULE

A life is a process of its own with its own end, killed as any other; only the imports, most of the cost of
a start, are done once. The mother holds nothing but modules: no threads, no files, no application of Qt.
She buries a life only when asked, so that its id is nobody else's until then.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.program import current

CHECKOUT = Path(__file__).resolve().parents[2]


class Life:
    """One run of the module's `main`, with what it prints."""

    def __init__(self, line: socket.socket, pid: int, output: int) -> None:
        self.pid = pid
        self.output = os.fdopen(output, encoding="utf-8")
        self._line = line

    def lasts(self, seconds: float) -> bool:
        """Whether it still runs after so many seconds; what it prints from now on is not read any more."""
        poll = select.poll()
        poll.register(self.output, 0)  # only that nobody writes any more
        return not poll.poll(seconds * 1000)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Its exit status, or the negative number of the signal that ended it; waits for it."""
        self.output.close()
        self._line.sendall(b"bury\n")
        return int(self._line.recv(100))


class Mother:
    def __init__(self, module: str) -> None:
        self._line, hers = socket.socketpair()
        with hers:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.forked", module, str(hers.fileno())],
                cwd=CHECKOUT,
                pass_fds=[hers.fileno()],
            )

    def bear(self, *arguments: str) -> Life:
        """Run the module's `main` with these arguments; one life at a time."""
        reading, writing = os.pipe()
        socket.send_fds(self._line, [json.dumps(arguments).encode()], [writing])
        os.close(writing)
        return Life(self._line, int(self._line.recv(100)), reading)

    def close(self) -> None:
        self._line.close()
        assert self._process.wait(60) == 0


@contextmanager
def mother_of(module: str) -> Iterator[Mother]:
    mother = Mother(module)
    try:
        yield mother
    finally:
        mother.close()


def main() -> None:
    program = importlib.import_module(sys.argv[1])
    current()  # the hash over all sources, once for every life too
    with socket.socket(fileno=int(sys.argv[2])) as line:
        while True:
            said, handles, _, _ = socket.recv_fds(line, 1 << 16, 1)
            if not said:
                return
            child = os.fork()
            if child == 0:
                line.close()
                os.dup2(handles[0], 1)
                os.close(handles[0])
                sys.argv = [sys.argv[1], *json.loads(said)]
                program.main()
                return
            os.close(handles[0])
            line.sendall(str(child).encode())
            if not line.recv(100):  # the test is over, however it ended
                os.kill(child, signal.SIGKILL)
                return
            _, ended = os.waitpid(child, 0)
            line.sendall(str(os.waitstatus_to_exitcode(ended)).encode())


if __name__ == "__main__":
    main()
