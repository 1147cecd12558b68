"""The rehearsal rounds of the nation: prescribed protocols for every workstation, the verdict on each point.

Round 1 tries that a few protocols typed from paper arrive; round 2 the same with a simulated failure and a
reinstallation between them; round 3 the full load, every protocol of the point. What is prescribed is a
function of the seed and the round, and the file with it is signed, so that who judges compares with exactly
what was printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.central import centre, stations, store
from app.central.stored import decode
from app.documents import tasks as documents
from app.documents.tasks import FILE, MAX_BYTES, SIGNATURE_FILE, Task, Tasks
from app.election.complete import with_flags
from app.election.errors import KnownError
from app.election.model import Mode, Protocol, ProtocolKey, RegionalProtocol
from app.election.reference import Reference
from app.rehearsal import ballots
from app.rehearsal.ballots import Mistake
from app.trust import cms
from app.trust.identity import Expected, Role
from app.trust.keys import PrivateKey

#: Protocols that each workstation types in rounds 1 and 2; in round 3 it is all of the point's.
A_FEW: Final = 3
#: Apart from one another and from the seeds of other rehearsals.
_SEED: Final = 77_000


class Fault(StrEnum):
    """What is wrong with a prescribed protocol at the centre."""

    MISSING = "missing"
    OTHER_NUMBERS = "other numbers"
    WITH_ERROR = "with an error"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Finding:
    """One prescribed protocol that is not as it should be. `detail` names the figures that differ, as
    `name: prescribed → arrived`."""

    task: Task
    fault: Fault
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """One transfer point's result."""

    transfer_point: int
    prescribed: int
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return not self.findings

    def count(self, fault: Fault) -> int:
        return sum(each.fault is fault for each in self.findings)


@dataclass(frozen=True, slots=True)
class Arrived:
    """The last revision of a protocol that the centre holds."""

    protocol: Protocol
    revision: int
    at: datetime


def prescribe(
    reference: Reference, workstations: Mapping[int, Sequence[str]], round_: int, made_at: datetime,
    points: frozenset[int] | None = None,
) -> Tasks:  # fmt: skip
    """The tasks of a round. `workstations` are those in force by transfer point; a point without any gets
    the name of its first one. `points` leaves out the others. Raises KnownError REH-40 for a live election,
    REH-41 where no precinct belongs to the points."""
    election = reference.election
    if election.mode is not Mode.REHEARSAL:
        raise KnownError(
            "REH-40",
            "Zkušební kolo se koná jen ve zkušebním režimu; tohle ústředí je ostré.",
            "A rehearsal round is held in a rehearsal only; this centre is live.",
        )
    by_point: dict[int, list[ProtocolKey]] = defaultdict(list)
    for key in sorted(reference.expected):
        point = reference.precincts[key.precinct].transfer_point
        if points is None or point in points:
            by_point[point].append(key)
    if not by_point:
        raise KnownError(
            "REH-41",
            "K zadaným přebíracím místům nepatří žádný okrsek. Zkontrolujte jejich čísla.",
            "No precinct belongs to these transfer points. Check their numbers.",
        )
    tasks: list[Task] = []
    for point, keys in sorted(by_point.items()):
        names = sorted(workstations.get(point, ())) or [f"{point}-1"]
        tasks += _of_point(reference, point, names, keys, round_)
    return Tasks(election.code, election.mode, round_, _SEED + round_, made_at, tuple(tasks))


def _of_point(
    reference: Reference, point: int, names: Sequence[str], keys: Sequence[ProtocolKey], round_: int
) -> Iterator[Task]:
    """The point's protocols dealt to its workstations as cards are, a few or all of them."""
    for at, name in enumerate(names):
        mine = keys[at :: len(names)]
        for key in mine if round_ == 3 else mine[:A_FEW]:
            paper = ballots.write(
                reference, reference.precincts[key.precinct], key.contest, _SEED + round_, Mistake.NONE
            )
            yield Task(point, name, paper.truth)


def workstations_of(folder: Path) -> dict[int, list[str]]:
    """The workstations in force at a centre, by transfer point."""
    found: dict[int, list[str]] = defaultdict(list)
    with centre.opened_store(folder) as (database, _), database.reading() as connection:
        for each in stations.all_of(connection):
            if each.active:
                found[each.transfer_point].append(each.station)
    return found


def write(folder: Path, tasks: Tasks, centre_folder: Path, unlocked: PrivateKey | None, at: datetime) -> Path:
    """Write the tasks with the centre's signature beside; their path."""
    seal = centre.seal_of(centre_folder, unlocked)
    data = documents.write(tasks)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SIGNATURE_FILE).write_bytes(cms.sign_detached(data, seal.key, seal.certificate, at))
    (folder / FILE).write_bytes(data)
    return folder / FILE


def read(path: Path, centre_folder: Path, unlocked: PrivateKey | None, at: datetime) -> Tasks:
    """The tasks in a file or a folder, proved by the signature beside. Raises KnownError REH-42 where they
    cannot be read, `SignatureRefused` where somebody changed them."""
    file = path / FILE if path.is_dir() else path
    try:
        data, signature = file.read_bytes(), file.with_name(file.name + ".p7s").read_bytes()
    except OSError as error:
        raise KnownError(
            "REH-42",
            f"Úkoly kola nebo jejich podpis v {file} nelze přečíst ({error.strerror}).",
            f"The round's tasks or their signature in {file} cannot be read ({error.strerror}).",
        ) from error
    seal = centre.seal_of(centre_folder, unlocked)
    expected = Expected(Role.CENTRE, seal.certificate.identity.election)
    cms.verify_detached(data, signature, seal.anchors, at, expected, MAX_BYTES)
    return documents.read(data)


def arrived(folder: Path) -> dict[ProtocolKey, Arrived]:
    """The last counted revision of every protocol at a centre, running or not."""
    found: dict[ProtocolKey, Arrived] = {}
    with centre.opened_store(folder) as (database, _), database.reading() as connection:
        for row in store.revisions_after(connection, 0):
            if row.processing_order is not None:
                protocol = decode(bytes(row.protocol))
                at = datetime.fromisoformat(row.processed_at)
                found[protocol.key] = Arrived(protocol, row.revision, at)
    return found


def judge(tasks: Tasks, held: Mapping[ProtocolKey, Arrived], until: datetime | None) -> list[PointVerdict]:
    """The verdict on each point, by number: arrived, equal to the digit, without an error and in time."""
    by_point: dict[int, list[Task]] = defaultdict(list)
    for task in tasks.tasks:
        by_point[task.transfer_point].append(task)
    return [
        PointVerdict(point, len(mine), tuple(_found(mine, held, until)))
        for point, mine in sorted(by_point.items())
    ]


def _found(
    mine: Iterable[Task], held: Mapping[ProtocolKey, Arrived], until: datetime | None
) -> Iterator[Finding]:
    for task in mine:
        got = held.get(task.protocol.key)
        if got is None:
            yield Finding(task, Fault.MISSING)
        elif differing := list(differences(task.protocol, got.protocol)):
            yield Finding(task, Fault.OTHER_NUMBERS, "; ".join(differing))
        elif got.protocol.passable_error or got.protocol.corrected or got.revision > 1:
            yield Finding(task, Fault.WITH_ERROR, f"revize · revision {got.revision}")
        elif until is not None and got.at > until:
            yield Finding(task, Fault.LATE, got.at.isoformat(" ", "seconds"))


def differences(wanted: Protocol, got: Protocol) -> Iterator[str]:
    """Figures that differ, in the order of the form; flags are no figures."""
    plain = [with_flags(each, corrected=False, passable_error=False) for each in (wanted, got)]
    if plain[0] == plain[1]:
        return
    ours, theirs = dict(_figures(wanted)), dict(_figures(got))
    for name in [*ours, *(each for each in theirs if each not in ours)]:
        if ours.get(name, 0) != theirs.get(name, 0):
            yield f"{name}: {ours.get(name, 0)} → {theirs.get(name, 0)}"


def _figures(protocol: Protocol) -> Iterator[tuple[str, int]]:
    """Names as the form has them."""
    yield from zip(("VOL_SEZNAM", "VYD_OBALKY", "ODEVZ_OBAL", "PL_HL_CELK"), protocol.counts, strict=True)
    if not isinstance(protocol, RegionalProtocol):
        for number, votes in protocol.votes:
            yield f"kandidát {number}", votes
        return
    for sheet in protocol.sheets:
        yield f"listina {sheet.list_number}", sheet.votes
        for number, votes in sheet.preferences:
            yield f"listina {sheet.list_number}, přednostní {number}", votes
