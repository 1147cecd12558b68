"""Watching what people plug in: which protocol files came on which medium, and that it went away.

Once a second a thread of its own lists the media and looks into those that are new or have changed; a stick
that hangs blocks that thread and nothing else. A plain folder given at the start is a medium like any other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.desktop.background import Operations
from app.desktop.visiting.media_files import Sighting, sightings
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station.offers import Offer, Standing

log = logging.getLogger(__name__)

INTERVAL_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Arrival:
    """One protocol file on a medium. `keys` of the protocols in it that could be taken in now; `known` of
    those that were accepted before with this content; `corrects` when another content is accepted."""

    medium: Path
    path: Path
    keys: tuple[ProtocolKey, ...]
    known: tuple[ProtocolKey, ...] = ()
    corrects: bool = False


@dataclass(slots=True)
class _Known:
    """What one medium held at the last look, and what its files said."""

    files: tuple[Sighting, ...] = ()
    arrivals: dict[Sighting, Arrival | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found: all arrivals, and the media that are gone since the last."""

    arrivals: tuple[Arrival, ...]
    gone: tuple[Path, ...]


class Looker:
    """Does the looking, on one thread; keeps what it read until the file changes. No Qt in it."""

    def __init__(self, media: Callable[[], Sequence[Path]], read: Callable[[Path], Sequence[Offer]]) -> None:
        self._media, self._read = media, read
        self._known: dict[Path, _Known] = {}
        self._stopped = Event()

    def stop(self) -> None:
        """Read no further file, also in a look that is under way; from any thread."""
        self._stopped.set()

    def look(self) -> Look:
        here: list[Path] = []
        for root in dict.fromkeys(self._media()):
            try:
                files = sightings(root)
            except OSError:
                continue
            here.append(root)
            known = self._known.setdefault(root, _Known())
            if files != known.files:
                known.files = files
                known.arrivals = {
                    one: known.arrivals[one] if one in known.arrivals else self._arrival(root, one)
                    for one in files
                }
        gone = tuple(root for root in self._known if root not in here)
        for root in gone:
            del self._known[root]
        found = (a for root in here for a in self._known[root].arrivals.values() if a is not None)
        return Look(tuple(found), gone)

    def forget(self) -> None:
        """Judge all files anew at the next look, because something was taken in meanwhile."""
        for known in self._known.values():
            known.files = ()
            known.arrivals.clear()

    def _arrival(self, root: Path, sighting: Sighting) -> Arrival | None:
        """What a file holds for this point; None when it is no protocol or none of this point's."""
        if self._stopped.is_set():
            return None
        try:
            offers = self._read(sighting.path)
        except KnownError:
            return None
        except OSError:
            return None
        mine = [offer for offer in offers if offer.standing is not Standing.UNEXPECTED]
        if not mine:
            return None
        keys = tuple(offer.key for offer in mine if offer.standing is not Standing.SAME)
        known = tuple(offer.key for offer in mine if offer.standing is Standing.SAME)
        different = any(offer.standing is Standing.DIFFERENT for offer in mine)
        return Arrival(root, sighting.path, keys, known, different)


class MediaWatch(QObject):
    """Emits `changed(tuple[Arrival, ...])` when the files on the media differ from the last time, and
    `gone(Path)` for a medium that was pulled out."""

    changed = Signal(object)
    gone = Signal(object)
    bug = Signal(object)

    def __init__(self, looker: Looker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker = looker
        self._work = Operations("media", self)
        self._last: tuple[Arrival, ...] = ()
        self._stale = False
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.look)

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        return self._last

    def start(self) -> None:
        self._timer.start()
        self.look()

    def close(self, patience: float = 0.5) -> bool:
        """True when the thread has ended; one that a hanging stick holds goes on reading the station."""
        self._timer.stop()
        self._looker.stop()
        return self._work.close(patience)

    def forget(self) -> None:
        """Look again at everything: what is on the media may have been taken in."""
        self._stale = True

    @Slot()
    def look(self) -> None:
        if self._work.busy:
            return
        stale, self._stale = self._stale, False

        def work() -> Look:
            if stale:
                self._looker.forget()
            return self._looker.look()

        self._work.start(work, self._looked, self.bug.emit, self)

    def _looked(self, look: Look) -> None:
        if look.arrivals != self._last:
            self._last = look.arrivals
            self.changed.emit(look.arrivals)
        for root in look.gone:
            log.info("a medium was pulled out: %s", root)
            self.gone.emit(root)
