"""The installer for Windows, tried: installed silently, run, installed over itself, removed, with data that
must stay. On Windows as it is (an administrator's shell), elsewhere under wine."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import under_wine

FOLDER = "C:\\Program Files\\Prebirka"
DATA = "C:\\ProgramData\\Prebirka-data-of-a-point"
#: What the programs of the frozen folder are called with, and how long each may take, in seconds.
CALLS: tuple[tuple[tuple[str, ...], float], ...] = (
    (("version",), 60),
    (("licences",), 60),
    (("check",), 300),
)


def tried(installer: Path, wine: under_wine.Wine | None) -> bool:
    """Whether everything went as it should; each step is told with its seconds."""

    def run(command: Sequence[str | Path], seconds: float = 300) -> subprocess.CompletedProcess[str]:
        if wine is not None:
            return wine.run(command, seconds)
        return subprocess.run(
            [str(part) for part in command], capture_output=True, encoding="utf-8", errors="replace",
            timeout=seconds, check=False,
        )  # fmt: skip

    def place(path: str) -> Path:
        if wine is None:
            return Path(path)
        return wine.prefix / "drive_c" / path[3:].replace("\\", "/")

    def step(name: str, command: Sequence[str | Path], seconds: float = 300) -> bool:
        begun = time.monotonic()
        try:
            done = run(command, seconds)
        except subprocess.TimeoutExpired:
            print(f"FAILED {seconds:6.0f} s  {name}: not done in time")
            return False
        good = done.returncode == 0 and not done.stderr.strip()
        print(f"{'OK' if good else 'FAILED':6} {time.monotonic() - begun:6.1f} s  {name}")
        if not good:
            print(f"exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return good

    place(DATA).mkdir(parents=True, exist_ok=True)
    (place(DATA) / "station.sqlite").write_bytes(b"a night's protocols")
    good = step("install, silently", [installer, "/S"])
    if good and wine is not None:  # where it crashes, as it did while building
        (place(FOLDER) / "_internal" / "_wmi.pyd").unlink()
    good &= all(
        step(" ".join(words), [place(FOLDER) / "prebirka.exe", *words], most) for words, most in CALLS
    )
    good &= step("install over itself", [installer, "/S"])
    # With _?= the uninstaller runs where it is, so that its end and its exit code are its own.
    good &= step("remove, silently", [place(FOLDER) / "uninstall.exe", "/S", f"_?={FOLDER}"])
    left = [each.name for each in place(FOLDER).rglob("*") if each.name != "uninstall.exe"]
    good &= told("nothing of the program is left", not left, ", ".join(left[:5]))
    good &= told("data are left", (place(DATA) / "station.sqlite").is_file())
    return good


def told(what: str, good: bool, more: str = "") -> bool:
    print(
        f"{'OK' if good else 'FAILED':6} {'':8}  {what}{': ' if more and not good else ''}{more}{os.linesep}",
        end="",
    )
    return good
