"""The pages and prints of the main window that are made when they are wanted, and the order of making ahead.

What a page asks for goes on as a signal; the window, built on this, answers it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from app.desktop.later import later
from app.desktop.texts import t

if TYPE_CHECKING:
    from app.desktop.correcting.flow import CorrectionFlow
    from app.desktop.desk import Desk
    from app.desktop.entry.flow import EntryFlow
    from app.desktop.messages import MessageArea
    from app.desktop.pages.protocol import ProtocolPage
    from app.desktop.pages.result import ResultPage
    from app.desktop.pages.verdict import VerdictPage
    from app.desktop.printing.documents import Documents
    from app.desktop.visiting.flow import VisitFlow


class WindowPages(QMainWindow):
    """Whoever is built on this gives it the attributes below before the first page is wanted."""

    act_wanted = Signal(str)  # on the verdict that is shown
    put_away = Signal()  # the protocol that is shown
    next_wanted = Signal()  # the next visit

    desk: Desk
    messages: MessageArea
    pages: QStackedWidget
    visiting: VisitFlow
    entry: EntryFlow
    correcting: CorrectionFlow

    @later
    def verdict(self) -> VerdictPage:
        from app.desktop.pages.verdict import VerdictPage

        page = VerdictPage(self.desk.station.reference, self)
        page.act_wanted.connect(self.act_wanted)
        page.left.connect(self.put_away)
        page.report_wanted.connect(lambda offer: self.documents.error_report(offer))
        self.add_page(page, "verdict")
        return page

    @later
    def protocol(self) -> ProtocolPage:
        from app.desktop.pages.protocol import ProtocolPage

        page = ProtocolPage(self.desk.station.reference, self)
        page.left.connect(self.put_away)
        page.print_wanted.connect(lambda kind, key, then: self.documents.make(kind, key, then))
        page.transcript_wanted.connect(lambda *wanted: self.documents.transcript(*wanted))
        page.correct_wanted.connect(lambda *wanted: self.correcting.ask(*wanted))
        self.add_page(page, "protocol")
        return page

    @later
    def result(self) -> ResultPage:
        from app.desktop.pages.result import ResultPage

        page = ResultPage(self)
        page.left.connect(self.next_wanted)
        page.print_wanted.connect(lambda kind, key, then: self.documents.make(kind, key, then))
        self.desk.rows.connect(page.show_states)
        self.add_page(page, "result")
        return page

    @later
    def documents(self) -> Documents:
        from app.desktop.printing.documents import Documents

        made = Documents(self.desk.station, lambda: self.desk.user, self.point_name(), self)
        made.trouble.connect(lambda error: self.desk.trouble.emit(error, ""))
        made.bug.connect(self.desk.bug)
        made.said.connect(self.messages.say)
        return made

    def parts(self) -> tuple[Callable[[], object], ...]:
        """What is made ahead, in the order in which it may be wanted."""
        return (
            lambda: self.verdict,
            *self.visiting.parts(),
            *self.entry.parts(),
            lambda: self.result,
            lambda: self.protocol,
            lambda: self.documents,
        )

    def add_page(self, page: QWidget, name: str = "") -> None:
        """Take a page in; `page` says its name when it is shown."""
        if name:
            page.setObjectName(name)
        self.pages.addWidget(page)

    def point_name(self) -> str:
        config, reference = self.desk.station.config, self.desk.station.reference
        seat = reference.municipalities.get(config.transfer_point)
        name = seat.name if seat else str(config.transfer_point)
        return t("header.point", point=name, station=config.station)
