"""The list of approved programs at a station: kept beside its other files, never exchanged for an older one.

It comes with the package and, over the line, from the centre; either way its signature by who prepares the
election is proved each time it is read. The station only warns by it: nobody is kept from working in the
middle of a night by a file.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.documents import builds as documents
from app.documents.builds import Builds, Standing
from app.election.errors import KnownError
from app.program import current
from app.station.config import StationConfig
from app.station.setting_up import BUILDS_FILE
from app.station.wire import CMS_TYPE, Fetching, NoAnswer, Unreachable
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role

_log = logging.getLogger(__name__)
#: How often the centre is asked for a newer list.
EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Approval:
    """What the list says of the program that runs here; `builds` is None where there is no list, and then
    nothing is said against it."""

    builds: Builds | None
    standing: Standing
    expired: bool


class Approved:
    """`refresh` is for the sender's thread, the rest for any."""

    def __init__(self, folder: Path, config: StationConfig, anchors: Anchors) -> None:
        self._file, self._config, self._anchors = folder / BUILDS_FILE, config, anchors
        self._due: datetime | None = None

    def builds(self, at: datetime) -> Builds | None:
        """The list; None where there is none, or it is none of this election's."""
        try:
            return self._proved(self._file.read_bytes(), at)
        except (OSError, KnownError):
            return None

    def approval(self, at: datetime) -> Approval:
        """Whether this program may be worked with."""
        builds = self.builds(at)
        if builds is None:
            return Approval(None, Standing.ALLOWED, False)
        return Approval(builds, builds.standing_of(current().build), at > builds.valid_until)

    def take(self, data: bytes, at: datetime) -> bool:
        """Keep a newer list; whether it is one. Raises KnownError for one that is not proved."""
        builds = self._proved(data, at)
        before = self.builds(at)
        if before is not None and builds.serial <= before.serial:
            return False
        draft = self._file.with_name(f"{BUILDS_FILE}.part")
        draft.write_bytes(data)
        draft.replace(self._file)
        return True

    def refresh(self, transport: Fetching, now: datetime) -> None:
        """Ask the centre for a newer list, every few minutes; no trouble of it is of any weight here."""
        if self._due is not None and timedelta() < self._due - now <= EVERY:
            return
        self._due = now + EVERY
        try:
            answer = transport.builds()
            if answer.status == 200 and answer.content_type.partition(";")[0].strip() == CMS_TYPE:
                self.take(answer.body, now)
        except (Unreachable, NoAnswer, OSError, KnownError) as error:
            _log.info("no newer list of programs: %s", error)

    def _proved(self, data: bytes, at: datetime) -> Builds:
        config = self._config
        expected = Expected(Role.REFERENCE, config.election)
        builds = documents.read(
            cms.verify(data, self._anchors, at, expected, 2 * documents.MAX_BYTES).content
        )
        if (builds.election, builds.mode) != (config.election, config.mode):
            raise KnownError(
                "PRO-33",
                f"Seznam programů je pro {builds.election} ({builds.mode}), stanice pro {config.election}.",
                f"The list of programs is for {builds.election} ({builds.mode}), the station for "
                f"{config.election}.",
            )
        return builds
