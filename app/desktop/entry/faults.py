"""Which failed rules to show beside the fields while somebody still types.

Half a form fails many rules only because it is half: sums that grow, boxes not reached yet. Until the sum
is whole or the typist says that all is typed, only rules speak whose numbers are final once they are there.
"""

from __future__ import annotations

from typing import Final

from app.desktop import texts
from app.election.sentences import text_cs, text_en
from app.election.verdict import FieldRef, Verdict
from app.station.entry.drafts import RunningTotals

#: Rules about numbers that stand beside each other: no later number makes them right.
_AT_ONCE: Final = frozenset({"FM-03", "LG-01", "LG-02", "LG-03", "LG-06", "LG-07", "LG-08", "PL-04"})
_SUM: Final = "LG-05"
#: About the document and its numbers that the program states itself: nothing to look at in a box.
_NOT_OF_BOXES: Final = ("ID-", "KC-", "PR-")
#: Of a rule about a whole column only the first boxes are marked.
_MOST: Final = 4


def beside(verdict: Verdict, totals: RunningTotals, said_done: bool) -> dict[FieldRef, tuple[str, str]]:
    """Gravest severity and its sentence for each field to be marked."""
    whole = said_done or totals.remaining == 0
    tell = text_cs if texts.language() == "cs" else text_en
    found: dict[FieldRef, tuple[str, str]] = {}
    for result in verdict.failed:
        too_many = result.rule_id == _SUM and totals.remaining is not None and totals.remaining < 0
        if result.rule_id.startswith(_NOT_OF_BOXES) or not (whole or too_many or result.rule_id in _AT_ONCE):
            continue
        for case in result.failed_cases:
            for field in case.fields[:_MOST]:
                severity = str(result.severity)
                if field not in found or "BPWI".index(severity) < "BPWI".index(found[field][0]):
                    found[field] = severity, f"{result.rule_id}  {tell(result, case)}"
    return found
