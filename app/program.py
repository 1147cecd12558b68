"""Which program this is: its version, its commit, and its build, which is one hash over all its files.

A frozen program is told by `build.json` beside its parts, written when it was built. One that runs from its
sources hashes them, when somebody first asks and no sooner: no start waits for it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app import __version__

#: Lies beside the parts of a frozen program: {"version", "commit", "build"}.
BUILD_FILE = "build.json"
#: What a program calls itself in a batch and in an inquiry begins with it.
NAME = "prebirka"


@dataclass(frozen=True, slots=True)
class Program:
    """`build` is SHA-256 in lower-case hexadecimal, `commit` empty where nobody knows, `platform` as Python
    names it (linux, win32, darwin)."""

    version: str
    commit: str
    build: str
    platform: str
    frozen: bool

    @property
    def signature(self) -> str:
        """How the program names itself in documents: `prebirka 0.1.0 <build>`, below 100 characters."""
        return f"{NAME} {self.version} {self.build}"


@lru_cache(maxsize=1)
def current() -> Program:
    """The program that runs; the same for as long as it does."""
    unpacked: str | None = getattr(sys, "_MEIPASS", None)
    if unpacked is not None:
        try:
            told = json.loads((Path(unpacked) / BUILD_FILE).read_text("utf-8"))
            return Program(str(told["version"]), str(told["commit"]), str(told["build"]), sys.platform, True)
        except (OSError, ValueError, KeyError, TypeError):
            return Program(__version__, "", hash_of(Path(unpacked), [Path(unpacked)]), sys.platform, True)
    root = Path(__file__).resolve().parent.parent
    return Program(__version__, "", hash_of(root, [root / "app", root / "resources"]), sys.platform, False)


def build_of(signature: str) -> str:
    """The build that a document names, empty where it names none: older programs tell their version only."""
    name, _, rest = signature.partition(" ")
    build = rest.partition(" ")[2]
    return build if name == NAME and len(build) == 64 and set(build) <= set("0123456789abcdef") else ""


def version_of(signature: str) -> str:
    """The version that a document names, empty where it is not this program's name."""
    name, _, rest = signature.partition(" ")
    return rest.partition(" ")[0] if name == NAME else ""


def hash_of(root: Path, folders: Iterable[Path]) -> str:
    """One hash over the names below `root` and the contents of all files in `folders`, whatever the order in
    which the disk lists them; compiled modules and the build's own file are left out."""
    files = {
        file.relative_to(root).as_posix(): file
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.name != BUILD_FILE
    }
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name].read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
