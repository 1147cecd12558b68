"""How the desk looks: colours by meaning, one style sheet filled with them, and icons tinted to match.

Light or dark follows the system's palette. Colours live in `resources/styles/tokens.toml`, the style
sheet names them as `@name`; an icon is a black SVG of our own whose ink is replaced when it is drawn.
Nothing is said by colour alone: wherever a colour means something, an icon and a word stand beside it.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Final, NamedTuple

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QListWidget, QTabBar, QWidget

from app.resources import path

_dark = False
_high = False
#: Says that colours of high contrast are wanted, where the system does not.
CONTRAST: Final = "PREBIRKA_CONTRAST"


@cache
def _all_tokens() -> Mapping[str, Mapping[str, str]]:
    with path("styles", "tokens.toml").open("rb") as file:
        return tomllib.load(file)


def tokens(dark: bool | None = None, high: bool | None = None) -> Mapping[str, str]:
    """The colours by meaning, of the theme in use or of the one asked for; `high`: of high contrast."""
    name = "dark" if (_dark if dark is None else dark) else "light"
    return _with_contrast(name) if (_high if high is None else high) else _all_tokens()[name]


@cache
def _with_contrast(name: str) -> Mapping[str, str]:
    """A theme whose colours of high contrast take the place of its own."""
    return {**_all_tokens()[name], **_all_tokens()[f"{name}_contrast"]}


def colour(name: str) -> QColor:
    """A colour by its meaning, in the theme in use; not to be changed."""
    return _colour(tokens()[name])


@cache
def _colour(value: str) -> QColor:
    return QColor(value)


def is_dark() -> bool:
    return _dark


def system_is_dark() -> bool:
    """Does the system ask for dark windows? Told by the colour scheme, else by the palette itself."""
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme is Qt.ColorScheme.Unknown:
        return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    return scheme is Qt.ColorScheme.Dark


def system_wants_contrast() -> bool:
    """Is high contrast asked for, by the system or by the variable?"""
    if os.environ.get(CONTRAST):
        return True
    hints = QGuiApplication.styleHints()  # held: what it gives lives no longer than it does
    return hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast


def apply(application: QApplication, dark: bool) -> None:
    """Give the whole application the light or the dark look, with high contrast where it is wanted."""
    global _dark, _high
    _dark, _high = dark, system_wants_contrast()
    if not application.property("fusion"):  # every widget is dressed anew when a style is set
        application.setStyle("Fusion")
        application.setProperty("fusion", True)
    application.setPalette(_palette())
    application.setStyleSheet(style_sheet(tokens()))
    for window in application.topLevelWidgets():
        _retint(window)


def style_sheet(values: Mapping[str, str]) -> str:
    """The style sheet with every `@name` replaced; an unknown name is a bug and raises KeyError. `@look` is
    "light" or "dark": a picture of the sheet that has to have a drawing for each."""
    text = path("styles", "desk.qss").read_text(encoding="utf-8")
    look = "dark" if QColor(values["ground"]).lightness() < 128 else "light"
    text = text.replace("@icons", path("icons").as_posix()).replace("@look", look)
    return re.sub(r"@([a-z_]+)", lambda match: values[match[1]], text)


def _palette() -> QPalette:
    """The palette behind the style sheet, for what Qt paints by itself."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for which, name in (
        (role.Window, "ground"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "raised"),
        (role.Text, "text"),
        (role.Button, "raised"),
        (role.ButtonText, "text"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "muted"),
        (role.Highlight, "select"),
        (role.HighlightedText, "on_select"),
        (role.Link, "accent"),
        (role.Accent, "accent"),
    ):
        palette.setColor(which, colour(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, which, colour("muted"))
    return palette


@cache
def _svg(name: str) -> str:
    return path("icons", f"{name}.svg").read_text(encoding="utf-8")


class _Drawing(NamedTuple):
    """What a picture shows: an icon's name, the meaning of its ink, logical pixels."""

    name: str
    ink: str
    size: int


#: What each picture shows that was handed out, by Qt's key of it; to draw it anew in another theme.
_drawings: Final[dict[int, _Drawing]] = {}


@cache
def _drawn(what: _Drawing, value: str, ratio: float) -> QPixmap:
    """One icon drawn in one colour, sharp at the screen's ratio of pixels."""
    renderer = QSvgRenderer(QByteArray(_svg(what.name).replace("#000", value).encode()))
    pixmap = QPixmap(QSize(round(what.size * ratio), round(what.size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    _drawings[pixmap.cacheKey()] = what
    return pixmap


@cache
def _icon(what: _Drawing, value: str, muted: str) -> QIcon:
    drawn = QIcon(pixmap(*what))
    drawn.addPixmap(pixmap(what.name, "muted", what.size), QIcon.Mode.Disabled)
    _drawings[drawn.cacheKey()] = what
    return drawn


def pixmap(name: str, ink: str = "text", size: int = 16) -> QPixmap:
    """The icon `name` in the colour of meaning `ink`, `size` logical pixels high and wide."""
    application = QGuiApplication.instance()
    ratio = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    return _drawn(_Drawing(name, ink, size), tokens()[ink], ratio)


def icon(name: str, ink: str = "text", size: int = 20) -> QIcon:
    """The same for a button or an entry of a list, muted where that is closed."""
    return _icon(_Drawing(name, ink, size), tokens()[ink], tokens()["muted"])


def _retint(window: QWidget) -> None:
    """Draw anew, in the theme in use, every picture of this module that stands on a window."""
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel):
            shown = _drawings.get(widget.pixmap().cacheKey())
            if shown:
                widget.setPixmap(pixmap(*shown))
        elif isinstance(widget, QAbstractButton):
            _retinted(widget.icon(), widget.setIcon)
        elif isinstance(widget, QTabBar):
            for place in range(widget.count()):
                _retinted(widget.tabIcon(place), partial(widget.setTabIcon, place))
        elif isinstance(widget, QListWidget):
            for item in (widget.item(row) for row in range(widget.count())):
                _retinted(item.icon(), item.setIcon)
        for action in widget.actions():
            _retinted(action.icon(), action.setIcon)


def _retinted(before: QIcon, put: Callable[[QIcon], object]) -> None:
    shown = _drawings.get(before.cacheKey())
    if shown:
        put(icon(*shown))
