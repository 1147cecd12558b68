"""A comparison finds every changed value, names it, and is never content with nothing."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.documents.compare import compare
from app.documents.results import vysledky, vysledky_kandid, vysledky_okres
from app.election.errors import KnownError
from app.election.model import Contest
from app.election.tally import ElectionTally
from tests.support.invented_election import protocols, reference

NIGHT = datetime(2024, 9, 21, 15, tzinfo=UTC)
#: Districts of the invented regions as the program's own facts know them: Cheb and Karlovy Vary are of
#: region 4, České Budějovice of region 2; so the registers lie beside the official documents.
COCO = "OKRES,OBEC,KRZAST\n4101,1,1\n4102,2,1\n3101,3,2\n"
NUTS = "NUMNUTS,NUTS\n4101,CZ0411\n4102,CZ0412\n3101,CZ0311\n1199,CZ0100\n"


def publish(folder: Path, at: datetime = NIGHT) -> Path:
    of = reference()
    tally = ElectionTally(of, Contest.REGIONAL)
    for protocol in protocols(of, Contest.REGIONAL):
        tally.apply(protocol)
    (folder / "okresy").mkdir(parents=True)
    (folder / "vysledky.xml").write_bytes(vysledky(of, tally, at))
    (folder / "vysledky_kandid.xml").write_bytes(vysledky_kandid(of, tally, at))
    for district in of.districts.values():
        path = folder / "okresy" / f"vysledky_okres_{district.nuts}.xml"
        path.write_bytes(vysledky_okres(of, tally, district.nuts, at))
    return folder


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture
def ours(tmp_path: Path, published: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "ours"))


@pytest.fixture
def official(tmp_path: Path, published: Path) -> Path:
    """As the office's documents are kept: packed, districts by their bare code, registers beside them."""
    folder = tmp_path / "official"
    (folder / "okresy").mkdir(parents=True)
    for path in published.rglob("*.xml"):
        name = path.relative_to(published).as_posix().replace("vysledky_okres_", "")
        (folder / f"{name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    (folder / "kzcoco.csv").write_text(COCO)
    (folder / "cnumnuts.csv").write_text(NUTS)
    return folder


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def test_equal_documents_are_equal_whatever_their_form_and_time(ours: Path, official: Path) -> None:
    path = ours / "vysledky.xml"
    edit(path, ("2024-09-21T17:00:00", "2024-09-21T18:11:12"), ("/>", "  />"), ("\n", "\n\n  "))
    path.write_bytes(path.read_text(encoding="utf-8").replace("UTF-8", "windows-1250").encode("cp1250"))
    result = compare(ours, official, [1, 2])
    assert result.equal
    assert not result.differences
    assert result.documents == [
        *("vysledky", "vysledky_kandid"),
        *("vysledky_okres_CZ0311", "vysledky_okres_CZ0411", "vysledky_okres_CZ0412"),
    ]
    assert result.values_compared > 500
    assert compare(ours, official, None).values_compared == result.values_compared


def test_only_the_wanted_regions_are_compared(ours: Path, official: Path) -> None:
    edit(ours / "vysledky.xml", ('NAZ_KRZAST="Jižní"', 'NAZ_KRZAST="Jiný"'))
    (ours / "okresy" / "vysledky_okres_CZ0311.xml").unlink()
    assert compare(ours, official, [1]).equal
    assert len(compare(ours, official, [1, 2]).differences) == 2


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("vysledky", 'VSTRANA="702"', 'VSTRANA="703"', "KRZAST 1 STRANA 2 @VSTRANA"),
        ("vysledky", 'UCAST_PROC="', 'UCAST_PROC="1', "KRZAST 1 UCAST @UCAST_PROC"),
        ("vysledky", "<CR>", '<CR X="1">', "CR @X"),
        ("vysledky", ' POCMANDATU="45"', "", "KRZAST 1 @POCMANDATU"),
        ("vysledky_kandid", 'POC_HLASU="', 'POC_HLASU="9', "KRZAST 1 STRANY STRANA 2 @POC_HLASU"),
        ("okresy/vysledky_okres_CZ0412", "Středov", "Středová", "CZ0412 OBEC 550003 @NAZ_OBEC"),
        ("okresy/vysledky_okres_CZ0412", "http://www.w3.org/namespace/ ", "", "schemaLocation"),
    ],
)
def test_each_changed_value_is_found_and_named(
    ours: Path, official: Path, name: str, old: str, new: str, place: str
) -> None:
    edit(ours / f"{name}.xml", (old, new))
    result = compare(ours, official, [1, 2])
    assert not result.equal
    assert len(result.differences) == 1
    assert place in str(result.differences[0])


def test_another_namespace_is_found(ours: Path, official: Path) -> None:
    edit(ours / "vysledky_kandid.xml", ('xmlns="http://www.w3.org/namespace/"', 'xmlns="http://jiny/"'))
    assert not compare(ours, official, [1]).equal


def lines(path: Path, change: Callable[[list[str]], None]) -> None:
    text = path.read_text(encoding="utf-8").splitlines(keepends=True)
    change(text)
    path.write_text("".join(text), encoding="utf-8")


def test_a_missing_an_extra_and_a_doubled_element_are_one_difference_each(ours: Path, official: Path) -> None:
    path = ours / "okresy" / "vysledky_okres_CZ0311.xml"
    before = path.read_text(encoding="utf-8")
    place = next(i for i, line in enumerate(before.splitlines()) if "HLASY_STRANA" in line)
    lines(path, lambda text: text.pop(place))
    assert len(compare(ours, official, [2]).differences) == 1
    path.write_text(before, encoding="utf-8")
    lines(path, lambda text: text.insert(place, text[place]))
    assert len(compare(ours, official, [2]).differences) == 1


def test_another_order_is_a_difference(ours: Path, official: Path) -> None:
    def swap(text: list[str]) -> None:
        first = next(i for i, line in enumerate(text) if "<KANDIDAT " in line)
        text[first], text[first + 1] = text[first + 1], text[first]

    lines(ours / "vysledky_kandid.xml", swap)
    assert [d.ours for d in compare(ours, official, [1]).differences] == ["jiné pořadí"]


@pytest.mark.parametrize("name", ["vysledky.xml", "vysledky_kandid.xml", "okresy/vysledky_okres_CZ0411.xml"])
def test_a_document_that_we_lack_is_a_difference(ours: Path, official: Path, name: str) -> None:
    (ours / name).unlink()
    assert len(compare(ours, official, [1]).differences) == 1


def test_a_district_that_the_official_side_lacks_is_a_difference(ours: Path, official: Path) -> None:
    (official / "okresy" / "CZ0411.xml.gz").unlink()
    assert len(compare(ours, official, [1]).differences) == 1


def test_official_documents_without_any_district_are_said_and_the_rest_is_compared(
    ours: Path, official: Path
) -> None:
    shutil.rmtree(official / "okresy")
    result = compare(ours, official, [1])
    assert result.equal
    assert result.not_compared == ["vysledky_okres"]


def test_a_region_that_is_nowhere_is_a_difference(ours: Path, official: Path) -> None:
    assert not compare(ours, official, [9]).equal


def test_nothing_compared_is_not_equal(ours: Path, official: Path) -> None:
    assert not compare(ours, official, []).equal


@pytest.mark.parametrize(
    "layout",
    ["current", "versions/12", "appdata/kz2024/odata", "public/current/appdata/kz2024/odata", "a/b/c"],
)
def test_the_published_folder_is_found_in_every_layout(
    tmp_path: Path, published: Path, official: Path, layout: str
) -> None:
    site = tmp_path / "site"
    shutil.copytree(published, site / layout)
    assert compare(site, official, [1, 2]).equal


def test_of_several_versions_the_last_is_compared(tmp_path: Path, published: Path, official: Path) -> None:
    site = tmp_path / "site"
    for number in (2, 9, 10):
        shutil.copytree(published, site / "versions" / str(number))
    for number in (2, 9):
        edit(site / "versions" / str(number) / "vysledky.xml", ("Severní", "Starý"))
    assert compare(site, official, [1, 2]).equal


def test_a_folder_that_is_not_there_is_said(ours: Path, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="CMP-01"):
        compare(ours, tmp_path / "nic", [1])
