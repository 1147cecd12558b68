"""The table of accounts: name, login, role and whether the person can sign in, said by icon and word."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QObject

from app.desktop import theme
from app.desktop.precinct_table import czech_order
from app.desktop.row_table import LEFT, Painted, RowTable
from app.desktop.texts import t
from app.station.users.accounts import ROLES
from app.station.users.rows import Account


class Column(IntEnum):
    """The columns in their order on the screen."""

    NAME = 0
    LOGIN = 1
    ROLE = 2
    STATE = 3


#: Icon and ink of each state, in the order in which they are sorted.
_STATES: Final = {
    "locked": ("lock", "error"),
    "temporary": ("key", "warning"),
    "active": ("passed", "ok"),
    "closed": ("close", "muted"),
}


def state_of(account: Account) -> str:
    """closed, locked, temporary or active."""
    if not account.active:
        return "closed"
    if account.locked:
        return "locked"
    return "temporary" if account.temporary else "active"


class AccountTable(RowTable[Account]):
    """All accounts; Czech order of names."""

    columns = Column

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: dict[str, int] = {}

    def came(self, rows: Sequence[Account]) -> None:
        self._names = czech_order(row.name for row in rows)

    def key(self, row: Account) -> Hashable:
        return row.id

    def heading(self, column: int) -> tuple[str, str]:
        name = Column(column).name.lower()
        return t(f"account.column.{name}"), t(f"account.column_help.{name}")

    def painted(self, row: Account) -> tuple[Painted, ...]:
        state = state_of(row)
        icon, ink = _STATES[state]
        words = theme.colour("text" if row.active else "muted")
        return (
            Painted(row.name, theme.pixmap("user", "text" if row.active else "muted"), None, words, LEFT),
            Painted(row.login, None, None, words, LEFT),
            Painted(t(f"role.{row.role}"), None, None, words, LEFT),
            Painted(t(f"account.state.{state}"), theme.pixmap(icon, ink), None, theme.colour(ink), LEFT),
        )

    def sort_values(self, row: Account) -> tuple[Any, ...]:
        name = self._names[row.name]
        return name, row.login, (ROLES.index(row.role), name), list(_STATES).index(state_of(row))

    def help(self, row: Account, cells: Sequence[Painted]) -> str:
        return ", ".join(cell.text for cell in cells)
