"""The known troubles between the workstations of one point, each with a sentence that says what to do."""

from __future__ import annotations

from app.election.model import PrecinctId, ProtocolKey
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


class NotOurWorkstation(StationError):
    """A precinct cannot be assigned to what is no workstation of this transfer point."""

    def __init__(self, station: str, point: int) -> None:
        super().__init__(
            "STA-150",
            f"Pracoviště „{station}“ nepatří k tomuto přebíracímu místu. Napište je jako {point}-1.",
            f"The workstation “{station}” does not belong to this transfer point. Write it like {point}-1.",
        )


class NotOurPrecinct(StationError):
    """A precinct of another transfer point cannot be assigned here."""

    def __init__(self, precinct: PrecinctId) -> None:
        super().__init__(
            "STA-151",
            f"Okrsek {precinct} nepatří k tomuto přebíracímu místu. Vyberte okrsek ze seznamu.",
            f"Precinct {precinct} does not belong to this transfer point. Choose one from the list.",
        )


class NothingToAssign(StationError):
    """The act would have changed nothing."""

    def __init__(self) -> None:
        super().__init__(
            "STA-152",
            "Není co změnit: vybrané okrsky už takto určené jsou, nebo žádný neurčený nezbývá. "
            "Vyberte jiné okrsky nebo jiné pracoviště.",
            "There is nothing to change: the chosen precincts stand so already, or no unassigned one is "
            "left. Choose other precincts or another workstation.",
        )
