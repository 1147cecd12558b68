"""What the closing report says, as plain values; its layout is the desk's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.election.model import Mode, ProtocolKey
from app.station.completeness import Progress
from app.station.states import State


@dataclass(frozen=True, slots=True)
class Line:
    """One protocol. `workstation` is set when another one took it in; `explanation` and `explained_by` are
    empty for a confirmed one."""

    key: ProtocolKey
    municipality_name: str
    state: State
    revision: int
    short_code: str
    accepted_by: str
    workstation: str
    explanation: str
    explained_by: str


@dataclass(frozen=True, slots=True)
class ClosingReport:
    """All of it. `journal` is number and hash of the journal's last row when the report was made; whoever
    has the paper can tell a journal that was changed later."""

    election: str
    election_name: str
    mode: Mode
    transfer_point: int
    point_name: str
    station: str
    made_at: datetime
    made_by: str
    progress: Progress
    explained: int
    lines: tuple[Line, ...]
    batches: int
    batch_hash: str
    backup_at: datetime | None
    journal: tuple[int, str]
    seal: tuple[int, str]
    program: str

    @property
    def qr_text(self) -> str:
        """PREBIRKA;1;<election>;UZAVRENI;<station>;<last row of the journal>;<its hash>, and in a rehearsal
        ;ZKOUSKA behind it."""
        parts = ["PREBIRKA", "1", self.election, "UZAVRENI", self.station, str(self.journal[0])]
        parts.append(self.journal[1])
        if self.mode is Mode.REHEARSAL:
            parts.append(self.mode.value)
        return ";".join(parts)
