"""Colours with enough contrast, icons that exist, names for whoever cannot see, an order to tab in."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QStyleOptionViewItem,
    QTabBar,
    QWidget,
)

from app import resources
from app.desktop import theme
from tests.desktop.conftest import Driver
from tests.support import station_world

DESKTOP = Path(theme.__file__).parent
PAIRS = theme._all_tokens()["pairs"]["list"]


def luminance(name: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    colour = QColor(name)
    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_pair_of_ink_and_ground_has_contrast(dark: bool) -> None:
    tokens = theme.tokens(dark)
    weak = {
        (ink, ground): round(contrast(tokens[ink], tokens[ground]), 2)
        for ink, ground in PAIRS
        if contrast(tokens[ink], tokens[ground]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_high_contrast_means_seven_to_one(dark: bool) -> None:
    tokens = theme.tokens(dark, high=True)
    assert set(tokens) == set(theme.tokens(dark, high=False))
    weak = {pair for pair in PAIRS if contrast(tokens[pair[0]], tokens[pair[1]]) < 7}
    assert weak == set()
    assert contrast(tokens["line"], tokens["ground"]) == 21, "edges are seen too"


def test_high_contrast_is_put_on_where_it_is_asked_for(
    driver: Driver,
    prepared: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv(theme.CONTRAST, "1")
    driver.window.change_scheme(Qt.ColorScheme.Light)
    request.addfinalizer(lambda: theme.apply(prepared, False))
    request.addfinalizer(lambda: monkeypatch.delenv(theme.CONTRAST))
    assert theme.colour("text") == QColor("#000000")
    assert prepared.palette().text().color() == QColor("#000000")


def test_both_themes_name_the_same_colours() -> None:
    assert set(theme.tokens(False)) == set(theme.tokens(True))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_style_sheet_names_only_colours_that_exist(dark: bool) -> None:
    assert "@" not in theme.style_sheet(theme.tokens(dark))


def test_every_icon_named_in_the_code_is_there() -> None:
    source = "\n".join(path.read_text("utf-8") for path in DESKTOP.rglob("*.py"))
    named = set(re.findall(r'(?:theme\.(?:icon|pixmap)|Look)\("([a-z_]+)"', source))
    named |= set(re.findall(r'act_button\([^,]+, "[^"]*", "([a-z_]+)"', source))
    assert len(named) > 20
    assert {name for name in named if not resources.path("icons", f"{name}.svg").is_file()} == set()


CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QTabBar, QProgressBar, QPlainTextEdit)


def without_name(root: QWidget) -> list[str]:
    """Controls that a screen reader could not name. Parts of Qt's own controls have theirs from Qt."""
    bare = []
    for widget in root.findChildren(QWidget):
        inside = any(isinstance(widget.parent(), kind) for kind in (QLineEdit, QComboBox, QAbstractItemView))
        private = inside or widget.objectName().startswith("qt_") or isinstance(widget, QHeaderView)
        if isinstance(widget, CONTROLS) and not private and not widget.accessibleName():
            bare.append(f"{type(widget).__name__} {widget.objectName()} of {type(widget.parent()).__name__}")
    return bare


def test_every_control_has_an_accessible_name(driver: Driver) -> None:
    driver.drop(driver.joint_file())
    driver.wait_page("verdict")
    assert without_name(driver.window) == []
    driver.press(Qt.Key.Key_F8)
    dialog = driver.dialog()
    assert without_name(dialog) == []
    dialog.reject()


def test_tab_goes_through_the_window_in_the_order_of_reading(driver: Driver) -> None:
    """Within the header, the list and the page: from the top down, from the left to the right."""
    driver.drop(driver.joint_file())
    driver.wait_page("verdict")
    window = driver.window
    window.header.open_button.setFocus()
    seen: list[QWidget] = []
    while (focused := QApplication.focusWidget()) is not None and focused not in seen:
        seen.append(focused)
        driver.press(Qt.Key.Key_Tab, focused)
    for area in (window.overview, window.verdict):
        inside = [widget for widget in seen if area.isAncestorOf(widget)]
        places = [widget.mapTo(area, QPoint(0, 0)) for widget in inside]
        assert len(inside) >= 3
        assert places == sorted(places, key=lambda at: (at.y(), at.x()))
    areas = [
        0 if window.header.isAncestorOf(w) else 1 if window.overview.isAncestorOf(w) else 2 for w in seen
    ]
    assert areas == sorted(areas)


def test_nothing_is_cut_at_the_smallest_supported_screen(driver: Driver) -> None:
    driver.window.resize(1366, 768)
    driver.drop(driver.joint_file())
    driver.wait_page("verdict")
    QApplication.processEvents()
    for button in driver.window.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.sizeHint().width(), button.text()
    assert driver.window.minimumSizeHint().width() <= 1366
    assert driver.window.minimumSizeHint().height() <= 768 - 40  # a task bar


def test_the_mode_is_a_word_on_every_window_and_said_aloud(driver: Driver) -> None:
    assert "ZKOUŠKA" in driver.window.windowTitle()
    assert driver.window.header.badge.accessibleName() == "Režim: ZKOUŠKA"


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_the_window_follows_the_systems_scheme(
    driver: Driver, dark: bool, prepared: QApplication, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: theme.apply(prepared, False))
    driver.window.change_scheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    assert theme.is_dark() is dark
    assert driver.window.palette().window().color().lightness() < 128 or not dark


def test_a_window_switched_to_dark_looks_as_one_opened_dark(
    open_desk: Callable[..., Driver], prepared: QApplication, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: theme.apply(prepared, False))

    def shown() -> Driver:
        """The verdict on a file of no stick, so that nothing offers it beside."""
        driver = open_desk(sending=False)
        driver.window.resize(1366, 768)
        file = driver.folder.with_name("zapis.xml")
        file.write_bytes(station_world.file_of(*(driver.readings[key] for key in driver.keys_of(550001, 1))))
        driver.drop(file)
        driver.wait_page("verdict")
        driver.activate()
        driver.wait(lambda: at_rest(driver))
        return driver

    def at_rest(driver: Driver) -> bool:
        """The page has its room and the keyboard."""
        pages = driver.window.pages
        layout = pages.parentWidget().layout()
        focused = QApplication.focusWidget()
        placed = layout is not None and pages.y() == layout.contentsMargins().top()
        return placed and focused is not None and pages.isAncestorOf(focused)

    switched = shown()
    switched.window.change_scheme(Qt.ColorScheme.Dark)
    switched.wait(lambda: at_rest(switched))
    picture = switched.window.grab().toImage()
    switched.window.close()
    opened = shown()
    opened.wait(lambda: opened.window.grab().toImage() == picture)


def test_the_tick_has_the_ink_of_what_stands_on_an_accent() -> None:
    for look, dark in (("light", False), ("dark", True)):
        drawing = resources.path("icons", f"ticked_{look}.svg").read_text("utf-8")
        assert f'stroke="{theme.tokens(dark)["on_accent"]}"' in drawing


def test_a_rule_is_as_high_as_its_words_in_a_list_of_any_width(driver: Driver) -> None:
    driver.drop(driver.joint_file())
    driver.wait_page("verdict")
    rules = driver.window.verdict.rules
    shown, option = rules.rules, QStyleOptionViewItem()
    for width in (*range(300, 330), 420, 700):
        rules.setFixedWidth(width)
        QApplication.processEvents()
        rules.initViewItemOption(option)
        for index in (shown.index(row) for row in range(shown.rowCount())):
            area, text = rules.visualRect(index), shown.entries[index.row()].text
            needed = rules.itemDelegate().sizeHint(option, index).height()
            assert (area.width(), area.height()) == (rules.viewport().width(), needed), text


def test_english_opens_without_a_missing_sentence(
    open_desk: Callable[..., Driver], request: pytest.FixtureRequest
) -> None:
    from app.desktop import texts

    request.addfinalizer(lambda: texts.use("cs"))
    texts.use("en")
    driver = open_desk(sending=False)
    driver.drop(driver.joint_file())
    driver.wait_page("verdict")
    assert driver.window.verdict.banner.title == "The protocol is in order"
