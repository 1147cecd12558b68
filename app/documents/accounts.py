"""The accounts of a transfer point as the election's preparation delivers them: who, role, password's hash.

Only hashes of temporary passwords travel; the passwords themselves go to their owners on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.documents import xml
from app.documents.xml_text import DECLARATION, SHORT_TEXT, escaped, free_text, time_of, time_text
from app.election.model import Mode

SCHEMA = "ucty.xsd"
NAMESPACE = "urn:prebirka:ucty:1"
#: Bytes. 200 accounts have about 60 kB.
MAX_BYTES = 500_000
LONGEST_LOGIN = 40


class AccountRole(StrEnum):
    """The roles that people have at a transfer point."""

    CLERK = "OBSLUHA"
    SUPERVISOR = "VEDOUCI"
    TECHNICIAN = "TECHNIK"


@dataclass(frozen=True, slots=True)
class DeliveredAccount:
    """One person; `password` is an Argon2id hash in its text form."""

    login: str
    name: str
    role: AccountRole
    password: str


@dataclass(frozen=True, slots=True)
class DeliveredAccounts:
    """All accounts prepared for one transfer point."""

    election: str
    mode: Mode
    transfer_point: int
    made_at: datetime
    accounts: tuple[DeliveredAccount, ...]


def write(delivered: DeliveredAccounts) -> bytes:
    """The canonical bytes. Raises `DocumentError` DOC-40 for a text that no document carries."""
    parts = [
        f'{DECLARATION}<UCTY xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(delivered.election)}"'
        f' REZIM="{delivered.mode}" PREBIRACI_MISTO="{delivered.transfer_point}"'
        f' VYTVORENO="{time_text(delivered.made_at)}">\n'
    ]
    parts += [
        f'<UCET PRIHLASENI="{free_text(one.login, "PRIHLASENI", LONGEST_LOGIN)}"'
        f' JMENO="{free_text(one.name, "JMENO", SHORT_TEXT)}" ROLE="{one.role}"'
        f' HESLO="{escaped(one.password)}"/>\n'
        for one in delivered.accounts
    ]
    parts.append("</UCTY>\n")
    return "".join(parts).encode()


def read(data: bytes) -> DeliveredAccounts:
    """The accounts in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    head = xml.attributes_of(root)
    people = (xml.attributes_of(element) for element in root)
    return DeliveredAccounts(
        election=head["VOLBY"],
        mode=Mode(head["REZIM"]),
        transfer_point=int(head["PREBIRACI_MISTO"]),
        made_at=time_of(head["VYTVORENO"]),
        accounts=tuple(
            DeliveredAccount(one["PRIHLASENI"], one["JMENO"], AccountRole(one["ROLE"]), one["HESLO"])
            for one in people
        ),
    )
