"""The number pad's way through a form: which field follows after which key. Pure, so that it can be counted.

A block is the counts, the sheet of one list, or the candidates of T/5. Enter goes to the next field, a
second Enter on an empty one ends the block, plus and minus go to the next and the previous block, and a
number after an asterisk or a slash goes to that candidate or list. A list whose votes stay empty has no
sheet, so Enter there goes to the next list at once, and to the end when the lists have all valid votes.
"""

from __future__ import annotations

from enum import Enum

from app.desktop.forms import Block, Form, Line
from app.election.verdict import FieldRef


class Act(Enum):
    """What a key of the pad asks for; jumps carry a number."""

    ENTER = "enter"
    NEXT_BLOCK = "next"
    PREVIOUS_BLOCK = "previous"
    TO_CANDIDATE = "candidate"
    TO_LIST = "list"
    UP = "up"
    DOWN = "down"


class Pad:
    """Walks over one form. A place after the last block is None: there the typist finishes."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._places = {
            line.field: (b, i) for b, block in enumerate(form.blocks) for i, line in enumerate(block.lines)
        }
        self._of_list = {block.number: b for b, block in enumerate(form.blocks) if block.number is not None}
        self._blank_before = False

    @property
    def first(self) -> FieldRef:
        return self.form.blocks[0].lines[0].field

    def block(self, at: FieldRef) -> int:
        """Number of the block that a field stands in; that of the head for a field the form does not have."""
        return self._places.get(at, (0, 0))[0]

    def knows(self, field: FieldRef) -> bool:
        return field in self._places

    def line(self, at: FieldRef) -> Line:
        b, i = self._places[at]
        return self.form.blocks[b].lines[i]

    def after(
        self, act: Act, at: FieldRef, value: int | None, number: int = 0, whole: bool = False
    ) -> FieldRef | None:
        """Where to go from `at`, which now holds `value`; `at` itself when there is nowhere to go.
        `whole`: the votes typed make up all valid votes, so no further list can have any."""
        blank_before, self._blank_before = self._blank_before, False
        match act:
            case Act.ENTER:
                return self._enter(at, value, blank_before, whole)
            case Act.NEXT_BLOCK:
                return self._start(self.block(at) + 1)
            case Act.PREVIOUS_BLOCK:
                b, i = self._places[at]
                return self._start(b if i else max(0, b - 1))
            case Act.TO_CANDIDATE:
                return self._numbered(self.form.blocks[self.block(at)], number) or at
            case Act.TO_LIST:
                return self._start(self._of_list[number]) if number in self._of_list else at
            case Act.UP | Act.DOWN:
                b, i = self._places[at]
                lines = self.form.blocks[b].lines
                return lines[min(len(lines) - 1, max(0, i + (1 if act is Act.DOWN else -1)))].field

    def forget(self) -> None:
        """The cursor was put elsewhere by hand: the next Enter is a first one again."""
        self._blank_before = False

    def _enter(self, at: FieldRef, value: int | None, blank_before: bool, whole: bool) -> FieldRef | None:
        b, i = self._places[at]
        block = self.form.blocks[b]
        if block.number is not None and i == 0 and not value:
            return None if whole else self._start(b + 1)
        if value is None and blank_before:
            return self._start(b + 1)
        self._blank_before = value is None
        following = next((line.field for line in block.lines[i + 1 :] if line.known), None)
        if following is None:
            self._blank_before = False
            return self._start(b + 1)
        return following

    def _start(self, block: int) -> FieldRef | None:
        if block >= len(self.form.blocks):
            return None
        return self.form.blocks[block].lines[0].field

    @staticmethod
    def _numbered(block: Block, number: int) -> FieldRef | None:
        if number == 0:
            return block.lines[0].field
        return next((line.field for line in block.lines if line.code == str(number)), None)
