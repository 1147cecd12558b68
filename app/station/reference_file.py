"""Reference data at a station: proved by their signature before anything in them is read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.documents import reference as documents
from app.documents.reference import ReferenceFileError
from app.election.reference import Reference
from app.station.config import REFERENCE_FILE, REFERENCE_SIGNATURE_FILE, StationConfig
from app.station.errors import ReferenceRefused
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role
from app.trust.refusals import RefusalReason, SignatureRefused

#: A national reference file has some 5 MB.
LARGEST_FILE = 128 * 1024 * 1024

#: Who may sign reference data.
SIGNERS = (Role.REFERENCE, Role.CENTRE)


def load_verified(folder: Path, config: StationConfig, anchors: Anchors, at: datetime) -> Reference:
    """The point's part of the reference data in `folder`. Raises `ReferenceRefused` when the file is
    missing, altered since it was signed, signed by somebody else, or of another election or mode."""
    path = folder / REFERENCE_FILE
    try:
        before = _stamp(path)
        if before[0] > LARGEST_FILE:
            raise _altered("The file is too large.", None)
        content = path.read_bytes()
        signature = (folder / REFERENCE_SIGNATURE_FILE).read_bytes()
    except OSError as error:
        raise ReferenceRefused(
            "STA-30",
            f"Číselníky voleb nebo jejich podpis ve složce {folder} nelze přečíst. "
            "Vyžádejte si je od ústředí.",
            f"The reference data or their signature in {folder} cannot be read ({error.strerror}). "
            "Ask the centre for them.",
        ) from error
    _verify(content, signature, config, anchors, at)
    try:
        reference = documents.load(path, config.transfer_point)
        after = _stamp(path)
    except ReferenceFileError as error:
        raise ReferenceRefused(error.code, error.cs, error.en) from error
    except OSError as error:
        raise _altered(str(error), error) from error
    if before != after:  # somebody exchanged the file between its proof and its reading
        raise _altered("The file changed while it was read.", None)
    _fits(reference, config)
    return reference


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino


def _verify(content: bytes, signature: bytes, config: StationConfig, anchors: Anchors, at: datetime) -> None:
    for role in SIGNERS:
        try:
            cms.verify_detached(
                content, signature, anchors, at, Expected(role, config.election), size_limit=LARGEST_FILE
            )
            return
        except SignatureRefused as error:
            if error.reason is RefusalReason.ROLE and role is not SIGNERS[-1]:
                continue
            if error.reason in (RefusalReason.DIGEST, RefusalReason.SIGNATURE):
                raise _altered(error.en, error) from error
            raise ReferenceRefused(
                "STA-32",
                f"Podpis číselníků voleb nelze uznat: {error.cs} Číselníky se neotevřely.",
                f"The signature of the reference data is not accepted: {error.en} They were not opened.",
            ) from error


def _altered(detail: str, error: Exception | None) -> ReferenceRefused:
    return ReferenceRefused(
        "STA-31",
        "Číselníky voleb byly po podpisu změněny nebo poškozeny. Neotevřely se; "
        "vyžádejte si je znovu od ústředí.",
        f"The reference data were changed or damaged after signing ({detail}). They were not opened; "
        "ask the centre for them again.",
    )


def _fits(reference: Reference, config: StationConfig) -> None:
    election = reference.election
    if election.code != config.election:
        raise ReferenceRefused(
            "STA-33",
            f"Číselníky patří jiným volbám ({election.code}), stanice je pro {config.election}.",
            f"The reference data belong to another election ({election.code}); the station is for "
            f"{config.election}.",
        )
    if election.mode is not config.mode:
        raise ReferenceRefused(
            "STA-34",
            f"Číselníky jsou pro režim {election.mode}, stanice pracuje v režimu {config.mode}. "
            "Zkušební a ostrá data se nesmějí míchat.",
            f"The reference data are for mode {election.mode}, the station works in {config.mode}. "
            "Rehearsal and live data must not mix.",
        )
