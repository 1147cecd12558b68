"""The tour of the demo: for any seed each path has its file, and the guide names it with its paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.election.checks import judge
from app.election.circumstances import Circumstances
from app.election.model import ProtocolKey
from app.rehearsal import files, generator, tour
from app.rehearsal.ballots import BLOCKING, Mistake

ZLIN = 7204


def reference(seed: int, precincts: int = 8):  # type: ignore[no-untyped-def]
    return generator.invent(generator.Plan(seed=seed, precincts=precincts, stations=1, home_district=ZLIN))


@pytest.mark.parametrize("seed", [1, 7, 2024])
def test_each_stop_leads_where_it_says(seed: int) -> None:
    known = reference(seed)
    stops = {stop.name: stop for stop in tour.stops(known, seed)}
    assert list(stops) == ["good", "blocked", "passable", "paper", "corrected"]
    for name in ("good", "paper"):
        assert all(paper.mistake is Mistake.NONE for paper in stops[name].papers)
    verdict = judge(stops["blocked"].papers[0].first, Circumstances(known))
    assert stops["blocked"].papers[0].mistake in BLOCKING
    assert verdict.blocking
    passable = judge(stops["passable"].papers[0].first, Circumstances(known))
    assert not passable.blocking
    assert passable.passable
    assert stops["corrected"].papers[0].correction is not None


def test_the_files_of_the_stops_are_written_as_they_are_told(tmp_path: Path) -> None:
    known, seed = reference(7), 7
    files.write_invented(tmp_path, known, known.precincts.values(), seed, tour.mistakes(known, seed))
    named = {"blocked": ("file", "mended"), "corrected": ("file", "corrected")}
    for stop in tour.stops(known, seed):
        for which in named.get(stop.name, ("file",)):
            assert (tmp_path / stop.files[which]).is_file(), (stop.name, which)


def test_the_guide_tells_every_stop_in_both_languages_with_its_papers(tmp_path: Path) -> None:
    known, seed = reference(7), 7
    page = tour.write_guide(tmp_path, known, seed, tmp_path / "stick", "http://127.0.0.1:1/").read_text(
        "utf-8"
    )
    assert "{" not in page.split("</style>")[1]
    for stop in tour.stops(known, seed):
        assert page.count(stop.files["file"]) >= 2
        assert all(tour.short(stop, language) in page for language in tour.LANGUAGES)
        for paper in stop.papers:
            assert f"<td>{paper.truth.counts.valid_votes}</td>" in page
            assert ProtocolKey(stop.precinct.id, paper.truth.key.contest) in tour.mistakes(known, seed)


def test_few_precincts_give_few_stops() -> None:
    assert [stop.name for stop in tour.stops(reference(7, 3), 7)] == ["good", "blocked", "passable"]
