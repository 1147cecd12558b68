"""Where a workstation keeps its data when nobody says: the place that the menu entry `prebirka desk` opens.

First the folder that PREBIRKA_FOLDER names; then the signed-in person's own, then the machine's, whichever
holds a workstation already; else a new one in the machine's place where it may be written, so that everybody
who signs in to the computer works with the same station, and in the person's own where it may not.
"""

from __future__ import annotations

import os
from pathlib import Path

#: The environment variable that names the folder.
VARIABLE = "PREBIRKA_FOLDER"
_NAME = "station"


def station_folder() -> Path:
    """The workstation's folder; it need not exist."""
    if given := os.environ.get(VARIABLE):
        return Path(given)
    own, shared = candidates()
    for folder in (own, shared):
        if _holds_one(folder):
            return folder
    return shared if os.access(shared.parent, os.W_OK) else own


def candidates() -> tuple[Path, Path]:
    """The person's own place and the machine's."""
    import sys

    import platformdirs

    own = platformdirs.user_data_path("prebirka", appauthor=False) / _NAME
    shared = platformdirs.site_data_path("prebirka", appauthor=False)
    if sys.platform == "linux":
        shared = Path("/var/lib/prebirka")  # where a Debian package keeps its state
    return own, shared / _NAME


def _holds_one(folder: Path) -> bool:
    """Whether a workstation is there that this person may look at."""
    from app.station.setting_up.waiting import is_station, is_waiting

    try:
        return is_station(folder) or is_waiting(folder)
    except PermissionError:
        return False  # somebody else's
