"""Pictures of typing from paper at the screens that transfer points have; nothing on them is cut.

They go to the folder that PREBIRKA_SCREENSHOTS names, else to a temporary one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["1", "1.5"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_nothing_is_cut_on_any_page_of_typing(tmp_path: Path, width: int, height: int, scale: str) -> None:
    folder = Path(os.environ.get("PREBIRKA_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.typing_pictures", str(folder), str(width), str(height)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip() == "", run.stdout
    assert run.returncode == 0, run.stderr
    assert len(list(folder.glob(f"entry-*-{width}x{height}-*"))) >= 14
