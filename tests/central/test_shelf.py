"""What lies in the public folder for good: read when asked for, and nothing beside it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.central.addresses import Layout
from app.central.caching import CacheControl, Lasting
from app.central.conditional import Answering
from app.central.front import Front
from app.central.shelf import Shelf
from app.election.model import Contest
from tests.support.house import House
from tests.support.invented_election import VOTING_ENDS, reference


@pytest.fixture
def public(tmp_path: Path) -> Path:
    public = tmp_path / "public"
    for name in ("versions/12/appdata/a.xml", "versions/12/feed/zk2024/index.xml.p7s", "changes/000012.xml"):
        file = public / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    (public / "changes" / "000012.xml.gz").write_bytes(b"packed")
    (public / "versions" / "13.part").mkdir()
    (public / "versions" / "13.part" / "a.xml").write_bytes(b"half")
    (tmp_path / "centre.xml").write_bytes(b"secret")
    (tmp_path / "centre.key").write_bytes(b"secret")
    return public


@pytest.mark.parametrize(
    "name", ["versions/12/appdata/a.xml", "versions/12/feed/zk2024/index.xml.p7s", "changes/000012.xml"]
)
def test_a_file_is_a_page_that_lasts(public: Path, name: str) -> None:
    page = Shelf(public).page(name)
    assert page is not None
    assert (page.body, page.lasting) == (name.encode(), Lasting.FOR_EVER)


def test_its_compressed_forms_are_those_on_the_disk(public: Path) -> None:
    page = Shelf(public).page("changes/000012.xml")
    assert page is not None
    assert page.form("gzip").body == b"packed"


@pytest.mark.parametrize(
    "name",
    [
        "changes/000012.xml.gz",  # a form has no address of its own
        "changes/000013.xml",
        "changes",
        "changes/",
        "versions/12",
        "versions/12/",
        "versions/12/appdata",
        "versions/012/appdata/a.xml",
        "versions/13.part/a.xml",
        "versions/12/../../../centre.xml",
        "versions/12/../../../centre.key",
        "changes/../../centre.xml",
        "changes/./000012.xml",
        "/etc/passwd",
        "versions/12//appdata/a.xml",
        "versions/12/appdata/a.xml\0",
        "versions/12/appdata/a.xml\n",
        "versions/١٢/appdata/a.xml",
    ],
)
def test_nothing_else_is_found(public: Path, name: str) -> None:
    assert Shelf(public).page(name) is None


@given(rest=st.text("abc.x/ml012-_\\%\0ž", max_size=40))
def test_no_name_leads_out_of_the_folder(tmp_path_factory: pytest.TempPathFactory, rest: str) -> None:
    base = tmp_path_factory.getbasetemp()
    (base / "abc.xml").write_bytes(b"outside")
    shelf = Shelf(base / "public")
    assert shelf.page(f"versions/1/{rest}") is None
    assert shelf.page(f"changes/{rest}") is None


def test_what_was_read_is_remembered_while_there_is_room(public: Path) -> None:
    shelf = Shelf(public, room=40)
    first = shelf.page("changes/000012.xml")
    assert shelf.page("changes/000012.xml") is first
    shelf.page("versions/12/appdata/a.xml")  # takes its place
    shelf.page("versions/12/feed/zk2024/index.xml.p7s")
    assert shelf.page("changes/000012.xml") is not first


def test_a_version_from_before_the_last_start_is_still_at_its_address(house: House) -> None:
    house.clock.now = VOTING_ENDS + timedelta(hours=1)
    path = "/appdata/zk2024/odata/vysledky.xml"
    bodies = []
    for _ in range(2):
        centre = house.open()
        version = centre.publisher.flush()
        bodies.append(centre.site.edition.pages[path[1:]].body)
        centre.close()
        house.clock.move(minutes=1)
    known = reference(Contest.REGIONAL)
    answering = Answering(CacheControl(known, house.clock))
    front = Front(centre.site, Layout.of(known), centre.folder.public, answering, nobody)
    answer = front.respond("GET", f"/feed/zk2024/versions/{version - 1}{path}", b"", [])
    assert answer is not None
    assert (answer.status, answer.body) == (200, bodies[0])
    assert bodies[0] != bodies[1]


async def nobody(*_: object) -> None:
    raise AssertionError("handed on")
