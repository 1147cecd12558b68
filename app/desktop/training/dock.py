"""The dock of the training: which lesson it is, what to do now, and how many are done.

It ticks itself off: what the station says of the lesson's protocol decides. The papers to type from are one
button away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.printing import practice_papers
from app.desktop.printing.documents import Then
from app.desktop.texts import t
from app.desktop.widgets import act_button
from app.desktop.window import MainWindow
from app.election.model import Protocol
from app.station.changes import Change
from app.station.training import LESSONS, Course, Lesson

_ICON: Final = 26


class TrainingDock(QDockWidget):
    """Add it to a window by `attach`. `course` tells how far it is; `hint` is what stands there now."""

    _told = Signal(object)

    def __init__(self, window: MainWindow, lessons: tuple[Lesson, ...], papers: Sequence[Protocol]) -> None:
        super().__init__(window)
        self._window, self._papers = window, tuple(papers)
        station = window.desk.station
        self.course = Course(lessons, station.row)
        self.setObjectName("training")
        self.setTitleBarWidget(QWidget(self))  # it is no tool window: nobody closes or moves it
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        inside = QWidget(self)
        self._icon, self._title, self._hint, self._ticks = (QLabel(inside) for _ in range(4))
        self._title.setObjectName("heading")
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        for label in (self._title, self._hint):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.papers_button: QPushButton = act_button("training_papers", "", "document", inside)
        self.papers_button.clicked.connect(self.open_papers)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._hint)
        row = QHBoxLayout(inside)
        row.setContentsMargins(12, 2, 12, 4)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self._ticks)
        row.addWidget(self.papers_button)
        self.setWidget(inside)
        # Changes come on whatever thread made them.
        self._told.connect(self._changed, Qt.ConnectionType.QueuedConnection)
        unsubscribe = station.subscribe(self._told.emit)
        self.destroyed.connect(lambda *_: unsubscribe())
        self.course.look()
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def hint(self) -> str:
        return self._hint.text()

    @property
    def ticks(self) -> str:
        return self._ticks.text()

    @Slot()
    def open_papers(self) -> None:
        """Show the papers of all lessons as one PDF."""
        station = self._window.desk.station
        self._window.documents.paper(lambda: practice_papers.made(self._papers, station), Then.OPEN)

    @Slot(object)
    def _changed(self, _: Change) -> None:
        if self.course.look():
            self._show()

    def _show(self) -> None:
        course, lesson = self.course, self.course.current
        done = sum(course.is_done(each) for each in course.lessons)
        self._ticks.setText(t("training.done", done=done, all=len(course.lessons)))
        if lesson is None:
            icon, title, hint = ("passed", "ok"), t("training.finished"), t("training.finished_text")
        else:
            step = course.reached(lesson) + 1
            number = course.lessons.index(lesson) + 1
            name = t(f"training.{lesson.name}.title")
            icon, title = ("info", "info"), t("training.lesson", number=number, name=name)
            if len(LESSONS[lesson.name]) > 1:
                title = t("training.step", title=title, step=step, steps=len(LESSONS[lesson.name]))
            hint = t(f"training.{lesson.name}.{step}", **lesson.values)
        self._icon.setPixmap(theme.pixmap(*icon, _ICON))
        self._title.setText(title)
        self._hint.setText(hint)
        self.setAccessibleName(f"{title}. {hint} {self._ticks.text()}")
        self._fit()

    def _fit(self) -> None:
        """As high as the words need at this width; Qt would shrink a dock until they lie over one another."""
        inside = self.widget()
        layout = inside.layout()
        if layout is not None and layout.hasHeightForWidth() and inside.width() > 0:
            inside.setFixedHeight(layout.totalHeightForWidth(inside.width()))


def attach(window: MainWindow, lessons: tuple[Lesson, ...], papers: Sequence[Protocol]) -> TrainingDock:
    """Put the dock at the bottom of a window."""
    dock = TrainingDock(window, lessons, papers)
    window.sections.bar.hide()  # the lessons are of the desk alone, and a small screen needs the room
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    return dock
