"""The page of one visit: the form on the left, the verdict on the right, the ways on below.

Protocols of a joint precinct are tabs of one page. The page shows an offer or a held protocol and says
which act the clerk wants; what an act does is decided on the station.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.desktop import texts, theme
from app.desktop.flow import FlowLayout
from app.desktop.form_view import FormView
from app.desktop.forms import contest_name, find, laid_out, place
from app.desktop.rule_list import RuleList
from app.desktop.states import STATES
from app.desktop.texts import plural, t
from app.desktop.visit import Card
from app.desktop.visiting.comparing import CompareView
from app.desktop.visiting.ways import ways
from app.desktop.widgets import Banner, act_button, heading
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.offers import Standing

#: Act → (key, icon, kind), in the order of the buttons.
_ACTS: Final = {
    "retype": ("F9", "entering", "primary"),
    "accept": ("F9", "accepted", "primary"),
    "approve": ("F6", "approved", "primary"),
    "correct": ("F5", "correcting", "plain"),
    "hold": ("F7", "held", "plain"),
    "send_back": ("F7", "back", "plain"),
    "mend": ("F3", "correcting", "plain"),
    "refuse": ("F8", "refused", "grave"),
}
#: Shares of form and rules; two figures side by side need more room than one.
_SHARES: Final = [322, 416]
_SHARES_COMPARED: Final = [410, 328]


class VerdictPage(QWidget):
    """Emits `act_wanted(name)` for the card that is shown, and `left` when the clerk puts the visit away."""

    act_wanted = Signal(str)
    report_wanted = Signal(object)  # the offer that is shown
    card_changed = Signal(int)
    left = Signal()

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self._cards: tuple[Card, ...] = ()
        self.title = heading("", self, "pageTitle")
        self.source = heading("", self, "muted")
        self.tabs = QTabBar(self)
        self.banner = Banner(self)
        self.form = FormView(self)
        self.compare = CompareView(self)
        self.left_side = QStackedWidget(self)
        self.rules = RuleList(self)
        self.buttons: dict[str, QPushButton] = {
            name: act_button(name, key, icon, self, kind) for name, (key, icon, kind) in _ACTS.items()
        }
        self.report_button = act_button("report", "F4", "print", self)
        self.leave_button = act_button("leave", "", "close", self)
        self.why_not = QLabel(self)
        self.why_not.setObjectName("whyNot")
        self.why_not.setWordWrap(True)
        self._lay_out()
        self.tabs.setAccessibleName(t("verdict.tabs_name"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.rules.chosen.connect(self._lead)
        self.report_button.clicked.connect(lambda: self.report_wanted.emit(self.card.shown))
        self.leave_button.clicked.connect(self.left)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, act=name: self.act_wanted.emit(act))
        self._order_tabs()

    @property
    def cards(self) -> tuple[Card, ...]:
        return self._cards

    @property
    def card(self) -> Card:
        return self._cards[max(0, self.tabs.currentIndex())]

    def show_cards(
        self,
        cards: Sequence[Card],
        current: int = 0,
        waiting: int = 0,
        done: Mapping[ProtocolKey, str] = MappingProxyType({}),
    ) -> None:
        """Show the protocols of one visit; `waiting` says how many more visits are read and wait, `done`
        which protocols of this one have reached which state by an act: their tabs are closed."""
        self._cards = tuple(cards)
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for card in self._cards:
            worst = card.offer.verdict.worst
            look = {None: ("passed", "ok"), "B": ("blocking", "error"), "I": ("info", "info")}.get(
                worst, ("warning", "warning")
            )
            name, state = t(f"contest.tab.{card.offer.key.contest}"), done.get(card.offer.key)
            if state:
                look = STATES[state].icon, STATES[state].ink
                name = f"{name}: {t(STATES[state].text)}"
            self.tabs.setTabEnabled(self.tabs.addTab(theme.icon(*look, 16), name), state is None)
        for contest in self._cards[0].missing if self._cards else ():
            name = t("visit.missing", contest=t(f"contest.tab.{contest}"))
            self.tabs.setTabEnabled(self.tabs.addTab(theme.icon("warning", "warning", 16), name), False)
        self.tabs.setCurrentIndex(current)
        self.tabs.blockSignals(False)
        self.tabs.setVisible(self.tabs.count() > 1)
        self._waiting = waiting
        self._show_card()

    def set_busy(self, busy: bool) -> None:
        """No second act while one is on its way."""
        if busy:
            for button in self.buttons.values():
                button.setEnabled(False)
        elif self._cards:
            self._offer_acts()

    def _tab_changed(self, index: int) -> None:
        self._show_card()
        self.card_changed.emit(index)

    def _show_card(self) -> None:
        offer = self.card.offer
        self.title.setText(f"{place(offer.reading, self._reference)} · {contest_name(offer.key.contest)}")
        more = plural("verdict.waiting", self._waiting) if self._waiting else ""
        self.source.setText(t("verdict.source", name=offer.original.name, more=more).strip())
        form = laid_out(offer.reading, self._reference)
        faults: dict[tuple[int, int], str] = {}
        for result in offer.verdict.failed:
            for case in result.failed_cases:
                for field in case.fields:
                    spot = find(form, field)
                    if spot is not None:
                        faults[spot] = min(faults.get(spot, "W"), str(result.severity), key="BPWI".index)
        self.form.show_form(form, faults)
        if self.card.before is not None:
            self.compare.show_pair(self.card.before[1], offer.reading, self._reference)
        self.left_side.setCurrentWidget(self.form if self.card.before is None else self.compare)
        self._split.setSizes(_SHARES if self.card.before is None else _SHARES_COMPARED)
        self.rules.show_verdict(self.card.shown.verdict)
        self._say_verdict()
        self._offer_acts()
        self.rules.setFocus()

    def _say_verdict(self) -> None:
        card, verdict = self.card, self.card.offer.verdict
        if card.held:
            text = t("verdict.held_text", user=card.held.entered_by, time=texts.clock_time(card.held.held_at),
                     reason=card.held.reason)  # fmt: skip
            self.banner.say("warning", "held", t("verdict.held"), text)
        elif card.offer.standing is Standing.DIFFERENT and not card.offer.is_correction:
            title = t("verdict.different", revision=card.offer.accepted_revision)
            other = card.offer.elsewhere
            there = f"{t('point.differs', station=other.station)} " if other else ""
            self._say("warning", "correcting", title, there + t("verdict.different_text"))
        elif verdict.blocking:
            self._say("error", "blocking", plural("verdict.blocked", _cases(verdict.blocking)),
                      t("verdict.blocked_text"))  # fmt: skip
        elif verdict.needs_reason:
            passable, key = verdict.passable, "passable" if verdict.passable else "warned"
            self._say("warning", "passable" if passable else "warning",
                      plural(f"verdict.{key}", _cases(passable or verdict.warnings)),
                      t("verdict.hold_text"))  # fmt: skip
        else:
            title = t("verdict.clean_correction" if card.offer.is_correction else "verdict.clean")
            text = t("visit.clean_retype" if card.to_retype else "verdict.clean_text")
            self._say("ok", "accepted", title, text)

    def _say(self, kind: str, icon: str, title: str, text: str) -> None:
        """Say it, first of all that the precinct is another workstation's: a warning, never a block."""
        if self.card.assigned:
            text = f"{t('assign.warning', station=self.card.assigned)} {text}".strip()
            kind, icon = ("warning", "point") if kind == "ok" else (kind, icon)
        self.banner.say(kind, icon, title, text)

    def _offer_acts(self) -> None:
        """Show the ways on; a way that is closed says why in words."""
        found = ways(self.card)
        for name, button in self.buttons.items():
            button.setVisible(name in found.shown)
            button.setEnabled(name in found.open)
        self.report_button.setVisible(bool(self.card.offer.verdict.failed))
        why = found.why
        self.why_not.setText(why)
        self.why_not.setVisible(bool(why))
        self.buttons["accept"].setToolTip(why or t("act_help.accept"))
        self.buttons["accept"].setAccessibleDescription(why)

    def _lead(self, fields: tuple[FieldRef, ...]) -> None:
        """Go to the first field of a message that the form shows, or the comparison in its place."""
        view = self.form if self.card.before is None else self.compare
        if any(view.lead_to(field) for field in fields):
            view.setFocus()

    def _lay_out(self) -> None:
        split = self._split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        self.left_side.addWidget(self.form)
        self.left_side.addWidget(self.compare)
        split.addWidget(self.left_side)
        split.addWidget(self.rules)
        split.setStretchFactor(0, 10)
        split.setStretchFactor(1, 13)
        self.left_side.setMinimumWidth(215)
        self.rules.setMinimumWidth(300)
        acts = FlowLayout()
        for button in (*self.buttons.values(), self.report_button, self.leave_button):
            acts.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.source)
        column.addWidget(self.tabs)
        column.addWidget(self.banner)
        column.addWidget(split, 1)
        column.addWidget(self.why_not)
        column.addLayout(acts)

    def _order_tabs(self) -> None:
        buttons = (*self.buttons.values(), self.report_button, self.leave_button)
        chain = (self.tabs, self.form, self.compare.all, self.compare.view, self.rules, *buttons)
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)


def _cases(results: Sequence[object]) -> int:
    return sum(max(1, len(getattr(result, "failed_cases", ()))) for result in results)
