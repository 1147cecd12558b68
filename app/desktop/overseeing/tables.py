"""The three tables of the supervisor's page: every protocol, the groups with their bars, who is missing."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QObject, Qt

from app.desktop import texts, theme
from app.desktop.precinct_table import czech_order
from app.desktop.row_table import LEFT, RIGHT, Index, Painted, RowTable
from app.desktop.states import CONDITIONS
from app.desktop.texts import number, t
from app.election.model import Contest, PrecinctId
from app.station.overseeing.conditions import Line, rank
from app.station.overseeing.groups import Group
from app.station.overseeing.missing import Missing
from app.station.overseeing.narrowing import Narrowing, Searched

AnyGroup = Group[int] | Group[Contest] | Group[None]
#: Of a group's bar: the `Group`.
GROUP_ROLE: Final = Qt.ItemDataRole.UserRole + 3
_CONTESTS: Final = list(Contest)


class Column(IntEnum):
    """Of the table of protocols, in their order on the screen."""

    MUNICIPALITY = 0
    PRECINCT = 1
    CONTEST = 2
    STATE = 3
    SINCE = 4
    CLERK = 5
    DEADLINE = 6
    WARNINGS = 7
    REVISION = 8
    WORKSTATION = 9


class ProtocolTable(RowTable[Line]):
    """Every protocol of the point; `narrow` shows those that fit."""

    columns = Column

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.narrowing = Narrowing()
        self._search: list[Searched] = []
        self._names: dict[str, int] = {}

    def narrow(self, narrowing: Narrowing) -> None:
        if narrowing != self.narrowing:
            self.narrowing = narrowing
            self.arrange()

    def by_place(self) -> list[Line]:
        """The lines shown, by municipality, precinct and contest, whatever the table is sorted by."""
        return sorted(self.shown, key=self._place)

    def _place(self, line: Line) -> tuple[int, PrecinctId, int]:
        key = line.row.key
        return self._names[line.row.municipality_name], key.precinct, _CONTESTS.index(key.contest)

    def lets(self, place: int, row: Line) -> bool:
        return self.narrowing.lets(row.row.key, row.row.state, self._search[place])

    def came(self, rows: Sequence[Line]) -> None:
        self._names = czech_order(line.row.municipality_name for line in rows)
        self._search = [_searched(line) for line in rows]

    def changed_rows(self, places: set[int]) -> None:
        for place in places:
            self._search[place] = _searched(self.rows[place])

    def key(self, row: Line) -> Hashable:
        return row.row.key

    def heading(self, column: int) -> tuple[str, str]:
        name = Column(column).name.lower()
        return t(f"oversee.column.{name}"), t(f"oversee.column_help.{name}")

    def painted(self, row: Line) -> tuple[Painted, ...]:
        look = CONDITIONS[row.condition]
        ground = theme.colour(look.ground) if look.ground else None
        text = theme.colour("text")
        found = row.row
        state = Painted(t(look.text), theme.pixmap(look.icon, look.ink), ground, theme.colour(look.ink), LEFT)
        sign = theme.pixmap("warning", "warning") if found.warnings else None
        since = texts.clock_time(found.since) if found.since else ""

        def plain(value: str, alignment: Qt.AlignmentFlag = LEFT) -> Painted:
            return Painted(value, None, ground, text, alignment)

        return (
            plain(found.municipality_name),
            plain(str(found.key.precinct.number), RIGHT),
            plain(t(f"contest.short.{found.key.contest}")),
            state,
            plain(since),
            plain(clerk(row)),
            plain(countdown(row.left)),
            Painted(str(found.warnings) if found.warnings else "", sign, ground, text, LEFT),
            plain(str(found.revision) if found.revision else "", RIGHT),
            plain(workstation(row)),
        )

    def sort_values(self, row: Line) -> tuple[Any, ...]:
        found = row.row
        contest = _CONTESTS.index(found.key.contest)
        return (
            self._place(row),
            found.key.precinct.number,
            contest,
            rank(row.condition),
            int(found.since.timestamp()) if found.since else 0,
            _named(clerk(row)),
            _NEVER if row.left is None else row.left,
            found.warnings,
            found.revision,
            _named(workstation(row)),
        )

    def help(self, row: Line, cells: Sequence[Painted]) -> str:
        return said(row)


#: Sorts after every deadline.
_NEVER: Final = 10**9


def _named(text: str) -> tuple[bool, str]:
    """For sorting names: empty ones last."""
    return (not text, text.casefold())


def countdown(left: int | None) -> str:
    """The time to a deadline, or with a minus since it passed; nothing without one."""
    if left is None:
        return ""
    return t("deadline.left", left=texts.duration(left)) if left > 0 else f"−{texts.duration(-left)}"


def clerk(line: Line) -> str:
    """Who has it in hand: whoever types it now, else who acted last."""
    found = line.row
    return t("oversee.typing", name=found.typist) if found.typist else found.clerk


def workstation(line: Line) -> str:
    """Where it happened; while nothing did, where its precinct was assigned to."""
    found = line.row
    given = t("assign.cell", station=found.assigned) if found.assigned else ""
    return found.workstation or given


def said(line: Line) -> str:
    """One protocol in a sentence, for tool tips and whoever cannot see."""
    found = line.row
    look = CONDITIONS[line.condition]
    parts = [
        t(
            "oversee.tile",
            municipality=found.municipality_name,
            precinct=found.key.precinct.number,
            contest=t(f"contest.long.{found.key.contest}"),
            state=t(look.text),
        )
    ]
    if found.since:
        parts.append(t("oversee.since", time=texts.clock_time(found.since), name=clerk(line) or "–"))
    if found.deadline:
        parts.append(t("deadline.help", time=texts.date_time(found.deadline), note=found.note).strip())
    elif found.note:
        parts.append(found.note)
    if found.assigned and not found.workstation:
        parts.append(t("assign.row", station=found.assigned))
    return "\n".join(parts)


def _searched(line: Line) -> Searched:
    found = line.row
    return Searched.of(found.key, found.municipality_name, clerk(line), workstation(line))


class GroupColumn(IntEnum):
    """Of the tables of groups."""

    NAME = 0
    BAR = 1
    CONFIRMED = 2
    MISSING = 3
    ATTENTION = 4


class GroupTable(RowTable[AnyGroup]):
    """Municipalities or contests with their counts; the bar is painted by `bars.BarDelegate`."""

    columns = GroupColumn

    def __init__(self, first: str, parent: QObject | None = None) -> None:
        """`first` names what the rows are: municipality or contest."""
        super().__init__(parent)
        self._first = first
        self._names: dict[str, int] = {}

    def came(self, rows: Sequence[AnyGroup]) -> None:
        self._names = czech_order(row.name for row in rows)

    def key(self, row: AnyGroup) -> Hashable:
        return row.id

    def heading(self, column: int) -> tuple[str, str]:
        name = GroupColumn(column).name.lower()
        if column == GroupColumn.NAME:
            name = self._first
        return t(f"oversee.group.{name}"), t(f"oversee.group_help.{name}")

    def painted(self, row: AnyGroup) -> tuple[Painted, ...]:
        look = CONDITIONS[row.worst]
        text = theme.colour("text")
        done = t("oversee.here", here=number(row.here), expected=number(row.expected))
        picture = theme.pixmap(look.icon, look.ink)
        sign = theme.pixmap("warning", "warning") if row.attention else None

        def plain(value: int) -> Painted:
            return Painted(number(value) if value else "", None, None, text, RIGHT)

        return (
            Painted(group_name(row), picture, None, text, LEFT),
            Painted(done, None, None, text, LEFT),
            plain(row.confirmed),
            plain(row.missing),
            plain(row.attention)._replace(picture=sign, alignment=LEFT),
        )

    def sort_values(self, row: AnyGroup) -> tuple[Any, ...]:
        place = self._names[row.name] if isinstance(row.id, int) else _place(row.id)
        share = (1000 * row.here // row.expected if row.expected else 1000, -row.expected)
        return (
            (place, row.id if isinstance(row.id, int) else 0),
            share,
            row.confirmed,
            row.missing,
            row.attention,
        )

    def help(self, row: AnyGroup, cells: Sequence[Painted]) -> str:
        return t(
            "oversee.group_said",
            name=group_name(row),
            here=number(row.here),
            expected=number(row.expected),
            confirmed=number(row.confirmed),
            missing=number(row.missing),
            worst=t(CONDITIONS[row.worst].text),
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == GROUP_ROLE:
            return self.row_at(index.row())
        return super().data(index, role)


def group_name(group: AnyGroup) -> str:
    if group.id is None:
        return t("oversee.group.all")
    return group.name if isinstance(group.id, int) else t(f"contest.short.{group.id}")


def _place(contest: Contest | None) -> int:
    return -1 if contest is None else _CONTESTS.index(contest)


class MissingColumn(IntEnum):
    """Of the table of precincts that have to come."""

    MUNICIPALITY = 0
    PRECINCT = 1
    CONTESTS = 2
    STATE = 3
    SEAT = 4
    CONTACT = 5


class MissingTable(RowTable[Missing]):
    """Who has to be called."""

    columns = MissingColumn

    def came(self, rows: Sequence[Missing]) -> None:
        self._names = czech_order(row.municipality_name for row in rows)

    def key(self, row: Missing) -> Hashable:
        return row.precinct

    def heading(self, column: int) -> tuple[str, str]:
        name = MissingColumn(column).name.lower()
        return t(f"oversee.missing.{name}"), t(f"oversee.missing_help.{name}")

    def painted(self, row: Missing) -> tuple[Painted, ...]:
        look = CONDITIONS[row.condition]
        ground = theme.colour(look.ground) if look.ground else None
        text = theme.colour("text")
        contests = ", ".join(t(f"contest.short.{contest}") for contest in row.contests)
        values = (row.municipality_name, str(row.precinct.number), contests, "", row.seat, row.contact)
        cells = [Painted(value, None, ground, text, LEFT) for value in values]
        cells[MissingColumn.PRECINCT] = cells[MissingColumn.PRECINCT]._replace(alignment=RIGHT)
        cells[MissingColumn.STATE] = Painted(
            t(look.text), theme.pixmap(look.icon, look.ink), ground, theme.colour(look.ink), LEFT
        )
        return tuple(cells)

    def sort_values(self, row: Missing) -> tuple[Any, ...]:
        place = (self._names[row.municipality_name], row.precinct)
        return (
            place,
            row.precinct.number,
            row.contests,
            rank(row.condition),
            _named(row.seat),
            _named(row.contact),
        )

    def help(self, row: Missing, cells: Sequence[Painted]) -> str:
        return "\n".join(part for part in (row.municipality_name, row.seat, row.contact) if part)
