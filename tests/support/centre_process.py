"""A centre as a process of its own: started, asked, stopped in order, or killed at any instant."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.support.forked import Life, Mother

CHECKOUT = Path(__file__).resolve().parents[2]


def arguments(folder: Path, clock: datetime, processes: int = 1) -> list[str]:
    told = ["--clock", f"{clock:%Y-%m-%dT%H:%M:%S}", "--processes", str(processes)]
    return ["central", "run", str(folder), "--port", "0", *told]


class Process:
    """One run of a command of ours that serves and says READY with its address."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 (open for the life of the process)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app", *words],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=self._words,
            text=True,
        )
        assert self._process.stdout is not None
        word, _, self.url = self._process.stdout.readline().strip().partition(" ")
        if word != "READY":
            self.kill()
            words = self.words()
            self._words.close()
            raise AssertionError(words)

    @property
    def pid(self) -> int:
        return self._process.pid

    def words(self) -> str:
        """What it wrote to its log so far."""
        self._words.seek(0)
        return self._words.read().decode()

    def kill(self) -> None:
        """End it at this instant."""
        self._process.kill()
        self._end()

    def stop(self) -> int:
        """End it in order; returns its exit status."""
        self._process.send_signal(signal.SIGTERM)
        return self._end()

    def _end(self) -> int:
        status = self._process.wait(20)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return status


class CentreProcess(Process):
    """One run of `prebirka central run`, on a free port, in the rehearsed night."""

    def __init__(self, folder: Path, clock: datetime, processes: int = 1) -> None:
        super().__init__(arguments(folder, clock, processes))


@contextmanager
def public_running(folder: Path) -> Iterator[Process]:
    """A public server of a centre's folder for the length of a `with`, killed at its end if it still runs."""
    process = Process(["central", "public", str(folder), "--port", "0"])
    try:
        yield process
    finally:
        process.kill()
        process._words.close()


@contextmanager
def running(folder: Path, clock: datetime, processes: int = 1) -> Iterator[CentreProcess]:
    """A centre for the length of a `with`, killed at its end if it still runs."""
    process = CentreProcess(folder, clock, processes)
    try:
        yield process
    finally:
        process.kill()
        process._words.close()


@contextmanager
def one_life(centres: Mother, folder: Path, clock: datetime) -> Iterator[tuple[str, Life]]:
    """A centre that is to be killed: the address and the process, forked from a mother of `centre_lives`."""
    life = centres.bear(*arguments(folder, clock))
    try:
        word, _, url = life.output.readline().strip().partition(" ")
        assert word == "READY"
        yield url, life
    finally:
        life.kill()
        life.end()
