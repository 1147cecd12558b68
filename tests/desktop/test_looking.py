"""One look at a time: what is asked meanwhile is answered by one more, and a trouble ends the look too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.desktop.looking import Looks
from app.desktop.point.watch import PointWatch
from app.station.errors import ReasonMissing
from tests.desktop.conftest import Driver


def test_what_is_asked_during_a_look_is_answered_by_one_more() -> None:
    looks = Looks()
    assert looks.begin()
    assert [looks.begin(), looks.begin()] == [False, False]
    assert looks.end()
    assert looks.begin()
    assert not looks.end()


def test_a_watch_looks_again_after_a_look_that_failed(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    right: Callable[[], object] = driver.station.point.conflicts.waiting

    def waiting() -> object:
        looked.append(1)
        if len(looked) == 1:
            raise ReasonMissing("hold")
        return right()

    monkeypatch.setattr(driver.station.point.conflicts, "waiting", waiting)
    watch = PointWatch(driver.window.sections)
    driver.qtbot.addWidget(watch)
    watch.look()
    driver.wait(lambda: bool(driver.window.messages.shown))
    watch.look()
    driver.wait(lambda: len(looked) == 2)
