"""What the checks must know besides the protocol itself: the reference data and the situation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.election.model import Contest, CountsStated, Mode, VotesStated
from app.election.reference import Reference
from app.election.surroundings import Surroundings


class Signatures(StrEnum):
    """What stands under the paper (FM-05); the values are stored."""

    ALL = "all"  # every member of the commission signed
    ANNEX = "annex"  # one is missing, and an annex says why
    MISSING = "missing"  # one is missing, and so is the annex

    @property
    def complete(self) -> bool:
        return self is not Signatures.MISSING


class Totals(NamedTuple):
    """What the clerk retyped from the signed paper; it proves that file and paper are one protocol.

    A blank among the counts or votes is not compared. A list or candidate that is not there was
    read as having no votes.
    """

    counts: CountsStated
    votes: VotesStated  # votes by list (T/6) or by candidate (T/5)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The situation in which a protocol is judged. `None` means unknown: its rule is not compared."""

    reference: Reference
    #: mode written in the document; None for a protocol typed from paper (PR-04)
    document_mode: Mode | None = None
    #: the judging transfer point; None where belonging is not judged (ID-02)
    transfer_point: int | None = None
    #: revision as which the protocol is offered, from 1; above 1 it is a correction (PR-01)
    revision: int = 1
    #: the last revision accepted for this precinct and contest; 0 when there is none (ID-04)
    accepted_revision: int = 0
    #: why a correction is made, and who makes it (PR-01)
    reason: str = ""
    author: str = ""
    #: totals typed from the signed paper (KC-05)
    retyped: Totals | None = None
    #: who signed, by the clerk's word (FM-05)
    signatures: Signatures | None = None
    #: contests whose protocols came in this visit (ID-05)
    contests_in_visit: frozenset[Contest] | None = None
    #: when voting ended in the precinct (FM-06), and why later than the law says
    voting_ended: datetime | None = None
    extension_reason: str = ""
    #: when the commission handed the protocol over (FM-06, PR-02)
    handed_over: datetime | None = None
    #: the centre permitted a late delivery (PR-02)
    late_permit: bool = False
    #: the confirmation of faultless take-over is about to be printed (PR-03)
    printing_confirmation: bool = False
    #: content hash in the centre's receipt that says accepted; None while there is none (PR-03)
    receipt_hash: str | None = None
    #: what is known around the precinct (PL-01, PL-02, PL-07, PL-08, PL-10)
    surroundings: Surroundings | None = None
    #: the four counts of other protocols of this precinct that came in the same visit (PL-08)
    beside: Mapping[Contest, CountsStated] = field(default_factory=dict)
