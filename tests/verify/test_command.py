"""`prebirka verify` at a terminal and for programs: what it prints, and its exit status."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from app.cli import root
from tests.support.house import serving
from tests.support.published_night import Night
from tests.verify.conftest import Published

ODATA = "appdata/zk2024/odata"


@pytest.fixture
def ca(published: Published, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(published.house.authority.to_pem())
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(root, ["verify", *map(str, arguments)])


def damage(published: Published) -> None:
    path = published.version / ODATA / "vysledky.xml"
    path.write_bytes(path.read_bytes().replace(b"KRZAST", b"KRZASt", 1))


def test_agreement_prints_what_was_checked_and_ends_with_0(published: Published, ca: Path) -> None:
    result = run(published.folder, "--ca", ca)
    assert result.exit_code == 0, result.output
    assert "Vše souhlasí. · Everything agrees." in result.output
    assert "zk2024, ZKOUŠKA · REHEARSAL" in result.output
    for words in ("podpisy · signatures", "okrsky v platnosti · precincts in force", "mandáty · seats"):
        assert re.search(rf"{words}: [1-9]", result.output)


def test_without_an_authority_it_says_so_and_ends_with_4(published: Published) -> None:
    result = run(published.folder)
    assert result.exit_code == 4
    assert "Signatures were not checked" in result.output


def test_a_difference_is_named_in_both_languages_and_ends_with_1(published: Published, ca: Path) -> None:
    damage(published)
    result = run(published.folder, "--ca", ca)
    assert result.exit_code == 1
    assert "První rozdíl · First difference:" in result.output
    assert f"{ODATA}/vysledky.xml SHA256: uvedeno" in result.output
    assert "[VER-14]" in result.output


def test_quiet_says_nothing_but_a_difference(published: Published, ca: Path) -> None:
    assert run(published.folder, "--ca", ca, "--quiet").output == ""
    damage(published)
    assert "VER-14" in run(published.folder, "--ca", ca, "--quiet").output


def test_json_tells_a_program_everything(published: Published, ca: Path) -> None:
    told = json.loads(run(published.folder, "--ca", ca, "--json").output)
    assert told["agrees"] is True
    assert told["signatures_checked"] is True
    assert told["checked"]["sums"] > 100
    assert re.fullmatch("[0-9a-f]{64}", told["root"])
    damage(published)
    told = json.loads(run(published.folder, "--ca", ca, "--json").output)
    assert told["agrees"] is False
    assert told["difference"]["file"].endswith("vysledky.xml")
    assert told["difference"]["place"] == "SHA256"


@pytest.mark.parametrize("source", ["/there/is/no/such/folder", "{empty}", "http://127.0.0.1:9/"])
def test_what_cannot_be_read_ends_with_3(source: str, tmp_path: Path) -> None:
    result = run(source.format(empty=tmp_path))
    assert result.exit_code == 3
    assert "Nelze přečíst · Cannot be read:" in result.output


def test_a_server_that_does_not_answer_ends_with_3() -> None:
    result = run("http://127.0.0.1:9/feed/zk2024/index.xml")
    assert result.exit_code == 3
    assert "VER-01" in result.output


def test_wrong_usage_ends_with_2(published: Published, tmp_path: Path) -> None:
    assert run().exit_code == 2
    assert run(published.folder, "--ca", tmp_path / "none.pem").exit_code == 2
    no_ca = tmp_path / "no.pem"
    no_ca.write_text("nothing")
    assert run(published.folder, "--ca", no_ca).exit_code == 2
    assert run(published.folder, "--version", 0).exit_code == 2


def test_an_address_is_verified_as_the_folder_behind_it(night: Night, ca: Path) -> None:
    with serving(night.centre) as url:
        by_index = run(f"{url}/feed/zk2024/index.xml", "--ca", ca, "--json")
        by_server = run(url, "--election", "zk2024", "--ca", ca, "--json")
        nothing = run(f"{url}/feed/kz1999/index.xml")
    assert by_index.exit_code == by_server.exit_code == 0, by_index.output
    told = json.loads(by_index.output)
    assert told == json.loads(by_server.output)
    assert told["checked"]["variants"] > 10
    assert told["checked"]["changes"] > 10
    assert nothing.exit_code == 3


def test_a_version_that_goes_while_it_is_read_is_no_difference(
    night: Night, ca: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.verify.web import Web

    get = Web._get

    def gone_after_the_manifest(self: Web, path: str, coding: str = "identity") -> bytes | None:
        if "/versions/" in path and path.endswith("zero.xml"):
            monkeypatch.setattr(Web, "_get", lambda *_: None)
            return None
        return get(self, path, coding)

    with serving(night.centre) as url:
        monkeypatch.setattr(Web, "_get", gone_after_the_manifest)
        result = run(url, "--election", "zk2024", "--ca", ca)
    assert result.exit_code == 3
    assert "gave way to newer ones" in result.output


def test_the_versions_address_gives_the_very_files_of_the_folder(night: Night) -> None:
    version = (night.public / "current").readlink().name
    folder = night.public / "versions" / version
    with serving(night.centre) as url:
        for path in (f"{ODATA}/vysledky.xml", "feed/zk2024/manifest.xml", "feed/zk2024/manifest.xml.p7s"):
            answer = httpx.get(f"{url}/feed/zk2024/versions/{version}/{path}")
            assert answer.content == (folder / path).read_bytes()
