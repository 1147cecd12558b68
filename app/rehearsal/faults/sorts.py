"""The sorts of runs within one process: what each adds to the faults on the line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from app.central.centre import Centre
from app.election.errors import KnownError
from app.rehearsal.clerk import SUPERVISOR
from app.rehearsal.faults import bits
from app.rehearsal.faults.disks import Disk
from app.rehearsal.faults.killing import kill_run
from app.rehearsal.faults.kinds import Fault, Sort
from app.rehearsal.faults.posts import Server, StationPost
from app.rehearsal.faults.runs import Run
from app.rehearsal.faults.scene import SmallNight
from app.rehearsal.faults.verdict import Verdict
from app.station.audit.verify import verify_folder
from app.station.backup.restore import Credentials, restore
from app.station.config import KEY_FILE
from app.station.station import Station
from app.station.transport import HttpTransport

#: How far a clock jumps, in seconds, either way.
_JUMPS = (30.0, 600.0, 3_600.0, 6 * 3_600.0)
_FEW = 8


def line_run(night: SmallNight, folder: Path, server: Server, seed: str) -> Verdict:
    """Faults on the line, and programs stopped in order."""
    with Run(night, folder, server, seed) as run:
        run.work()
        return run.end()


def tls_run(night: SmallNight, folder: Path, server: Server, seed: str) -> Verdict:
    """The same over TLS: handshakes that are cut, servers that are not the centre's."""
    with Run(night, folder, server, seed, rate=0.35, tls=True) as run:
        run.work()
        return run.end()


def clock_run(night: SmallNight, folder: Path, server: Server, seed: str) -> Verdict:
    """Clocks of stations jump forward and back while they work, and are set right in the end.

    The first one's is never before the end of voting: where every clock says that people still vote, nothing
    is published until one says otherwise, and that is the embargo's work, no fault.
    """
    ended = night.sandbox.reference.election.calendar.voting_ends
    with Run(night, folder, server, seed, rate=0.2) as run:
        for _ in range(4):
            for station in run.stations:
                if run.chance.random() < 0.6:
                    jump = run.chance.choice(_JUMPS)
                    skew = run.chance.choice((-1, 1)) * run.chance.uniform(0, jump)
                    since = (run.clock() - ended).total_seconds()
                    station.clock.skew = max(skew, -since) if station is run.stations[0] else skew
                    run.events[Fault.CLOCK] += 1
            run.work(_FEW)
        for station in run.stations:
            station.clock.skew = 0.0
        return run.end()


def disk_run(night: SmallNight, folder: Path, server: Server, seed: str) -> Verdict:
    """The disk of everybody is full now and then; then it can only be read when they start."""
    with Disk(folder) as disk, Run(night, folder, server, seed, rate=0.15) as run:
        for _ in range(3):
            run.work(4)
            with disk.full(run.chance):
                run.events[Fault.DISK_FULL] += 1
                _work_on(run)
        _start_read_only(run, disk)
        run.work(4)
        return run.end()


def _work_on(run: Run) -> None:
    """People and senders work on; a centre or a station that cannot start is started later."""
    for _ in range(_FEW * len(run.stations)):
        station = run.chance.choice(run.stations)
        if run.chance.random() < 0.5:
            station.take_in()
        else:
            station.step()
        run.clock.advance(run.chance.uniform(0, 20))
    if run.chance.random() < 0.5:
        run.centre.publish()


def _start_read_only(run: Run, disk: Disk) -> None:
    """Whoever starts on a disk that can only be read says so and touches nothing."""
    run.close_all()
    with disk.read_only() as there:
        if there:
            run.events[Fault.DISK_READ_ONLY] += 1
            for station in run.stations:
                _refused(run, station.folder.name, station.open)
                station.close()
            _refused(run, "centre", run.centre.open)
            run.centre.close()
    run.centre.open()
    for station in run.stations:
        station.open()


def _refused(run: Run, who: str, start: Callable[[], object]) -> bool:
    """Whether a start was refused with a code; any other end of it is stuck."""
    try:
        start()
    except KnownError:
        return True
    except Exception as error:  # whatever it is, it is no sentence for people
        run.verdict.stuck.append(f"{who}: {type(error).__name__}: {error}")
    return False


def bits_run(night: SmallNight, folder: Path, server: Server, seed: str) -> Verdict:
    """Bits of a store are flipped while its program does not run; it is noticed, and repaired from a copy."""
    with Run(night, folder, server, seed, rate=0.2) as run:
        # A later batch that came by a stick, with an earlier one that is lost with its store, cannot be
        # rebuilt upon: the centre says so (BAK-08), and people settle it. That is no run of its own.
        run.in_order = True
        place = folder / "copies"
        place.mkdir()
        chosen = run.chance.choice(run.stations)
        assert chosen.station is not None
        chosen.station.backups.choose(place, SUPERVISOR)
        run.work(_FEW)
        if run.chance.random() < 0.5:
            chosen.back_up()
            run.work(_FEW // 2)
            _flip_station(run, chosen, place)
        else:
            _flip_centre(run)
        run.work(_FEW)
        return run.end()


def _flip_station(run: Run, chosen: StationPost, place: Path) -> None:
    chosen.close()
    store = chosen.folder / "store.sqlite"
    before = bits.contents(store)
    bits.flip(store, run.chance)
    run.events[Fault.BITS_STATION] += 1
    if bits.contents(store) == before:
        chosen.open()
        return
    if verify_folder(chosen.folder).is_whole and not _opening_refused(run, chosen):
        run.verdict.forged.append(f"{chosen.folder.name}: flipped bits were not noticed")
    chosen.close()
    run.line.calm()
    damaged = Path(shutil.move(chosen.folder, chosen.folder.with_name("damaged")))
    restore(
        place,
        chosen.folder,
        SUPERVISOR,
        run.clock,
        lambda _config, folder: HttpTransport(run.line.url, folder),
        Credentials(key=damaged / KEY_FILE),
    )
    chosen.begin_again()
    chosen.open()


def _opening_refused(run: Run, chosen: StationPost) -> bool:
    return _refused(run, chosen.folder.name, lambda: Station.open(chosen.folder, run.clock).close())


def _flip_centre(run: Run) -> None:
    run.centre.close()
    folder = run.night.sandbox.centre
    store = folder / "centre.sqlite"
    copy = store.read_bytes()
    before = bits.contents(store)
    bits.flip(store, run.chance)
    run.events[Fault.BITS_CENTRE] += 1
    if bits.contents(store) != before:
        if not _refused(run, "centre", lambda: Centre.open(folder, run.clock).close()):
            run.verdict.forged.append("centre: flipped bits were not noticed")
        for beside in folder.glob("centre.sqlite*"):
            beside.unlink()
        store.write_bytes(copy)
    run.centre.open()


#: The runs by their sort; each is told its night, a new folder, the campaign's server and the seed.
SORTS: dict[Sort, Callable[[SmallNight, Path, Server, str], Verdict]] = {
    Sort.LINE: line_run,
    Sort.TLS: tls_run,
    Sort.CLOCK: clock_run,
    Sort.DISK: disk_run,
    Sort.BITS: bits_run,
    Sort.KILLS: kill_run,
}
