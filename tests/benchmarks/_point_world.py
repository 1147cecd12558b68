"""The largest point for its benchmark: sixteen workstations, a centre, and a process that works at fifteen.

    python -m tests.benchmarks._point_world FOLDER OFFSET

opens the workstations 1 … 15 of the folder, tells READY, and at a line on its input takes everything in and
pushes it, each workstation from a thread of its own. It tells when the centre's receipt for each protocol was
here, by the machine's monotonic clock, which all processes share.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.central import centre as central
from app.central.settings import CentreSettings
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.rehearsal import ballots
from app.rehearsal.generator import Plan, invent
from app.station.changes import Change
from app.station.config import StationConfig
from app.station.offers import Offer
from app.station.states import State
from app.station.station import Station
from app.trust.certificate import Certificate
from app.trust.identity import Role
from tests.support.station_world import CLERK, NIGHT, SUPERVISOR, authority, file_of, make_station

PRECINCTS, WORKSTATIONS, ELECTION = 177, 16, "zk2024"
#: The workstation with the window that is looked at.
WATCHER = WORKSTATIONS
_ZLIN, _SEED = 7204, 3
#: Protocols that a workstation takes in before it lets them be sent.
_BETWEEN_SENDINGS = 3


def largest_reference() -> Reference:
    """177 precincts of one point that vote for a council and the Senate."""
    return invent(Plan(seed=_SEED, precincts=PRECINCTS, stations=1, home_district=_ZLIN))


def point_of(reference: Reference) -> int:
    (point,) = {precinct.transfer_point for precinct in reference.precincts.values()}
    return point


def files_of(reference: Reference) -> dict[ProtocolKey, bytes]:
    """The commissions' files, one for each protocol."""
    found = {}
    for precinct in reference.precincts.values():
        for contest in reference.contests_of(precinct):
            paper = ballots.write(reference, precinct, contest, _SEED)
            reading = paper.mended or paper.first
            found[reading.key] = file_of(reading, mode=reference.election.mode)
    return found


def shifted(offset: float) -> Callable[[], datetime]:
    """The machine's clock, moved into the night."""
    return lambda: datetime.now(UTC) + timedelta(seconds=offset)


def night_offset() -> float:
    return float(round((NIGHT - datetime.now(UTC)).total_seconds()))


def make_centre(base: Path, reference: Reference, folders: list[Path], offset: float) -> Path:
    """The centre's folder, with all these workstations registered."""
    code = reference.election.code
    signer, parts = authority(code).of_role(Role.CENTRE), _parts(base, folders[0])
    folder = base / "centre"
    central.init(
        folder,
        CentreSettings(code, reference.election.mode, clock_offset_seconds=int(offset)),
        authority=authority(code).certificate.to_pem(),
        key=signer.key,
        certificate=signer.certificate,
        reference=parts / "reference.sqlite",
        reference_signature=parts / "reference.sqlite.p7s",
    )
    certificates = [Certificate.from_pem((one / "station.pem").read_bytes()) for one in folders]
    central.add_stations(folder, certificates, shifted(offset)())
    return folder


def make_folders(base: Path, reference: Reference, count: int, url: str) -> list[Path]:
    """Station folders of one point that send to `url`."""

    def sends_to(config: StationConfig) -> StationConfig:
        from dataclasses import replace

        return replace(config, centre_url=url)

    point = point_of(reference)
    return [
        make_station(base, reference, point=point, workstation=number, config=sends_to)
        for number in range(1, count + 1)
    ]


def take_in(station: Station, offer: Offer) -> None:
    """Accept an offer; what needs approval is approved."""
    if offer.can_accept:
        station.intake.accept(offer, CLERK)
    else:
        held = station.intake.hold(offer, CLERK, "zkouška")
        station.intake.approve(offer.key, SUPERVISOR, held.content_hash)


def _parts(base: Path, folder: Path) -> Path:
    return base / folder.name.replace("station-", "parts-")


class Hands:
    """One workstation at work: its offers were read before, so that sending is what is measured."""

    def __init__(self, station: Station, files: list[bytes], told: Callable[[ProtocolKey], None]) -> None:
        self._station, self._files, self._told = station, files, told
        self._sender = station.sender()
        self._confirmed: set[ProtocolKey] = set()
        station.subscribe(self._heard)
        self._send()  # it asks, and is heard of, as any workstation that is up

    def work(self) -> None:
        for number, data in enumerate(self._files, 1):
            (offer,) = self._station.intake.read_bytes("zapis.xml", data, passed_cases=False)
            take_in(self._station, offer)
            if number % _BETWEEN_SENDINGS == 0:
                self._send()
        while self._station.connection().queue:
            self._send()
            time.sleep(0.01)

    def _send(self) -> None:
        while (due := self._sender.step(self._station.clock())) is not None:
            if due > self._station.clock():
                return

    def _heard(self, change: Change) -> None:
        for key in change.keys:
            row = self._station.row(key)
            ours = row is not None and row.state is State.CONFIRMED and not row.is_elsewhere
            if ours and key not in self._confirmed:
                self._confirmed.add(key)
                self._told(key)


def main() -> None:
    """Work at all workstations but the watcher's."""
    base, offset = Path(sys.argv[1]), float(sys.argv[2])
    clock, guard = shifted(offset), threading.Lock()

    def told(key: ProtocolKey) -> None:
        at = time.monotonic()
        with guard:
            print(json.dumps([*key.precinct, key.contest.value, at]), flush=True)

    with ExitStack() as stack:
        folders = [one for one in sorted(base.glob("station-*")) if not one.name.endswith(f"-{WATCHER}")]
        stations = [stack.enter_context(Station.open(folder, clock)) for folder in folders]
        files = list(files_of(stations[0].reference).values())
        shares = [files[number :: len(stations)] for number in range(len(stations))]
        hands = [Hands(one, share, told) for one, share in zip(stations, shares, strict=True)]
        threads = [threading.Thread(target=one.work) for one in hands]
        print("READY", flush=True)
        sys.stdin.readline()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print("DONE", flush=True)


def key_of(told: str) -> tuple[ProtocolKey, float]:
    """A line that the working process told."""
    municipality, precinct, contest, at = json.loads(told)
    return ProtocolKey(PrecinctId(municipality, precinct), Contest(contest)), at


if __name__ == "__main__":
    main()
