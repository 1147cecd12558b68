"""Where protocol files probably are: on a stick that is plugged in, else in the folder given at the start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, QStorageInfo

#: Where systems mount what people plug in.
_MOUNTS = ("/media/", "/run/media/", "/Volumes/")


def start_folder(inbox: Path | None) -> Path:
    """The folder in which choosing a file begins. A given inbox wins; then the newest stick; then home."""
    if inbox is not None and inbox.is_dir():
        return inbox
    sticks = removable()
    if sticks:
        return sticks[-1]
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation))


def removable() -> list[Path]:
    """Mounted media that people plug in, by the place where they are mounted."""
    return [
        Path(volume.rootPath())
        for volume in QStorageInfo.mountedVolumes()
        if volume.isReady() and volume.rootPath().startswith(_MOUNTS)
    ]
