"""The commissions' files of a rehearsed night, as they would lie on the sticks.

    zapis_900001_00001.xml              the first version of the precinct's protocols, both in one file
    zapis_900001_00001_opraveny.xml     the mended one, when the first is blocked by a check
    zapis_900001_00001_po_prevzeti.xml  the correction that the commission brings after acceptance

A file holds all protocols of one precinct. Names sort in the order in which the commissions come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.documents import protocol_file
from app.election.model import Protocol, ProtocolKey, Reading
from app.election.reference import Precinct, Reference
from app.rehearsal import ballots
from app.rehearsal.ballots import Mistake, Paper

_MENDED = "_opraveny"
_CORRECTED = "_po_prevzeti"


@dataclass(frozen=True, slots=True)
class Visit:
    """One precinct's files, as paths; the later two only where the commission has to come again."""

    first: Path
    mended: Path | None
    correction: Path | None


def write_invented(
    folder: Path,
    reference: Reference,
    precincts: Iterable[Precinct],
    seed: int,
    mistakes: Mapping[ProtocolKey, Mistake] = MappingProxyType({}),
) -> dict[ProtocolKey, Paper]:
    """Write all files of these precincts into `folder`; returns the papers, which know the truth.

    `mistakes` are those that shall be made for certain; the other papers carry theirs by chance."""
    papers: dict[ProtocolKey, Paper] = {}
    folder.mkdir(parents=True, exist_ok=True)
    for precinct in precincts:
        of_precinct = [
            ballots.write(reference, precinct, contest, seed, mistakes.get(ProtocolKey(precinct.id, contest)))
            for contest in reference.contests_of(precinct)
        ]
        papers.update({paper.truth.key: paper for paper in of_precinct})
        _write_versions(folder, reference, precinct, of_precinct)
    return papers


def write_readings(
    folder: Path, reference: Reference, precinct: Precinct, readings: Sequence[Reading]
) -> Path:
    """Write one precinct's readings exactly as stated; for replays of real nights."""
    info = reference.election
    path = folder / f"{_stem(precinct)}.xml"
    path.write_bytes(protocol_file.write(readings, info.code, info.mode))
    return path


def visits(folder: Path) -> Iterator[Visit]:
    """The visits for which files wait in `folder`, in order."""
    for first in sorted(folder.glob("zapis_*.xml")):
        if not first.stem.endswith((_MENDED, _CORRECTED)):
            mended = first.with_stem(first.stem + _MENDED)
            correction = first.with_stem(first.stem + _CORRECTED)
            yield Visit(
                first, mended if mended.exists() else None, correction if correction.exists() else None
            )


def names(precinct: Precinct) -> dict[str, str]:
    """What a precinct's files are called, those too that its commission may not have to bring."""
    stem = _stem(precinct)
    return {"file": f"{stem}.xml", "mended": f"{stem}{_MENDED}.xml", "corrected": f"{stem}{_CORRECTED}.xml"}


def published_in_the_end(papers: Iterable[Paper]) -> tuple[Protocol, ...]:
    """What has to be published when everything is in."""
    return tuple(paper.truth for paper in papers)


def _write_versions(folder: Path, reference: Reference, precinct: Precinct, papers: Sequence[Paper]) -> None:
    info = reference.election
    stem = _stem(precinct)

    def write(suffix: str, readings: Sequence[Reading]) -> None:
        data = protocol_file.write(readings, info.code, info.mode)
        (folder / f"{stem}{suffix}.xml").write_bytes(data)

    write("", [paper.first for paper in papers])
    if any(paper.mended is not None for paper in papers):
        write(_MENDED, [paper.mended or paper.first for paper in papers])
    corrections = [paper.correction for paper in papers if paper.correction is not None]
    if corrections:
        write(_CORRECTED, corrections)


def _stem(precinct: Precinct) -> str:
    return f"zapis_{precinct.id.municipality}_{precinct.id.number:05d}"
