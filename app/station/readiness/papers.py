"""Probes of what the station was given and keeps: certificate, reference data, backups, store, program."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.documents.builds import Standing
from app.election.errors import KnownError
from app.election.reference import Reference
from app.station import proof
from app.station.approved import Approval
from app.station.config import StationConfig
from app.station.line.findings import instant
from app.station.outbox import Signer
from app.station.readiness.machine import try_writing
from app.station.readiness.outcomes import Outcome, State, found
from app.station.reference_file import load_verified
from app.trust.anchors import Anchors


def certificate(signer: Signer, anchors: Anchors, reference: Reference, now: datetime) -> Outcome:
    """Whether the certificate holds now and until deliveries end, and belongs to the key."""
    own, calendar = signer.certificate, reference.election.calendar
    try:
        anchors.trust(own.der, now)
    except KnownError as error:
        return Outcome("certificate", State.FAILED, error.code, error.cs, error.en)
    whole_night = own.not_before <= calendar.voting_ends and own.not_after >= calendar.delivery_ends
    belongs = signer.key.public_key() == own.public_key
    code = "RDY-30" if whole_night and belongs else "RDY-31"
    return found("certificate", code, since=instant(own.not_before), until=instant(own.not_after))


def reference(folder: Path, config: StationConfig, anchors: Anchors, now: datetime) -> Outcome:
    """Read the reference data again and prove them: the right election, mode, signature, some precincts."""
    try:
        read = load_verified(folder, config, anchors, now)
    except KnownError as error:
        return found("reference", "RDY-36", detail=error.cs, detail_en=error.en)
    own = [one for one in read.precincts.values() if one.transfer_point == config.transfer_point]
    if not own:
        return found("reference", "RDY-37")
    ids = {one.id for one in own}
    protocols = sum(key.precinct in ids for key in read.expected)
    election = read.election
    return found(
        "reference", "RDY-35", election=election.name, mode=election.mode,
        precincts=len(own), protocols=protocols,
    )  # fmt: skip


def backup(folder: Path, place: str) -> Outcome:
    """Whether the place for backups can be written to, and lies on another disk than the station."""
    if not place:
        return found("backup", "RDY-46")
    root = Path(place)
    try:
        try_writing(root, 4096)
        same = root.stat().st_dev == folder.stat().st_dev
    except OSError as error:
        return found("backup", "RDY-48", place=place, detail=error.strerror or error)
    return found("backup", "RDY-47" if same else "RDY-45", place=place)


def store(folder: Path) -> Outcome:
    """The whole audit of the station's database."""
    said = proof.of_folder(folder)()
    if said is None:
        return found("store", "RDY-55")
    return Outcome("store", State.FAILED, said.code, said.cs, said.en)


def program(software: str, approval: Approval) -> Outcome:
    """Whether this program is one that the election may be worked with."""
    if approval.builds is None:
        return found("program", "RDY-60", software=software)
    if approval.standing is Standing.REFUSED:
        return found("program", "RDY-62", software=software)
    if approval.standing is Standing.WARNED or approval.expired:
        return found("program", "RDY-61", software=software)
    return found("program", "RDY-63", software=software)
