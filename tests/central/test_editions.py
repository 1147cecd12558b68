"""What lies in a version: every file listed, signed and compressed, in order by its schema, made once."""

from __future__ import annotations

import gzip
import hashlib
import re
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped, unused-ignore]
import httpx
import pytest
from sqlalchemy.exc import DBAPIError

from app.central import changes, tables, versions
from app.central.centre import Centre
from app.documents import xml
from app.documents.feed import manifest, zero
from app.documents.feed.parts import KINDS
from app.election.model import Contest, Protocol
from app.election.reference import Reference
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role
from tests.support.central_driver import corrected, of_point
from tests.support.house import House, SendingStation, serving
from tests.support.invented_election import POINT, reference

FEED = "feed/zk2024"
BESIDE = (".p7s", ".gz", ".br")


@pytest.fixture
def mine(house: House) -> list[Protocol]:
    return of_point(house, POINT) + of_point(house, POINT, Contest.SENATE_ROUND_1)


@pytest.fixture
def published(house: House, centre: Centre, station: SendingStation, mine: list[Protocol]) -> Path:
    """The current version after one batch."""
    centre.publisher.flush()
    assert centre.ingest.receive(station.batch(*station.items(mine)), house.clock.now).code == ""
    centre.publisher.flush()
    return house.centre_folder / "public" / "current"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_manifest_lists_every_file_and_every_file_has_its_signature(
    house: House, published: Path
) -> None:
    there = files(published)
    listed = {each.path: each for each in manifest.read(there[f"{FEED}/manifest.xml"])}
    plain = {path for path in there if not path.endswith(BESIDE)}
    assert set(listed) == plain - {f"{FEED}/manifest.xml"}
    anchors = Anchors.from_pem(house.authority.to_pem())
    for path in plain:
        body = there[path]
        if path in listed:
            assert (len(body), hashlib.sha256(body).hexdigest()) == listed[path][1:]
        expected = Expected(Role.CENTRE, house.code)
        cms.verify_detached(body, there[f"{path}.p7s"], anchors, house.clock.now, expected)
        assert (f"{path}.gz" in there) == (f"{path}.br" in there) == (len(body) > 512)
        if len(body) > 512:
            assert gzip.decompress(there[f"{path}.gz"]) == body == brotli.decompress(there[f"{path}.br"])


def test_every_document_of_the_feed_is_in_order_by_the_schema_that_is_published_beside_it(
    published: Path, house: House
) -> None:
    roots = {kind.root: kind for kind in KINDS}
    found = set()
    paths = [*(published / FEED).glob("*.xml"), *(house.centre_folder / "public" / "changes").glob("*.xml")]
    for path in paths:
        body = path.read_bytes()
        name = re.findall(rb"<([A-Z_]+) xmlns", body)[0].decode()
        if name in roots:
            schema = roots[name].schema
            assert (published / FEED / "xsd" / schema).is_file()
            xml.parse_published(body, schema, max_bytes=10_000_000, max_tags=100_000)
            found.add(name)
    assert found == set(roots)


def test_the_pointer_names_things_that_are_there(centre: Centre, published: Path) -> None:
    with serving(centre) as url, httpx.Client(base_url=url) as asking:
        pointer = asking.get(f"/{FEED}/index.xml")
        links = re.findall(r'DRUH="([a-z_]+)" CESTA="([^"]+)"', pointer.text)
        assert [kind for kind, _ in links] == [
            "manifest", "zmeny", "kontrolni_bod", "nula", "ukony", "udalosti", "schemata",
        ]  # fmt: skip
        for kind, path in links:
            if kind not in ("udalosti", "schemata"):
                assert asking.get(f"/{path}").status_code == 200, path
        assert asking.get(f"/{dict(links)['schemata']}feed_index.xsd").status_code == 200
        assert 'STAV="PRUBEZNE"' in pointer.text


def test_what_did_not_change_is_neither_written_nor_signed_again(
    house: House, centre: Centre, station: SendingStation, published: Path
) -> None:
    before = {path: path.stat().st_ino for path in published.resolve().rglob("*") if path.is_file()}
    last = published.resolve()
    [first, *_] = of_point(house, POINT)
    again = station.batch(station.item(corrected(first, 3), 2))
    assert centre.ingest.receive(again, house.clock.now).code == ""
    centre.publisher.flush()
    same = {
        str(path.relative_to(last))
        for path, inode in before.items()
        if (published / path.relative_to(last)).stat().st_ino == inode
    }
    assert f"{FEED}/zero.xml.br" in same
    assert f"{FEED}/csv/t6_00001.csv.p7s" in same
    assert "appdata/zk2024/odata/okresy/vysledky_okres_CZ0311.xml.p7s" in same
    assert "appdata/zk2024/odata/okrsky/vysledky_okrsky_00001.xml" in same
    changing = {"manifest.xml", "index.xml", "checkpoint.xml"}
    assert same.isdisjoint({f"{FEED}/{name}" for name in changing})
    assert "appdata/zk2024/odata/vysledky.xml" not in same


def test_the_tables_of_a_batch_are_its_twin(house: House, published: Path, mine: list[Protocol]) -> None:
    t6, t6p, t5 = (
        (published / FEED / "csv" / f"{name}_00001.csv").read_text("utf-8").splitlines()
        for name in ("t6", "t6p", "t5_1")
    )
    regional = [each for each in mine if each.contest is Contest.REGIONAL]
    assert len(t6) == 1 + len(regional)
    assert len(t6p) == 1 + sum(len(each.sheets) for each in regional)  # type: ignore[union-attr]
    assert len(t5) == 1 + len(mine) - len(regional)
    assert len(t6p[0].split(";")) == len(t6p[1].split(";")) == 86
    assert len(t5[0].split(";")) == len(t5[1].split(";"))


def test_in_the_night_tables_come_by_themselves_with_a_later_version(
    house: House, station: SendingStation, mine: list[Protocol], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.set(publish_interval_seconds=0.0)
    centre = house.open()
    go_on, published = threading.Event(), threading.Semaphore(0)
    making = tables.tables_of

    def make_when_told(*given: Any) -> dict[str, bytes]:
        assert go_on.wait(10)
        return making(*given)

    monkeypatch.setattr(tables, "tables_of", make_when_told)
    centre.site.listen(lambda _: published.release())
    centre.publisher.start()
    assert published.acquire(timeout=10)  # the zeros
    assert centre.ingest.receive(station.batch(*station.items(mine)), house.clock.now).code == ""
    assert published.acquire(timeout=10)
    current = house.centre_folder / "public" / "current"
    assert 'OKRSKY_ZPRAC="4"' in (current / "appdata/zk2024/odata/vysledky.xml").read_text("utf-8")
    assert not (current / FEED / "csv").exists()
    go_on.set()
    while not (current / FEED / "csv" / "t5_1_00001.csv").exists():
        assert published.acquire(timeout=10)
    centre.close()


def test_tables_that_the_store_would_not_give_come_with_the_next_version(
    house: House,
    centre: Centre,
    station: SendingStation,
    mine: list[Protocol],
    monkeypatch: pytest.MonkeyPatch,
    expect_log: Callable[[str, str], None],
) -> None:
    expect_log("ERROR", "tables of batch 1: OperationalError")
    making, refused = tables.tables_of, iter([True])

    def refuse_once(*given: Any) -> dict[str, bytes]:
        if next(refused, False):
            raise DBAPIError("SELECT", None, sqlite3.OperationalError("disk I/O error"))
        return making(*given)

    monkeypatch.setattr(tables, "tables_of", refuse_once)
    assert centre.ingest.receive(station.batch(*station.items(mine)), house.clock.now).code == ""
    assert centre.publisher.flush() == 1
    current = house.centre_folder / "public" / "current"
    assert not (current / FEED / "csv" / "t6_00001.csv").exists()
    assert centre.publisher.flush() == 2
    assert (current / FEED / "csv" / "t6_00001.csv").exists()


def test_where_one_flush_of_everything_is_not_to_be_had_each_file_is_flushed(
    house: House,
    centre: Centre,
    station: SendingStation,
    mine: list[Protocol],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flushed: list[str] = []
    flush_file = versions._flush_file

    def flush(path: Path) -> None:
        flushed.append(path.name)
        flush_file(path)

    monkeypatch.setattr(versions, "_syncfs", None)
    monkeypatch.setattr(versions, "_flush_file", flush)
    assert centre.ingest.receive(station.batch(*station.items(mine)), house.clock.now).code == ""
    centre.publisher.flush()
    assert {"vysledky.xml", "vysledky.xml.p7s", "manifest.xml.gz", "000001.xml.part"} <= set(flushed)
    assert (house.centre_folder / "public" / "changes" / "000001.xml").exists()


class TestTheZeroFile:
    @pytest.mark.parametrize(
        "contests",
        [(Contest.REGIONAL,), (Contest.SENATE_ROUND_1,), (Contest.REGIONAL, Contest.SENATE_ROUND_1)],
    )
    def test_has_every_expected_precinct_list_and_candidate(self, contests: tuple[Contest, ...]) -> None:
        known: Reference = reference(*contests)
        root = xml.parse_published(zero.write(known), "feed_zero.xsd", max_bytes=10_000_000, max_tags=100_000)
        told = list(root.iter("{*}OKRSEK"))
        expected = {key.precinct for key in known.expected}
        assert len(told) == len(expected)
        regional = sum("CIS_KRZAST" in xml.attributes_of(each) for each in told)
        senate = sum("CIS_OBVOD" in xml.attributes_of(each) for each in told)
        assert regional + senate == len(known.expected)
        lists = [listed for region in known.regions.values() for listed in region.lists.values()]
        assert len(list(root.iter("{*}STRANA"))) == (len(lists) if Contest.REGIONAL in contests else 0)


class TestChangesAfterACursor:
    def test_are_read_a_page_at_a_time_until_nothing_is_new(self, centre: Centre, published: Path) -> None:
        with serving(centre) as url, httpx.Client(base_url=url) as asking:
            first = asking.get(f"/{FEED}/changes?after=0")
            xml.parse_published(first.content, "feed_changes.xsd", max_bytes=1_000_000, max_tags=1000)
            numbers = [int(each) for each in re.findall(r' PORADI="(\d+)"', first.text)]
            assert numbers == list(range(1, len(numbers) + 1))
            cursor = re.findall(r' DALSI="([^"]+)"', first.text)[0]
            rest = asking.get(f"/{FEED}/changes?after={cursor}")
            assert "<ZMENA " not in rest.text
            assert f'DALSI="{cursor}"' in rest.text
            same = asking.get(f"/{FEED}/changes?after=0", headers={"if-none-match": first.headers["etag"]})
            assert (same.status_code, same.content) == (304, b"")
            assert asking.get(f"/{FEED}/changes").text == first.text

    @pytest.mark.parametrize("cursor", ["-1", "x", "1e9", "1234567890"])
    def test_a_cursor_that_nobody_was_given_is_refused(
        self, centre: Centre, published: Path, cursor: str
    ) -> None:
        with serving(centre) as url:
            assert httpx.get(f"{url}/{FEED}/changes?after={cursor}").status_code == 400

    def test_a_newsrooms_page_may_ask_with_conditions(self, centre: Centre, published: Path) -> None:
        with serving(centre) as url, httpx.Client(base_url=url) as asking:
            told = asking.options(f"/{FEED}/changes?after=0")
            assert told.status_code == 204
            assert "if-none-match" in told.headers["access-control-allow-headers"]
            assert asking.post(f"/{FEED}/changes").status_code == 405

    def test_a_store_that_fails_is_no_reason_to_fail(
        self, centre: Centre, published: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise DBAPIError("SELECT", None, sqlite3.OperationalError("disk I/O error"))

        with serving(centre) as url, httpx.Client(base_url=url) as asking:
            with monkeypatch.context() as patched:
                patched.setattr(changes, "after", fail)
                assert asking.get(f"/{FEED}/changes?after=0").status_code == 503
            assert asking.get(f"/{FEED}/changes?after=0").status_code == 200
