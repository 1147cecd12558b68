"""A small night's published folders, made once, and one Chromium for each module that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from app.central.pages.view import View
from tests.support import public_pages

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders `zero`, `half`, `full`, `embargo`, `second`."""
    folder = tmp_path_factory.mktemp("states")
    public_pages.publish_night(tmp_path_factory.mktemp("night"), folder)
    public_pages.publish_embargo(tmp_path_factory.mktemp("embargo"), folder)
    public_pages.publish_round_2(tmp_path_factory.mktemp("second"), folder)
    return folder


@pytest.fixture(scope="session")
def views(states: Path) -> dict[str, View]:
    return {each.name: public_pages.view(each) for each in states.iterdir()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()
