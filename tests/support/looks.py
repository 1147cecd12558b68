"""What a machine sees of a window: cut or overlapping words, controls without a name, a Tab that jumps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QProgressBar,
    QTabBar,
    QWidget,
)

from app.desktop.header import Shortened

#: What the style sheet gives a table's heading on both sides.
_HEADING_PADDING = 6
CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QTabBar, QProgressBar, QPlainTextEdit)


def without_name(root: QWidget) -> list[str]:
    """Controls that a screen reader could not name. Parts of Qt's own controls have theirs from Qt."""
    bare = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or not widget.isVisible() or widget.accessibleName():
            continue
        inside = any(isinstance(widget.parent(), kind) for kind in (QLineEdit, QComboBox, QAbstractItemView))
        private = inside or widget.objectName().startswith("qt_") or isinstance(widget, QHeaderView)
        if not private:
            bare.append(f"{type(widget).__name__} {widget.objectName()}")
    return bare


def faults(window: QWidget, room: tuple[int, int]) -> Iterator[str]:
    """Everything wrong with a window on a screen of that many pixels."""
    if window.width() > room[0] or window.height() > room[1]:
        yield f"the window needs {window.width()}x{window.height()}, the screen has {room[0]}x{room[1]}"
    yield from (f"no name: {name}" for name in without_name(window))
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window:
            yield from _cut(widget, window)
    yield from _overlapping(window)
    yield from _jumps(window)


def _overlapping(window: QWidget) -> Iterator[str]:
    """Words and controls that lie over one another, as they do when a layout has less room than it needs."""
    beside: dict[QWidget, list[QWidget]] = {}
    for widget in window.findChildren(QWidget):
        words = isinstance(widget, QLabel) and bool(widget.text())
        if (words or isinstance(widget, CONTROLS)) and widget.isVisible() and widget.window() is window:
            beside.setdefault(widget.parentWidget(), []).append(widget)
    for parent, widgets in beside.items():
        if isinstance(parent, QAbstractItemView | QLineEdit | QComboBox):
            continue
        for one, other in combinations(widgets, 2):
            common = one.geometry().intersected(other.geometry())
            if common.width() > 1 and common.height() > 1:
                yield f"over one another: {_told(one)} and {_told(other)}"


def _cut(widget: QWidget, window: QWidget) -> Iterator[str]:
    """Words of a label or a button that are not all to be seen, or a control outside of its window."""
    text = ""
    if isinstance(widget, QLabel):
        text = widget.text()
        if text and _label_cut(widget):
            yield f"cut: {text!r} ({widget.width()}x{widget.height()}, wants {widget.sizeHint().width()})"
    elif isinstance(widget, QAbstractButton) and not widget.objectName().startswith("qt_"):
        text = widget.text()
        if text and widget.width() < widget.sizeHint().width():
            yield f"cut: button {text!r} ({widget.width()}, wants {widget.sizeHint().width()})"
    elif isinstance(widget, QHeaderView):
        yield from _headings_cut(widget)
    if text and not _scrolled(widget):
        shown = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        if not window.rect().adjusted(-1, -1, 1, 1).contains(shown):
            yield f"outside of the window: {text!r}"


def _headings_cut(header: QHeaderView) -> Iterator[str]:
    """Headings of a table whose words do not fit their column."""
    model = header.model()
    if header.orientation() is not Qt.Orientation.Horizontal or model is None:
        return
    font = header.font()
    font.setBold(True)
    for section in range(header.count()):
        text = model.headerData(section, Qt.Orientation.Horizontal) or ""
        needed = QFontMetrics(font).horizontalAdvance(text) + 2 * _HEADING_PADDING
        if not header.isSectionHidden(section) and header.sectionSize(section) < needed:
            yield f"cut: heading {text!r} ({header.sectionSize(section)}, wants {needed})"


def _label_cut(label: QLabel) -> bool:
    if isinstance(label, Shortened):  # says the rest in its tool tip; only for what stands elsewhere too
        return label.toolTip() != label.text()
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + 1
    return label.sizeHint().width() > label.width() + 1 or label.sizeHint().height() > label.height() + 1


def _scrolled(widget: QWidget) -> bool:
    """Whether it stands in something that can be scrolled."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _areas(window: QWidget) -> list[QWidget]:
    """Parts of a window that are read one after another."""
    if not isinstance(window, QMainWindow):
        return [window]
    named = [getattr(window, name, None) for name in ("header", "overview", "messages", "pages")]
    return [area for area in named if isinstance(area, QWidget)]


def _jumps(window: QWidget) -> Iterator[str]:
    """Tab goes through each part of the window from the top down, in a row from the left to the right."""
    chain: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        reached = widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None
        if reached and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            chain.append(widget)
        widget = widget.nextInFocusChain()
    for area in _areas(window):
        inside = [w for w in chain if area.isAncestorOf(w) and not _scrolled(w) and not _in_columns(w)]
        for before, after in pairwise(inside):
            one, other = (QRect(w.mapTo(area, QPoint(0, 0)), w.size()) for w in (before, after))
            same_row = one.top() < other.bottom() and other.top() < one.bottom()
            if (other.left() < one.left()) if same_row else (other.top() < one.top()):
                yield f"Tab jumps back from {_told(before)} to {_told(after)}"


def _in_columns(widget: QWidget) -> bool:
    """The boxes of the paper's form are read as the paper is: each column downwards."""
    return widget.objectName() == "entryBox"


def _told(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QLabel) else ""
    return widget.accessibleName() or words or type(widget).__name__
