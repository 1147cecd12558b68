"""The manual's page of the published feed: its table is that of the code, its commands run."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from app import resources
from app.cli import COMMANDS
from app.verify.differences import CODES
from tests.support.published_night import Night
from tests.verify.conftest import Published

PAGE = resources.path("manual", "feed.md").read_text("utf-8")
(COMMANDS_OF_PAGE,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def commands() -> list[str]:
    """Each command of the page's block, continued lines in one, with this election's code."""
    joined = COMMANDS_OF_PAGE.replace("\\\n", " ").replace("kz2024", "zk2024")
    return [line for line in joined.splitlines() if line and not line.startswith("#")]


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture
def version(published: Published) -> Path:
    (published.version / "ca.pem").write_bytes(published.house.authority.to_pem())
    return published.version


def test_the_table_of_codes_is_the_codes() -> None:
    assert re.findall(r"^\| (VER-\d\d) \| (.*) \|$", PAGE, re.MULTILINE) == [
        (code, en) for code, (_, en) in CODES.items()
    ]


@pytest.mark.parametrize("command", commands(), ids=[line.split()[0] for line in commands()])
def test_each_command_of_the_page_proves_what_was_published(command: str, version: Path) -> None:
    run = shell(command, version)
    assert run.returncode == 0, run.stderr


def test_the_same_commands_fail_on_a_changed_file(version: Path) -> None:
    path = version / "appdata/zk2024/odata/vysledky.xml"
    path.write_bytes(path.read_bytes().replace(b'HLASY="', b'HLASY="1', 1))
    codes = [shell(command, version).returncode != 0 for command in commands()]
    assert codes == [False, True, True, False, False]
    manifest = version / "feed/zk2024/manifest.xml"
    manifest.write_bytes(manifest.read_bytes().replace(b"DELKA", b"DELKa", 1))
    assert shell(commands()[0], version).returncode != 0


def test_who_signed_and_when_is_told_by_the_last_commands(version: Path) -> None:
    who, when = (shell(command, version).stdout for command in commands()[-2:])
    assert "urn:prebirka:zk2024:centre::" in who
    assert "UTCTIME" in when


def test_every_address_of_the_page_is_answered(night: Night) -> None:
    """The paths of both tables, with this night's election and day."""
    import httpx

    from tests.support.house import serving

    paths = set(re.findall(r"`(/(?:appdata|pls)/[^`]*)`", PAGE))
    assert len(paths) > 8
    nuts = next(each.name for each in (night.public / "current/appdata/zk2024/odata/okresy").glob("*.xml"))
    senate = next((night.public / "current").glob("appdata/senat/*/odata/obvody/*.xml")).stem.rpartition("_")[
        2
    ]
    with serving(night.centre) as url:
        for path in sorted(paths):
            asked = path.format(election="zk2024", day=night.senate_day).replace(
                "cislo=17", f"cislo={senate}"
            )
            asked = asked.replace("CZ0201", nuts.removesuffix(".xml").rpartition("_")[2])
            answer = httpx.get(url + asked)
            assert answer.status_code == 200, asked
            assert b"<CHYBA" not in answer.content, asked


def test_the_commands_that_it_names_exist() -> None:
    for name in re.findall(r"^prebirka ([a-z]+)", PAGE, re.MULTILINE):
        assert name in COMMANDS
