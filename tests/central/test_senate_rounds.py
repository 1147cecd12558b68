"""Both rounds of the Senate, one centre after the other: what the first published the second begins with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

from app.election.model import Contest
from tests.support.house import Clock, House
from tests.support.invented_election import CALENDAR, reference
from tests.support.senate_rounds import published, round_2

NS = "{http://www.volby.cz/senat/}"


def test_round_2_begins_with_what_round_1_published_and_lies_at_the_same_address(tmp_path: Path) -> None:
    clock = Clock(CALENDAR.voting_ends + timedelta(hours=1))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    first = published(House(tmp_path / "one", reference(), clock), Contest.SENATE_ROUND_1)
    second = round_2(first)
    assert {n: d.finalists for n, d in second.senate_districts.items()} == {2: (2, 4), 17: (1, 2)}
    clock.move(days=7)
    folder = published(House(tmp_path / "two", second, clock), Contest.SENATE_ROUND_2)
    before, after = (ElementTree.parse(each / "vysledky.xml").getroot() for each in (first, folder))
    for one, both in zip(before.iter(f"{NS}KANDIDAT"), after.iter(f"{NS}KANDIDAT"), strict=True):
        assert list(both.items())[: len(one.items())] == list(one.items())
        assert ("HLASY_2KOLO" in both.attrib) is (one.attrib["ZVOLEN_1KOLO"] == "2.KOLO")
    told = [
        each.attrib["ZVOLEN_2KOLO"] for each in after.iter(f"{NS}KANDIDAT") if "ZVOLEN_2KOLO" in each.attrib
    ]
    assert sorted(told) == ["NEZVOLEN", "NEZVOLEN", "ZVOLEN", "ZVOLEN"]
    for number in (2, 17):
        name = Path("obvody", f"vysledky_obce_obvod_{number}.xml")
        rows = [ElementTree.parse(each / name).getroot().iter(f"{NS}OBEC") for each in (first, folder)]
        for one, both in zip(*rows, strict=True):
            assert one.find(f"{NS}UCAST").attrib == both.find(f"{NS}UCAST").attrib  # type: ignore[union-attr]
            assert [u.attrib["KOLO"] for u in both.iter(f"{NS}UCAST")] == ["1", "2"]
