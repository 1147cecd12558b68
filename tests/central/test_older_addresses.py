"""The older addresses, `/pls/…`: which document each one means, and what a wrong parameter is answered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.central import older
from app.central.addresses import Layout
from app.central.caching import CacheControl
from app.central.conditional import Answering
from app.central.front import Front
from app.central.site import Site
from app.election.model import Contest
from tests.support.house import Clock
from tests.support.invented_election import VOTING_ENDS, reference

REGIONAL = "appdata/zk2024/odata/"
SENATE = "appdata/senat/20240920/odata/"
FILES = {
    f"{REGIONAL}vysledky.xml": b"regions",
    f"{REGIONAL}vysledky_krajmesta.xml": b"cities",
    f"{REGIONAL}vysledky_kandid.xml": b"candidates",
    f"{REGIONAL}okresy/vysledky_okres_CZ0201.xml": b"district",
    f"{REGIONAL}okrsky/vysledky_okrsky.xml": b"second",
    f"{REGIONAL}okrsky/vysledky_okrsky_00001.xml": b"first",
    f"{REGIONAL}okrsky/vysledky_okrsky_00002.xml": b"second",
    f"{SENATE}vysledky.xml": b"senate",
    f"{SENATE}obvody/vysledky_obce_obvod_1.xml": b"senate district 1",
    f"{SENATE}okrsky/vysledky_okrsky.xml": b"senate first",
    f"{SENATE}okrsky/vysledky_okrsky_00001.xml": b"senate first",
}
ERRORS = {
    older.DISTRICT: b"no district",
    older.BATCH: b"no batch",
    older.SENATE_BATCH: b"no senate batch",
    older.SENATE_DISTRICT: b"no senate district",
    older.ELECTION: b"no senate election",
}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Front:
    site = Site()
    site.publish(1, FILES, ERRORS, VOTING_ENDS)
    return front_of(site, tmp_path_factory.mktemp("public"), Contest.REGIONAL, Contest.SENATE_ROUND_1)


def front_of(site: Site, public: Path, *contests: Contest) -> Front:
    known, clock = reference(*contests), Clock(VOTING_ENDS + timedelta(hours=1))
    return Front(site, Layout.of(known), public, Answering(CacheControl(known, clock)), nobody)


async def nobody(*_: object) -> None:
    raise AssertionError("handed on")


def ask(front: Front, address: str) -> tuple[int, bytes]:
    path, _, query = address.partition("?")
    answer = front.respond("GET", path, query.encode(), [])
    assert answer is not None
    return answer.status, answer.body


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/pls/zk2024/vysledky", "regions"),
        ("/pls/zk2024/vysledky?cokoli=1", "regions"),
        ("/pls/zk2024/vysledky_krajmesta", "cities"),
        ("/pls/zk2024/vysledky_kandid", "candidates"),
        ("/pls/zk2024/vysledky_okres?nuts=CZ0201", "district"),
        ("/pls/zk2024/vysledky_okres?NUTS=cz0201", "district"),
        ("/pls/zk2024/vysledky_okres?nuts=CZ0201&xjazyk=CZ", "district"),
        ("/pls/zk2024/vysledky_okrsky", "second"),
        ("/pls/zk2024/vysledky_okrsky?davka=", "second"),
        ("/pls/zk2024/vysledky_okrsky?davka", "second"),
        ("/pls/zk2024/vysledky_okrsky?davka=1", "first"),
        ("/pls/zk2024/vysledky_okrsky?Davka=001", "first"),
        ("/pls/zk2024/vysledky_okrsky?davka=0000000000001", "first"),
        ("/pls/zk2024/vysledky_okrsky?kolo=1&davka=1", "first"),
        ("/pls/senat/vysledky?datum_voleb=20240920", "senate"),
        ("/pls/senat/vysledky?DATUM_VOLEB=20240920", "senate"),
        ("/pls/senat/vysledky_obce_obvod?datum_voleb=20240920&cislo=1", "senate district 1"),
        ("/pls/senat/vysledky_obce_obvod?datum_voleb=20240920&obvod=01", "senate district 1"),
        ("/pls/senat/vysledky_okrsky?datum_voleb=20240920&kolo=1&davka=", "senate first"),
        ("/pls/senat/vysledky_okrsky?datum_voleb=20240920&kolo=1&davka=1", "senate first"),
    ],
)
def test_an_address_means_a_document(front: Front, address: str, body: str) -> None:
    assert ask(front, address) == (200, body.encode())


@pytest.mark.parametrize("wrong", ["", "CZ9999", "CZ0100", "x" * 19, "../x", "ž", "%C5%BE", "CZ%0d%0a", "²"])
def test_a_wrong_district_is_an_error_document(front: Front, wrong: str) -> None:
    assert ask(front, f"/pls/zk2024/vysledky_okres?nuts={wrong}") == (200, b"no district")


@pytest.mark.parametrize(
    "query",
    [
        "",  # missing
        "nuts=CZ0201&nuts=CZ0201",  # nobody can say which
        "nuts=CZ0201&NUTS=CZ9999",
        "nuts=CZ0201&" + "x" * 1000,  # longer than anything honest
    ],
)
def test_so_is_a_missing_a_repeated_and_an_overlong_one(front: Front, query: str) -> None:
    assert ask(front, f"/pls/zk2024/vysledky_okres?{query}") == (200, b"no district")


@pytest.mark.parametrize("wrong", ["3", "0", "-1", "1e3", "x", "²", "%C2%B2", "1.0", "9" * 10, "0x1", "1;2"])
def test_a_batch_that_is_not_there_is_an_error_document(front: Front, wrong: str) -> None:
    assert ask(front, f"/pls/zk2024/vysledky_okrsky?davka={wrong}") == (200, b"no batch")
    senate = f"/pls/senat/vysledky_okrsky?datum_voleb=20240920&kolo=1&davka={wrong}"
    assert ask(front, senate) == (200, b"no senate batch")


@pytest.mark.parametrize("query", ["davka=1&davka=2", "davka=1&kolo=2", "kolo=1&kolo=1"])
def test_so_is_one_of_another_round_or_asked_for_twice(front: Front, query: str) -> None:
    assert ask(front, f"/pls/zk2024/vysledky_okrsky?{query}") == (200, b"no batch")


@pytest.mark.parametrize(
    "date", ["datum_voleb=20161007", "datum_voleb=../zk2024", "datum_voleb=20240920&datum_voleb=1"]
)
def test_senate_documents_of_another_day_are_error_documents(front: Front, date: str) -> None:
    assert ask(front, f"/pls/senat/vysledky?{date}") == (200, b"no senate election")
    assert ask(front, f"/pls/senat/vysledky_obce_obvod?{date}&cislo=1") == (200, b"no senate district")
    assert ask(front, f"/pls/senat/vysledky_okrsky?{date}&kolo=1&davka=1") == (200, b"no senate batch")


@pytest.mark.parametrize("kolo", ["2", "x", ""])
def test_so_are_batches_of_another_round(front: Front, kolo: str) -> None:
    """An empty round is the one that there is; a wrong one is not."""
    answer = ask(front, f"/pls/senat/vysledky_okrsky?datum_voleb=20240920&kolo={kolo}&davka=1")
    assert answer == (200, b"no senate batch" if kolo else b"senate first")


def test_no_day_and_no_round_mean_this_night_s(front: Front) -> None:
    assert ask(front, "/pls/senat/vysledky") == (200, b"senate")
    assert ask(front, "/pls/senat/vysledky_okrsky?davka=1") == (200, b"senate first")


@pytest.mark.parametrize("wrong", ["", "2", "x", "1&obvod=1x", "1&cislo=1"])
def test_a_wrong_senate_district_is_one(front: Front, wrong: str) -> None:
    answer = ask(front, f"/pls/senat/vysledky_obce_obvod?datum_voleb=20240920&cislo={wrong}")
    assert answer == (200, b"senate district 1" if wrong == "1&obvod=1x" else b"no senate district")


@pytest.mark.parametrize(
    "address",
    [
        "/pls/zk2024/",
        "/pls/zk2024/jine",
        "/pls/kz2024/vysledky",
        "/pls/",
        "/pls",
        "/pls/senat/vysledky_okres",
    ],
)
def test_what_never_was_an_address_is_not_found(front: Front, address: str) -> None:
    if address == "/pls":
        assert front.respond("GET", address, b"", []) is None  # the door behind says so
        return
    assert ask(front, address)[0] == 404


def test_without_a_senate_election_its_addresses_are_not_found(tmp_path: Path) -> None:
    site = Site()
    site.publish(1, {f"{REGIONAL}vysledky.xml": b"regions"}, {}, VOTING_ENDS)
    front = front_of(site, tmp_path, Contest.REGIONAL)
    assert ask(front, "/pls/senat/vysledky?datum_voleb=20240920")[0] == 404


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_address_breaks_it_or_leads_elsewhere(name: str, query: str) -> None:
    for whose in ("zk2024", "senat"):
        wanted = older.wanted(f"/pls/{whose}/{name}", quote(query, safe="=&").encode(), "zk2024")
        assert wanted is None or ".." not in wanted.path


@pytest.mark.parametrize(
    "name", ["vysledky_okres?nuts={}", "vysledky_okrsky?davka={}", "vysledky_okrsky?kolo={}"]
)
@given(value=st.text(max_size=30))
def test_no_value_breaks_it_or_leads_elsewhere(name: str, value: str) -> None:
    path, _, query = name.format(quote(value)).partition("?")
    wanted = older.wanted(f"/pls/zk2024/{path}", query.encode(), "zk2024")
    assert wanted is not None
    assert ".." not in wanted.path
    assert wanted.path.count("/") <= 1
