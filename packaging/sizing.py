"""What a frozen program weighs, part by part, so that growth is seen and what is not needed is taken out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

#: The parts, each with what the paths of its files begin with or contain; the first that fits counts.
PARTS = (
    ("Qt: ICU's tables", ("libicu",)),
    ("Qt: plug-ins and translations", ("/plugins/", "/translations/")),
    ("Qt: libraries", ("PySide6/Qt/lib/", "_internal/Qt6", "PySide6/Qt6", "opengl32sw")),
    ("Qt: PySide6 and shiboken6", ("PySide6/", "shiboken6/", "pyside6.", "shiboken6.")),
    ("Our resources (schemas, manual, texts)", ("_internal/resources/",)),
    ("Licences", ("/licences/",)),
    ("cryptography", ("/cryptography",)),
    ("PostgreSQL's client", ("/psycopg",)),
    ("lxml", ("/lxml",)),
    ("pydantic (of the command line)", ("/pydantic",)),
    ("SQLAlchemy", ("/sqlalchemy",)),
    ("Python: library and extensions", ("libpython", "python3", "lib-dynload", "base_library", "_internal/_",
                                        ".pyd", "libcrypto", "libssl", "libsqlite3", "sqlite3.dll", "libffi",
                                        "liblzma", "libbz2", "libz.", "libexpat", "libuuid")),
)  # fmt: skip
PROGRAM, REST = "Program: all Python modules, ours and others'", "Everything else"


def sizes(program: Path) -> Counter[str]:
    """Bytes by part; a library that is linked from several places counts once."""
    found: Counter[str] = Counter()
    for file in program.rglob("*"):
        if file.is_file() and not file.is_symlink():
            found[_part(f"/{file.relative_to(program).as_posix()}")] += file.stat().st_size
    return found


def _part(path: str) -> str:
    if path.count("/") == 1:
        return PROGRAM
    return next((name for name, marks in PARTS if any(mark in path for mark in marks)), REST)


def table(program: Path) -> str:
    """The parts from the largest, in megabytes."""
    found = sizes(program)
    lines = [f"{size / 1e6:8.1f} MB  {name}" for name, size in found.most_common()]
    return "\n".join([*lines, f"{found.total() / 1e6:8.1f} MB  together"])
