"""The proof of the whole store while the station works: once, when the sender first has nothing to do.

Opening checks what it costs nothing to check; the whole audit takes a second for the largest transfer point,
too long for a clerk who waits for a window. So it runs after the start, beside the work, and says loudly
what it found. It stops nobody: whether to go on is for the supervisor and the technician to decide.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from app.election.errors import KnownError
from app.station.connection import Sentence

_log = logging.getLogger(__name__)
#: What is wrong with the store; None when it is whole.
Proof = Callable[[], Sentence | None]


def of_folder(folder: Path) -> Proof:
    """The proof of the store in a station's folder."""

    def prove() -> Sentence | None:
        from app.station.audit.verify import verify_folder  # only now: it is not needed to open

        try:
            broken = verify_folder(folder).broken
        except KnownError as error:
            return Sentence(error.code, error.cs, error.en)
        if not broken:
            return None
        first = broken[0]
        place = f"{first.code} {first.table} {first.row}".strip()
        _log.error("the store is not what the program wrote: %s, %d in all", place, len(broken))
        return sentence(place)

    return prove


def sentence(place: str) -> Sentence:
    """What people are told; `place` names the first thing that does not fit."""
    return Sentence(
        "STA-122",
        f"Databáze stanice není celá tak, jak ji program zapsal ({place}). Zavolejte vedoucího a technika "
        "(prebirka station audit); do té doby na tomto počítači nepřebírejte.",
        f"The station's database is not all as the program wrote it ({place}). Call the supervisor and the "
        "technician (prebirka station audit); take nothing in on this computer until then.",
    )
