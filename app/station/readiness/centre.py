"""Probes of the way to the centre: the line, the clock, and something that goes there and comes back.

Line and clock are what the examination of the line finds (`app.station.line`). There and back goes, in a
rehearsal, an invented protocol that the centre judges and does not store; in live operation nothing invented
leaves the station, so a signed inquiry goes instead.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from app.documents import readiness_answer, readiness_trial
from app.documents.readiness_answer import Answered, ReadinessAnswer
from app.documents.readiness_trial import TrialProtocol
from app.election import controls
from app.election.errors import KnownError
from app.election.model import Counts, Mode, Protocol, ProtocolKey, RegionalProtocol, SenateProtocol, Sheet
from app.election.reference import Reference
from app.station.config import StationConfig
from app.station.errors import StationError
from app.station.line.findings import Diagnosis, Finding
from app.station.line.steps import State as LineState
from app.station.line.steps import Step
from app.station.outbox import Signer
from app.station.point.asking import Inquirer
from app.station.readiness.outcomes import Outcome, State, found
from app.station.transport import HttpTransport
from app.station.wire import CMS_TYPE, Answer, NoAnswer, Unreachable, named_code
from app.trust import chain, cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role

_STATES = {
    LineState.GOOD: State.OK,
    LineState.WARNING: State.WARNING,
    LineState.FAULT: State.FAILED,
    LineState.SKIPPED: State.NOT_TRIED,
}
_WAY = (Step.ADDRESS, Step.NAME, Step.ROUTE, Step.TLS, Step.CENTRE)
#: A number that no batch has: only the signed answer is wanted.
_BEYOND = 999_999_999


class CentreRefused(StationError):
    """The centre did not take what was sent, or its answer proves nothing."""


def line(diagnosis: Diagnosis) -> Outcome:
    """The worst step of the way to the centre."""
    steps = [diagnosis.of(step) for step in _WAY]
    for wanted in (LineState.FAULT, LineState.WARNING):
        for each in steps:
            if each.state is wanted:
                return _of("line", each)
    return _of("line", steps[-1])


def clock(diagnosis: Diagnosis) -> Outcome:
    """How far this machine's clock is from the centre's."""
    return _of("clock", diagnosis.of(Step.CLOCK))


def _of(probe: str, finding: Finding) -> Outcome:
    state = _STATES[finding.state]
    return Outcome(probe, state, finding.code, finding.cs, finding.en, finding.do_cs, finding.do_en)


class Errand:
    """Carries something signed to the centre and back. Use from one thread."""

    def __init__(self, folder: Path, config: StationConfig, signer: Signer, anchors: Anchors) -> None:
        self._folder, self._config, self._signer, self._anchors = folder, config, signer, anchors

    def there_and_back(self, reference: Reference, now: datetime) -> Outcome:
        """The probe: a trial protocol in a rehearsal, an inquiry in live operation."""
        begun = time.monotonic()
        try:
            rules = self._trial(reference, now) if self._config.mode is Mode.REHEARSAL else self._inquire(now)
        except (Unreachable, NoAnswer) as error:
            return found("there_and_back", "RDY-42", detail=error, detail_en=error)
        except KnownError as error:
            said, said_en = f"{error.cs} [{error.code}]", f"{error.en} [{error.code}]"
            return found("there_and_back", "RDY-42", detail=said, detail_en=said_en)
        if rules:
            return found("there_and_back", "RDY-43", rules=" ".join(rules))
        took = int((time.monotonic() - begun) * 1000)
        code = "RDY-40" if self._config.mode is Mode.REHEARSAL else "RDY-41"
        return found("there_and_back", code, ms=took)

    def report(self, document: bytes, now: datetime) -> ReadinessAnswer:
        """Sign and send a readiness report. Raises `Unreachable`, `NoAnswer` or `KnownError`."""
        return self._ask("/v1/readiness", document, Answered.REPORT, now)

    def _trial(self, reference: Reference, now: datetime) -> tuple[str, ...]:
        config = self._config
        protocol = invented(reference, config.transfer_point)
        reading = controls.state(protocol, config.election, reference.election.rules.form_version)
        trial = TrialProtocol(
            config.election, config.mode, config.station, config.transfer_point, now, reading
        )
        return self._ask("/v1/trials", readiness_trial.write(trial), Answered.TRIAL, now).rules

    def _inquire(self, now: datetime) -> tuple[str, ...]:
        with HttpTransport.of(self._config, self._folder, self._signer) as transport:
            Inquirer(self._config, self._signer, self._anchors).batches(transport, _BEYOND, now)
        return ()

    def _ask(self, path: str, document: bytes, wanted: Answered, now: datetime) -> ReadinessAnswer:
        signed = cms.sign(document, self._signer.key, self._signer.certificate, now)
        with HttpTransport.of(self._config, self._folder, self._signer) as transport:
            answer = transport.post(path, signed)
        return self._proved(answer, signed, wanted, now)

    def _proved(self, answer: Answer, signed: bytes, wanted: Answered, now: datetime) -> ReadinessAnswer:
        """Believed only when the centre signed it and it names this very file and station."""
        if answer.content_type.partition(";")[0].strip() != CMS_TYPE:
            code = named_code(answer)
            raise CentreRefused("RDY-70", f"Ústředí odmítlo ({code}).", f"The centre refused ({code}).")
        config = self._config
        expected = Expected(Role.CENTRE, config.election)
        content = cms.verify(answer.body, self._anchors, now, expected).content
        said = readiness_answer.read(content)
        ours = (config.election, config.mode, config.station, chain.batch_hash(signed), wanted)
        if (said.election, said.mode, said.station, said.digest, said.answered) != ours:
            raise CentreRefused(
                "RDY-71",
                "Odpověď ústředí patří jiné stanici nebo jiné zprávě.",
                "The centre's answer belongs to another station or another report.",
            )
        return said


def invented(reference: Reference, transfer_point: int) -> Protocol:
    """A protocol that no commission ever wrote, for the point's first precinct; it passes every check that
    blocks. Raises `CentreRefused` RDY-72 for a point without precincts."""
    for key in sorted(reference.expected):
        if reference.precincts[key.precinct].transfer_point == transfer_point:
            return _invented(reference, key)
    raise CentreRefused(
        "RDY-72",
        "Podle číselníků na toto přebírací místo nepatří žádný okrsek.",
        "By the reference data no precinct belongs to this transfer point.",
    )


def _invented(reference: Reference, key: ProtocolKey) -> Protocol:
    precinct = reference.precincts[key.precinct]
    registered = max(precinct.expected_voters or 500, 10)
    if not key.contest.is_senate:
        assert precinct.region is not None
        lists = sorted(reference.regions[precinct.region].lists)[:2]
        votes = len(lists)
        counts = Counts(registered, votes, votes, votes)
        sheets = tuple(Sheet(number, 1, ()) for number in lists)
        return RegionalProtocol(key.precinct, precinct.district, False, False, counts, sheets)
    assert precinct.senate_district is not None
    district = reference.senate_districts[precinct.senate_district]
    standing = sorted(district.finalists if key.contest.round == 2 else district.candidates)[:2]
    counts = Counts(registered, len(standing), len(standing), len(standing))
    return SenateProtocol(
        key.precinct, precinct.district, False, False, district.number, key.contest.round, counts,
        tuple((number, 1) for number in standing),
    )  # fmt: skip
