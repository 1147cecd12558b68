"""F1 anywhere: the page about what the clerk is at, at once, offline, and back to work with Escape."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication, QWidget

from app.desktop.help.subject import page_of, subject
from app.desktop.help.window import HelpWindow
from app.station.handbook import HOME
from tests.desktop.conftest import Driver
from tests.desktop.test_accepting import blocked
from tests.desktop.test_looks import without_name


def ask(driver: Driver, widget: QWidget | None = None) -> HelpWindow:
    """Press F1 where the focus is."""
    driver.press(Qt.Key.Key_F1, widget)
    driver.wait(lambda: driver.window.help.window is not None)
    found = driver.window.help.window
    assert found is not None
    driver.wait(found.isActiveWindow)
    return found


def show_blocked(driver: Driver) -> None:
    driver.drop(driver.file(blocked(driver)))
    driver.wait_page("verdict")


def test_f1_on_a_rule_opens_its_page_and_escape_returns_to_it(driver: Driver) -> None:
    show_blocked(driver)
    rules = driver.window.verdict.rules
    opened = ask(driver)
    assert opened.page.id == "rule:LG-05"
    assert not opened.isModal()
    driver.press(Qt.Key.Key_Escape, opened.browser)
    driver.wait(lambda: driver.window.help.window is None)
    driver.wait(lambda: QApplication.focusWidget() is rules)


def test_f1_on_a_field_of_the_form_opens_its_page(driver: Driver) -> None:
    show_blocked(driver)
    driver.press(Qt.Key.Key_Return)
    assert ask(driver).page.id == "field:PL_HL_CELK"


def test_f1_with_an_error_on_the_screen_opens_the_page_of_its_code(driver: Driver) -> None:
    bad = driver.stick / "bad.xml"
    bad.write_bytes(b"<not-a-protocol/>")
    driver.drop(bad)
    driver.wait(lambda: bool(driver.window.messages.shown))
    driver.window.welcome.open_button.setFocus()
    assert ask(driver).page.id == "code:DOC"


def test_the_question_mark_of_a_message_opens_the_page_of_its_code(driver: Driver) -> None:
    driver.window.messages.say("error", "Cosi je špatně.", "", "STA-25")
    button = driver.window.messages.shown[0].help_button
    assert button.accessibleName() == "Příručka ke kódu STA-25"
    button.click()
    assert driver.window.help.window is not None
    assert driver.window.help.window.page.id == "code:STA"


def test_f1_works_in_a_dialog_that_asks_for_a_reason(driver: Driver) -> None:
    show_blocked(driver)
    driver.window.verdict.buttons["refuse"].click()
    driver.wait(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    driver.wait(dialog.isActiveWindow)
    opened = ask(driver, dialog.focusWidget())
    assert opened.page.id == "topic:odmitnuti"
    assert opened.parentWidget() is dialog
    opened.close_button.click()
    driver.wait(dialog.isActiveWindow)
    dialog.close()


def test_f1_opens_at_once_when_the_handbook_is_warm(driver: Driver) -> None:
    driver.window.help.warm()
    driver.wait(lambda: driver.window.help._handbook is not None)
    driver.window.help.ask()
    assert driver.window.help.window is not None
    assert driver.window.help.window.isVisible()


def test_search_answers_while_typing_and_enter_opens_the_first(driver: Driver) -> None:
    opened = ask(driver)
    driver.qtbot.keyClick(opened, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert opened.search.hasFocus()
    driver.type(opened.search, "průkaz")
    assert opened.hits.isVisible()
    assert opened.hits.count() > 0
    driver.press(Qt.Key.Key_Return, opened.search)
    assert "průkaz" in opened.page.title.lower()
    driver.type(opened.search, "xyzw")
    assert opened.hits.item(0).text() == "Nic se nenašlo. Zkuste jiné slovo."


def test_the_way_back_and_forward(driver: Driver) -> None:
    opened = ask(driver)
    first = opened.page.id
    opened._linked(QUrl("rule:LG-02"))
    opened._linked(QUrl("topic:prukazy"))
    assert (opened.back.isEnabled(), opened.forward.isEnabled()) == (True, False)
    opened.go_back()
    assert opened.page.id == "rule:LG-02"
    opened.go_back()
    assert opened.page.id == first
    opened.go_forward()
    assert opened.page.id == "rule:LG-02"


def test_a_link_to_the_world_leads_to_the_contents(driver: Driver) -> None:
    opened = ask(driver)
    opened._linked(QUrl("https://example.org/"))
    assert opened.page.id == HOME


def test_every_control_of_the_handbook_has_a_name(driver: Driver) -> None:
    assert without_name(ask(driver)) == []


@pytest.mark.parametrize(
    ("codes", "page", "about"),
    [
        ((), "welcome", "topic:prijezd"),
        (("STA-25", "DOC-03"), "welcome", "code:STA-25"),
        ((), "a page of tomorrow", HOME),
    ],
)
def test_without_a_field_the_newest_message_then_the_page_decides(
    codes: tuple[str, ...], page: str, about: str
) -> None:
    assert subject(None, codes, page) == about


def test_every_page_and_act_has_a_topic_that_exists(driver: Driver) -> None:
    from app.desktop.help import subject as table

    handbook = driver.window.help._read()
    for about in (*table._PAGES.values(), *table._ACTS.values(), *table._DIALOGS.values()):
        assert page_of(handbook, about).id == about
