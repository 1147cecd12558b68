"""The known troubles between the workstations of one point, each with a sentence that says what to do."""

from __future__ import annotations

from app.election.model import ProtocolKey
from app.station.errors import AlreadyAccepted, StationError


class TakenElsewhere(AlreadyAccepted):
    """Another workstation of the point has taken in the same content; nothing needs to be done."""

    def __init__(self, key: ProtocolKey, station: str, revision: int, *, confirmed: bool) -> None:
        told_cs = "a ústředí ho potvrdilo" if confirmed else "ústředí ho zatím nepotvrdilo"
        told_en = "and the centre confirmed it" if confirmed else "the centre has not confirmed it yet"
        StationError.__init__(
            self,
            "STA-113",
            f"Zápis {key} se stejným obsahem už převzalo pracoviště {station} (revize {revision}), "
            f"{told_cs}. Není třeba nic dělat.",
            f"Protocol {key} with the same content was taken in at the workstation {station} (revision "
            f"{revision}), {told_en}. Nothing to do.",
        )
        self.revision = revision
        self.station = station


class NoConflict(StationError):
    """There is no conflict to settle any more."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-114",
            f"U zápisu {key} už není co řešit: obě pracoviště mají totéž, nebo se věc změnila. "
            "Obnovte stránku.",
            f"There is nothing to settle for protocol {key} any more: both workstations have the same, or it "
            "has changed. Refresh the page.",
        )
