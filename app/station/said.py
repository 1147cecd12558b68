"""What the clerk said about a visit, as the store keeps it beside a hold or a mending: a JSON text."""

from __future__ import annotations

import json
from typing import Any

from app.election.circumstances import Signatures, Totals
from app.election.model import Contest, CountsStated
from app.station.offers import Answers
from app.station.store import from_instant, instant


def text_of(answers: Answers) -> str:
    """What the clerk said about the visit, as the store keeps it beside a hold."""
    return json.dumps(
        {
            "retyped": answers.retyped and [list(answers.retyped.counts), list(answers.retyped.votes)],
            "signatures": answers.signatures,
            "voting_ended": answers.voting_ended and instant(answers.voting_ended),
            "extension_reason": answers.extension_reason,
            "contests_in_visit": answers.contests_in_visit and sorted(answers.contests_in_visit),
            "handed_over": answers.handed_over and instant(answers.handed_over),
        }
    )


def read(text: str) -> Answers:
    told = json.loads(text)
    retyped, visit, handed_over = told["retyped"], told["contests_in_visit"], told["handed_over"]
    ended = told.get("voting_ended")
    return Answers(
        retyped=retyped and Totals(CountsStated(*retyped[0]), tuple((n, v) for n, v in retyped[1])),
        signatures=_signatures(told),
        voting_ended=ended and from_instant(ended),
        extension_reason=told.get("extension_reason", ""),
        contests_in_visit=None if visit is None else frozenset(Contest(name) for name in visit),
        handed_over=handed_over and from_instant(handed_over),
    )


def _signatures(told: dict[str, Any]) -> Signatures | None:
    """Stores of before annexes were told apart knew only whether rule FM-05 was met."""
    if "signatures" in told:
        return told["signatures"] and Signatures(told["signatures"])
    complete = told["signatures_complete"]
    return complete if complete is None else Signatures.ALL if complete else Signatures.MISSING
