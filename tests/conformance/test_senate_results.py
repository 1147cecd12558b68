"""The Senate of October 2016, both rounds, against the official document: value by value and in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from app import resources
from app.documents.compare_senate import compare_senate
from app.documents.registers import with_round_1
from app.documents.registers.source import unpacked
from app.documents.results import senate_obce_obvod, senate_vysledky
from app.election.model import Contest
from app.election.tally import ElectionTally
from tests.conformance.senate_2016 import OFFICIAL, protocols, reference
from tests.support.opendata import needs_data

pytestmark = needs_data

NIGHT = datetime(2019, 11, 30, 22, 11, 47, tzinfo=UTC)  # when the official document was generated
ROUNDS = (Contest.SENATE_ROUND_1, Contest.SENATE_ROUND_2)
#: What the official document says of round 2 and a document of round 1 cannot.
OF_ROUND_2 = ("HLASY_2KOLO", "HLASY_PROC_2KOLO", "ZVOLEN_2KOLO")


@cache
def counted(contest: Contest) -> ElectionTally:
    tally = ElectionTally(reference(contest), contest)
    for protocol in protocols(contest):
        tally.apply(protocol)
    tally.assert_consistent()
    return tally


@cache
def official() -> etree._Element:
    return etree.fromstring(unpacked(OFFICIAL))


def lines(root: etree._Element, round_: int) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every element in document order with its attributes in theirs, as known once `round_` is over."""
    for element in root.iter(etree.Element):
        if round_ == 1 and element.get("KOLO") == "2":
            continue
        attributes = [(str(name), str(value)) for name, value in element.attrib.items()]
        yield (
            str(element.tag),
            [pair for pair in attributes if round_ == 2 or pair[0] not in OF_ROUND_2],
        )


def ours(contest: Contest) -> etree._Element:
    return etree.fromstring(senate_vysledky(reference(contest), counted(contest), NIGHT))


@pytest.mark.parametrize("contest", ROUNDS)
def test_vysledky_equal_the_official_document_in_every_value_and_in_order(contest: Contest) -> None:
    assert list(lines(ours(contest), contest.round)) == list(lines(official(), contest.round))


def test_after_round_2_the_document_is_the_official_one_but_for_white_space() -> None:
    def bare(data: bytes) -> str:
        text = data.decode().replace("utf-8", "UTF-8", 1)
        return "".join(text.split())

    made = senate_vysledky(reference(ROUNDS[1]), counted(ROUNDS[1]), NIGHT)
    assert bare(made) == bare(unpacked(OFFICIAL))


@pytest.mark.parametrize("contest", ROUNDS)
def test_the_comparison_of_a_published_folder_finds_no_difference_and_one_vote(
    tmp_path: Path, contest: Contest
) -> None:
    place = tmp_path / "versions" / "3" / "appdata" / "senat" / "20161007" / "odata"
    place.mkdir(parents=True)
    document = place / "vysledky.xml"
    document.write_bytes(senate_vysledky(reference(contest), counted(contest), NIGHT))
    result = compare_senate(tmp_path, OFFICIAL.parent, contest.round)
    assert result.differences == []
    assert result.values_compared == {1: 2_199, 2: 2_641}[contest.round]
    votes = f'HLASY_{contest.round}KOLO="4148"' if contest.round == 2 else 'HLASY_1KOLO="5216"'
    document.write_text(
        document.read_text("utf-8").replace(votes, votes.replace("4", "5").replace("6", "7")), "utf-8"
    )
    (difference,) = compare_senate(tmp_path, OFFICIAL.parent, contest.round).differences
    assert str(difference).startswith("vysledky: OBVOD 1 KANDIDAT 3 @HLASY_")


@pytest.mark.parametrize("contest", ROUNDS)
def test_the_municipalities_of_every_district_add_up_to_its_result(contest: Contest) -> None:
    wanted = {row.get("CISLO"): row for row in ours(contest).iterfind("{*}OBVOD")}
    schema = etree.XMLSchema(etree.parse(str(resources.path("schemas", "se_vysledky_obce_obvod.xsd"))))
    for number in reference(contest).senate_districts:
        root = etree.fromstring(senate_obce_obvod(reference(contest), counted(contest), number, NIGHT))
        schema.assertValid(root)
        own = root[0]
        assert [dict(each.attrib) for each in own] == [dict(each.attrib) for each in wanted[str(number)]]
        votes = f"HLASY_{contest.round}KOLO"
        for person in own.iterfind("{*}KANDIDAT"):
            place = person.get("PORADOVE_CISLO")
            parts = root.iterfind(f"{{*}}OBEC/{{*}}HLASY[@PORADOVE_CISLO='{place}']")
            assert sum(int(part.get(votes, "0")) for part in parts) == int(person.get(votes, "0"))
        turnout = [u for u in root.iterfind("{*}OBEC/{*}UCAST") if u.get("KOLO") == str(contest.round)]
        whole = own.findall("{*}UCAST")[-1]
        for name in ("OKRSKY_CELKEM", "OKRSKY_ZPRAC", "ZAPSANI_VOLICI", "PLATNE_HLASY"):
            assert sum(int(u.get(name, "")) for u in turnout) == int(whole.get(name, "-1"))


def test_our_own_round_1_gives_the_same_reference_data_of_round_2_as_the_offices(tmp_path) -> None:
    first, tally = reference(ROUNDS[0]), counted(ROUNDS[0])
    (tmp_path / "obvody").mkdir()
    (tmp_path / "vysledky.xml").write_bytes(senate_vysledky(first, tally, NIGHT))
    for number in first.senate_districts:
        path = tmp_path / "obvody" / f"vysledky_obce_obvod_{number}.xml"
        path.write_bytes(senate_obce_obvod(first, tally, number, NIGHT))
    second = reference(ROUNDS[1])
    found = with_round_1(first, tmp_path).senate_districts
    for number, district in second.senate_districts.items():
        mine, theirs = found[number].round1, district.round1
        assert mine is not None
        assert theirs is not None
        assert found[number].finalists == district.finalists
        assert (mine.counts, mine.votes, mine.elected) == (theirs.counts, theirs.votes, theirs.elected)
        parts = [area.counts.valid_votes for area in mine.municipalities.values()]
        assert sum(parts) == mine.counts.valid_votes


@pytest.mark.parametrize("contest", ROUNDS)
def test_our_schema_accepts_our_document_and_the_official_one(contest: Contest) -> None:
    schema = etree.XMLSchema(etree.parse(str(resources.path("schemas", "se_vysledky.xsd"))))
    schema.assertValid(ours(contest))
    schema.assertValid(official())
