"""Every page on every screen that is supported: nothing cut, all named, Tab as one reads, colours readable.

The scenes stand in `tests.support.scenes`, where a new page adds its own. The scale of a screen is fixed when
Qt starts, so each scale is looked at by a process of its own. Light and dark differ in colours alone: a page
is laid out the same in both, and the colours are held against one another by themselves.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import resources
from app.desktop import theme
from tests.desktop.test_looks import contrast

ROOT = Path(__file__).parents[2]
SCREENS = ("1366x768", "1920x1080")


#: Scenes that have to be among those that are looked at, one of each part of the desk.
KNOWN = {"welcome", "side-by-side", "mending", "dialog-refuse", "verdict-held", "retype", "settlement",
         "entry-front", "second-reading", "settle", "drafts"}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["1", "1.5"])
def test_every_page_is_whole_on_every_screen(scale: str) -> None:
    pictures = os.environ.get("PREBIRKA_SCENES")
    command = [sys.executable, "-m", "tests.support.scenes", *SCREENS]
    command += ["--pictures", pictures] if pictures else []
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    assert run.returncode == 0, run.stderr[-3000:]
    told = json.loads(run.stdout)
    assert set(told["shown"]) >= KNOWN
    assert sorted({f"{one['scene']}, {one['screen']}: {one['fault']}" for one in told["faults"]}) == []


def ruled_pairs() -> set[tuple[str, str]]:
    """Ink and ground that one rule of the style sheet sets together."""
    sheet = resources.path("styles", "desk.qss").read_text("utf-8")
    pairs = set()
    for body in re.findall(r"\{([^}]*)\}", sheet):
        ink = re.search(r"(?<![-\w])color: @(\w+)", body)
        ground = re.search(r"(?<![-\w])background(?:-color)?: @(\w+)", body)
        if ink and ground:
            pairs.add((ink[1], ground[1]))
    return pairs


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_rule_of_the_style_sheet_has_contrast(dark: bool) -> None:
    tokens = theme.tokens(dark)
    assert len(ruled_pairs()) >= 5
    weak = {pair for pair in ruled_pairs() if contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5}
    assert weak == set()
