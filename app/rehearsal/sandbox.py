"""A whole house in one folder: authority, reference data, centre and stations, all with real keys.

    authority/          the election authority's certificate, reference.sqlite and its signature
    centre/             a centre's folder, as `prebirka central` runs it
    stations/662-1/     a station's folder, as `prebirka desk` opens it
    files/662/          the commissions' files of one transfer point, as on their sticks

A sandbox lives in the rehearsed night: its clock is shifted so that voting has just ended, and its
certificates live for that night only. Private keys have no passphrase, because nobody is there to
type one; a sandbox is always a rehearsal or a replay, never a live election.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.central import centre
from app.central.settings import CentreSettings
from app.documents import reference as reference_file
from app.election.reference import Reference
from app.station.config import Parts, StationConfig, assemble
from app.trust import authority, cms, keys
from app.trust.authority import AuthorityCertificate
from app.trust.certificate import Certificate
from app.trust.identity import Identity, Role
from app.trust.keys import PrivateKey

#: The rehearsed night begins this long after voting has ended.
_AFTER_VOTING = timedelta(minutes=20)
_LIFE_BEFORE = timedelta(days=1)
_LIFE_AFTER = timedelta(days=30)


def clock_offset(reference: Reference, now: datetime) -> timedelta:
    """How far to shift the clock so that `now` is the beginning of the election's night."""
    begins = reference.election.calendar.voting_ends + _AFTER_VOTING
    return timedelta(seconds=round((begins - now).total_seconds()))


def shifted(offset: timedelta) -> Callable[[], datetime]:
    """A clock that runs `offset` ahead of the machine's (behind it when negative)."""
    return lambda: datetime.now(UTC) + offset  # noqa: TID251 - the rehearsal is the world of its night


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A built sandbox. Times are those of the rehearsed night."""

    folder: Path
    reference: Reference
    offset: timedelta

    @property
    def centre(self) -> Path:
        return self.folder / "centre"

    @property
    def published(self) -> Path:
        """The folder that the centre publishes; `current` in it is the newest version."""
        return self.centre / "public"

    def station(self, point: int) -> Path:
        return self.folder / "stations" / f"{point}-1"

    def files(self, point: int) -> Path:
        return self.folder / "files" / str(point)

    @property
    def clock(self) -> Callable[[], datetime]:
        return shifted(self.offset)


class Builder:
    """Builds a sandbox step by step; `build` does it all."""

    def __init__(self, folder: Path, reference: Reference, now: datetime) -> None:
        self._sandbox = Sandbox(folder, reference, clock_offset(reference, now))
        self._now = (now + self._sandbox.offset).replace(microsecond=0)  # certificates count seconds
        self._authority_key = keys.make_key()
        self._authority = self._make_authority()
        self._enrolled: list[Certificate] = []

    @property
    def offset(self) -> timedelta:
        """How far the night's clock runs from the machine's."""
        return self._sandbox.offset

    def build(self, settings: CentreSettings, told: Callable[[str], None] = lambda _: None) -> Sandbox:
        """Authority, reference data and the centre; stations follow when its address is known."""
        place = self._sandbox.folder / "authority"
        place.mkdir(parents=True)
        (place / "ca.pem").write_bytes(self._authority.to_pem())
        told("číselníky")
        self._build_reference(place / "reference.sqlite")
        told("ústředí")
        key, certificate = self._participant(Role.CENTRE)
        centre.init(
            self._sandbox.centre,
            settings,
            authority=self._authority.to_pem(),
            key=key,
            certificate=certificate,
            reference=place / "reference.sqlite",
            reference_signature=place / "reference.sqlite.p7s",
        )
        return self._sandbox

    def add_station(self, point: int, centre_url: str) -> Path:
        """One workstation of a transfer point, ready to open; returns its folder. Then `enrol`."""
        name = f"{point}-1"
        key, certificate = self._participant(Role.STATION, point, name)
        self._enrolled.append(certificate)
        folder = self._sandbox.station(point)
        place = self._sandbox.folder / "authority"
        secrets = place / name
        secrets.mkdir()
        keys.save_key(key, secrets / "station.key", None)
        (secrets / "station.pem").write_bytes(certificate.to_pem())
        info = self._sandbox.reference.election
        assemble(
            folder,
            StationConfig(info.code, info.mode, name, point, centre_url),
            Parts(
                ca=place / "ca.pem",
                key=secrets / "station.key",
                certificate=secrets / "station.pem",
                reference=place / "reference.sqlite",
                reference_signature=place / "reference.sqlite.p7s",
            ),
            link_reference=True,
        )
        (secrets / "station.key").unlink()
        (secrets / "station.pem").unlink()
        secrets.rmdir()
        return folder

    def enrol(self) -> None:
        """Register all stations added so far at the centre."""
        centre.add_stations(self._sandbox.centre, self._enrolled, self._now)
        self._enrolled.clear()

    def _life(self) -> tuple[datetime, datetime]:
        return self._now - _LIFE_BEFORE, self._now + _LIFE_AFTER

    def _make_authority(self) -> AuthorityCertificate:
        info = self._sandbox.reference.election
        return authority.make_authority(info.code, self._authority_key, *self._life())

    def _participant(
        self, role: Role, point: int | None = None, station: str | None = None
    ) -> tuple[PrivateKey, Certificate]:
        key = keys.make_key()
        identity = Identity(role, self._sandbox.reference.election.code, point, station)
        request = authority.make_request(key, identity)
        certificate = authority.issue(request, identity, self._authority, self._authority_key, *self._life())
        return key, certificate

    def _build_reference(self, path: Path) -> None:
        reference_file.build(self._sandbox.reference, path)
        key, certificate = self._participant(Role.REFERENCE)
        signature = cms.sign_detached(path.read_bytes(), key, certificate, self._now)
        path.with_name(path.name + ".p7s").write_bytes(signature)
