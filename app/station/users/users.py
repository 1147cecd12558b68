"""Everything about people at the station in one hand: their accounts, signing in, delivered accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.station.config import StationConfig
from app.station.store import Store
from app.station.users.accounts import Accounts
from app.station.users.delivery import Delivery
from app.station.users.signing import SigningIn
from app.trust.anchors import Anchors
from app.trust.passwords import Passwords


class Users:
    """`accounts` makes and changes them, `signing` says who is who, `delivery` takes prepared ones."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        config: StationConfig,
        anchors: Anchors,
        clock: Callable[[], datetime],
        passwords: Passwords | None = None,
    ) -> None:
        passwords = passwords or Passwords()
        self.accounts = Accounts(store, passwords, clock)
        self.signing = SigningIn(store, passwords, config.mode, clock)
        self.delivery = Delivery(store, self.accounts, config, anchors, clock)
        self.delivery.take_beside(folder)

    @property
    def known(self) -> bool:
        """Whether the station has any accounts. One that has none (a rehearsal by a program) takes people
        at their word; a window that is opened for people makes the first supervisor before all else."""
        return self.accounts.any
