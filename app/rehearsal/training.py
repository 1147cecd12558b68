"""The training of clerks: an invented transfer point in a folder of its own, its files, papers and lessons.

The centre that answers is opened in the same process and reached by function calls: there is no address, so
nothing that is practised can leave the computer. Its reference data are a rehearsal's, so no live centre
would take anything of it either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from app.central.answers import Answer as CentreAnswer
from app.central.centre import Centre
from app.central.settings import CentreSettings
from app.election.model import Contest, Protocol, ProtocolKey
from app.election.reference import Reference
from app.rehearsal import files, generator, people
from app.rehearsal.ballots import Mistake, Paper
from app.rehearsal.sandbox import Builder, Sandbox
from app.station.training import Lesson
from app.station.wire import Answer
from app.trust.passwords import Passwords

_SEED: Final = 1201
#: What the commission of each lesson does, in the order of the lessons; the next where it cannot.
_WISHED: Final[dict[str, tuple[Mistake, ...]]] = {
    "file": (Mistake.NONE,),
    "mend": (Mistake.DIGITS_SWAPPED, Mistake.ISSUED_TOO_MANY),
    "paper": (Mistake.NONE,),
    "passable": (Mistake.EXTRA_ENVELOPE,),
    "refusal": (Mistake.SHEET_MISSING, Mistake.BLANK_COUNT),
}
#: Nobody listens there, and nothing asks: the line is a function call.
_NOWHERE: Final = "http://127.0.0.1:1"


@dataclass(frozen=True, slots=True)
class Training:
    """A prepared training: the station to open, its stick, lessons, and the papers of all of them."""

    sandbox: Sandbox
    point: int
    lessons: tuple[Lesson, ...]
    papers: tuple[Protocol, ...]
    clerk: str

    @property
    def station(self) -> Path:
        return self.sandbox.station(self.point)

    @property
    def stick(self) -> Path:
        return self.sandbox.files(self.point)


class CentreInside:
    """A transport to a centre in the same process."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    def push(self, data: bytes) -> Answer:
        return _answer(self._centre.ingest.receive(data, self._centre.clock()))

    def ask(self, data: bytes) -> Answer:
        return _answer(self._centre.inquiries.answer(data, self._centre.clock()))

    def ping(self) -> bool:
        return True


def _answer(given: CentreAnswer) -> Answer:
    return Answer(given.http_status, given.body, given.content_type, given.retry_after)


def prepare(folder: Path, now: datetime, passwords: Passwords | None = None) -> Training:
    """Make everything in `folder` (empty), the people too; `passwords` checks theirs (default: at the full
    cost)."""
    plan = generator.Plan(
        seed=_SEED, precincts=len(_WISHED), stations=1, home_district=7204, contests=(Contest.REGIONAL,)
    )
    reference = generator.invent(plan)
    builder = Builder(folder, reference, now)
    info = reference.election
    offset = int(builder.offset.total_seconds())
    settings = CentreSettings(election=info.code, mode=info.mode, clock_offset_seconds=offset)
    sandbox = builder.build(settings)
    [point] = {precinct.transfer_point for precinct in reference.precincts.values()}
    builder.add_station(point, _NOWHERE)
    builder.enrol()
    keys = [ProtocolKey(each.id, Contest.REGIONAL) for each in reference.precincts.values()]
    papers = _papers(sandbox.files(point), reference, keys)
    people.move_in(sandbox.station(point), sandbox.clock, passwords)
    return Training(
        sandbox, point, tuple(_lessons(reference, papers)), tuple(papers.values()), people.CLERK.name
    )


@contextmanager
def centre_of(training: Training) -> Iterator[CentreInside]:
    """The training's centre, open for as long as the desk is."""
    centre = Centre.open(training.sandbox.centre, training.sandbox.clock)
    try:
        yield CentreInside(centre)
    finally:
        centre.database.close()


def _papers(folder: Path, reference: Reference, keys: list[ProtocolKey]) -> dict[ProtocolKey, Protocol]:
    """Write the commissions' files; what stands on their papers. The typed lesson's one has no file."""
    made = files.write_invented(
        folder, reference, reference.precincts.values(), _SEED, _mistakes(reference, keys)
    )
    for name, key in zip(_WISHED, keys, strict=True):
        named = files.names(reference.precincts[key.precinct])
        for kind, file in named.items():
            keeps = kind == "file" and name != "paper"
            if not keeps:
                (folder / file).unlink(missing_ok=True)
    return {key: made[key].truth for key in keys}


def _mistakes(reference: Reference, keys: list[ProtocolKey]) -> dict[ProtocolKey, Mistake]:
    from app.rehearsal import ballots

    def possible(key: ProtocolKey, wished: tuple[Mistake, ...]) -> Mistake:
        precinct = reference.precincts[key.precinct]

        def paper(mistake: Mistake) -> Paper:
            return ballots.write(reference, precinct, key.contest, _SEED, mistake)

        return next((each for each in wished if paper(each).mistake is each), Mistake.NONE)

    return {key: possible(key, wished) for key, wished in zip(keys, _WISHED.values(), strict=True)}


def _lessons(reference: Reference, papers: dict[ProtocolKey, Protocol]) -> Iterator[Lesson]:
    for name, key in zip(_WISHED, papers, strict=True):
        precinct = reference.precincts[key.precinct]
        yield Lesson(
            name,
            key,
            {
                "place": f"{reference.municipalities[key.precinct.municipality].name} {key.precinct.number}",
                "file": files.names(precinct)["file"],
                "second": people.SECOND_CLERK.name,
                "second_password": people.SECOND_CLERK.password,
                "supervisor": people.SUPERVISOR.name,
                "supervisor_password": people.SUPERVISOR.password,
            },
        )
