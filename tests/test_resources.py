"""Resources are found in a checkout and in a frozen program."""

import sys
from pathlib import Path

from app import resources


def test_in_a_checkout_they_lie_beside_the_program() -> None:
    assert resources.path("facts", "regions.csv").is_file()


def test_in_a_frozen_program_they_lie_where_it_was_unpacked(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.path("xsd", "davka.xsd") == tmp_path / "resources" / "xsd" / "davka.xsd"
