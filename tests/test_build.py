"""What stands beside a built package: its parts, their licences, its manual page. The build itself is a
command, tried by `packaging/build.py check`."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import COMMANDS
from tests.test_bootstrap import PACKAGING, load

build = load("build")  # finds the others
bill_of_materials, debian_package = build.bill_of_materials, build.debian_package
marking, reproducing, scanning, sizing = build.marking, build.reproducing, build.scanning, build.sizing
vendored = scanning.vendored
CHECKOUT = PACKAGING.parent


@pytest.fixture(scope="module")
def parts() -> dict:
    return bill_of_materials.parts(Path(sys.executable), CHECKOUT)


@pytest.fixture(scope="module")
def bill(parts: dict) -> dict:
    return bill_of_materials.bill(parts, CHECKOUT, "prebirka", "1.0", 1_700_000_000)


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
        assert part["licenses"], part["name"]
        if part["bom-ref"].startswith("prebirka:vendored/"):
            continue  # inside of another part, whose version it has
        assert part["version"]
        if part["name"].lower() != "pip":
            assert part["properties"], part["name"]


def test_the_same_parts_give_the_same_bill(parts: dict, bill: dict) -> None:
    again = bill_of_materials.bill(parts, CHECKOUT, "prebirka", "1.0", 1_700_000_000)
    assert again == bill


def test_every_part_s_licence_lies_beside_the_program(tmp_path: Path, parts: dict, bill: dict) -> None:
    bill_of_materials.write_licences(parts, CHECKOUT, tmp_path / "licences")
    listed = (tmp_path / "licences" / "PARTS.txt").read_text("utf-8")
    assert all(part["name"] in listed for part in bill["components"])
    assert (tmp_path / "licences" / "LICENSE").read_bytes() == (CHECKOUT / "LICENSE").read_bytes()
    assert len(list((tmp_path / "licences").iterdir())) > 20


def test_the_package_needs_what_the_set_up_of_a_checkout_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "usr").mkdir()
    (tmp_path / "usr" / "file").write_text("x", "utf-8")
    monkeypatch.setattr(debian_package, "architecture", lambda: "amd64")
    debian_package.control(tmp_path, "1.0")
    told = (tmp_path / "DEBIAN" / "control").read_text("utf-8")
    assert "@" not in told.replace("prebirka@example.org", "")
    for package in debian_package.system_needs.QT_LIBRARIES.values():
        assert package in told
    sums = (tmp_path / "DEBIAN" / "md5sums").read_text("utf-8")
    assert sums == "9dd4e461268c8034f5c8564e155c67a6  usr/file\n"


def test_the_manual_page_names_every_command() -> None:
    page = (PACKAGING / "debian" / "prebirka.1.in").read_text("utf-8")
    assert "@COMMANDS@" in page
    made = debian_package.manual_page(Path(sys.executable), "1.0")
    assert all(f"\n.B {name}\n" in made for name in COMMANDS)


# --- a frozen program, as small as one can be -----------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path) -> Path:
    inside = tmp_path / "prebirka" / "_internal"
    (inside / "licences").mkdir(parents=True)
    (inside / "resources").mkdir()
    (inside / "resources" / "text.txt").write_text("Přebírka", "utf-8")
    (inside / "segno").mkdir()
    (inside / "segno" / "data.txt").write_text("x", "utf-8")
    (inside / "libpython3.11.so.1.0").write_bytes(b"\x7fELF\0")
    (inside / "licences" / "segno.txt").write_text("BSD", "utf-8")
    listed = [{"name": "segno", "licence": "BSD-3-Clause", "texts": ["segno.txt"], "files": ["segno"]}]
    (inside / "licences" / "parts.json").write_text(json.dumps(listed), "utf-8")
    (inside.parent / "prebirka").write_bytes(b"\x7fELF\0")
    marking.write(inside.parent, "1.0", "abc")
    return inside.parent


MACHINE = (b"/srv/agents/builder/checkout",)
EC_KEY = bytes.fromhex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420") + b"k" * 32


def test_a_program_with_nothing_to_find_is_clean(program: Path) -> None:
    assert scanning.scan_program(program, MACHINE) == []


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("resources/ca.key", b"anything", scanning.SECRET),
        ("resources/.env", b"A=1", scanning.SECRET),
        ("resources/x.txt", b"password = '" + b"k" * 24 + b"'", scanning.SECRET),
        ("resources/x.txt", b"postgresql://centre:" + b"hunter22" + b"@db", scanning.SECRET),
        ("resources/x.bin", b"\0\0AKIA" + b"B" * 16, scanning.SECRET),
        ("resources/x.pem", b"-----BEGIN PRIVATE " + b"KEY-----\n" + b"M" * 64, scanning.KEY),
        ("resources/x.bin", EC_KEY, scanning.KEY),
        ("segno/x.so", b"\0\0" + MACHINE[0] + b"/app/x.c", scanning.PATH),
        ("resources/x.txt", b"see /home/novak/x", scanning.PATH),
        ("stranger/x.txt", b"x", scanning.UNLICENSED),
        ("libstranger.so.1", b"\x7fELF\0", scanning.UNLICENSED),
    ],
)
def test_what_must_not_be_handed_out_is_found(program: Path, name: str, content: bytes, kind: str) -> None:
    path = program / "_internal" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    found = scanning.scan_program(program, MACHINE)
    assert {one.kind for one in found} == {kind}, found
    assert all(one.path.startswith("_internal/" + name.partition("/")[0]) for one in found)


def test_a_licence_s_text_that_is_missing_is_found(program: Path) -> None:
    (program / "_internal" / "licences" / "segno.txt").unlink()
    assert [one.kind for one in scanning.scan_program(program, MACHINE)] == [scanning.UNLICENSED]


def test_words_that_libraries_have_for_keys_are_no_keys(program: Path) -> None:
    words = b"-----BEGIN PRIVATE " + b"KEY-----\0-----BEGIN EC PRIVATE " + b"KEY-----\0 and more"
    (program / "_internal" / "segno" / "library.so").write_bytes(b"\0" + words)
    assert scanning.scan_program(program, MACHINE) == []


def test_a_build_is_one_hash_over_every_other_file_and_tells_a_changed_one(program: Path) -> None:
    told = json.loads((program / "_internal" / "build.json").read_text("utf-8"))
    assert told == {"version": "1.0", "commit": "abc", "build": marking.build_hash(program)}
    assert re.fullmatch("[0-9a-f]{64}", told["build"])
    assert marking.agrees(program)
    (program / "prebirka").write_bytes(b"another")
    assert not marking.agrees(program)


def test_the_program_knows_its_build_from_the_file(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.program import current

    monkeypatch.setattr(sys, "_MEIPASS", str(program / "_internal"), raising=False)
    known = current.__wrapped__()
    assert (known.version, known.commit, known.build) == ("1.0", "abc", marking.build_hash(program))


def test_two_builds_are_compared_by_content_mode_and_link(tmp_path: Path) -> None:
    for name, text in (("one", "a"), ("two", "b")):
        folder = tmp_path / name
        (folder / "in").mkdir(parents=True)
        (folder / "same").write_text("same")
        (folder / "in" / "changed").write_text(text * 3)
        (folder / "link").symlink_to(text)
        (folder / f"only-{name}").write_text("x")
    one, two = tmp_path / "one", tmp_path / "two"
    assert reproducing.differences(one, one) == []
    assert reproducing.differences(one, two) == [
        "only-one: only in the first",
        "only-two: only in the second",
        "in/changed: 3 of 3 bytes, the first at 0",
        "link: the links lead elsewhere",
    ]


def test_the_sizes_of_the_parts_are_the_program_s(program: Path) -> None:
    whole = sum(file.stat().st_size for file in program.rglob("*") if file.is_file())
    assert sizing.sizes(program).total() == whole
    assert "together" in sizing.table(program)


def test_a_library_inside_a_wheel_has_a_licence() -> None:
    for name in ("libpq-e9b5c9ac.so.5.18", "libicudata.so.73", "Qt6Core.dll", "vcruntime140.dll"):
        part = vendored.of_file(name)
        assert part is not None
        assert part.licence
    assert vendored.of_file("libstranger.so.1") is None


def test_the_parts_of_the_program_are_listed_by_a_command() -> None:
    from app.commands.licences import app

    told = CliRunner().invoke(app, [])
    assert told.exit_code == 0
    assert "lxml" in told.stdout
    assert CliRunner().invoke(app, ["lxml"]).stdout
    assert CliRunner().invoke(app, ["stranger"]).exit_code == 1
