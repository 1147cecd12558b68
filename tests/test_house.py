"""The rules of the house that no module can keep alone: what lies where, who knows whom, what never."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.cli import COMMANDS

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK = CHECKOUT / "packaging" / "requirements.lock"

AT_THE_TOP = {"pyproject.toml", "README.md", "LICENSE", "app", "resources", "tests", "packaging"}
LINES_AT_MOST = 500

# Characters that make a reader see other code than Python runs: directions, joiners, invisible blanks.
DECEIVING = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE " + rb"KEY-----")
TEXT = {
    ".py",
    ".toml",
    ".md",
    ".xsd",
    ".xml",
    ".sql",
    ".html",
    ".css",
    ".js",
    ".csv",
    ".lock",
    ".ts",
    ".sh",
    ".nsi",
}


@cache
def sources() -> tuple[Path, ...]:
    """Every file of the project: those git knows, or without git all that lie in the project's folders."""
    if shutil.which("git") and (CHECKOUT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True
        ).stdout
        found = [CHECKOUT / name for name in listed.decode().split("\0") if name]
    else:
        found = [path for name in AT_THE_TOP for path in (CHECKOUT / name, *(CHECKOUT / name).rglob("*"))]
    return tuple(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def texts() -> list[Path]:
    return [path for path in sources() if path.suffix in TEXT or path.parts[-2:-1] == (".ci",)]


def names(paths: list[Path]) -> list[str]:
    return sorted(str(path.relative_to(CHECKOUT)) for path in paths)


def test_the_top_folder_holds_what_it_should_and_nothing_else() -> None:
    tops = {path.relative_to(CHECKOUT).parts[0] for path in sources()}
    assert {name for name in tops if not name.startswith(".")} <= AT_THE_TOP
    assert {"pyproject.toml", "README.md", "LICENSE", "app", "tests", "packaging"} <= tops


def test_the_folder_packaging_does_not_hide_the_library_of_that_name() -> None:
    assert not (CHECKOUT / "packaging" / "__init__.py").exists()


def test_nobody_imports_upwards() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_module_of_the_program_is_long() -> None:
    modules = [path for path in sources() if path.suffix == ".py" and path.is_relative_to(CHECKOUT / "app")]
    assert (
        names([path for path in modules if len(path.read_text("utf-8").splitlines()) > LINES_AT_MOST]) == []
    )


def test_no_private_key_is_committed() -> None:
    assert names([path for path in sources() if PRIVATE_KEY.search(path.read_bytes())]) == []
    assert names([path for path in sources() if path.suffix in {".key", ".pfx", ".p12"}]) == []


def test_no_text_has_characters_that_deceive_its_reader() -> None:
    assert (
        names([path for path in texts() if DECEIVING.search(path.read_bytes().decode("utf-8", "replace"))])
        == []
    )


def test_the_readme_shows_the_two_commands_at_its_top() -> None:
    top = "\n".join((CHECKOUT / "README.md").read_text("utf-8").splitlines()[:20])
    assert "python3 packaging/bootstrap.py demo" in top
    assert "python3 packaging/bootstrap.py test" in top


def locked() -> dict[str, str]:
    """Name and version of every package in the lock."""
    return {
        canonicalize_name(match[1]): match[2]
        for match in re.finditer(r"^([A-Za-z0-9._-]+)==([^\s;]+)", LOCK.read_text("utf-8"), re.MULTILINE)
    }


def test_the_lock_names_versions_and_hashes_and_no_place() -> None:
    entry = re.compile(r"[A-Za-z0-9._-]+==[^\s;]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    lines = [line for line in LOCK.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not entry.fullmatch(line)] == []
    assert "://" not in LOCK.read_text("utf-8")


def test_the_lock_covers_every_dependency() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    stated = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    versions = locked()
    missing = [
        line
        for line in stated
        for requirement in [Requirement(line)]
        if not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), "0.dev0"))
    ]
    assert missing == []


@pytest.mark.parametrize("name", ["lxml", "cryptography", "pyside6-essentials", "pytest"])
def test_the_environment_that_runs_the_tests_is_the_locked_one(name: str) -> None:
    assert version(name) == locked()[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_has_its_module(name: str) -> None:
    module_name, _, attribute = COMMANDS[name].target.partition(":")
    assert attribute == "app"
    assert importlib.util.find_spec(module_name) is not None
