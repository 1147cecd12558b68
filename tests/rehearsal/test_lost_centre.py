"""The centre's database is lost entirely, and the night is what it was: from a copy, and from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.rehearsal.lost_centre import LostCentre
from tests.support.nights import TINY, invented

pytestmark = pytest.mark.slow


def test_a_lost_database_is_rebuilt_from_a_copy_and_from_the_stations_alone(tmp_path: Path) -> None:
    scene = invented(tmp_path, TINY)
    outcome, rebuilt = LostCentre(scene).run()
    assert outcome.right
    assert [each.way for each in rebuilt] == ["backup", "stations"]
    from_copy, from_nothing = rebuilt
    assert 0 < from_copy.held < outcome.protocols + outcome.corrected
    assert from_nothing.held == 0
    for each in rebuilt:
        assert each.different == ()
        assert each.outcome.right
    for lost in ("lost-backup", "lost-stations"):
        assert not (tmp_path / lost / "centre.sqlite").exists()
