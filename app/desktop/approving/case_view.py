"""One held protocol with its evidence: paper form and rules, neighbours, both readings, changes, origin."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.approving import evidence
from app.desktop.fact_list import FactList
from app.desktop.figure_table import FigureView
from app.desktop.form_view import FormView
from app.desktop.forms import find, laid_out
from app.desktop.rule_list import RuleList
from app.desktop.texts import t
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.approvals import Case, Changed

_PAPER, _AROUND, _READINGS, _CHANGES, _ORIGIN = range(5)
_TABS: Final = (
    ("paper", "document"),
    ("around", "search"),
    ("readings", "entering"),
    ("changes", "correcting"),
    ("origin", "info"),
)


class CaseView(QWidget):
    """Shows a `Case`; tabs that have nothing to say are away."""

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self._case: Case | None = None
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName(t("approving.tabs"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        for name, icon in _TABS:
            self.tabs.addTab(theme.icon(icon, "text", 16), t(f"approving.tab.{name}"))
        self.form, self.rules = FormView(self), RuleList(self)
        self.around_words, self.reading_words = _words(self), _words(self)
        self.around = FigureView(evidence.NEIGHBOUR_COLUMNS, t("approving.around_name"), self)
        self.readings = FigureView(evidence.READING_COLUMNS, t("approving.readings_name"), self)
        self.all_fields = QCheckBox(t("compare.all"), self)
        self.all_fields.setAccessibleName(t("compare.all"))
        self.changes = FigureView(evidence.CHANGE_COLUMNS, t("approving.changes_name"), self)
        self.origin = FactList(t("approving.tab.origin"), self)
        self.pages = QStackedWidget(self)
        self._lay_out()
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        self.rules.chosen.connect(self._lead)
        self.all_fields.toggled.connect(self._show_readings)

    def show_case(self, case: Case, changed: Changed | None) -> None:
        """Show a case; with `changed`, mark what differs from what was shown before and turn to it."""
        is_other = self._case is None or self._case.key != case.key
        self._case = case
        self._show_form(case, changed)
        self.rules.show_verdict(case.held.offer.verdict)
        self.show_around(case)
        changes = evidence.change_rows(case, changed, self._reference)
        self.changes.show_rows(changes)
        self._show_readings()
        self.origin.show_facts(evidence.origin(case))
        self.tabs.setTabVisible(_READINGS, case.readings is not None)
        self.tabs.setTabVisible(_CHANGES, bool(changes))
        if changed is not None and changed.figures:
            self.tabs.setCurrentIndex(_CHANGES)
        elif is_other or changed is not None or not self.tabs.isTabVisible(self.tabs.currentIndex()):
            self.tabs.setCurrentIndex(_PAPER)

    def show_around(self, case: Case) -> None:
        """The neighbours alone: they go on coming while a case is looked at."""
        self._case = case
        self.around_words.setText(evidence.neighbour_words(case))
        self.around.show_rows(evidence.neighbour_rows(case, self._reference))

    def forget_looks(self) -> None:
        """After a change from light to dark."""
        for place, (_, icon) in enumerate(_TABS):
            self.tabs.setTabIcon(place, theme.icon(icon, "text", 16))

    def _show_form(self, case: Case, changed: Changed | None) -> None:
        form = laid_out(case.held.offer.reading, self._reference)
        faults: dict[tuple[int, int], str] = {}
        for field in (one.field for one in (changed.figures if changed else ())):
            spot = find(form, field)
            if spot is not None:
                faults[spot] = "I"
        for result in case.held.offer.verdict.failed:
            for field in (field for one in result.failed_cases for field in one.fields):
                spot = find(form, field)
                if spot is not None:
                    faults[spot] = min(faults.get(spot, "I"), str(result.severity), key="BPWI".index)
        self.form.show_form(form, faults)

    @Slot()
    def _show_readings(self) -> None:
        if self._case is not None and self._case.readings is not None:
            self.reading_words.setText(evidence.reading_words(self._case))
            everything = self.all_fields.isChecked()
            self.readings.show_rows(evidence.reading_rows(self._case, self._reference, everything=everything))

    def _lead(self, fields: tuple[FieldRef, ...]) -> None:
        if any(self.form.lead_to(field) for field in fields):
            self.form.setFocus()

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.form)
        split.addWidget(self.rules)
        split.setStretchFactor(0, 10)
        split.setStretchFactor(1, 10)
        split.setSizes([330, 310])
        self.form.setMinimumWidth(200)
        self.rules.setMinimumWidth(240)
        self.pages.addWidget(split)
        self.pages.addWidget(_column(self.around_words, self.around))
        self.pages.addWidget(_column(self.reading_words, self.all_fields, self.readings))
        self.pages.addWidget(_column(self.changes))
        self.pages.addWidget(_column(self.origin))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)
        chain = (self.tabs, self.form, self.rules, self.around, self.all_fields, self.readings, self.changes,
                 self.origin)  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)


def _words(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setObjectName("plain")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _column(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 6, 0, 0)
    column.setSpacing(6)
    for part in parts[:-1]:
        column.addWidget(part)
    column.addWidget(parts[-1], 1)
    return page
