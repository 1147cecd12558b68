"""What the register says to an officer whose act cannot be done; each sentence tells what to do instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.documents.xml_text import SHORT_TEXT
from app.election.errors import KnownError

#: Characters of a reason.
LONGEST_REASON = 500


def in_the_future(at: datetime) -> KnownError:
    return KnownError(
        "MED-20",
        f"Čas doručení {at:%d. %m. %Y %H:%M} je v budoucnosti. Zadejte skutečný.",
        f"The time of receipt {at:%Y-%m-%d %H:%M} lies in the future. Give the true one.",
    )


def already(number: int) -> KnownError:
    return KnownError(
        "MED-21",
        f"O žádosti č. {number} už je takto rozhodnuto.",
        f"The application No. {number} is decided in this way already.",
    )


def nobody() -> KnownError:
    return KnownError(
        "MED-33",
        f"Uveďte jméno toho, kdo rozhoduje (do {SHORT_TEXT} znaků); důvod má nejvýše {LONGEST_REASON}.",
        f"Name who decides (up to {SHORT_TEXT} characters); a reason has at most {LONGEST_REASON}.",
    )


def unknown(number: int) -> KnownError:
    return KnownError(
        "MED-34",
        f"Žádost č. {number} v rejstříku není. Čísla vypíše příkaz list.",
        f"There is no application No. {number} in the register. The command list shows the numbers.",
    )


def closed(number: int) -> KnownError:
    return KnownError(
        "MED-35",
        f"O žádosti č. {number} se nerozhoduje: nebyla přijata, nebo ji nahradila jiná.",
        f"The application No. {number} is not to be decided: not accepted, or replaced by another.",
    )


def undecided(addresses: Sequence[str]) -> KnownError:
    named = ", ".join(addresses)
    return KnownError(
        "MED-36",
        f"Není rozhodnuto o adresách, které jsou uvedeny vícekrát nebo je má i jiný žadatel: {named}. "
        "Rozhodněte o nich příkazem decide.",
        f"It is not decided about addresses that stand twice or belong to another one too: {named}. "
        "Decide about them by the command decide.",
    )


def approved_before(number: int) -> KnownError:
    return KnownError(
        "MED-37",
        f"Tato organizace už má schválenou žádost č. {number}. Má-li ji nová nahradit, schvalte ji s volbou "
        "--replace.",
        f"The organisation has an approved application, No. {number}. Approve with --replace if the new one "
        "is to take its place.",
    )


def no_address(number: int, address: str) -> KnownError:
    return KnownError(
        "MED-38",
        f"Žádost č. {number} adresu {address} neuvádí. Adresy vypíše příkaz show.",
        f"The application No. {number} does not name {address}. The command show lists them.",
    )


def no_filming(number: int, wish: int) -> KnownError:
    return KnownError(
        "MED-39",
        f"Žádost č. {number} nemá natáčení č. {wish}, nebo takové přebírací místo v těchto volbách není.",
        f"The application No. {number} has no filming No. {wish}, or there is no such transfer point.",
    )


def not_decided(number: int) -> KnownError:
    return KnownError(
        "MED-24",
        f"Dopis k žádosti č. {number} zatím být nemůže: nikdo o ní nerozhodl, nebo ji nahradila jiná.",
        f"There is no letter about the application No. {number} yet: not decided, or replaced by another.",
    )
