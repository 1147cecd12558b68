"""What stands beside a built package: its parts, their licences, its manual page. The build itself is a
command, tried by `packaging/build.py check`."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.cli import COMMANDS
from tests.test_bootstrap import PACKAGING, load

bill_of_materials, build = load("bill_of_materials"), load("build")
CHECKOUT = PACKAGING.parent


@pytest.fixture(scope="module")
def bill() -> dict:
    return bill_of_materials.bill(Path(sys.executable), CHECKOUT, "prebirka", "1.0", 1_700_000_000)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_of_the_program_is_a_part_and_none_of_its_tests(bill: dict) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {plain(component["name"]) for component in bill["components"]}
    wanted = {plain(re.split(r"[\[<>=]", line)[0]) for line in project["dependencies"]}
    assert wanted <= names
    assert names.isdisjoint({"pytest", "hypothesis", "mypy", "ruff", "pyinstaller", "atheris"})


def test_every_part_has_a_version_a_licence_and_the_hashes_that_it_was_locked_by(bill: dict) -> None:
    for part in bill["components"]:
        assert part["version"]
        assert part["licenses"], part["name"]
        if part["name"].lower() != "pip":
            assert part["properties"], part["name"]


def test_the_same_parts_give_the_same_bill(bill: dict) -> None:
    again = bill_of_materials.bill(Path(sys.executable), CHECKOUT, "prebirka", "1.0", 1_700_000_000)
    assert again == bill


def test_every_part_s_licence_lies_beside_the_program(tmp_path: Path, bill: dict) -> None:
    bill_of_materials.write_licences(Path(sys.executable), CHECKOUT, tmp_path / "licences")
    listed = (tmp_path / "licences" / "PARTS.txt").read_text("utf-8")
    assert all(part["name"] in listed for part in bill["components"])
    assert (tmp_path / "licences" / "LICENSE").read_bytes() == (CHECKOUT / "LICENSE").read_bytes()
    assert len(list((tmp_path / "licences").iterdir())) > 20


def test_the_package_needs_what_the_set_up_of_a_checkout_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "usr").mkdir()
    (tmp_path / "usr" / "file").write_text("x", "utf-8")
    monkeypatch.setattr(build, "architecture", lambda: "amd64")
    build.control(tmp_path)
    told = (tmp_path / "DEBIAN" / "control").read_text("utf-8")
    assert "@" not in told.replace("prebirka@example.org", "")
    for package in build.system_needs.QT_LIBRARIES.values():
        assert package in told
    sums = (tmp_path / "DEBIAN" / "md5sums").read_text("utf-8")
    assert sums == "9dd4e461268c8034f5c8564e155c67a6  usr/file\n"


def test_the_manual_page_names_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (PACKAGING / "debian" / "prebirka.1.in").read_text("utf-8")
    assert "@COMMANDS@" in page
    here = SimpleNamespace(python=Path(sys.executable))
    monkeypatch.setattr(build.bootstrap, "set_up", lambda _command: here)
    made = build.manual_page()
    assert all(f"\n.B {name}\n" in made for name in COMMANDS)
