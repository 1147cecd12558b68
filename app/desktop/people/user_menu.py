"""The small button beside the name in the header: lock, change the user, an own new password."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QBoxLayout, QMenu, QPushButton

from app.desktop import theme
from app.desktop.header import HeaderBar
from app.desktop.texts import t


class UserMenu(QPushButton):
    """Stands in the header only where people sign in."""

    def __init__(
        self,
        header: HeaderBar,
        lock: Callable[[], None],
        switch: Callable[[], None],
        own_password: Callable[[], None],
    ) -> None:
        super().__init__(theme.icon("lock", "on_header"), "", header)
        self.setObjectName("headerButton")
        menu = QMenu(self)
        for word, icon, act in (
            (t("header.user.lock"), "lock", lock),
            (t("header.user.switch"), "users", switch),
            (t("header.user.own_password"), "key", own_password),
        ):
            menu.addAction(theme.icon(icon), word).triggered.connect(act)
        self.setMenu(menu)
        self.setAccessibleName(t("header.user.menu_name"))
        self.setToolTip(t("header.user.menu_name"))
        row = header.layout()
        assert isinstance(row, QBoxLayout)
        row.insertWidget(row.indexOf(header.time), self)
