"""The readiness check: a table of probes, run one after another or one alone, off the main thread.

    check = station.readiness(hardware)
    for outcome in check.run(): …            every probe in order; each is told as it ends
    check.one("stick")                       one of them
    check.send(outcomes, "technik", pdf)     the signed report to the centre

A probe looks and changes nothing that stays. One that breaks is an outcome too, so that one bad driver does
not hide what the others find.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from app import __version__
from app.documents import readiness as documents
from app.documents.readiness import LARGEST_PDF, Report, Standing, Trial, TrialState
from app.documents.readiness_answer import ReadinessAnswer
from app.election.reference import Reference
from app.station.approved import Approved
from app.station.config import StationConfig
from app.station.line.examination import Examination
from app.station.line.findings import Diagnosis
from app.station.outbox import Signer
from app.station.readiness import centre, machine, papers
from app.station.readiness.centre import Errand
from app.station.readiness.hardware import NOBODY_LOOKED, Hardware
from app.station.readiness.outcomes import Outcome, State, Whole, found, whole
from app.trust.anchors import Anchors

_log = logging.getLogger(__name__)
SOFTWARE: Final = f"prebirka {__version__}"
_STANDINGS: Final = {
    Whole.READY: Standing.READY,
    Whole.NOT_READY: Standing.NOT_READY,
    Whole.CANNOT_SAY: Standing.UNKNOWN,
}
_TRIALS: Final = {
    State.OK: TrialState.GOOD,
    State.WARNING: TrialState.WARNING,
    State.FAILED: TrialState.FAULT,
    State.NOT_TRIED: TrialState.NOT_TRIED,
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What the probes may use of an open station."""

    folder: Path
    config: StationConfig
    reference: Reference
    signer: Signer
    anchors: Anchors
    clock: Callable[[], datetime]
    examination: Examination
    approved: Approved


class ReadinessCheck:
    """Of one station. Use from one thread at a time; `skipped` are probes that nobody wants tried."""

    def __init__(
        self, parts: Parts, hardware: Hardware = NOBODY_LOOKED, skipped: frozenset[str] = frozenset()
    ) -> None:
        self.parts = parts
        self.hardware = hardware
        self._skipped = skipped
        self._diagnosis: Diagnosis | None = None

    def run(self) -> Iterator[Outcome]:
        """Every probe in the order of the table."""
        self.begin()
        for probe in PROBES:
            yield self.one(probe.name)

    def begin(self) -> None:
        """Forget what was found of the line, so that it is looked at again."""
        self._diagnosis = None

    def one(self, name: str) -> Outcome:
        """One probe; those that read the line share one examination since `begin`."""
        return self._tried(next(probe for probe in PROBES if probe.name == name))

    @property
    def diagnosis(self) -> Diagnosis:
        """The examination of the line, made once for the probes that read it."""
        if self._diagnosis is None:
            self._diagnosis = self.parts.examination.examine()
        return self._diagnosis

    @property
    def errand(self) -> Errand:
        parts = self.parts
        return Errand(parts.folder, parts.config, parts.signer, parts.anchors)

    def report(
        self, outcomes: Sequence[Outcome], made_by: str, tried_at: datetime, pdf: bytes | None = None
    ) -> Report:
        """The report of these outcomes; a PDF that is too large is told by its hash alone."""
        config = self.parts.config
        return Report(
            election=config.election,
            mode=config.mode,
            station=config.station,
            transfer_point=config.transfer_point,
            made_by=made_by,
            software=SOFTWARE,
            tried_at=tried_at,
            standing=_STANDINGS[whole(outcomes)],
            trials=tuple(_trial(each) for each in outcomes),
            pdf=pdf if pdf is not None and len(pdf) <= LARGEST_PDF else None,
            pdf_sha256="" if pdf is None else sha256(pdf).hexdigest(),
        )

    def send(self, report: Report) -> ReadinessAnswer:
        """Sign the report and send it to the centre; its signed answer. Raises `Unreachable`, `NoAnswer` or
        `KnownError`."""
        return self.errand.report(documents.write(report), self.parts.clock())

    def _tried(self, probe: Probe) -> Outcome:
        if probe.name in self._skipped:
            return found(probe.name, "RDY-90")
        try:
            return probe.tries(self)
        except Exception as error:  # a driver or a system that behaves as nobody foresaw
            _log.exception("readiness probe %s broke", probe.name)
            return found(probe.name, "RDY-91", detail=type(error).__name__)


@dataclass(frozen=True, slots=True)
class Probe:
    """One row of the table: its name and the names that people read."""

    name: str
    cs: str
    en: str
    tries: Callable[[ReadinessCheck], Outcome]


#: In the order in which people go: what stands on the table, what the station holds, the way to the centre.
PROBES: Final[tuple[Probe, ...]] = (
    Probe("screen", "Obrazovka", "Screen", lambda c: machine.screen(c.hardware)),
    Probe("printer", "Tiskárna", "Printer", lambda c: machine.printer(c.hardware)),
    Probe("stick", "Flash disk", "Stick", lambda c: machine.stick(c.hardware)),
    Probe("scanner", "Čtečka kódů", "Code scanner", lambda c: machine.scanner(c.hardware)),
    Probe("power", "Napájení", "Power", lambda c: machine.power(machine.power_of_machine())),
    Probe("disk", "Disk", "Disk", lambda c: machine.disk(c.parts.folder)),
    Probe(
        "backup", "Místo pro zálohy", "Place for backups",
        lambda c: papers.backup(c.parts.folder, c.parts.config.backup_place),
    ),
    Probe("store", "Databáze stanice", "The station's database", lambda c: papers.store(c.parts.folder)),
    Probe(
        "program", "Program", "Program",
        lambda c: papers.program(SOFTWARE, c.parts.approved.approval(c.parts.clock())),
    ),
    Probe(
        "certificate", "Certifikát stanice", "The station's certificate",
        lambda c: papers.certificate(c.parts.signer, c.parts.anchors, c.parts.reference, c.parts.clock()),
    ),
    Probe(
        "reference", "Číselníky voleb", "Reference data",
        lambda c: papers.reference(c.parts.folder, c.parts.config, c.parts.anchors, c.parts.clock()),
    ),
    Probe("line", "Cesta do ústředí", "Route to the centre", lambda c: centre.line(c.diagnosis)),
    Probe("clock", "Hodiny", "Clock", lambda c: centre.clock(c.diagnosis)),
    Probe(
        "there_and_back", "Zápis tam a zpět", "A protocol there and back",
        lambda c: c.errand.there_and_back(c.parts.reference, c.parts.clock()),
    ),
)  # fmt: skip

NAMES: Final = frozenset(probe.name for probe in PROBES)


def not_yet() -> tuple[Outcome, ...]:
    """Every probe before anything was tried."""
    return tuple(found(probe.name, "RDY-92") for probe in PROBES)


def with_outcome(outcomes: Sequence[Outcome], new: Outcome) -> tuple[Outcome, ...]:
    """The same with one probe's outcome replaced."""
    return tuple(new if each.probe == new.probe else each for each in outcomes)


def _trial(outcome: Outcome) -> Trial:
    said = f"{outcome.cs} {outcome.do_cs}".strip()
    return Trial(outcome.probe, _TRIALS[outcome.state], outcome.code, said[:2000])
