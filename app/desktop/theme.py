"""How the desk looks: colours by meaning, one style sheet filled with them, and icons tinted to match.

Light or dark follows the system's palette. Colours live in `resources/styles/tokens.toml`, the style
sheet names them as `@name`; an icon is a black SVG of our own whose ink is replaced when it is drawn.
Nothing is said by colour alone: wherever a colour means something, an icon and a word stand beside it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.resources import path

_dark = False


@cache
def _all_tokens() -> Mapping[str, Mapping[str, str]]:
    with path("styles", "tokens.toml").open("rb") as file:
        return tomllib.load(file)


def tokens(dark: bool | None = None) -> Mapping[str, str]:
    """The colours by meaning, of the theme in use or of the one asked for."""
    return _all_tokens()["dark" if (_dark if dark is None else dark) else "light"]


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


def apply(application: QApplication, dark: bool) -> None:
    """Give the whole application the light or the dark look."""
    global _dark
    _dark = dark
    application.setStyle("Fusion")
    application.setPalette(_palette())
    application.setStyleSheet(style_sheet(tokens()))


def style_sheet(values: Mapping[str, str]) -> str:
    """The style sheet with every `@name` replaced; an unknown name is a bug and raises KeyError."""
    text = path("styles", "desk.qss").read_text(encoding="utf-8")
    text = text.replace("@icons", path("icons").as_posix())
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


@cache
def _drawn(name: str, ink: str, size: int, ratio: float) -> QPixmap:
    """One icon drawn in one colour, sharp at the screen's ratio of pixels."""
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("#000", ink).encode()))
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def pixmap(name: str, ink: str = "text", size: int = 16) -> QPixmap:
    """The icon `name` in the colour of meaning `ink`, `size` logical pixels high and wide."""
    application = QGuiApplication.instance()
    ratio = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    return _drawn(name, tokens()[ink], size, ratio)


def icon(name: str, ink: str = "text", size: int = 20) -> QIcon:
    drawn = QIcon(pixmap(name, ink, size))
    drawn.addPixmap(pixmap(name, "muted", size), QIcon.Mode.Disabled)
    return drawn
