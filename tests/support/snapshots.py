"""Tables as text files beside the tests: a change of a table is seen as a change of its text.

Write them anew with PREBIRKA_SNAPSHOTS=write in the environment, and read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path


def assert_snapshot(path: Path, text: str) -> None:
    """The text equals the stored one."""
    if os.environ.get("PREBIRKA_SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text
