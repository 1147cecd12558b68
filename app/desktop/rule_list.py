"""The verdict as a list: every rule, failed first, with the numbers of both sides; Enter leads to the field.

`entries` turns a verdict into rows (no Qt in it); the delegate paints a row as an icon, the severity's word
and the rule's id, both numbers and the sentence. A row's height follows its words; the help is its tool tip.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.desktop import texts, theme
from app.desktop.states import NOT_COMPARED, PASSED, SEVERITIES, Look
from app.desktop.texts import number, t
from app.election.catalogue import GROUPS, RULES
from app.election.sentences import text_cs, text_en
from app.election.verdict import Case, FieldRef, Outcome, Result, Verdict

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a heading (no rule) or a rule's case."""

    text: str
    look: Look | None = None
    rule_id: str = ""
    numbers: str = ""
    help: str = ""
    fields: tuple[FieldRef, ...] = ()
    failed: bool = False

    @property
    def is_heading(self) -> bool:
        return not self.rule_id


def entries(verdict: Verdict) -> tuple[Entry, ...]:
    """Failed rules by gravity, then those without comparison, then the passed ones by group."""
    return tuple(_entries(verdict))


def _entries(verdict: Verdict) -> Iterator[Entry]:
    for letter, look in SEVERITIES.items():
        failed = [result for result in verdict.failed if result.severity == letter]
        if failed:
            yield Entry(t(f"rules.heading.{letter}", count=len(failed)), look)
        for result in failed:
            for case in result.failed_cases or (None,):
                yield _failed(result, case, look)
    rest = [result for result in verdict.results if result.outcome is Outcome.NOT_COMPARED]
    if rest:
        yield Entry(t("rules.heading.not_compared", count=len(rest)), NOT_COMPARED)
        yield from (
            Entry(_title(result), NOT_COMPARED, result.rule_id, help=_help(result)) for result in rest
        )
    passed = [result for result in verdict.results if result.outcome is Outcome.PASSED]
    for group, names in GROUPS.items():
        of_group = [result for result in passed if RULES[result.rule_id].group == group]
        if of_group:
            name = names[texts.language() == "en"]
            yield Entry(t("rules.heading.passed", group=name, count=len(of_group)), PASSED)
        for result in of_group:
            fields = result.cases[0].fields if result.cases else ()
            numbers = _both(result.cases[0]) if len(result.cases) == 1 else ""
            yield Entry(_title(result), PASSED, result.rule_id, numbers, _help(result), fields)


def _failed(result: Result, case: Case | None, look: Look) -> Entry:
    czech = texts.language() == "cs"
    sentence = _title(result) if case is None else (text_cs if czech else text_en)(result, case)
    return Entry(
        sentence,
        look,
        result.rule_id,
        _both(case) if case else "",
        _help(result),
        case.fields if case else (),
        failed=True,
    )


def _title(result: Result) -> str:
    rule = RULES[result.rule_id]
    return rule.title_cs if texts.language() == "cs" else rule.title_en


def _help(result: Result) -> str:
    rule = RULES[result.rule_id]
    return rule.help_cs if texts.language() == "cs" else rule.help_en


def _both(case: Case) -> str:
    """Both sides' numbers, when there are numbers on both sides."""
    if case.left is None and case.right is None:
        return ""
    return t("rules.both", left=_side(case.left), right=_side(case.right))


def _side(value: int | str | None) -> str:
    return t("form.blank") if value is None else number(value) if isinstance(value, int) else value


class RuleModel(QAbstractListModel):
    """Entries as given by `show`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    def show(self, rows: tuple[Entry, ...]) -> None:
        self.beginResetModel()
        self._entries = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self._entries[index.row()].is_heading:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            word = t(entry.look.text) if entry.look and entry.rule_id else ""
            return " ".join(part for part in (word, entry.rule_id, entry.text, entry.numbers) if part)
        if role == Qt.ItemDataRole.ToolTipRole and entry.rule_id:
            return entry.help
        return None


_MARGIN: Final = 10
_ICON: Final = 18
_GAP: Final = 8
_ID: Final = 54
_WRAP: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


class RuleDelegate(QStyledItemDelegate):
    """Paints an entry; the same arithmetic gives its height."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry: Entry = index.data(ENTRY_ROLE)
        view = option.widget
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
        line = option.fontMetrics.height()
        if entry.is_heading:
            return QSize(width, line + 16)
        if not entry.failed:
            text = self._height(option.font, entry.text, self._passed_width(option, entry, width))
            return QSize(width, max(line, text) + 8)
        head = line * (1 if self._numbers_fit(option, entry, width) else 2)
        return QSize(
            width, 10 + head + 3 + self._height(option.font, entry.text, self._words_width(width)) + 10
        )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        painter.save()
        area: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if entry.is_heading:
            self._paint_heading(painter, option, entry)
        else:
            ground = "select" if selected else (entry.look.ground if entry.failed and entry.look else None)
            if ground:
                painter.fillRect(area.adjusted(0, 0, 0, -1), theme.colour(ground))
            if entry.failed:
                self._paint_failed(painter, option, entry, selected)
            else:
                self._paint_passed(painter, option, entry, selected)
        painter.restore()

    @staticmethod
    def _words_width(width: int) -> int:
        return max(80, width - 2 * _MARGIN - _ICON - _GAP)

    @staticmethod
    def _numbers_width(option: QStyleOptionViewItem, entry: Entry) -> int:
        """Room for both sides' numbers at the end of a passed rule; long ones stay in the tool tip."""
        return option.fontMetrics.horizontalAdvance(entry.numbers) + 10 if 0 < len(entry.numbers) < 20 else 0

    def _passed_width(self, option: QStyleOptionViewItem, entry: Entry, width: int) -> int:
        return max(60, self._words_width(width) - _ID - self._numbers_width(option, entry))

    @staticmethod
    def _height(font: QFont, text: str, width: int) -> int:
        return QFontMetrics(font).boundingRect(QRect(0, 0, width, 10_000), _WRAP, text).height()

    def _numbers_fit(self, option: QStyleOptionViewItem, entry: Entry, width: int) -> bool:
        """Whether a failed rule's name and both sides' numbers have room in one line."""
        name = QFontMetrics(_bold(option.font)).horizontalAdvance(_name(entry))
        numbers = QFontMetrics(_bold(option.font)).horizontalAdvance(entry.numbers)
        return name + numbers + (_GAP if entry.numbers else 0) <= self._words_width(width)

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        font = _bold(option.font)
        painter.setFont(font)
        painter.fillRect(option.rect, theme.colour("raised"))
        painter.setPen(theme.colour("text"))
        area = option.rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        text = QFontMetrics(font).elidedText(entry.text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_failed(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, selected: bool
    ) -> None:
        assert entry.look
        area = option.rect.adjusted(_MARGIN, 10, -_MARGIN, -6)
        line = option.fontMetrics.height()
        painter.fillRect(QRect(option.rect.left(), option.rect.top(), 4, option.rect.height() - 1),
                         theme.colour(entry.look.ink))  # fmt: skip
        painter.drawPixmap(area.left(), area.top(), theme.pixmap(entry.look.icon, entry.look.ink, _ICON))
        left, width = area.left() + _ICON + _GAP, self._words_width(option.rect.width())
        side = Qt.AlignmentFlag.AlignRight
        painter.setFont(_bold(option.font))
        painter.setPen(theme.colour("on_select" if selected else entry.look.ink))
        painter.drawText(QRect(left, area.top(), width, line), Qt.AlignmentFlag.AlignLeft, _name(entry))
        top = area.top()
        if not self._numbers_fit(option, entry, option.rect.width()):
            top, side = top + line, Qt.AlignmentFlag.AlignLeft
        painter.setPen(theme.colour("on_select" if selected else "text"))
        painter.drawText(QRect(left, top, width, line), side, entry.numbers)
        painter.setFont(option.font)
        height = self._height(option.font, entry.text, width)
        painter.drawText(QRect(left, top + line + 3, width, height), _WRAP, entry.text)

    def _paint_passed(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, selected: bool
    ) -> None:
        assert entry.look
        area = option.rect.adjusted(_MARGIN, 4, -_MARGIN, -4)
        line = option.fontMetrics.height()
        y = area.top() + (line - 14) // 2
        painter.drawPixmap(area.left() + 2, y, theme.pixmap(entry.look.icon, entry.look.ink, 14))
        left = area.left() + _ICON + _GAP
        painter.setPen(theme.colour("on_select" if selected else "muted"))
        if self._numbers_width(option, entry):
            painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, entry.numbers)
        painter.drawText(QRect(left, area.top(), _ID, line), Qt.AlignmentFlag.AlignLeft, entry.rule_id)
        painter.setPen(theme.colour("on_select" if selected else "text"))
        width = self._passed_width(option, entry, option.rect.width())
        painter.drawText(QRect(left + _ID, area.top(), width, area.height()), _WRAP, entry.text)


def _bold(font: QFont) -> QFont:
    used = QFont(font)
    used.setBold(True)
    return used


def _name(entry: Entry) -> str:
    """A failed rule's name: how grave it is and its id."""
    assert entry.look
    return f"{t(entry.look.text)} · {entry.rule_id}"


class RuleList(QListView):
    """The list of rules; emits `chosen` with an entry's fields on Enter or double click."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rules")
        self.rules = RuleModel(self)
        self.setModel(self.rules)
        self.setItemDelegate(RuleDelegate(self))
        self.setAccessibleName(t("rules.name"))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.doubleClicked.connect(self._chosen)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show a verdict with the cursor on its first message."""
        self.rules.show(entries(verdict))
        first = next((i for i, entry in enumerate(self.rules.entries) if not entry.is_heading), None)
        if first is not None:
            self.setCurrentIndex(self.rules.index(first))
        self.scrollToTop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._chosen(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.scheduleDelayedItemsLayout()
        return super().viewportEvent(event)

    def _chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            entry: Entry = index.data(ENTRY_ROLE)
            if entry.fields:
                self.chosen.emit(entry.fields)
