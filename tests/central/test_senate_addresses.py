"""The Senate's older addresses: by day and round, each wrong value answered as the office's server does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import httpx
import pytest

from app.election.model import Contest
from tests.support.house import Clock, House, serving
from tests.support.invented_election import POINT, VOTING_ENDS, protocols, reference

SENATE = "/appdata/senat/20240920/odata"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A joint election."""
    clock = Clock(VOTING_ENDS + timedelta(hours=1))
    return House(tmp_path_factory.mktemp("house"), reference(), clock, batch_grid_seconds=0)


@pytest.fixture(scope="module")
def counting(house: House) -> Iterator[httpx.Client]:
    """A centre that has received three of the Senate's protocols."""
    opened, station = house.open(), house.station(f"{POINT}-1")
    made = protocols(house.reference, Contest.SENATE_ROUND_1)
    batch = station.batch(*station.items([p for p in made if p.precinct.municipality == 550001]))
    assert opened.ingest.receive(batch, house.clock.now).code == ""
    opened.publisher.flush()
    with (
        serving(opened) as url,
        httpx.Client(base_url=url, headers={"accept-encoding": "identity"}) as asking,
    ):
        yield asking
    opened.database.close()


def error(answer: httpx.Response) -> ElementTree.Element:
    root = ElementTree.fromstring(answer.content)
    return next(each for each in root if each.tag.endswith("CHYBA"))


@pytest.mark.parametrize(
    ("older", "static"),
    [
        ("vysledky?datum_voleb=20240920", "vysledky.xml"),
        ("vysledky", "vysledky.xml"),
        ("vysledky_obce_obvod?datum_voleb=20240920&cislo=2", "obvody/vysledky_obce_obvod_2.xml"),
        ("vysledky_okrsky?datum_voleb=20240920&kolo=1&davka=1", "okrsky/vysledky_okrsky_00001.xml"),
        ("vysledky_okrsky?kolo=1&davka=1", "okrsky/vysledky_okrsky_00001.xml"),
        ("vysledky_okrsky?davka=1", "okrsky/vysledky_okrsky_00001.xml"),
        ("vysledky_okrsky?kolo=1", "okrsky/vysledky_okrsky.xml"),
    ],
)
def test_both_layouts_give_the_same_document(counting: httpx.Client, older: str, static: str) -> None:
    one, other = counting.get(f"/pls/senat/{older}"), counting.get(f"{SENATE}/{static}")
    assert one.status_code == other.status_code == 200
    assert one.content == other.content
    assert b"http://www.volby.cz/senat/" in one.content
    assert b"CHYBA" not in one.content


@pytest.mark.parametrize(
    "query",
    ["kolo=1&davka=2", "kolo=2&davka=1", "kolo=2", "kolo=x&davka=1", "datum_voleb=20161007&kolo=1&davka=1"],
)
def test_a_batch_that_is_not_there_is_answered_by_an_error_document(
    counting: httpx.Client, query: str
) -> None:
    """A program that asks for round 2 until it is told that there is no such batch is told at once."""
    answer = counting.get(f"/pls/senat/vysledky_okrsky?{query}")
    assert answer.status_code == 200
    assert error(answer).attrib == {"KOD_CHYBY": "10"}
    assert b"http://www.volby.cz/senat/" in answer.content


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("vysledky?datum_voleb=20161007", "Chybná hodnota v parametru DATUM_VOLEB"),
        ("vysledky_obce_obvod?cislo=3", "Chybná hodnota v parametru OBVOD"),
        ("vysledky_obce_obvod", "Chybná hodnota v parametru OBVOD"),
    ],
)
def test_a_wrong_value_is_said(counting: httpx.Client, address: str, said: str) -> None:
    assert error(counting.get(f"/pls/senat/{address}")).text == said


def test_every_link_of_the_page_of_progress_leads_somewhere(counting: httpx.Client) -> None:
    links = [part.split('"')[0] for part in counting.get("/").text.split('href="')[1:]]
    assert f"{SENATE}/vysledky.xml" in links
    assert f"{SENATE}/obvody/vysledky_obce_obvod_17.xml" in links
    assert f"{SENATE}/okrsky/vysledky_okrsky.xml" in links
    assert {counting.get(link).status_code for link in links} == {200}
