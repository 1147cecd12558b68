"""How long a person waits from the call of the program to its login: called by `prebirka check --start` as a
process of its own, `-m app.desktop.first_look FOLDER BEGUN NIGHT`, it opens the desk of a rehearsal as the
command does, at the time NIGHT, tells the seconds since BEGUN (of the system's monotonic clock) and closes.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from app.desktop.application import run_desk

if TYPE_CHECKING:
    from app.desktop.application import OpenDesk

#: What the command costs before the desk. By name: the desk itself knows no command.
BEFORE = ("app.cli", "app.commands.desk")


def main(folder: Path, begun: float, night: datetime) -> int:
    """Open the desk in `folder`, print the wait, close; its exit status."""

    def shown(opened: OpenDesk) -> None:
        from PySide6.QtCore import QCoreApplication

        QCoreApplication.processEvents()  # what was to be painted is painted
        sys.stdout.write(f"{time.monotonic() - begun:.3f}\n")
        opened.window.close()
        QCoreApplication.exit()

    for name in BEFORE:
        import_module(name)
    return run_desk(folder, "", clock=lambda: night, drive=shown)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]), datetime.fromisoformat(sys.argv[3])))
