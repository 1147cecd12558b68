"""Two builds of one commit, compared file by file: what differs is named, down to the member of an archive.

Both are made from fresh copies of the commit in two folders of different names and lengths, so that a path of
the building machine that leaks into a file shows as a difference.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

#: Two folders whose names are neither equal nor equally long.
PLACES = ("one", "the-other-place")


def differences(first: Path, second: Path) -> list[str]:
    """The paths that differ between two folders, each with how; empty where they are identical."""
    one, other = _listing(first), _listing(second)
    found = [f"{name}: only in the first" for name in sorted(one.keys() - other.keys())]
    found += [f"{name}: only in the second" for name in sorted(other.keys() - one.keys())]
    for name in sorted(one.keys() & other.keys()):
        if one[name] != other[name]:
            found.append(f"{name}: {_how(first / name, second / name)}")
    return found


def _listing(root: Path) -> dict[str, tuple[int, str]]:
    """Mode and content of everything below `root`: a link's is where it leads."""
    found = {}
    for path in root.rglob("*"):
        if path.is_symlink():
            found[path.relative_to(root).as_posix()] = (0, str(path.readlink()))
        elif path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[path.relative_to(root).as_posix()] = (path.stat().st_mode, digest)
    return found


def _how(one: Path, other: Path) -> str:
    if one.is_symlink() or other.is_symlink():
        return "the links lead elsewhere"
    first, second = one.read_bytes(), other.read_bytes()
    if first == second:
        return f"modes {one.stat().st_mode:o} and {other.stat().st_mode:o}"
    if len(first) != len(second):
        return f"{len(first)} and {len(second)} bytes"
    places = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    return f"{len(places)} of {len(first)} bytes, the first at {places[0]}"


def build_twice(checkout: Path, kind: str, keep: Path | None = None) -> list[str]:
    """Build `kind` from two fresh copies of the commit and compare; [] when they are identical.

    With `keep` the results of both stay there.
    """
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=checkout, check=True, capture_output=True, text=True
    ).stdout.strip()  # both of this one, whatever is committed meanwhile
    with tempfile.TemporaryDirectory(prefix="prebirka-reproduce-") as temporary:
        base = keep or Path(temporary)
        outs = []
        for place in PLACES:
            copy, out = Path(temporary) / place / "prebirka", base / f"out-{place}"
            subprocess.run(["git", "clone", "-q", "--no-hardlinks", checkout, copy], check=True)
            subprocess.run(["git", "checkout", "-q", "--detach", head], cwd=copy, check=True)
            command = [sys.executable, copy / "packaging" / "build.py", kind, "--out", out]
            command += ["--python", checkout / ".venv" / "bin" / "python"]
            subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
            outs.append(out)
        return differences(*outs)
