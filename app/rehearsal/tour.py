"""What to try in the demo: for each path of a visit a precinct whose files lead through it, and a guide.

Which mistake which of the first commissions makes is wished here, so that every path has its file for any
seed. The guide is one page beside the files, in Czech and in English, with the signed papers to type from;
its words are in `resources/demo/tour.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

from app import resources
from app.election.model import Protocol, ProtocolKey, Reading, RegionalProtocol, RegionalReading
from app.election.reference import Candidate, Precinct, Reference
from app.rehearsal import ballots, files
from app.rehearsal.ballots import Mistake, Paper

GUIDE: Final = "co-vyzkouset.html"
#: The stops in their order, and what the regional commission does there; the next where it cannot.
_STOPS: Final[Mapping[str, tuple[Mistake, ...]]] = {
    "good": (Mistake.NONE,),
    "blocked": (Mistake.DIGITS_SWAPPED, Mistake.ISSUED_TOO_MANY, Mistake.BLANK_COUNT),
    "passable": (Mistake.EXTRA_ENVELOPE,),
    "paper": (Mistake.NONE,),
    "corrected": (Mistake.NEIGHBOURS_SWAPPED,),
}
LANGUAGES: Final = ("cs", "en")


@dataclass(frozen=True, slots=True)
class Stop:
    """One path: its name, the commission, its papers, and its files by what they are called in the texts."""

    name: str
    precinct: Precinct
    papers: tuple[Paper, ...]
    files: Mapping[str, str]


def mistakes(reference: Reference, seed: int) -> dict[ProtocolKey, Mistake]:
    """What the commissions of the tour do. Few precincts give few stops."""
    made = {}
    for (_, wished), precinct in zip(_STOPS.items(), reference.precincts.values(), strict=False):
        for contest in reference.contests_of(precinct):
            possible = wished if not contest.is_senate else (Mistake.NONE,)
            made[ProtocolKey(precinct.id, contest)] = next(
                (one for one in possible
                 if ballots.write(reference, precinct, contest, seed, one).mistake is one),
                Mistake.NONE,
            )  # fmt: skip
    return made


def stops(reference: Reference, seed: int) -> Iterator[Stop]:
    """All stops, whose files `files.write_invented` writes with `mistakes`."""
    wished = mistakes(reference, seed)
    for name, precinct in zip(_STOPS, reference.precincts.values(), strict=False):
        papers = tuple(
            ballots.write(reference, precinct, contest, seed, wished[ProtocolKey(precinct.id, contest)])
            for contest in reference.contests_of(precinct)
        )
        yield Stop(name, precinct, papers, files.names(precinct))


def short(stop: Stop, language: str) -> str:
    """The stop in a line."""
    return str(_texts()["stop"][stop.name][f"title_{language}"])


def write_guide(place: Path, reference: Reference, seed: int, stick: Path, results: str) -> Path:
    """Write the guide into `place`; returns its path."""
    told = _texts()
    parts = []
    for language in LANGUAGES:
        intro = told["intro"][language].format(stick=stick, results=results)
        parts.append(f'<section lang="{language}"><h1>{escape(told["title"][language])}</h1>')
        parts.append(f"<p>{escape(intro)}</p><ol>")
        for stop in stops(reference, seed):
            texts = told["stop"][stop.name]
            steps = "".join(
                f"<li>{escape(step.format(**_facts(stop, reference, language)))}</li>"
                for step in texts[f"steps_{language}"]
            )
            parts.append(f"<li><h2>{escape(texts[f'title_{language}'])}</h2><ul>{steps}</ul></li>")
        parts.append("</ol></section>")
    for stop in stops(reference, seed):
        title = " · ".join(told["paper"][language] for language in LANGUAGES)
        parts.append(f"<h2>{escape(title)}: {escape(_place(stop.precinct, reference))}</h2>")
        parts.append('<div class="papers">')
        parts += [_table(one, reference, told["row"]) for paper in stop.papers for one in _signed(paper)]
        parts.append("</div>")
    page = resources.path("demo", "page.html").read_text("utf-8")
    target = place / GUIDE
    target.write_text(page.replace("@body", "\n".join(parts)), "utf-8")
    return target


def _texts() -> dict[str, Any]:
    with resources.path("demo", "tour.toml").open("rb") as file:
        return tomllib.load(file)


def _place(precinct: Precinct, reference: Reference) -> str:
    return f"{reference.municipalities[precinct.id.municipality].name}, {precinct.id.number}"


def _facts(stop: Stop, reference: Reference, language: str) -> dict[str, str]:
    """What the texts name."""
    name = reference.municipalities[stop.precinct.id.municipality].name
    word = "okrsek" if language == "cs" else "precinct"
    return {
        **stop.files,
        "place": f"{name}, {word} {stop.precinct.id.number}",
        "slip": _slip(stop.papers[0], language) if stop.name == "blocked" else "",
    }


def _slip(paper: Paper, language: str) -> str:
    """What the commission of a blocked file got wrong, in words."""
    first, right = paper.first, paper.mended
    if isinstance(first, RegionalReading) and isinstance(right, RegionalReading):
        for wrong, true in zip(first.sheets, right.sheets, strict=True):
            if wrong.votes != true.votes:
                return {
                    "cs": f"listina {true.list_number} má v souboru {wrong.votes} hlasů, na papíře "
                    f"{true.votes}.",
                    "en": f"list {true.list_number} has {wrong.votes} votes in the file, {true.votes} on "
                    "the paper.",
                }[language]
    return {"cs": "čísla v souboru nejsou ta z papíru.", "en": "the file is not what the paper says."}[
        language
    ]


def _signed(paper: Paper) -> tuple[Protocol | Reading, ...]:
    """What the commission signed: the truth, and before it what it corrected later."""
    return (paper.truth,) if paper.correction is None else (paper.first, paper.truth)


def _table(paper: Protocol | Reading, reference: Reference, rows: Mapping[str, str]) -> str:
    """A paper's figures as a table: part 1, then lists or candidates."""
    told = [
        (str(at), rows[name], value) for at, (name, value) in enumerate(paper.counts._asdict().items(), 1)
    ]
    precinct = reference.precincts[paper.key.precinct]
    if isinstance(paper, RegionalProtocol | RegionalReading):
        assert precinct.region is not None
        lists = reference.regions[precinct.region].lists
        votes = {sheet.list_number: sheet.votes for sheet in paper.sheets}
        told += [(str(n), lists[n].short_name, votes.get(n, 0)) for n in lists]
    else:
        assert precinct.senate_district is not None
        people = reference.senate_districts[precinct.senate_district].candidates
        given = dict(paper.votes)
        told += [(str(n), _name(one), given.get(n, 0)) for n, one in people.items()]
    body = "".join(
        f"<tr><td>{code}</td><td>{escape(name)}</td><td>{value}</td></tr>" for code, name, value in told
    )
    corrected = f" – {rows['corrected']}" if paper.corrected else ""
    return f"<table><caption>{paper.key.contest.form}{corrected}</caption>{body}</table>"


def _name(person: Candidate) -> str:
    return f"{person.last_name} {person.first_name}"
