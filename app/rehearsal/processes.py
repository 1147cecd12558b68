"""The processes of a rehearsed night, started, watched and, where a test wants it, killed."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from app.election.errors import KnownError

_STOP_SECONDS = 15


class NightFailed(KnownError):
    """A process of the rehearsal ended where it should not have; its last words are in the text."""

    def __init__(self, who: str, words: str) -> None:
        super().__init__(
            "REH-01",
            f"Proces „{who}“ skončil předčasně. Poslední slova: {words or 'žádná'}",
            f"The process “{who}” ended too early. Its last words: {words or 'none'}",
        )


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class CentreProcess:
    """A running centre. Started again on the same folder and port, it goes on where it was."""

    def __init__(self, folder: Path, port: int, log: Path) -> None:
        self._folder = folder
        self._port = port
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self.url = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        """Start and wait until it can be asked."""
        command = [
            sys.executable,
            "-m",
            "app",
            "central",
            "run",
            str(self._folder),
            "--port",
            str(self._port),
        ]
        with self._log.open("a") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("READY"):
                break
        else:
            raise NightFailed("ústředí", _tail(self._log))
        # Whatever it still prints must not fill the pipe.
        Thread(target=self._process.stdout.read, daemon=True).start()

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
        """End it at this instant, with no chance to finish anything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End it in order; kill it when it does not end in time."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


class WorkerProcess:
    """One process of stations, with its latest word."""

    def __init__(self, assignment: Path, log: Path, heard: Callable[[], None]) -> None:
        self._assignment = assignment
        self._log = log
        self._heard = heard
        self._process: subprocess.Popen[str] | None = None
        self._reader: Thread | None = None
        self.latest: Mapping[str, Any] = {}

    def open(self) -> None:
        """Start it and wait until its stations are open."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.rehearsal.worker", str(self._assignment)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def wait_ready(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise NightFailed("přebírací místa", _tail(self._log))
        self.latest = json.loads(line)

    def begin(self) -> None:
        """Let the stations work."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.latest = json.loads(line)
            self._heard()

    @property
    def done(self) -> bool:
        return self.latest.get("kind") == "done"

    def wait(self) -> None:
        """Wait for its end; raises NightFailed when it ends without having finished."""
        assert self._process is not None
        if self._reader is not None:
            self._reader.join()
        if self._process.wait() != 0 or not self.done:
            raise NightFailed("přebírací místa", _tail(self._log))

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._reader is not None:
                self._reader.join()


def _tail(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return " / ".join(lines[-4:])
