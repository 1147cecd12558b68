"""The list in force: whose address is which, read from the signed file whenever it changes.

The file is looked at several times a second, by its mark alone. What is forged, of another election or mode,
unreadable or older than the list in force is refused loudly, once for each file that was put there, and the
list in force stays. The highest number ever seen is kept beside the statistics, so that an old list cannot
come back by a restart either.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.documents import media_list
from app.documents.files import read_bytes_of
from app.documents.media_list import MediaList
from app.election.errors import KnownError
from app.election.model import Mode
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role

_log = logging.getLogger(__name__)
#: What tells one file from the next.
_Mark = tuple[int, int, int]


class Line(NamedTuple):
    """One address of the list."""

    organisation: str
    is_night: bool


@dataclass(frozen=True, slots=True)
class Allowed:
    """One list, by address."""

    media: MediaList
    by_address: Mapping[str, Line] = field(repr=False)

    @classmethod
    def of(cls, media: MediaList) -> Allowed:
        lines = {
            address: Line(one.id, is_night)
            for one in media.organisations
            for addresses, is_night in ((one.night, True), (one.test, False))
            for address in addresses
        }
        return cls(media, lines)


class ListFile:
    """Follows the signed file. For one thread; `allowed` may be read from any."""

    def __init__(
        self,
        path: Path,
        anchors: Anchors,
        election: str,
        clock: Callable[[], datetime],
        lowest: int = 0,
        mode: Mode | None = None,
    ) -> None:
        """`lowest`: no list with a lower number is taken. `mode` None: that of the first list."""
        self.allowed: Allowed | None = None
        self.refused = 0  # files that were put there and not taken
        self.trouble = ""  # the code of the last one, empty since a good one
        self.election = election
        self._path = path
        self._anchors = anchors
        self._expected = Expected(Role.CENTRE, election)
        self._mode = mode
        self._clock = clock
        self.lowest = lowest
        self._mark: _Mark | bool | None = False

    def look(self) -> bool:
        """Whether another list is in force now."""
        mark = _mark_of(self._path)
        if mark == self._mark:
            return False
        self._mark = mark
        try:
            media = self.read()
        except KnownError as error:
            self.refused += 1
            self.trouble = error.code
            _log.error("the list of media is refused, the one before stays: %s %s", error.code, error.en)
            return False
        self.trouble = ""
        if self.allowed is not None and media == self.allowed.media:
            return False
        self.allowed, self.lowest, self._mode = Allowed.of(media), media.serial, media.mode
        _log.info("list of media %d: %d organisations", media.serial, len(media.organisations))
        return True

    def read(self) -> MediaList:
        """The file as it is now. Raises KnownError: DOC-… when it cannot be read or is no list, CMS-… for the
        signature, MED-52 for another election or mode, MED-53 for an older list."""
        data = read_bytes_of(self._path, media_list.MAX_SIGNED_BYTES)
        limit = media_list.MAX_SIGNED_BYTES
        verified = cms.verify(data, self._anchors, self._clock(), self._expected, limit)
        media = media_list.decode(verified.content)
        if (media.election, media.mode) != (self._expected.election, self._mode or media.mode):
            raise KnownError(
                "MED-52",
                f"Seznam médií je pro {media.election} ({media.mode}), linka je nastavena na "
                f"{self._expected.election} ({self._mode}).",
                f"The list of media is of {media.election} ({media.mode}), the line is set to "
                f"{self._expected.election} ({self._mode}).",
            )
        current = self.allowed.media if self.allowed is not None else None
        if media.serial < self.lowest or (
            current is not None and media.serial == current.serial and media != current
        ):
            raise KnownError(
                "MED-53",
                f"Seznam médií číslo {media.serial} je starší než platný ({self.lowest}), nebo jiný téhož "
                "čísla.",
                f"The list of media number {media.serial} is older than the one in force ({self.lowest}), "
                "or another one of its number.",
            )
        return media


def _mark_of(path: Path) -> _Mark | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
