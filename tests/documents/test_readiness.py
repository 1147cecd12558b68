"""Readiness documents: read back as they were written; what somebody changed is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import readiness, readiness_answer, readiness_trial, tasks
from app.documents.document_errors import DocumentError
from app.documents.readiness import Report, Standing, Trial, TrialState
from app.documents.readiness_answer import Answered, ReadinessAnswer
from app.documents.readiness_trial import TrialProtocol
from app.election.model import Mode
from tests.support.readings import ELECTION, hashes, modes, moments, regional_readings, station_ids
from tests.support.refusals import refused

AT = datetime(2024, 9, 18, 8, 30, tzinfo=UTC)
PDF = b"%PDF-1.4 zkouska"
REPORT = Report(
    ELECTION, Mode.REHEARSAL, "41-1", 41, "Igor „Kábrt“ & spol.", "prebirka 1", AT, Standing.NOT_READY,
    (
        Trial("printer", TrialState.FAULT, "RDY-06", "V počítači není <žádná> tiskárna."),
        Trial("scanner", TrialState.NOT_TRIED, "", "Nezkoušeno."),
    ),
    PDF, sha256(PDF).hexdigest(),
)  # fmt: skip
DATA = readiness.write(REPORT)
words = st.text("aáčž &<>\"'\U0001f642", min_size=1, max_size=100)
trials = st.builds(
    Trial, st.from_regex("[a-z][a-z_]{0,29}", fullmatch=True), st.sampled_from(TrialState),
    st.sampled_from(["", "RDY-06", "LIN-21", "STA-122"]), words,
)  # fmt: skip


@given(
    st.lists(trials, min_size=1, max_size=60), words, st.sampled_from(Standing), modes, station_ids, moments,
    st.none() | st.binary(max_size=300),
)  # fmt: skip
def test_a_report_is_read_back_as_it_was_and_written_again_byte_for_byte(
    tried: list[Trial], by: str, standing: Standing, mode: Mode, station: str, at: datetime, pdf: bytes | None
) -> None:
    body = None if pdf is None else b"%PDF-" + pdf
    report = replace(
        REPORT, trials=tuple(tried), made_by=by, standing=standing, mode=mode, station=station, tried_at=at,
        pdf=body, pdf_sha256="" if body is None else sha256(body).hexdigest(),
    )  # fmt: skip
    data = readiness.write(report)
    assert readiness.read(data) == report
    assert readiness.write(readiness.read(data)) == data


def test_the_largest_report_fits() -> None:
    pdf = b"%PDF-" + bytes(readiness.LARGEST_PDF - 5)
    many = tuple(
        replace(REPORT.trials[0], name=f"probe_{'a' * 20}", said="ž" * 1000)
        for _ in range(readiness.MOST_TRIALS)
    )
    report = replace(REPORT, pdf=pdf, pdf_sha256=sha256(pdf).hexdigest(), trials=many)
    assert readiness.read(readiness.write(report)) == report
    assert REPORT.failed == ("printer",)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("<PDF>JV", "<PDF>J", "DOC-25"),
        ("<PDF>JVBERi0x", "<PDF>JVBERi0y", "DOC-25"),
        ('STAV="CHYBA"', 'STAV="DOBŘE"', "DOC-23"),
        ('NAZEV="printer"', 'NAZEV="../printer"', "DOC-23"),
        (' VYSLEDEK="', ' NAVIC="1" VYSLEDEK="', "DOC-22"),
        ("<ZKOUSKA", "<!-- x --><ZKOUSKA", "DOC-13"),
        ('VERZE="1"', 'VERZE="2"', "DOC-16"),
    ],
)
def test_a_changed_report_is_refused(before: str, after: str, code: str) -> None:
    text = DATA.decode()
    assert before in text
    assert refused(text.replace(before, after, 1).encode(), readiness.read).code == code


@given(modes, station_ids, moments, hashes, st.sampled_from(Answered),
       st.lists(st.sampled_from(["LG-05", "ID-02", "KC-01"]), max_size=3))  # fmt: skip
def test_an_answer_is_read_back_as_it_was(
    mode: Mode, station: str, at: datetime, digest: str, answered: Answered, rules: list[str]
) -> None:
    answer = ReadinessAnswer(ELECTION, mode, station, 41, answered, digest, at, tuple(rules))
    assert readiness_answer.read(readiness_answer.write(answer)) == answer


@given(regional_readings, modes, station_ids, moments)
def test_a_trial_protocol_is_read_back_as_it_was(
    reading: object, mode: Mode, station: str, at: datetime
) -> None:
    trial = TrialProtocol(ELECTION, mode, station, 41, at, reading)  # type: ignore[arg-type]
    assert readiness_trial.read(readiness_trial.write(trial)) == trial


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"format": 2}', b"\xff", b"null", b'{"format": 1, "round": 9}']
)
def test_what_is_no_file_of_tasks_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match="DOC-25"):
        tasks.read(data)
