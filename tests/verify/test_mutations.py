"""One byte changed anywhere in a published folder is named: which file it is in.

The short form flips bytes that hypothesis chooses and sweeps each file at its ends and middle;
PREBIRKA_MUTATIONS=20000 runs a campaign of so many (with HYPOTHESIS_PROFILE=long for the chosen ones).
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import verify
from tests.verify.conftest import Published

CAMPAIGN = int(os.environ.get("PREBIRKA_MUTATIONS", "0"))


def files(published: Published) -> list[Path]:
    found = [path for path in published.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted(path for path in found if "current" not in path.relative_to(published.folder).parts)


@contextmanager
def flipped(path: Path, at: int, mask: int) -> Iterator[None]:
    body = path.read_bytes()
    changed = bytearray(body)
    changed[at] ^= mask
    path.write_bytes(changed)
    try:
        yield
    finally:
        path.write_bytes(body)


def assert_named(published: Published, path: Path) -> None:
    """The difference is in this file; a signature or a variant may be named by what it belongs to."""
    name = path.relative_to(published.folder).as_posix()
    with pytest.raises(verify.Difference) as caught:
        published.verify()
    named = caught.value.file
    assert named in (name, name.removesuffix(".p7s"), f"{name}.p7s"), f"{name}: {caught.value}"


def test_the_folder_that_is_mutated_agrees_before(shared: Published) -> None:
    assert shared.verify().counts["variants"] > 10
    kinds = {path.suffix for path in files(shared)}
    assert {".xml", ".p7s", ".gz", ".br", ".html", ".css", ".xsd", ".csv"} <= kinds


@settings(
    max_examples=25 if settings.default.max_examples < 1000 else 5000,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_byte_that_is_flipped_anywhere_is_named_by_its_file(shared: Published, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(files(shared)))
    at = data.draw(st.integers(0, path.stat().st_size - 1))
    with flipped(path, at, data.draw(st.integers(1, 255))):
        assert_named(shared, path)


def swept(published: Published) -> list[tuple[Path, int]]:
    """Bytes of one file of each kind, in its head, in the middle and at its end."""
    chosen: dict[str, Path] = {}
    for path in files(published):
        chosen.setdefault(path.suffix, path)
    return [
        (path, at)
        for path in chosen.values()
        for size in [path.stat().st_size]
        for at in sorted({9, size // 2, size - 1})
        if at < size
    ]


def test_every_kind_of_file_is_watched_from_its_first_byte_to_its_last(shared: Published) -> None:
    for path, at in swept(shared):
        with flipped(path, at, 1):
            assert_named(shared, path)


@pytest.mark.skipif(not CAMPAIGN, reason="a campaign: PREBIRKA_MUTATIONS=20000")
@pytest.mark.parametrize("hundred", range(-(-CAMPAIGN // 100)))
def test_a_campaign_of_flipped_bytes(shared: Published, hundred: int) -> None:
    chance = random.Random(hundred)
    everything = files(shared)
    for _ in range(100):
        path = chance.choice(everything)
        with flipped(path, chance.randrange(path.stat().st_size), chance.randrange(1, 256)):
            assert_named(shared, path)


def test_a_file_cut_short_or_emptied_is_named(shared: Published) -> None:
    for path in files(shared)[::61]:
        body = path.read_bytes()
        for kept in (0, len(body) - 1):
            path.write_bytes(body[:kept])
            try:
                assert_named(shared, path)
            finally:
                path.write_bytes(body)


def test_a_file_taken_away_is_named(shared: Published) -> None:
    for path in files(shared)[5::61]:
        body = path.read_bytes()
        path.unlink()
        try:
            assert_named(shared, path)
        finally:
            path.write_bytes(body)
