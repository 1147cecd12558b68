"""The command `prebirka central run` with all that it imports on its way, for lives forked by `forked`."""

from __future__ import annotations

from app import cli
from app.central import asked, processes, run
from app.commands import central

__all__ = ["asked", "central", "main", "processes", "run"]

main = cli.main
