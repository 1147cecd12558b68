"""Another person's hands at the desk: what has to change in the window, and what must not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.desktop.texts import t
from app.station.states import User

if TYPE_CHECKING:
    from app.desktop.window import MainWindow

#: Pages on which one person types: another must not go on with their hands, nor see a blind reading.
_PERSONAL: Final = frozenset({"entry", "settle", "second"})


def hand_over(window: MainWindow, user: User, before: User | None) -> None:
    """Let `user` work in the window; `before` is who worked in it, if it was open to somebody.

    An open visit stays, for the commission still stands there. A draft that is being typed was stored at
    each field and stays that of who typed it; the page of typing is left, and it says how to take it over.
    """
    window.entry.change_user(user.name, user.role)
    window.entry.desk.list()
    other = before is not None and before.identity != user.identity
    if other and window.page in _PERSONAL:
        window.turn(window.welcome)
        window.messages.say("info", t("handed.title"), t("handed.text", name=before.name if before else ""))
