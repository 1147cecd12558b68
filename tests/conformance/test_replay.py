"""A real night replayed through the real command: every published value is the official one.

One region is replayed each time. All five of the folder (3 626 protocols) take a minute or more and run
when told: PREBIRKA_ALL_REGIONS=1 python -m pytest tests/conformance/test_replay.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.nights import figure, prebirka
from tests.support.opendata import DATA, needs_data

pytestmark = [needs_data, pytest.mark.slow]

ALL_REGIONS = "3,4,6,7,12"


def assert_equal(output: str) -> None:
    for row in ("rozdílů · differences", "wrong sums and batches", "protocols stored wrong"):
        assert figure(output, row) == "0"
    assert "Všechny zveřejněné hodnoty se shodují." in output


def test_the_smallest_region_of_2016_is_published_as_the_office_published_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = prebirka("rehearse", "--replay", DATA / "kz2016", "--regions", 4, "--no-floor", "--out", out)
    assert run.returncode == 0, run.stdout + run.stderr
    assert figure(run.stdout, "zápisů · protocols") == "347"
    assert figure(run.stdout, "odmítnuto · refused") == "0"
    assert figure(run.stdout, "opraveno (OPRAVA=1) · corrected") == "1"
    assert int(figure(run.stdout, "porovnáno hodnot · values compared")) == 10_604
    assert_equal(run.stdout)
    compared = prebirka("compare", out, DATA / "kz2016", "--regions", 4)
    assert compared.returncode == 0, compared.stdout
    assert "Values compared: 10604\n" in compared.stdout
    assert "Differences: 0\n" in compared.stdout
    compared = prebirka("compare", out, DATA / "kz2016", "--regions", "4,6")
    assert compared.returncode == 1, "a region that was not replayed has to differ"
    assert "KRZAST 6" in compared.stdout
    assert "KRZAST 4 " not in compared.stdout


@pytest.mark.skipif(not os.environ.get("PREBIRKA_ALL_REGIONS"), reason="only with PREBIRKA_ALL_REGIONS=1")
def test_all_five_regions_of_2016_are_published_as_the_office_published_them() -> None:
    run = prebirka("rehearse", "--replay", DATA / "kz2016", "--regions", ALL_REGIONS, seconds=600)
    assert run.returncode == 0, run.stdout + run.stderr
    assert figure(run.stdout, "zápisů · protocols") == "3626"
    assert figure(run.stdout, "odmítnuto · refused") == "0"
    assert_equal(run.stdout)


@pytest.mark.skipif(not os.environ.get("PREBIRKA_ALL_REGIONS"), reason="only with PREBIRKA_ALL_REGIONS=1")
def test_all_five_regions_end_equal_when_processes_are_killed_on_the_way() -> None:
    run = prebirka(
        *("rehearse", "--replay", DATA / "kz2016", "--regions", ALL_REGIONS, "--kills", 20, "--no-floor"),
        seconds=900,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert figure(run.stdout, "zabito procesů · processes killed").startswith("20 ")
    assert_equal(run.stdout)
