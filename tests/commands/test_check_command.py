"""The whole installation is tried by one command, as IT staff and the frozen program's build call it."""

from __future__ import annotations

import subprocess
import sys

from app.desktop.sections import SECTIONS
from app.station.permissions import may
from app.station.states import Role


def test_every_page_opens_and_a_protocol_reaches_the_published_results() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "app", "check"], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr == ""
    for section in SECTIONS:
        if section.permission is None or may(Role.SUPERVISOR, section.permission):
            assert f"page: {section.name}\n" in run.stdout
    assert "published" in run.stdout
