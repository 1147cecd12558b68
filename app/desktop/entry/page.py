"""The page on which a protocol is typed from its paper, by the number pad alone.

It shows one draft and nothing of any other reading. What a key does is told by `Pad`; what is stored and
judged comes from `EntryDesk`. Sums, faults and the sign "stored" follow off the key's path.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.desktop.entry.acts import EntryDesk, Saved
from app.desktop.entry.box import Box
from app.desktop.entry.faults import beside
from app.desktop.entry.hint import HintStrip
from app.desktop.entry.pad import Act, Pad
from app.desktop.entry.panel import ListStrip, TotalsView
from app.desktop.entry.sheet import Fields, Rows, Sheet
from app.desktop.forms import contest_name, paper, precinct_place
from app.desktop.texts import clock_time, t
from app.desktop.widgets import act_button, heading
from app.election.model import MAX_SENATE_CANDIDATES
from app.election.reference import Reference
from app.election.verdict import FieldRef, Verdict
from app.station.entry.drafts import Draft, DraftState, RunningTotals
from app.station.entry.errors import EntryIncomplete

_NO_TOTALS = RunningTotals(0, None, None, {})
_SIDE = 262


class EntryPage(QWidget):
    """Emits `finish_wanted`, `discard_wanted` and `left` for the draft that is shown."""

    finish_wanted = Signal()
    discard_wanted = Signal()
    left = Signal()

    def __init__(self, reference: Reference, desk: EntryDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("entry")
        self._reference, self._desk = reference, desk
        self.draft: Draft | None = None
        self._pad: Pad | None = None
        self._values: dict[FieldRef, int | None] = {}
        self._faults: dict[FieldRef, tuple[str, str]] = {}
        self._totals, self._verdict = _NO_TOTALS, Verdict(())
        self._said_done, self._shown_block = False, 1
        self._target: FieldRef | None = None
        self.title, self.stage = heading("", self, "pageTitle"), QLabel(self)
        hands = self._acted, self._left, self._came
        self.counts = Rows(*hands, 4, self)
        self.totals, self.strip = TotalsView(self), ListStrip(self)
        self.sheet = Sheet(*hands, self)
        self.candidates = Rows(*hands, MAX_SENATE_CANDIDATES, self, columns=2)
        self.hint = HintStrip(self)
        self.saved = QLabel(self)
        self.finish_button = act_button("finish_entry", "F9", "passed", self, "primary")
        self.discard_button = act_button("discard_entry", "", "close", self, "grave")
        self.leave_button = act_button("put_away", "", "back", self)
        self._lay_out()
        self.strip.chosen.connect(lambda number: self._go_act(Act.TO_LIST, number))
        self.finish_button.clicked.connect(self._finish)
        self.discard_button.clicked.connect(self.discard_wanted)
        self.leave_button.clicked.connect(self.left)
        desk.saved.connect(self._was_saved)
        desk.judged.connect(self._was_judged)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(400)
        self._late.timeout.connect(self._say_saving)

    # --- showing -----------------------------------------------------------------------------------

    def show_draft(self, draft: Draft, totals: RunningTotals) -> None:
        """Show a draft as far as it is typed, the cursor where it was left."""
        self.draft = draft
        self._pad = Pad(paper(draft.key, self._reference))
        form = self._pad.form
        self._values = dict(draft.values)
        self._faults, self._totals, self._verdict, self._said_done = {}, totals, Verdict(()), False
        place = precinct_place(draft.key.precinct, self._reference)
        self.title.setText(f"{place} · {contest_name(draft.key.contest)}")
        self.stage.setText(t(f"entry.reading_{draft.number}", user=draft.owner))
        self.counts.show_block(form.blocks[0], self._values, {})
        self.strip.show_form(form)
        regional = form.code == "T/6"
        self._sheets.setCurrentWidget(self.sheet if regional else self.candidates)
        self._shown_block = 1
        self._body.show_block(form.blocks[1], self._values, {})
        self._say_saved(draft)
        self._show_sums()
        at = draft.last_field
        self.go(at if at is not None and self._pad.knows(at) else self._pad.first)
        self._desk.judge(draft)

    def go(self, field: FieldRef) -> None:
        """Put the cursor on a field, turning to its sheet and page."""
        pad = self._pad
        if pad is None or not pad.knows(field):
            return
        number = pad.block(field)
        if number and number != self._shown_block:
            self._shown_block = number
            self._body.show_block(pad.form.blocks[number], self._values, self._faults)
            self._show_sums()
        home = self._body if number else self.counts
        box = home.box_of(field)
        assert box is not None
        self._target = field
        if number:
            self.sheet.turn_to(pad.line(field).page)
        if box.hasFocus():
            self._came(box)
        else:
            box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.sheet.tidy()

    @property
    def box(self) -> Box | None:
        """The box that has the cursor."""
        found = self.focusWidget()
        return found if isinstance(found, Box) else None

    @property
    def values(self) -> Mapping[FieldRef, int | None]:
        """What is typed, as it stands on the screen."""
        return self._values

    def commit(self) -> None:
        """Take the box under the cursor as left, before the page goes away."""
        if self.box is not None and self.isVisible():
            self.box.commit()

    def lead_to_blank(self, error: EntryIncomplete) -> None:
        """The draft could not be finished: to the first field that is missing."""
        self._said_done = True
        self._judge_again()
        self.go(error.fields[0])
        self.hint.say("B", error)

    @property
    def _body(self) -> Fields:
        page = self._sheets.currentWidget()
        assert isinstance(page, Fields)
        return page

    # --- keys --------------------------------------------------------------------------------------

    def _acted(self, box: Box, act: Act, number: int) -> None:
        if self._pad is None or box.line is None:
            return
        whole = act is Act.ENTER and not box.value and self._is_whole()
        target = self._pad.after(act, box.line.field, box.value, number, whole)
        if target is None:
            self.finish_button.setFocus(Qt.FocusReason.OtherFocusReason)
            self.hint.help("entry.at_end")
        elif act in (Act.TO_CANDIDATE, Act.TO_LIST) and target == box.line.field:
            key = "entry.no_candidate" if act is Act.TO_CANDIDATE else "entry.no_list"
            self.hint.help(key, number=number)
        else:
            self.go(target)

    def _is_whole(self) -> bool:
        """Whether the lists have all valid votes, told by what stands on the screen."""
        votes = sum(value or 0 for field, value in self._values.items() if field.name == "POC_HLASU")
        return votes > 0 and votes == self._values.get(FieldRef("PL_HL_CELK"))

    def _go_act(self, act: Act, number: int) -> None:
        if self._pad is not None:
            target = self._pad.after(act, self._pad.first, None, number)
            if target is not None:
                self.go(target)

    def _left(self, box: Box) -> None:
        if self.draft is None or box.line is None or self.draft.state is not DraftState.OPEN:
            return
        self._values[box.line.field] = box.value
        self._late.start()
        self._desk.save(self.draft, box.line.field, box.value)

    def _came(self, box: Box) -> None:
        if self._pad is None or box.line is None:
            return
        if box.line.field != self._target:
            self._target = box.line.field
            self._pad.forget()
        self._hint_for(box)

    # --- what follows ------------------------------------------------------------------------------

    @Slot(object)
    def _was_saved(self, saved: Saved) -> None:
        if self.draft is None or saved.draft.id != self.draft.id:
            return
        self.draft, self._totals = saved.draft, saved.totals
        if not self._desk.is_saving:
            self._late.stop()
            self._say_saved(saved.draft)
        self._show_sums()

    @Slot(object)
    def _was_judged(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._judge_again()

    def _judge_again(self) -> None:
        self._faults = beside(self._verdict, self._totals, self._said_done)
        self.counts.show_faults(self._faults)
        self._body.show_faults(self._faults)
        self._show_sums()
        if self.box is not None and not self.box.is_jumping:
            self._hint_for(self.box)

    def _show_sums(self) -> None:
        if self._pad is not None:
            shown = self._pad.form.blocks[self._shown_block].number
            self.totals.show_totals(self._totals, shown, self._pad.form.code)
            self.strip.show_state(self._totals, self._faults, shown)

    def _hint_for(self, box: Box) -> None:
        """The fault of this field, else the first of its block, else the keys."""
        assert self._pad is not None
        assert box.line is not None
        block = self._pad.form.blocks[self._pad.block(box.line.field)]
        fields = [box.line.field, *(line.field for line in block.lines)]
        fault = next((self._faults[field] for field in fields if field in self._faults), None)
        if fault is None:
            regional = self._pad.form.code == "T/6"
            self.hint.help(
                "entry.keys" if block.number is not None
                else "entry.keys_counts" if regional else "entry.keys_senate"
            )  # fmt: skip
        else:
            self.hint.show_fault(*fault)

    def _say_saved(self, draft: Draft) -> None:
        self.saved.setText(t("entry.saved", time=clock_time(draft.saved_at)))

    @Slot()
    def _say_saving(self) -> None:
        self.saved.setText(t("entry.saving"))

    @Slot()
    def _finish(self) -> None:
        self._said_done = True
        self.finish_wanted.emit()

    # --- making ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.stage.setObjectName("entryStage")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.saved.setObjectName("muted")
        self._sheets = QStackedWidget(self)
        self._sheets.addWidget(self.sheet)
        self._sheets.addWidget(self.candidates)
        side = QVBoxLayout()
        side.setSpacing(4)
        self.counts.setFixedHeight(4 * 30 + 26)
        for widget in (self.counts, self.totals, self.strip):
            widget.setFixedWidth(_SIDE)
            side.addWidget(widget)
        side.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(18)
        body.addLayout(side)
        body.addWidget(self._sheets, 1)
        top, acts = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.stage)
        acts.setSpacing(8)
        acts.addWidget(self.finish_button)
        acts.addWidget(self.saved)
        acts.addStretch(1)
        acts.addWidget(self.discard_button)
        acts.addWidget(self.leave_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(top)
        column.addLayout(body, 1)
        column.addWidget(self.hint)
        column.addLayout(acts)
        boxes = (*self.counts.boxes, *self.sheet.boxes, *self.candidates.boxes)
        for before, after in pairwise((*boxes, self.finish_button, self.discard_button, self.leave_button)):
            QWidget.setTabOrder(before, after)
