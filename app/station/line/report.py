"""An examination as text, to print on a terminal or to copy into a message for the centre."""

from __future__ import annotations

from typing import Final

from app.station.config import StationConfig
from app.station.line.findings import Diagnosis, instant
from app.station.line.steps import State, Step

#: State in words, so that nothing depends on a sign or a colour.
STATES: Final = {
    "cs": {
        State.GOOD: "v pořádku", State.WARNING: "pozor", State.FAULT: "chyba", State.SKIPPED: "nezkoušeno",
    },
    "en": {State.GOOD: "good", State.WARNING: "warning", State.FAULT: "fault", State.SKIPPED: "not tried"},
}  # fmt: skip
STEPS: Final = {
    "cs": {
        Step.ADDRESS: "Adresa", Step.NAME: "Jméno", Step.ROUTE: "Cesta", Step.TLS: "Šifrování",
        Step.CENTRE: "Ústředí", Step.CLOCK: "Hodiny", Step.CERTIFICATE: "Certifikát stanice",
        Step.REGISTER: "Seznam stanic", Step.PROGRAM: "Program", Step.QUEUE: "Fronta",
    },
    "en": {
        Step.ADDRESS: "Address", Step.NAME: "Name", Step.ROUTE: "Route", Step.TLS: "Encryption",
        Step.CENTRE: "Centre", Step.CLOCK: "Clock", Step.CERTIFICATE: "The station's certificate",
        Step.REGISTER: "Register of stations", Step.PROGRAM: "Program", Step.QUEUE: "Queue",
    },
}  # fmt: skip


def text(diagnosis: Diagnosis, config: StationConfig, language: str) -> str:
    """Every step with its state, code, sentence and what to do. No secret is in it: a proxy's password
    is never part of a finding."""
    head = {
        "cs": f"Spojení stanice {config.station} s ústředím, {instant(diagnosis.at)}",
        "en": f"The line of station {config.station} to the centre, {instant(diagnosis.at)}",
    }
    lines = [head[language]]
    for number, finding in enumerate(diagnosis.findings, start=1):
        sentence, do = (finding.cs, finding.do_cs) if language == "cs" else (finding.en, finding.do_en)
        code = f" [{finding.code}]" if finding.code else ""
        lines.append(f"{number}. {STEPS[language][finding.step]}: {STATES[language][finding.state]}{code}")
        lines.append(f"   {sentence}")
        if do:
            lines.append(f"   → {do}")
    return "\n".join(lines) + "\n"
