"""A simulated transfer point's people: a clerk and a supervisor working through a pile of sticks.

They use the station exactly as the desk does and decide by the verdict alone: blocked → refused, the
commission comes again with a mended file; passable → held and approved by the supervisor; accepted →
sent; a corrected paper after that → a correction with its reason. The work can be cut at any moment
and taken up again by the same people at a reopened station: what was accepted is recognised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.election.circumstances import Signatures
from app.election.model import ProtocolKey, Reading, RegionalReading
from app.election.verdict import FieldRef
from app.rehearsal.files import Visit, visits
from app.station.figures import COUNTS, figures, votes_field
from app.station.offers import Answers, Offer, Standing
from app.station.states import Role, State, User
from app.station.station import Station

CLERK = User("obsluha", Role.CLERK)
SUPERVISOR = User("vedoucí", Role.SUPERVISOR)


@dataclass
class Work:
    """What was done so far, counted in protocols."""

    accepted: int = 0
    refused: int = 0
    approved: int = 0
    corrected: int = 0


class StationCrew:
    """Works through the files of one transfer point. `told` hears after every visit."""

    def __init__(self, station: Station, files: Path, told: Callable[[Work], None] = lambda _: None) -> None:
        self._station = station
        self._intake = station.intake
        self._visits = tuple(visits(files))
        self._told = told
        # Invented commissions sign, all of them, and let people vote until the law's end.
        ends = station.reference.election.calendar.voting_ends
        self._answers = Answers(signatures=Signatures.ALL, voting_ended=ends)
        self.work = Work()

    @property
    def visits(self) -> tuple[Visit, ...]:
        return self._visits

    def take_in(self, visit: Visit) -> None:
        """One commission's visit, or two of them when its first file is blocked."""
        blocked = self._take_file(visit.first)
        if blocked and visit.mended is not None:
            self._take_file(visit.mended)
        self._told(self.work)

    def take_correction(self, visit: Visit) -> None:
        """The corrected paper of a protocol accepted before."""
        if visit.correction is None:
            return
        for offer in self._read(visit.correction):
            if offer.state is State.HELD:  # cut between holding and approving
                self._approve(offer.key)
                self.work.corrected += 1
            elif offer.standing is Standing.DIFFERENT and offer.accepted_revision == 1:
                reason = "Komise našla prohozené listiny, přinesla opravený zápis."
                again = self._intake.as_correction(offer, CLERK, reason)
                self._settle(again, reason)
                self.work.corrected += 1
        self._told(self.work)

    def _read(self, path: Path) -> tuple[Offer, ...]:
        offers = self._intake.read_file(path, self._answers, passed_cases=False)
        return tuple(self._retyped(offer) for offer in offers)

    def _retyped(self, offer: Offer) -> Offer:
        """The clerk types the totals of the paper, which here says what the commission's file says."""
        fields = self._station.retype.missing(offer)
        if not fields:
            return offer
        paper = _totals(offer.reading)
        typed = {field: paper.get(field) for field in fields}
        return self._station.retype.judged(offer, typed, passed_cases=False)

    def _take_file(self, path: Path) -> bool:
        """Take a file in; tells whether a protocol in it was blocked and has to come again."""
        blocked = False
        for offer in self._read(path):
            if offer.state.has_result or offer.standing is Standing.SAME:
                continue
            if offer.state is State.HELD:  # cut between holding and approving
                self._approve(offer.key)
                self.work.accepted += 1
            elif offer.verdict.acceptable:
                self._settle(offer, "Komise trvá na zápisu.")
                self.work.accepted += 1
            else:
                blocked = True
                failed = ", ".join(result.rule_id for result in offer.verdict.blocking)
                self._intake.refuse(offer, CLERK, f"Zápis obsahuje chyby: {failed}.")
                self.work.refused += 1
        return blocked

    def _settle(self, offer: Offer, reason: str) -> None:
        if offer.verdict.needs_reason:
            self._intake.hold(offer, CLERK, reason)
            self._approve(offer.key)
        else:
            self._intake.accept(offer, CLERK, offer.correction_reason)

    def _approve(self, key: ProtocolKey) -> None:
        for held in self._intake.held(key):
            self._intake.approve(key, SUPERVISOR, held.content_hash, "Viděno na papíru, souhlasí.")
            self.work.approved += 1


def _totals(reading: Reading) -> dict[FieldRef, int | None]:
    """What stands on the paper in the fields that the clerk types again, and perhaps in others."""
    if not isinstance(reading, RegionalReading):
        return figures(reading)
    votes = {votes_field(sheet.list_number): sheet.votes for sheet in reading.sheets}
    return {**dict(zip(COUNTS, reading.counts, strict=True)), **votes}
