"""Turning between the places of the window: made when wanted, entered by whoever may, told what changed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.desktop import sections
from app.desktop.sections import SECTIONS, Section, SectionHost, Sections
from app.station.changes import Change
from app.station.errors import ReasonMissing
from app.station.permissions import Permission
from app.station.states import Role, User
from tests.desktop.conftest import Driver

MADE: list[str] = []


class Page(QLabel):
    """Remembers what it was told."""

    def __init__(self, host: SectionHost) -> None:
        super().__init__("page")
        MADE.append("page")
        self.host = host
        self.told: list[Change] = []
        self.turned_to = self.searched = 0

    def shown(self) -> None:
        self.turned_to += 1

    def changed(self, change: Change) -> None:
        self.told.append(change)

    def search_here(self) -> None:
        self.searched += 1


#: Under the desk's name for its words, but a page of its own behind it.
INVENTED = (*SECTIONS[:1], Section("approvals", "held", "Ctrl+8", Permission.APPROVE, Page))


@pytest.fixture
def body(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Sections:
    MADE.clear()
    monkeypatch.setattr(sections, "SECTIONS", INVENTED)
    monkeypatch.setattr(sections, "t", lambda key, **_: key)
    window = driver.window
    made = Sections(
        driver.station,
        lambda: window.desk.user,
        driver.clock,
        window.messages,
        window.documents,
        QWidget(),
        window,
    )
    driver.qtbot.addWidget(made)
    return made


def test_a_clerk_sees_no_way_to_a_place_that_is_not_for_clerks(body: Sections) -> None:
    assert body.bar.isHidden()
    body.turn("approvals")
    assert body.current == "desk"
    assert MADE == []


def test_a_page_is_made_when_first_wanted_and_once(body: Sections, driver: Driver) -> None:
    driver.window.desk.user = User("Věra", Role.SUPERVISOR)
    body.user_changed()
    assert not body.bar.isHidden()
    assert body.page("approvals") is None
    QTest.mouseClick(body.bar.buttons["approvals"], Qt.MouseButton.LeftButton)
    body.turn("desk")
    body.turn("approvals")
    page = body.page("approvals")
    assert isinstance(page, Page)
    assert MADE == ["page"]
    assert page.turned_to == 2
    assert body.search()
    assert page.searched == 1


def test_whoever_takes_over_without_the_right_stands_at_the_desk(body: Sections, driver: Driver) -> None:
    driver.window.desk.user = User("Věra", Role.SUPERVISOR)
    body.user_changed()
    body.turn("approvals")
    driver.window.desk.user = User("Jana", Role.CLERK)
    body.user_changed()
    assert body.current == "desk"


def test_a_change_reaches_the_pages_that_are_made_on_the_main_thread(body: Sections, driver: Driver) -> None:
    driver.window.desk.user = User("Věra", Role.SUPERVISOR)
    body.user_changed()
    body.turn("approvals")
    page = body.page("approvals")
    assert isinstance(page, Page)
    change = Change(connection=True)
    driver.station.changes.tell(change)
    driver.qtbot.waitUntil(lambda: change in page.told)


def test_work_of_a_page_comes_back_or_tells_its_trouble(body: Sections, driver: Driver) -> None:
    found: list[int] = []
    body.run(lambda: 7, found.append, body)
    driver.qtbot.waitUntil(lambda: found == [7])

    def trouble() -> int:
        raise ReasonMissing("hold")

    with driver.qtbot.waitSignal(body.trouble) as told:
        body.run(trouble, found.append, body)
    assert isinstance(told.args[0], ReasonMissing)
    with driver.qtbot.waitSignal(body.bug):
        body.run(lambda: 1 // 0, found.append, body)
    assert found == [7]
