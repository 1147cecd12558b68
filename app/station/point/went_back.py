"""A centre whose store went back to an older copy: how a station notices, what it does, what it says.

A station knows more of the centre than it needs: up to which of its decisions it heard, and which of its own
batches it answered. A centre that knows less lost what came since its copy. Then the station hears its
decisions from the beginning, and pushes again, the same bytes, every batch of its own that the centre lacks.
Each of them once while the program runs: where an operator settled that another branch goes on, a batch
stays unknown to the chain for good reason, and pushing it brings the old receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from app.documents.point_state import PointState
from app.station import journal
from app.station.connection import Sentence
from app.station.store import Store

_PROGRAM = "program"


class WentBack:
    """Looks at each answer about the point's state; for the sender's thread."""

    def __init__(self, store: Store, station: str, answered_above: Callable[[int], Iterable[int]]) -> None:
        """`answered_above`: numbers of the own batches above one, to which the centre's answer is here."""
        self._store, self._station, self._answered_above = store, station, answered_above
        self._offered: set[int] = set()
        self._waiting: set[int] = set()
        self._warned = False

    def look(self, state: PointState, cursor: int, now: datetime) -> bool:
        """Compare an answer with what is known here: decisions up to `cursor`. Whether the centre knows fewer
        of them, so that all of them have to be heard again."""
        shorter = state.cursor < cursor
        at_centre = [one.last_batch for one in state.workstations if one.station == self._station]
        lost = {number for last in at_centre for number in self._answered_above(last)} - self._offered
        if not shorter and not lost:
            return False
        with self._store.transaction() as db:
            journal.write(
                db, now, _PROGRAM, "centre-went-back", decisions=cursor, decisions_left=state.cursor,
                lost_batches=[str(number) for number in sorted(lost)],
            )  # fmt: skip
        self._offered |= lost
        self._waiting |= lost
        self._warned = True
        return shorter

    def take(self) -> tuple[Sentence, set[int]] | None:
        """What to show and which batches to push again, once; None when there is no news."""
        if not self._warned:
            return None
        numbers, self._waiting, self._warned = self._waiting, set(), False
        return sentence(len(numbers)), numbers


def sentence(batches: int) -> Sentence:
    """What happened and what to do; `batches` of this station go again."""
    return Sentence(
        "STA-121",
        "Ústředí zná méně, než už jednou potvrdilo: nejspíš bylo obnoveno ze starší zálohy. Dávky, které mu "
        f"chybějí ({batches}), odesílá stanice znovu sama, nic se neztratilo. Řekněte to vedoucímu; ten "
        "ověří v ústředí, že o tom vědí.",
        "The centre knows less than it has confirmed before: it was probably restored from an older copy. "
        f"The batches that it lacks ({batches}) are sent again by themselves, nothing is lost. Tell the "
        "supervisor, who makes sure that the centre knows of it.",
    )
