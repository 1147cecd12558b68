"""Scenes of the approvals: nothing waits, one case with each of its tabs, changed content, the dialog."""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.approving.page import ApprovalsPage
from app.station.states import Role, User
from tests.support import waiting
from tests.support.scenes import story
from tests.support.stage import Stage
from tests.support.station_world import SUPERVISOR

CHIEF = User("Ing. Ivana Kohoutková-Šťastná", Role.SUPERVISOR)


def page_of(stage: Stage, user: User = CHIEF) -> ApprovalsPage:
    """The page, with this person signed in."""
    stage.window.desk.user = user
    stage.window.sections.user_changed()
    stage.window.sections.turn("approvals")
    page = stage.window.sections.page("approvals")
    assert isinstance(page, ApprovalsPage)
    return page


def tabs(stage: Stage, page: ApprovalsPage) -> Iterator[str]:
    """Each tab that the case has."""
    names = ("paper", "around", "readings", "changes", "origin")
    for place, name in enumerate(names):
        if page.details.tabs.isTabVisible(place):
            page.details.tabs.setCurrentIndex(place)
            stage.settle()
            yield name


@story()
def approvals(stage: Stage) -> Iterator[str]:
    page = page_of(stage)
    stage.settle()
    yield "approvals-empty"
    station = stage.window.desk.station
    first, second, senate = stage.key(550002, 1), stage.key(550001, 1), stage.key(550001, 2, 1)
    waiting.accepted(station, stage.key(550001, 2), stage.key(550001, 3))
    waiting.held(station, first)
    stage.clock.advance(25 * 60)
    waiting.held(station, second, SUPERVISOR)
    waiting.held_paper(station, senate)
    stage.clock.advance(50 * 60)
    stage.wait(lambda: len(page.queue.rows) == 3)
    page.refresh()
    stage.wait(lambda: page.case is not None and page.case.key == first)
    stage.window.messages.clear()
    for name in tabs(stage, page):
        yield f"approvals-{name}"
    page.select(senate)
    stage.wait(lambda: page.case is not None and page.case.key == senate)
    page.details.tabs.setCurrentIndex(2)
    yield "approvals-readings"
    station.intake.send_back(second, SUPERVISOR, "Opravit jako novou revizi.")
    waiting.corrected(station, second)
    page.select(second)
    stage.wait(lambda: page.case is not None and page.case.key == second and page.case.current is not None)
    page.details.tabs.setCurrentIndex(3)
    stage.window.messages.clear()
    yield "approvals-correction"
    page.select(first)
    stage.wait(lambda: page.case is not None and page.case.key == first)
    station.intake.send_back(first, SUPERVISOR, "Komise přepočítala voliče.")
    waiting.held(station, first, more=4)
    stage.wait(lambda: "Mezitím" in page.banner.title)
    stage.window.messages.clear()
    yield "approvals-changed"
    page.details.tabs.setCurrentIndex(0)
    yield "approvals-changed-paper"
    page.approve_button.click()
    stage.dialog()
    yield "dialog-approve"
    stage.put_away()


@story()
def approvals_own(stage: Stage) -> Iterator[str]:
    waiting.held(stage.window.desk.station, stage.key(550002, 1), CHIEF)
    page = page_of(stage)
    stage.wait(lambda: page.case is not None)
    yield "approvals-own"
