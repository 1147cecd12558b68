"""An offer: one protocol read from a file, judged, and compared with what is already there.

It is what the clerk has on the screen (state `checked`): nothing of it is stored until a step is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.documents.batch import Source
from app.election.circumstances import Signatures, Totals
from app.election.model import Contest, Mode, ProtocolKey, Reading
from app.election.verdict import Verdict
from app.station.point.elsewhere import Elsewhere
from app.station.states import State


class Standing(StrEnum):
    """What is already there for the precinct and contest of an offer."""

    NEW = "new"  # nothing was accepted yet
    SAME = "same"  # the very content was accepted before: nothing to do
    DIFFERENT = "different"  # another content was accepted: only an explicit correction may follow
    UNEXPECTED = "unexpected"  # no such protocol is expected here


@dataclass(frozen=True, slots=True)
class Answers:
    """What the clerk says about the visit; None: not asked, and the rules about it are not compared."""

    retyped: Totals | None = None
    signatures: Signatures | None = None
    voting_ended: datetime | None = None
    extension_reason: str = ""  # why voting ended later than the law says
    contests_in_visit: frozenset[Contest] | None = None
    handed_over: datetime | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The file's bytes as they came, and their SHA-256 in hex."""

    name: str
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Offer:
    """`content_hash` is that of the protocol as it would be accepted, flags included; None: incomplete."""

    original: Original
    position: int  # of the protocol in its file, from 0
    election: str
    mode: Mode | None  # None in a format that does not say it
    reading: Reading  # as stated, but with the flags that an acceptance would set
    verdict: Verdict
    content_hash: str | None
    answers: Answers
    state: State  # of the protocol when it was read
    standing: Standing
    revision: int  # that an acceptance would get, from 1
    accepted_revision: int  # 0: none yet
    correction_reason: str = ""  # filled in an explicit correction
    correction_author: str = ""
    source: Source = Source.FILE
    hands: tuple[str, ...] = ()  # who typed, settled or mended it: none of them can approve it
    stated: Reading | None = None  # before any flag was raised here; None: as `reading`
    provisional: bool = False  # one reading of a paper: to be refused or reported on, never accepted
    elsewhere: Elsewhere | None = None  # what another workstation has, where that stands or differs
    is_elsewhere: bool = False  # and it is this very content

    @property
    def key(self) -> ProtocolKey:
        return self.reading.key

    @property
    def is_correction(self) -> bool:
        return bool(self.correction_reason)

    @property
    def needs_approval(self) -> bool:
        """A passable error or a warning: somebody else has to approve it, with a reason."""
        return self.verdict.acceptable and self.verdict.needs_reason

    @property
    def can_accept(self) -> bool:
        """Whether `Intake.accept` takes it as it stands; otherwise `hold`, a correction or a refusal."""
        return self._is_open and self.verdict.acceptable and not self.verdict.needs_reason

    @property
    def can_hold(self) -> bool:
        return self._is_open and self.needs_approval

    @property
    def _is_open(self) -> bool:
        return not self.provisional and (self.standing is Standing.NEW or self.is_correction)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an acceptance made: told to the clerk and printed on the transcript."""

    key: ProtocolKey
    revision: int
    content_hash: str
    accepted_at: datetime
    accepted_by: str
    approved_by: str | None
    original_sha256: str


@dataclass(frozen=True, slots=True)
class Held:
    """One protocol that waits for another person's approval, as the queue shows it."""

    id: int
    key: ProtocolKey
    content_hash: str
    entered_by: str
    reason: str
    held_at: datetime
    offer: Offer
