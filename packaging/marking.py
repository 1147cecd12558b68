"""`build.json` in a frozen program: its version, its commit, and one hash over all its other files.

The program tells it in every batch and inquiry (`app/program.py` reads it), so the centre knows which builds
are at work. The hash is over lines `path NUL sha256 LF` of the whole program folder, sorted by path; whoever
has the folder can compute it again with `packaging/build.py mark --verify`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

INSIDE = "_internal"
BUILD_FILE = "build.json"


def files(program: Path) -> dict[str, Path]:
    """Every file of a frozen program but `build.json` itself, by its path with `/`; links are followed."""
    found = {file.relative_to(program).as_posix(): file for file in program.rglob("*") if file.is_file()}
    found.pop(f"{INSIDE}/{BUILD_FILE}", None)
    return dict(sorted(found.items()))


def build_hash(program: Path) -> str:
    """The hash of a frozen program: SHA-256 in lower-case hexadecimal."""
    whole = hashlib.sha256()
    for name, file in files(program).items():
        whole.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def write(program: Path, version: str, commit: str) -> str:
    """Write `build.json` into a frozen program and return its hash."""
    build = build_hash(program)
    told = json.dumps({"version": version, "commit": commit, "build": build}, indent=1)
    (program / INSIDE / BUILD_FILE).write_text(told + "\n", "utf-8", newline="\n")
    return build


def agrees(program: Path) -> bool:
    """Whether a frozen program is what its `build.json` says."""
    told = json.loads((program / INSIDE / BUILD_FILE).read_text("utf-8"))
    return bool(told["build"] == build_hash(program))
