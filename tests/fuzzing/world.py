"""The same small house for every run: keys are counted, not drawn, so that a signed input that was kept once
is still signed by somebody known when it is replayed. The keys are worth nothing: anybody can count.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from unittest import mock

from cryptography.hazmat.primitives.asymmetric import ec

from app.election.model import Contest, Mode
from app.trust import keys
from app.trust.keys import PrivateKey
from tests.support.house import Clock, House
from tests.support.invented_election import VOTING_ENDS, reference

NOW = VOTING_ENDS + timedelta(hours=1)


def folder() -> Path:
    """A new folder, in memory where there is such a place; it lives as long as the process."""
    roomy = Path("/dev/shm")
    kept = tempfile.TemporaryDirectory(prefix="fuzzing-", dir=roomy if roomy.is_dir() else None)
    _FOLDERS.append(kept)
    return Path(kept.name)


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []  # removed when the process ends


@contextmanager
def counted_keys() -> Iterator[None]:
    numbers = count(1)

    def make_key() -> PrivateKey:
        return ec.derive_private_key(next(numbers), ec.SECP256R1())

    with mock.patch.object(keys, "make_key", make_key):
        yield


def house(**options: object) -> House:
    """An authority, a centre an hour after voting ended, and no stations yet. Make its stations within
    `counted_keys` too."""
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1, mode=Mode.REHEARSAL)
    return House(folder(), known, Clock(NOW), batch_grid_seconds=0, **options)
