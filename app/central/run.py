"""The centre as a process: the server, the publisher's thread, an orderly end."""

from __future__ import annotations

from pathlib import Path


def serve(
    folder: Path, host: str = "127.0.0.1", port: int = 8000, clock_offset_seconds: int | None = None
) -> None:
    """Run a centre until SIGTERM; prints `READY http://127.0.0.1:PORT` on stdout when it can be asked."""
    raise NotImplementedError
