"""The short form: every target takes its seeds, the stored corpus and a few mutations of both, and where the
fuzzer is installed it runs for a moment too."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzzing import campaign
from tests.fuzzing.mutations import edges, mutated
from tests.fuzzing.targets import BROKEN, CORPUS, TARGETS, Target

CORPUS_BYTES = 80_000


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """Refusals are what this is about; each is a line of the log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_a_target_takes_whatever_comes(target: Target) -> None:
    made = target.made()
    known = [*made.seeds, *target.stored]
    try:
        for data in (*known, *mutated(target.name, known, target.mutations, target.longest)):
            made.run(data)
        for data in edges(made.seeds[0]) if target.place.startswith("documents:") else ():
            made.run(data)
    finally:
        made.close()


def test_the_corpus_is_small_and_of_known_targets() -> None:
    files = [path for path in CORPUS.rglob("*") if path.is_file()]
    assert {path.parent.name for path in files} <= TARGETS.keys()
    assert sum(path.stat().st_size for path in files) < CORPUS_BYTES


def test_mutations_are_the_same_each_time() -> None:
    first = list(mutated("x", [b"<a b='1'/>", b"0123"], 50, 99))
    assert first == list(mutated("x", [b"<a b='1'/>", b"0123"], 50, 99))
    assert len(set(first)) > 40


@pytest.mark.skipif(find_spec("atheris") is None, reason="the fuzzer exists for Linux and few Pythons")
def test_the_fuzzer_runs_guided_by_coverage_and_keeps_what_made_a_target_fail(tmp_path: Path) -> None:
    [good] = campaign.run(["inquiry"], 1, 1, tmp_path)
    assert not good.failed, good.words[-2000:]
    assert good.executions > 100
    assert good.features > 50
    assert "inquiry" in campaign.table([good])
    [bad] = campaign.run(["broken"], 5, 1, tmp_path)
    assert bad.failed
    [crash] = bad.crashes
    with pytest.raises(ZeroDivisionError):
        campaign.replay(BROKEN, [crash.read_bytes()])
