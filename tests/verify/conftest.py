"""Published folders to verify: a whole small night, published by a real centre, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import verify
from app.election.model import Contest, Mode
from app.trust.anchors import Anchors
from tests.support.house import House
from tests.support.invented_election import reference
from tests.support.published_night import Night, open_night, whole_night
from tests.support.resealing import Forger

#: Small, because a test verifies it dozens of times: two regions, two Senate districts.
ELECTION = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1, mode=Mode.REHEARSAL)


@dataclass
class Published:
    """A copy of a public folder, to be damaged at will."""

    folder: Path
    house: House
    anchors: Anchors

    @property
    def version(self) -> Path:
        """The current version's folder."""
        return self.folder / "versions" / (self.folder / "current").readlink().name

    def forger(self) -> Forger:
        return Forger(self.house)

    def verify(self, **wanted: object) -> verify.Report:
        source = verify.Folder(self.folder)
        return verify.verify(source, self.anchors, verify.Wanted(**wanted), verify.Report())  # type: ignore[arg-type]

    def difference(self) -> verify.Difference:
        """What verification says is the first difference; there must be one."""
        with pytest.raises(verify.Difference) as caught:
            self.verify()
        return caught.value


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    with open_night(tmp_path_factory.mktemp("night"), ELECTION, keep_versions=2) as opened:
        whole_night(opened)
        yield opened


def copied(night: Night, folder: Path) -> Published:
    public = folder / "public"
    shutil.copytree(night.public, public, symlinks=True)
    return Published(public, night.house, Anchors.from_pem(night.house.authority.to_pem()))


@pytest.fixture
def published(night: Night, tmp_path: Path) -> Published:
    return copied(night, tmp_path)


@pytest.fixture(scope="module")
def shared(night: Night, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The same for tests that put back what they change."""
    return copied(night, tmp_path_factory.mktemp("shared"))
