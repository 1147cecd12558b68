"""What the clerk reads from the paper about the course: who signed it (FM-05), when voting ended (FM-06)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.election.circumstances import Signatures
from app.election.reference import Calendar
from app.station.offers import Answers


@dataclass(frozen=True, slots=True)
class Course:
    """`voting_ended` is an aware instant of the last voting day; `extension_reason` says why it is later
    than the law's end, and is blank otherwise."""

    signatures: Signatures
    voting_ended: datetime
    extension_reason: str = ""

    def told_in(self, answers: Answers) -> Answers:
        """Other answers with these among them."""
        return replace(
            answers,
            signatures=self.signatures,
            voting_ended=self.voting_ended,
            extension_reason=self.extension_reason.strip(),
        )


def usual_end(calendar: Calendar) -> str:
    """The law's end of voting as the paper writes it: 14:00."""
    return f"{calendar.voting_ends:%H:%M}"


def end_of_voting(calendar: Calendar, written: str) -> datetime | None:
    """The instant that a time of the last voting day means, as typed on the number pad: 1430, 14:30, 14.30 or
    14. None when it is no time of day."""
    hours, minutes = _parts(written.strip())
    if not (written.isascii() and hours.isdecimal() and minutes.isdecimal()):
        return None
    if int(hours) > 23 or int(minutes) > 59:
        return None
    return calendar.voting_ends.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)


def _parts(written: str) -> tuple[str, str]:
    for mark in ":.,":
        if mark in written:
            hours, _, minutes = written.partition(mark)
            return (hours, minutes) if len(minutes) == 2 and len(hours) <= 2 else ("", "")
    if len(written) in (3, 4):
        return written[:-2], written[-2:]
    return (written, "00") if len(written) in (1, 2) else ("", "")
