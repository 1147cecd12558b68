"""A campaign: every target gets its share of the time under atheris, one process each, a few at once.

What was found is kept in a folder outside the repository and gone on from the next time. An input that made
a target fail lies there under `crashes/TARGET/`; it is replayed by `python -m tests.fuzzing --replay TARGET
FILE`, without atheris.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from tests.fuzzing.targets import CORPUS, Run, Target, named

#: Where what was found is kept.
KEPT = Path(tempfile.gettempdir()) / "prebirka-fuzzing"
_CHECKOUT = Path(__file__).resolve().parents[2]
_PROGRAM = str(_CHECKOUT / "app")
Line = tuple[str, int]
_EXECUTED = re.compile(r"stat::number_of_executed_units: +(\d+)")
_FEATURES = re.compile(r"\bft: (\d+)")
_MEMORY, _INPUT_SECONDS = 2048, 25
#: Bytes of the corpus in the repository, for each target and for each input.
_MOST_STORED, _LARGEST_STORED = 4_000, 1_500
_guard = threading.Lock()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a target came to: executions, coverage features, inputs that made it fail, the fuzzer's words."""

    target: str
    executions: int
    features: int
    crashes: tuple[Path, ...]
    words: str

    @property
    def failed(self) -> bool:
        return bool(self.crashes) or not self.executions


def run(names: Iterable[str], seconds: float, processes: int, kept: Path = KEPT) -> list[Outcome]:
    """Every target for an equal share of `seconds` (of the wall's clock); in the order of the names."""
    targets = [named(name) for name in names]
    share = max(1, round(seconds * processes / len(targets)))
    with ThreadPoolExecutor(processes) as pool:
        return list(pool.map(lambda target: fuzz(target, share, kept), targets))


def fuzz(target: Target, seconds: int, kept: Path = KEPT) -> Outcome:
    """One target in a process of its own."""
    found, crashes = kept / "found" / target.name, kept / "crashes" / target.name
    words = kept / f"{target.name}.log"
    for folder in (found, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    _plant(target, found)
    before = set(crashes.iterdir())
    arguments = [
        str(found), f"-max_total_time={seconds}", f"-max_len={target.longest}", "-print_final_stats=1",
        f"-rss_limit_mb={_MEMORY}", f"-timeout={_INPUT_SECONDS}", f"-artifact_prefix={crashes}/",
        f"-dict={_dictionary(kept)}", "-reload=0",
    ]  # fmt: skip
    with words.open("wb") as stream:
        subprocess.run(
            [sys.executable, "-m", "tests.fuzzing.child", target.name, *arguments],
            cwd=_CHECKOUT, stdout=stream, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    told = words.read_text("utf-8", "replace")
    executed, features = _EXECUTED.findall(told), _FEATURES.findall(told)
    new = sorted(set(crashes.iterdir()) - before)
    return Outcome(
        target.name,
        int(executed[-1]) if executed else 0,
        int(features[-1]) if features else 0,
        tuple(path for path in new if not path.name.startswith("slow-unit")),
        told,
    )


def replay(target: Target, inputs: Sequence[bytes]) -> None:
    """Run a target on inputs; raises what it raises."""
    made = target.made()
    try:
        for data in inputs:
            made.run(data)
    finally:
        made.close()


def keep(names: Iterable[str], kept: Path = KEPT) -> None:
    """Put into the repository's corpus the short inputs of what was found that together reach most lines of
    the program beyond those that the seeds reach."""
    for name in names:
        target, place = named(name), CORPUS / name
        shutil.rmtree(place, ignore_errors=True)
        made = target.made()
        try:
            seen = set[Line]().union(*(_reached(made.run, seed) for seed in made.seeds))
            inputs = [path.read_bytes() for path in sorted((kept / "found" / name).iterdir())]
            lines = {data: _reached(made.run, data) for data in inputs if 0 < len(data) <= _LARGEST_STORED}
        finally:
            made.close()
        left = _MOST_STORED
        while lines:
            best = max(lines, key=lambda data: (len(lines[data] - seen) / len(data), data))
            if not lines[best] - seen or len(best) > left:
                break
            seen |= lines.pop(best)
            left -= len(best)
            place.mkdir(parents=True, exist_ok=True)
            (place / hashlib.sha256(best).hexdigest()[:12]).write_bytes(best)


def _reached(run: Run, data: bytes) -> set[Line]:
    """The program's lines that an input reaches, as file and number."""
    seen: set[Line] = set()

    def within(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return within

    def called(frame: FrameType, event: str, _: object) -> Any:
        return within if frame.f_code.co_filename.startswith(_PROGRAM) else None

    before = sys.gettrace()
    sys.settrace(called)
    try:
        run(data)
    finally:
        sys.settrace(before)
    return seen


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes for people."""
    lines = [f"{'target':<18}{'executions':>12}{'features':>10}{'crashes':>9}"]
    lines += [
        f"{one.target:<18}{one.executions:>12}{one.features:>10}{len(one.crashes):>9}"
        + ("" if one.executions else "  did not run")
        for one in outcomes
    ]
    whole = sum(one.executions for one in outcomes)
    lines.append(f"{'all':<18}{whole:>12}{'':>10}{sum(len(one.crashes) for one in outcomes):>9}")
    return "\n".join(lines)


def _plant(target: Target, found: Path) -> None:
    """Seeds and the stored corpus, where the fuzzer begins. Seeds are made in a process of their own: this
    one has to stay small and may run several targets at once."""
    for path in (CORPUS / target.name).glob("*"):
        shutil.copyfile(path, found / path.name)
    code = (
        "import sys, pathlib; from tests.fuzzing.targets import named\n"
        "for n, s in enumerate(named(sys.argv[1]).made().seeds):\n"
        "    pathlib.Path(sys.argv[2], f'seed-{n}').write_bytes(s)"
    )
    subprocess.run(
        [sys.executable, "-c", code, target.name, str(found)],
        cwd=_CHECKOUT, check=True, capture_output=True,
    )  # fmt: skip


def _dictionary(kept: Path) -> Path:
    """Words of the schemas and of HTTP, in libFuzzer's form."""
    path = kept / "words.dict"
    with _guard:
        if not path.exists():
            words: set[str] = set()
            for schema in (_CHECKOUT / "resources" / "schemas").glob("*.xsd"):
                words |= set(re.findall(r'(?:name|value)="([A-Z0-9_]{2,30})"', schema.read_text("utf-8")))
            pieces = {f' {word}=\\"' for word in words} | words
            pieces |= {
                "Content-Length: ",
                "Transfer-Encoding: ",
                "\\x0d\\x0a",
                "@P",
                "@N",
                "<!--",
                "]]>",
            }
            path.write_text("".join(f'"{piece}"\n' for piece in sorted(pieces)), "utf-8")
    return path
