"""The handbook's window: a page, the way back and forward, and a search that answers while one types.

It is never modal and works offline. Escape closes it, and whoever asked has the focus again.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QSize, Qt, QUrl, Slot
from PySide6.QtGui import QCloseEvent, QFont, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop import theme
from app.desktop.help.subject import page_of
from app.desktop.texts import t
from app.desktop.widgets import act_button
from app.station.handbook import HOME, Handbook, Page

_ID: Final = Qt.ItemDataRole.UserRole
_SIZE: Final = (820, 640)


class HelpWindow(QDialog):
    """Shows pages of the handbook; made anew for each window that it stands beside."""

    def __init__(self, handbook: Handbook, mode: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._handbook, self._mode = handbook, mode
        self._been: list[tuple[str, int]] = []
        self._place = -1
        self.setModal(False)
        self.setObjectName("help")
        self.back = self._tool("back", "help.back", "Alt+Left")
        self.forward = self._tool("forward", "help.forward", "Alt+Right")
        self.home = self._tool("document", "help.home", "Alt+Home")
        self.search = QLineEdit(self)
        self.close_button = act_button("close_help", "Esc", "close", self)
        self.hits, self.browser = QListWidget(self), QTextBrowser(self)
        self._dress(parent)
        self._lay_out()
        self._connect()

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._handbook.page(self._been[self._place][0])

    def show_subject(self, subject: str) -> None:
        """Show the page about a subject, with the cursor in the search."""
        self.go(page_of(self._handbook, subject).id)
        self.browser.setFocus()

    def go(self, page_id: str) -> None:
        """Show a page; the way back leads to the one before."""
        if self._place >= 0 and self._been[self._place][0] == page_id:
            return
        self._keep_scroll()
        del self._been[self._place + 1 :]
        self._been.append((page_id, 0))
        self._place = len(self._been) - 1
        self._show()

    def forget_looks(self) -> None:
        """Paint the page again in the theme that is in use now."""
        if self._place >= 0:
            self._keep_scroll()
            self._show()

    @Slot()
    def go_back(self) -> None:
        self._step(-1)

    @Slot()
    def go_forward(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        if 0 <= self._place + by < len(self._been):
            self._keep_scroll()
            self._place += by
            self._show()

    def _keep_scroll(self) -> None:
        if self._place >= 0:
            self._been[self._place] = self._been[self._place][0], self.browser.verticalScrollBar().value()

    def _show(self) -> None:
        page_id, scrolled = self._been[self._place]
        page = self._handbook.page(page_id)
        self.browser.setMarkdown(page.markdown)
        self.browser.verticalScrollBar().setValue(scrolled)
        self.browser.setAccessibleName(t("help.page_name", title=page.title))
        self.setWindowTitle(t("help.title", title=page.title, mode=self._mode))
        self.back.setEnabled(self._place > 0)
        self.forward.setEnabled(self._place < len(self._been) - 1)

    # --- searching ---------------------------------------------------------------------------------

    @Slot(str)
    def _search(self, text: str) -> None:
        self.hits.clear()
        for hit in self._handbook.search(text):
            item = QListWidgetItem(hit.page.title)
            item.setData(_ID, hit.page.id)
            item.setToolTip(hit.excerpt)
            self.hits.addItem(item)
        asked = bool(text.strip())
        if asked and not self.hits.count():
            nothing = QListWidgetItem(t("help.nothing"))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.hits.addItem(nothing)
        self.hits.setVisible(asked)

    @Slot()
    def _take_first(self) -> None:
        if self.hits.count():
            self.hits.setCurrentRow(0)
            self._chosen(self.hits.item(0))

    @Slot(QListWidgetItem)
    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_ID):
            self.go(item.data(_ID))

    @Slot(QUrl)
    def _linked(self, url: QUrl) -> None:
        """Links lead to pages of the handbook only."""
        self.go(page_of(self._handbook, url.toString()).id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus() and self.hits.count():
            self.hits.setFocus()
            self.hits.setCurrentRow(max(0, self.hits.currentRow()))
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # no button of a dialog is meant by it
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.reject()

    # --- making ------------------------------------------------------------------------------------

    def _tool(self, picture: str, key: str, shortcut: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(picture))
        button.setShortcut(QKeySequence(shortcut))
        button.setAccessibleName(t("act.name", word=t(key), key=shortcut))
        button.setToolTip(t("act.name", word=t(key), key=shortcut))
        return button

    def _dress(self, parent: QWidget) -> None:
        # On a small screen a little less than the window that it stands beside.
        beside = parent.window().size() - QSize(40, 40)
        self.resize(QSize(*_SIZE).boundedTo(beside.expandedTo(QSize(480, 360))))
        self.search.setPlaceholderText(t("help.search"))
        self.search.setAccessibleName(t("help.search_name"))
        self.search.setClearButtonEnabled(True)
        self.hits.setAccessibleName(t("help.hits_name"))
        self.hits.setWordWrap(True)
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hits.hide()
        self.browser.setOpenLinks(False)
        self.browser.document().setDocumentMargin(12)
        font = QFont(self.browser.font())
        font.setPointSizeF(11)
        self.browser.document().setDefaultFont(font)
        for button in (self.back, self.forward, self.home):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for widget in (self.back, self.forward, self.home):
            top.addWidget(widget)
        top.addWidget(self.search, 1)
        top.addWidget(self.close_button)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.hits)
        split.addWidget(self.browser)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 5)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addLayout(top)
        column.addWidget(split, 1)
        chain = (self.back, self.forward, self.home, self.search, self.close_button, self.hits, self.browser)
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        self.back.clicked.connect(self.go_back)
        self.forward.clicked.connect(self.go_forward)
        self.home.clicked.connect(lambda: self.go(HOME))
        self.close_button.clicked.connect(self.reject)
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._take_first)
        self.hits.itemActivated.connect(self._chosen)
        self.hits.itemClicked.connect(self._chosen)
        self.browser.anchorClicked.connect(self._linked)
        QShortcut(QKeySequence("Ctrl+F"), self, self._to_search)

    @Slot()
    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()
