"""Accounts that were prepared for the point: a signed file, proved before anything in it is read.

Who may sign it is who may sign reference data. A file counts once, and one that is older than the last is
refused, because it would bring back passwords that were replaced since. A new account is made; one that
the station has gets the delivered role and temporary password, and is open again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.documents import accounts as documents
from app.documents.accounts import AccountRole, DeliveredAccount, DeliveredAccounts
from app.documents.document_errors import DocumentError
from app.election.errors import KnownError
from app.station import journal
from app.station.config import StationConfig
from app.station.reference_file import SIGNERS
from app.station.states import PROGRAM, Role, identity
from app.station.store import Store, from_instant, instant
from app.station.users import rows
from app.station.users.accounts import Accounts, checked
from app.station.users.errors import DeliveryRefused, NameTaken
from app.station.users.rows import Standing
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected
from app.trust.passwords import is_hash
from app.trust.refusals import RefusalReason, SignatureRefused

#: Where a station's folder has the file that came with it.
ACCOUNTS_FILE = "accounts.p7m"

#: The roles as the document calls them.
ROLES = {
    AccountRole.CLERK: Role.CLERK,
    AccountRole.SUPERVISOR: Role.SUPERVISOR,
    AccountRole.TECHNICIAN: Role.TECHNICIAN,
}


@dataclass(frozen=True, slots=True)
class _Proved:
    data: bytes
    content: DeliveredAccounts
    signer: str


class Delivery:
    """Takes delivered accounts over. `trouble` is why the folder's own file was not taken, if so."""

    def __init__(
        self,
        store: Store,
        accounts: Accounts,
        config: StationConfig,
        anchors: Anchors,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._accounts, self._config = store, accounts, config
        self._anchors, self._clock = anchors, clock
        self.trouble: KnownError | None = None

    def take_beside(self, folder: Path) -> None:
        """Take the file of the station's folder, if there is one that was not taken yet. A bad one is kept
        as `trouble`: on the night the people who are known have to be able to work."""
        path = folder / ACCOUNTS_FILE
        if not path.exists():
            return
        try:
            self.take(path.read_bytes())
        except OSError as error:
            self.trouble = DeliveryRefused(
                "USR-20",
                f"Soubor účtů {ACCOUNTS_FILE} ve složce stanice nelze přečíst. Zavolejte technika.",
                f"The file of accounts {ACCOUNTS_FILE} in the station's folder cannot be read "
                f"({error.strerror}). Call the technician.",
            )
        except KnownError as error:
            self.trouble = error

    def take(self, data: bytes) -> int:
        """Take the accounts of a signed file; how many, 0 when this very file was taken before.

        Raises `DeliveryRefused`, `NameTaken`; then nothing of the file was taken.
        """
        digest = sha256(data).hexdigest()
        if self._store.rows("SELECT 1 FROM account_deliveries WHERE sha256 = ?", (digest,)):
            return 0
        proved = self._proved(data)
        self._check(proved.content)
        with self._store.transaction() as connection:
            now = self._clock()
            connection.execute(
                "INSERT INTO account_deliveries (sha256, data, made_at, received_at) VALUES (?, ?, ?, ?)",
                (digest, data, instant(proved.content.made_at), instant(now)),
            )
            for one in proved.content.accounts:
                self._take_one(connection, one, proved.signer, now)
            names = [one.name for one in proved.content.accounts]
            journal.write(connection, now, PROGRAM.name, "accounts-delivered",
                          sha256=digest, signer=proved.signer, accounts=names)  # fmt: skip
        return len(proved.content.accounts)

    def _take_one(
        self, connection: sqlite3.Connection, one: DeliveredAccount, signer: str, now: datetime
    ) -> None:
        login, name = checked(one.login, one.name)
        to = Standing(ROLES[one.role], True, one.password, True)
        known = rows.find(self._store, login)
        if known is None:
            self._accounts.make(connection, login, name, to, signer)
            return
        if identity(known.name) != identity(name):
            raise NameTaken(login)
        if known.locked:
            rows.attempted(connection, known.id, "released", signer, now)
        rows.change(connection, known.id, "delivered", to, signer, now)

    def _proved(self, data: bytes) -> _Proved:
        for role in SIGNERS:
            try:
                expected = Expected(role, self._config.election)
                verified = cms.verify(
                    data, self._anchors, self._clock(), expected, size_limit=2 * documents.MAX_BYTES
                )
                content = documents.read(verified.content)
                return _Proved(data, content, verified.identity.common_name)
            except SignatureRefused as error:
                if error.reason is RefusalReason.ROLE and role is not SIGNERS[-1]:
                    continue
                raise DeliveryRefused(
                    "USR-21",
                    f"Podpis souboru účtů nelze uznat: {error.cs} Vyžádejte si soubor znovu od ústředí.",
                    f"The signature of the file of accounts is not accepted: {error.en} "
                    "Ask the centre for it again.",
                ) from error
            except DocumentError as error:
                raise _unreadable(error.en) from error
        raise AssertionError("every signer was tried")

    def _check(self, content: DeliveredAccounts) -> None:
        config = self._config
        theirs = (content.election, content.mode, content.transfer_point)
        if theirs != (config.election, config.mode, config.transfer_point):
            raise DeliveryRefused(
                "USR-22",
                f"Soubor účtů je pro jiné místo, volby nebo režim ({content.transfer_point}, "
                f"{content.election}, {content.mode}). Vyžádejte si soubor této stanice.",
                f"The file of accounts is for another point, election or mode ({content.transfer_point}, "
                f"{content.election}, {content.mode}). Ask for the file of this station.",
            )
        if not all(is_hash(one.password) for one in content.accounts):
            raise _unreadable("a password's hash is not one")
        last = self._store.rows("SELECT max(made_at) FROM account_deliveries")[0][0]
        if last is not None and content.made_at <= from_instant(last):
            raise DeliveryRefused(
                "USR-24",
                "Soubor účtů je starší než ten, který už stanice má. Použijte nejnovější.",
                "The file of accounts is older than the one that the station has. Use the newest.",
            )


def _unreadable(detail: str) -> DeliveryRefused:
    return DeliveryRefused(
        "USR-23",
        "Soubor účtů má vadný obsah. Vyžádejte si ho znovu od ústředí.",
        f"The content of the file of accounts is faulty ({detail}). Ask the centre for it again.",
    )
