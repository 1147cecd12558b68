"""An opened centre: its folder, store, ingest, publisher and the documents it serves, put together."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.central import acts, audit, belonging, permits, readiness, stations
from app.central import settings as settings_file
from app.central.acts import Books, People
from app.central.backup import upgrading
from app.central.database import Database
from app.central.enrolment import Enrolment
from app.central.ingest import Ingest
from app.central.inquiries import Inquiries
from app.central.judging import Wanted
from app.central.leadership import Leadership
from app.central.permits import Given
from app.central.programs import Policy, Programs
from app.central.publisher import Publisher
from app.central.readiness import PointReadiness, Readiness
from app.central.senders import Seal
from app.central.settings import CentreFolder, CentreSettings
from app.central.site import Site
from app.central.stations import Registration
from app.documents import reference as reference_file
from app.documents.act import Act
from app.documents.permit import Permit
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.trust import cms, keys
from app.trust.anchors import Anchors
from app.trust.certificate import Certificate
from app.trust.identity import Expected, Identity, Role
from app.trust.keys import PrivateKey

Clock = Callable[[], datetime]

#: Bytes. The reference file of a whole nation has about 10 MB.
_LARGEST_REFERENCE = 256 * 1024 * 1024


class Parts(NamedTuple):
    """What a centre is put together of, beside its database: read and proved once, for all processes."""

    folder: CentreFolder
    settings: CentreSettings
    seal: Seal
    reference: Reference
    clock: Clock


def prepare(folder: Path, clock: Clock, key: PrivateKey | None = None) -> Parts:
    """Read and prove everything but the database. Raises KnownError as `Centre.open` does."""
    paths = CentreFolder(folder)
    settings = settings_file.load(paths)
    seal = _seal(paths, settings, key)
    return Parts(paths, settings, seal, _reference(paths, settings, seal.anchors, clock()), clock)


def proved(parts: Parts) -> Database:
    """The database of a centre, opened and proved whole. Raises KnownError."""
    settings = parts.settings
    upgrading.secure(parts.folder, settings)
    database = audit.opened(settings.store_in(parts.folder), parts.seal, settings.election)
    return _own(database, settings)


def connected(parts: Parts) -> Database:
    """The same where it was proved a moment ago."""
    return _own(audit.store(parts.settings.store_in(parts.folder)), parts.settings)


def _own(database: Database, settings: CentreSettings) -> Database:
    try:
        belonging.check(database, settings.election, settings.mode)
    except BaseException:
        database.close()
        raise
    return database


@dataclass(frozen=True, slots=True)
class Centre:
    """`open` checks everything before anything starts; `close` ends it in order."""

    folder: CentreFolder
    settings: CentreSettings
    reference: Reference
    database: Database
    ingest: Ingest
    inquiries: Inquiries
    readiness: Readiness
    enrolment: Enrolment
    programs: Programs
    publisher: Publisher
    site: Site
    clock: Clock

    @classmethod
    def open(cls, folder: Path, clock: Clock, key: PrivateKey | None = None) -> Centre:
        """Open a centre's folder; nothing is received or published yet.

        `clock` tells the time with its zone; `key` is the centre's key where its file has a passphrase.
        Raises KnownError when a part of the folder is missing, wrong, signed by somebody else or of
        another election or mode.
        """
        parts = prepare(folder, clock, key)
        return cls.of(parts, proved(parts))

    @classmethod
    def of(cls, parts: Parts, database: Database) -> Centre:
        """Put a centre together of what was read and proved."""
        paths, settings, seal, reference, clock = parts
        site = Site()
        leadership = Leadership(database, paths.leader)
        publisher = Publisher(database, reference, paths.public, site, settings, clock, seal, leadership)
        ingest = Ingest(database, reference, seal, settings.max_batch_bytes, publisher.notify)
        inquiries = Inquiries(database, reference, seal)
        ready = Readiness(database, reference, seal)
        enrolment = Enrolment(database, reference)
        programs = Programs(database, Policy(settings.build_policy))
        ingest.approve, inquiries.told = programs.admit, programs.heard
        return cls(
            paths, settings, reference, database, ingest, inquiries, ready, enrolment, programs, publisher,
            site, clock,
        )  # fmt: skip

    def close(self) -> None:
        """Stop the publisher after what it is doing, publish what is left, close the store."""
        try:
            self.publisher.stop()
        finally:
            self.database.close()


def init(
    folder: Path,
    settings: CentreSettings,
    *,
    authority: bytes,
    key: PrivateKey | Path,
    certificate: Certificate,
    reference: Path,
    reference_signature: Path,
) -> None:
    """Make a centre's folder: settings, the election authority (PEM), key, certificate, reference file.

    `key` is a new key (saved without a passphrase) or the file that holds it, taken as it is.
    Raises KnownError CEN-04 when there is a centre already; nothing of it is touched then.
    """
    paths = CentreFolder(folder)
    if paths.settings.exists():
        raise KnownError(
            "CEN-04",
            f"Ve složce {folder} už ústředí je. Zvolte jinou složku; do této se nezapisuje.",
            f"There is a centre in {folder} already. Choose another folder; this one is left as it is.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    _own(audit.store(settings.store_in(paths)), settings).close()  # first: a server may refuse
    paths.authority.write_bytes(authority)
    if isinstance(key, Path):
        with os.fdopen(os.open(paths.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(_bytes(key))
    else:
        keys.save_key(key, paths.key, None)
    paths.certificate.write_bytes(certificate.to_pem())
    _link_or_copy(reference, paths.reference)
    shutil.copyfile(reference_signature, paths.reference_signature)
    settings_file.write(paths, settings)  # last: a folder with settings is a whole centre


def add_stations(folder: Path, certificates: Iterable[Certificate], at: datetime) -> int:
    """Register stations at a centre, running or not; returns how many were new. Raises KnownError."""
    with opened_store(folder) as (database, election):
        return stations.add(database, certificates, election, at)


def revoke_station(folder: Path, station: str, reason: str, at: datetime) -> None:
    """Take a station out of force at a centre, running or not. Raises KnownError."""
    with opened_store(folder) as (database, _):
        stations.revoke(database, station, reason, at)


def listed_stations(folder: Path) -> list[Registration]:
    """The register of stations of a centre, running or not."""
    with opened_store(folder) as (database, _):
        return stations.listed(database)


def listed_readiness(folder: Path, clock: Clock) -> list[PointReadiness]:
    """How ready each transfer point says it is, at a centre, running or not. Raises KnownError."""
    known = reference_of(folder, clock)
    with opened_store(folder) as (database, _), database.reading() as connection:
        return readiness.points(connection, known)


def give_permit(
    folder: Path,
    key: ProtocolKey,
    valid_until: datetime,
    reason: str,
    clock: Clock,
    unlocked: PrivateKey | None = None,
) -> Given:
    """Give a permit for a late acceptance at a centre, running or not; `unlocked` is the centre's key where
    its file has a passphrase. Raises KnownError."""
    paths = CentreFolder(folder)
    settings = settings_file.load(paths)
    seal = _seal(paths, settings, unlocked)
    reference = _reference(paths, settings, seal.anchors, clock())
    with opened_store(folder) as (database, _):
        return permits.give(database, reference, seal, key, valid_until, reason, clock())


def listed_permits(folder: Path) -> list[Permit]:
    """Every permit that a centre, running or not, has given."""
    with opened_store(folder) as (database, _):
        return permits.listed(database)


def give_act(
    folder: Path, wanted: Wanted, people: People, clock: Clock, unlocked: PrivateKey | None = None
) -> Act:
    """Give an act at a centre, running or not; `unlocked` is the centre's key where its file has a
    passphrase. Raises KnownError."""
    paths = CentreFolder(folder)
    settings = settings_file.load(paths)
    seal = _seal(paths, settings, unlocked)
    reference = _reference(paths, settings, seal.anchors, clock())
    with opened_store(folder) as (database, _):
        return acts.give(database, reference, seal, wanted, people, clock).act


def books_of(folder: Path, clock: Clock) -> Books:
    """What is counted at a centre, running or not, with its acts and what waits for people. Raises
    KnownError."""
    reference = reference_of(folder, clock)
    with opened_store(folder) as (database, _):
        return acts.opened(database, reference)


def reference_of(folder: Path, clock: Clock) -> Reference:
    """The verified reference data of a centre. Raises KnownError."""
    paths = CentreFolder(folder)
    anchors = Anchors.from_pem(_bytes(paths.authority))
    return _reference(paths, settings_file.load(paths), anchors, clock())


@contextmanager
def opened_store(folder: Path) -> Iterator[tuple[Database, str]]:
    """The database of a centre, running or not, for one act, and its election. Raises KnownError."""
    paths = CentreFolder(folder)
    settings = settings_file.load(paths)
    upgrading.secure(paths, settings)
    database = _own(audit.store(settings.store_in(paths)), settings)
    try:
        yield database, settings.election
    finally:
        database.close()


def seal_of(folder: Path, unlocked: PrivateKey | None = None) -> Seal:
    """What the centre in a folder signs with; `unlocked` is its key where the file has a passphrase. Raises
    KnownError."""
    paths = CentreFolder(folder)
    return _seal(paths, settings_file.load(paths), unlocked)


def _seal(paths: CentreFolder, settings: CentreSettings, key: PrivateKey | None) -> Seal:
    anchors = Anchors.from_pem(_bytes(paths.authority))
    certificate = Certificate.from_pem(_bytes(paths.certificate))
    if certificate.identity != Identity(Role.CENTRE, settings.election):
        raise KnownError(
            "CEN-05",
            f"Certifikát v souboru {paths.certificate.name} nepatří ústředí voleb {settings.election}.",
            f"The certificate in {paths.certificate.name} is not of the centre of {settings.election}.",
        )
    return Seal(anchors, key or keys.load_key(paths.key, None), certificate)


def _reference(paths: CentreFolder, settings: CentreSettings, anchors: Anchors, at: datetime) -> Reference:
    expected = Expected(Role.REFERENCE, settings.election)
    cms.verify_detached(
        _bytes(paths.reference), _bytes(paths.reference_signature), anchors, at, expected, _LARGEST_REFERENCE
    )
    reference = reference_file.load(paths.reference)
    if (reference.election.code, reference.election.mode) != (settings.election, settings.mode):
        raise KnownError(
            "CEN-06",
            f"Číselníky jsou pro {reference.election.code} ({reference.election.mode}), ústředí je nastaveno "
            f"na {settings.election} ({settings.mode}). Zkušební a ostrá data se nesmějí míchat.",
            f"The reference data are of {reference.election.code} ({reference.election.mode}), the centre is "
            f"set to {settings.election} ({settings.mode}). Rehearsal and live data must not mix.",
        )
    return reference


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KnownError(
            "CEN-07",
            f"Soubor {path} nelze přečíst. Doplňte ho do složky ústředí.",
            f"The file {path} cannot be read ({error.strerror}). Put it into the centre's folder.",
        ) from error


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
