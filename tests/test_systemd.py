"""The units of the centre: rated by systemd itself without running, their commands known to the program."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command_lines import check

FOLDER = Path(__file__).resolve().parents[1] / "packaging" / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))
DROP_IN = FOLDER / "hardening.conf"
#: Of 10: what systemd calls OK begins at 4.9; network and the host's own root stay.
MOST_EXPOSED = 2.0

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_rated_well_with_the_shared_drop_in(unit: Path, tmp_path: Path) -> None:
    drop_in = tmp_path / f"{unit.name}.d" / "10-hardening.conf"
    drop_in.parent.mkdir()
    shutil.copyfile(DROP_IN, drop_in)
    # what it starts is not installed here
    words = re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", unit.read_text("utf-8"), flags=re.MULTILINE)
    (tmp_path / unit.name).write_text(words, "utf-8")
    command = ["systemd-analyze", "security", "--offline=true", str(tmp_path / unit.name)]
    told = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    rating = re.search(r"exposure level for \S+: ([\d.]+)", told.stdout)
    assert rating is not None, told.stdout + told.stderr
    assert float(rating[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_what_a_unit_starts_exists(unit: Path) -> None:
    for line in re.findall(r"/usr/bin/(prebirka [^'\n]+)", unit.read_text("utf-8")):
        check(line)


@pytest.mark.parametrize("timer", sorted(FOLDER.glob("*.timer")), ids=lambda timer: timer.stem)
def test_a_timer_has_its_service(timer: Path) -> None:
    assert timer.with_suffix(".service").is_file()
