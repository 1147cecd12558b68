"""The readiness report: what a station tried before the night, how each trial went, and the same as a PDF.

A station signs it as it signs a batch. The PDF goes inside where it is small enough, so that the centre can
print what the point printed; whatever happens to it, its hash is said beside, and the trials are data.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from app.documents import xml
from app.documents.document_errors import refusal
from app.documents.xml_text import (
    DECLARATION,
    LONG_TEXT,
    SHORT_TEXT,
    escaped,
    free_text,
    time_of,
    time_text,
)
from app.election.model import Mode

SCHEMA = "pripravenost.xsd"
NAMESPACE = "urn:prebirka:pripravenost:1"
#: Bytes. A larger PDF is left out and only its hash is said.
LARGEST_PDF = 200_000
#: Bytes of the document (a PDF grows by a third in Base64) and of the signed file.
MAX_BYTES = 400_000
MAX_SIGNED_BYTES = MAX_BYTES + 16_000
MOST_TRIALS = 60


class Standing(StrEnum):
    """The whole outcome. UNKNOWN: nothing failed, but something that a night needs was not tried."""

    READY = "PRIPRAVENO"
    NOT_READY = "NEPRIPRAVENO"
    UNKNOWN = "NEURCENO"


class TrialState(StrEnum):
    """How one trial went."""

    GOOD = "DOBRE"
    WARNING = "POZOR"
    FAULT = "CHYBA"
    NOT_TRIED = "NEZKOUSENO"


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial: `name` in lower case, `code` empty where there is none, `said` one Czech sentence."""

    name: str
    state: TrialState
    code: str
    said: str


@dataclass(frozen=True, slots=True)
class Report:
    """`pdf` is None where it was left out; `pdf_sha256` is empty where none was made."""

    election: str
    mode: Mode
    station: str
    transfer_point: int
    made_by: str
    software: str
    tried_at: datetime
    standing: Standing
    trials: tuple[Trial, ...]
    pdf: bytes | None = None
    pdf_sha256: str = ""

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the trials that failed."""
        return tuple(trial.name for trial in self.trials if trial.state is TrialState.FAULT)


def write(report: Report) -> bytes:
    """The canonical bytes. Raises `DocumentError` DOC-40 for a text that no document carries."""
    stamp = f' OTISK_PDF="{escaped(report.pdf_sha256)}"' if report.pdf_sha256 else ""
    parts = [
        f'{DECLARATION}<PRIPRAVENOST xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(report.election)}"'
        f' REZIM="{report.mode}" STANICE="{escaped(report.station)}" CPOU="{report.transfer_point}"'
        f' PROVEDL="{free_text(report.made_by, "PROVEDL", SHORT_TEXT)}"'
        f' PROGRAM="{free_text(report.software, "PROGRAM", SHORT_TEXT)}"'
        f' DATUM_CAS_KONTROLY="{time_text(report.tried_at)}" VYSLEDEK="{report.standing}"{stamp}>\n'
    ]
    parts += [
        f'<ZKOUSKA NAZEV="{escaped(trial.name)}" STAV="{trial.state}" KOD="{escaped(trial.code)}"'
        f' ZJISTENI="{free_text(trial.said, "ZJISTENI", LONG_TEXT)}"/>\n'
        for trial in report.trials
    ]
    if report.pdf is not None:
        parts.append(f"<PDF>{b64encode(report.pdf).decode('ascii')}</PDF>\n")
    parts.append("</PRIPRAVENOST>\n")
    return "".join(parts).encode()


def read(data: bytes) -> Report:
    """The report in `data` (the exact content whose signature was verified). Raises `DocumentError`; DOC-25
    for a PDF that is not the one whose hash is said."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    told = xml.attributes_of(root)
    children = list(root)
    pdf = _pdf(children.pop().text or "") if children[-1].tag == f"{{{NAMESPACE}}}PDF" else None
    stamp = told.get("OTISK_PDF", "")
    if pdf is not None and sha256(pdf).hexdigest() != stamp:
        raise refusal("DOC-25", element="PDF", detail="another hash")
    return Report(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        station=told["STANICE"],
        transfer_point=int(told["CPOU"]),
        made_by=told["PROVEDL"],
        software=told["PROGRAM"],
        tried_at=time_of(told["DATUM_CAS_KONTROLY"]),
        standing=Standing(told["VYSLEDEK"]),
        trials=tuple(_trial(xml.attributes_of(each)) for each in children),
        pdf=pdf,
        pdf_sha256=stamp,
    )


def _trial(told: dict[str, str]) -> Trial:
    return Trial(told["NAZEV"], TrialState(told["STAV"]), told["KOD"], told["ZJISTENI"])


def _pdf(text: str) -> bytes:
    """The schema's own check of Base64 lets stray characters pass."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise refusal("DOC-25", element="PDF") from error
    if len(data) > LARGEST_PDF or not data.startswith(b"%PDF-"):
        raise refusal("DOC-25", element="PDF", detail="no PDF, or too large")
    return data
