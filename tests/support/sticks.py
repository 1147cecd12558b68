"""A stick that is pulled out while it is read: the real reader, on a file that fails under its hands."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

_open = Path.open


class _Pulled(io.RawIOBase):
    """Gives the first half of a real file, a block at a time, then what a medium that is gone gives."""

    def __init__(self, file: BinaryIO, half: int, then: Callable[[BinaryIO], int]) -> None:
        super().__init__()
        self._file, self._left, self._then = file, half, then

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._left <= 0:
            return self._then(self._file)
        block = self._file.read(min(len(buffer), self._left, 128))
        self._left -= len(block)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._file.close()
        super().close()


def _failing(code: int) -> Callable[[BinaryIO], int]:
    def fail(_: BinaryIO) -> int:
        raise OSError(code, os.strerror(code))

    return fail


def _shortened(file: BinaryIO) -> int:
    """Somebody else cut the file meanwhile: the system says its end, and no error."""
    os.truncate(file.name, file.tell())
    return len(file.read(1))


#: How a medium goes, by name → what its next block gives.
WAYS: dict[str, Callable[[BinaryIO], int]] = {
    "an input error": _failing(errno.EIO),
    "no such device any more": _failing(errno.ENODEV),
    "a stale handle of a share": _failing(errno.ESTALE),
    "a file cut while it is read": _shortened,
}


def pull_while_reading(patch: pytest.MonkeyPatch, path: Path, way: str) -> list[int]:
    """From now on `path` fails in the middle of a read; the list tells how often it was opened."""
    opened: list[int] = []

    def opens(self: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if self != path or "b" not in mode:
            return _open(self, mode, *rest, **more)
        opened.append(1)
        file = _open(self, mode, 0)
        return io.BufferedReader(_Pulled(file, path.stat().st_size // 2, WAYS[way]), 128)

    patch.setattr(Path, "open", opens)
    return opened
