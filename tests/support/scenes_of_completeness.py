"""Scenes of the supervisor's page: the table, the map, the counts, the arrivals, whom to call; the wall."""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.overseeing.page import TABS, CompletenessPage
from tests.support.scenes import story
from tests.support.stage import Stage


@story()
def completeness(stage: Stage) -> Iterator[str]:
    """A night at whose beginning nothing is here, and one that is under way."""
    stage.window.sections.turn("completeness")
    page = stage.window.sections.page("completeness")
    assert isinstance(page, CompletenessPage)
    stage.wait(lambda: bool(page.table.rows))
    yield "completeness-empty"
    stage.window.sections.turn("desk")
    stage.open(stage.key(550001, 2), stage.key(550001, 2, 1))
    for _ in range(2):
        stage.act("accept")
    stage.leave()
    stage.open(stage.key(550002, 1), faults="blocking")
    stage.act("refuse", "Součet hlasů nesouhlasí, komise počítá znovu.")
    stage.leave()
    stage.window.sections.turn("completeness")
    stage.wait(lambda: page.oversight is not None and page.oversight.total.confirmed == 2)
    for name in TABS:
        if page.tabs.isTabVisible(TABS.index(name)):
            page.tabs.setCurrentIndex(TABS.index(name))
            yield f"completeness-{name}"
