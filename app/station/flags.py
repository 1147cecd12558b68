"""The system's flags on a stated form: OPRAVA and CHYBA are the transfer point's to set.

Both are part of KC_SUM, so a stated KC_SUM moves with them by exactly as much: one that was right stays
right, and one that was wrong stays wrong by the same amount.
"""

from __future__ import annotations

from dataclasses import replace

from app.election.model import Reading, RegionalReading


def flagged(reading: Reading, *, corrected: bool = False, passable_error: bool = False) -> Reading:
    """The reading with the named flags raised; a flag that is already raised, or blank, stays as it is."""
    oprava = 1 if corrected and reading.corrected == 0 else reading.corrected
    chyba = 1 if passable_error and reading.passable_error == 0 else reading.passable_error
    more = (oprava != reading.corrected) + (chyba != reading.passable_error)
    if not more:
        return reading
    if isinstance(reading, RegionalReading):
        sheets = tuple(sheet._replace(kc_sum=_moved(sheet.kc_sum, more)) for sheet in reading.sheets)
        return replace(reading, corrected=oprava, passable_error=chyba, sheets=sheets)
    kc_sum = _moved(reading.kc_sum, more)
    return replace(reading, corrected=oprava, passable_error=chyba, kc_sum=kc_sum)


def _moved(kc_sum: int | None, more: int) -> int | None:
    return None if kc_sum is None else kc_sum + more
