"""Scenes of typing from paper: form, drafts, a colleague's draft, the blind second entry, what differs."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.election.model import ProtocolKey
from tests.support import typing_desk
from tests.support.scenes import story
from tests.support.stage import CLERK, Stage
from tests.support.typing_desk import press

_SECOND = "Petr Říha"


@story(typing_desk.reference)
def regional(stage: Stage) -> Iterator[str]:
    """T/6 with fourteen lists: both pages of a sheet, what is wrong beside its field, the drafts."""
    flow, page = stage.window.entry, stage.window.entry.page
    _begin(stage, stage.key(550002, 1))
    yield "entry-empty"
    press("800\n400\n399\n395\n120\n3\n0\n\n5*121\n130\n*468\n")
    stage.wait(lambda: any(box.fault for box in page.sheet.boxes))
    page.go(page.sheet.boxes[12].line.field)  # type: ignore[union-attr]
    yield "entry-front"
    page.go(page.sheet.boxes[46].line.field)  # type: ignore[union-attr]
    yield "entry-reverse"
    flow.show_drafts()
    stage.wait(lambda: flow.drafts.current is not None)
    yield "drafts"
    flow.drafts.discard_button.click()
    stage.dialog()
    yield "dialog-discard"
    stage.put_away()
    flow.drafts.left.emit()
    stage.wait(lambda: stage.window.welcome.resume_button.isVisible())
    yield "welcome-resume"
    flow.change_user(_SECOND)
    flow.open(stage.key(550002, 1))
    stage.dialog()
    yield "dialog-take-over"


@story()
def senate(stage: Stage) -> Iterator[str]:
    """T/5, both readings of it, and a field in which they differ."""
    flow = stage.window.entry
    _begin(stage, stage.key(550001, 1, 1))
    press("800\n400\n399\n395\n120\n3\n0\n")
    yield "entry-senate"
    press("50\n60\n70\n92\n\n")
    stage.wait(lambda: stage.window.page == "second")
    flow.second.name.setText(_SECOND)
    yield "second"
    QTest.keyClick(flow.second.name, Qt.Key.Key_Return)
    stage.wait(lambda: stage.window.page == "entry")
    yield "second-reading"
    press("900\n400\n399\n395\n120\n3\n0\n50\n60\n70\n92\n\n")
    stage.wait(lambda: stage.window.page == "settle")
    yield "settle"
    flow.settle.other_button.click()
    stage.dialog()
    yield "dialog-person"
    stage.put_away()
    flow.settle.supervisor_button.click()
    stage.dialog()
    yield "dialog-supervisor"
    stage.put_away()
    flow.change_user(CLERK)


def _begin(stage: Stage, key: ProtocolKey) -> None:
    stage.window.entry.open(key)
    stage.wait(lambda: stage.window.page == "entry")
