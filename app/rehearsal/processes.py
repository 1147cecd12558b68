"""The processes of a rehearsed night: started, watched, killed where a rehearsal wants it, started again."""

from __future__ import annotations

import json
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, Protocol
from urllib.error import URLError
from urllib.request import urlopen

from app.election.errors import KnownError
from app.rehearsal.clerk import Work

_STOP_SECONDS = 15
#: Below the ports that systems give to outgoing connections: none of those may take a centre's port
#: while it is killed and started again.
_PORTS = range(20_000, 32_000)
_WORK = tuple(Work.__dataclass_fields__)


class NightFailed(KnownError):
    """A process of the rehearsal ended where it should not have, or is stuck; its last words are in the
    text."""

    def __init__(self, who: str, words: str) -> None:
        super().__init__(
            "REH-01",
            f"Noc nedoběhla, selhal proces „{who}“. Jeho poslední slova: {words or 'žádná'}",
            f"The night did not end, the process “{who}” failed. Its last words: {words or 'none'}",
        )


class Killable(Protocol):
    """A process that may end at any instruction and goes on where it was when it is started again."""

    def launch(self) -> None:
        """Start it, without waiting for anything."""

    def go_on(self) -> None:
        """Wait until a launched one is at work again."""

    def kill(self) -> None:
        """End it at this instant, with no chance to finish anything."""


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    chance = random.SystemRandom()
    for port in chance.sample(_PORTS, 50):
        if _is_free(port):
            return port
    raise NightFailed("ústředí", "není volný port · no free port")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class CentreProcess:
    """A running centre. Started again on the same folder and port, it goes on where it was."""

    def __init__(self, folder: Path, port: int, log: Path, processes: int = 1) -> None:
        self._folder = folder
        self._processes = processes
        self._port = port
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self._reader: Thread | None = None
        self.url = f"http://127.0.0.1:{port}"

    @property
    def pid(self) -> int | None:
        """Of the process; None while there is none."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start and wait until it can be asked."""
        self.launch()
        self.go_on()

    def launch(self) -> None:
        command = (
            sys.executable,
            "-m",
            "app",
            "central",
            "run",
            str(self._folder),
            "--port",
            str(self._port),
            "--processes",
            str(self._processes),
        )
        with self._log.open("a") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)

    def go_on(self) -> None:
        """Wait until it can be asked. Raises NightFailed when it ends before."""
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("READY"):
                break
        else:
            raise NightFailed("ústředí", _tail(self._log))
        # Whatever it still prints must not fill the pipe.
        self._reader = Thread(target=self._process.stdout.read, daemon=True)
        self._reader.start()

    def check(self) -> None:
        """Raises NightFailed when it has ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            raise NightFailed("ústředí", _tail(self._log))

    def status(self) -> Mapping[str, Any]:
        """What `GET /v1/status` says; raises URLError while the centre is down."""
        with urlopen(f"{self.url}/v1/status", timeout=10) as answer:  # noqa: S310 - our own address
            status: Mapping[str, Any] = json.load(answer)
        return status

    def is_up(self) -> bool:
        try:
            self.status()
        except (URLError, OSError):
            return False
        return True

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
        self._ended()
        self._wait_for_the_port()

    def stop(self) -> None:
        """End it in order; kill it when it does not end in time."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._ended()

    def _ended(self) -> None:
        _close(self._process, self._reader)
        self._process = self._reader = None

    def _wait_for_the_port(self) -> None:
        """A killed centre's other processes end with it, a moment later."""
        if self._processes == 1:
            return
        ends = time.monotonic() + _STOP_SECONDS
        while not _is_free(self._port) and time.monotonic() < ends:
            time.sleep(0.01)


class WorkerProcess:
    """One process of stations, and what it told."""

    def __init__(self, assignment: Path, log: Path, heard: Callable[[], None]) -> None:
        self._assignment = assignment
        self._log = log
        self._heard = heard
        self._process: subprocess.Popen[str] | None = None
        self._reader: Thread | None = None
        self._latest: Mapping[str, Any] = {}
        self._before: Counter[str] = Counter()  # what it told in its earlier lives

    def launch(self) -> None:
        """Start it; its stations open."""
        self._latest = {}
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                (sys.executable, "-m", "app.rehearsal.worker", str(self._assignment)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def wait_ready(self) -> None:
        """Wait until its stations are open. Raises NightFailed when it ends before."""
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise NightFailed("přebírací místa", _tail(self._log))
        self._latest = json.loads(line)

    def begin(self) -> None:
        """Let the stations work."""
        assert self._process is not None
        self.let_go()
        self._reader = Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def let_go(self) -> None:
        """Let stations that wait go on."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def go_on(self) -> None:
        self.wait_ready()
        self.begin()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.endswith("\n"):  # the last one of a killed process may be cut
                self._latest = json.loads(line)
                self._heard()
        self._heard()

    @property
    def waits(self) -> bool:
        """Whether it told that it waits halfway."""
        return self._latest.get("kind") == "waits"

    @property
    def done(self) -> bool:
        """Whether it told that every protocol was answered by the centre."""
        return self._latest.get("kind") == "done"

    @property
    def work(self) -> Counter[str]:
        """What was done in all its lives, by the names of `Work`; a kill may cost the last untold act."""
        return self._before + Counter({name: int(self._latest.get(name, 0)) for name in _WORK})

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """The process does nothing meanwhile, where the system can do that (Windows cannot)."""
        process = self._process
        if process is None or sys.platform == "win32":
            yield
            return
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    def check(self) -> None:
        """Raises NightFailed when it has ended by itself without having finished."""
        if self._process is not None and self._process.poll() is not None:
            self.wait()

    def wait(self) -> None:
        """Wait for its end; raises NightFailed when it ends without having finished."""
        assert self._process is not None
        if self._reader is not None:
            self._reader.join()
        if self._process.wait() != 0 or not self.done:
            raise NightFailed("přebírací místa", _tail(self._log))

    def kill(self) -> None:
        """End it at this instant; harmless when it has ended."""
        if self._process is None:
            return
        self._process.kill()
        _close(self._process, self._reader)
        self._before = self.work
        self._process, self._reader, self._latest = None, None, {}


def _close(process: subprocess.Popen[str] | None, reader: Thread | None) -> None:
    """Wait for a process's end and let go of its pipes."""
    if process is None:
        return
    process.wait()
    if reader is not None:
        reader.join()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _tail(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return " / ".join(lines[-4:])
