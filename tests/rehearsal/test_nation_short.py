"""The benchmark `nation` in its short form: that it runs and what is published adds up, not how fast."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.support.nights import CHECKOUT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processor times of Linux"),
]


def test_a_part_of_the_nation_is_received_and_published_right() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.nation", "--share", "60", "--parts", "sqlite"]
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, encoding="utf-8", timeout=240)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.match(r"nation-sqlite: [\d.]+ s \(\d+ protocols in \d+ batches of \d+ stations", run.stdout)
    assert "SHORT" not in run.stdout
