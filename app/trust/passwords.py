"""Passwords as Argon2id (RFC 9106) in its usual text form, with the one rule that a password has: length.

No rule of composition, because it makes passwords that people write on the monitor; 10 characters at least.
What is hashed is the normalised text (NFC, RFC 8265), so that one password typed on two keyboards stays
one. Checking nobody's password costs the same as checking somebody's, so that time does not tell which
names exist. The library loads with the first password, not with the program.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

from app.election.errors import KnownError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs: passes over the memory, the memory in KiB, lanes that may run side by side."""

    passes: int
    memory: int
    lanes: int


#: RFC 9106, 4, second recommended option; far above the least of OWASP (2 passes of 19 MiB).
COST = Cost(passes=3, memory=64 * 1024, lanes=4)

#: The most that a hash from outside may ask of this machine.
_MOST = Cost(passes=12, memory=1024 * 1024, lanes=16)
_TEXT_FORM = re.compile(
    r"\$argon2id\$v=19\$m=([1-9][0-9]{0,6}),t=([1-9][0-9]?),p=([1-9][0-9]?)"
    r"\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}",
    re.ASCII,
)


class PasswordRefused(KnownError):
    """The new password is too short, too long, or the one that has to be replaced."""


def check_length(password: str) -> None:
    """Raises `PasswordRefused` for a password that is too short or too long."""
    length = len(normalize("NFC", password))
    if length < SHORTEST:
        raise PasswordRefused(
            "USR-04",
            f"Heslo musí mít aspoň {SHORTEST} znaků. Zvolte delší, třeba několik slov za sebou.",
            f"A password has at least {SHORTEST} characters. Choose a longer one, such as a few words.",
        )
    if length > LONGEST:
        raise PasswordRefused(
            "USR-05",
            f"Heslo může mít nejvýš {LONGEST} znaků. Zvolte kratší.",
            f"A password has at most {LONGEST} characters. Choose a shorter one.",
        )


def is_hash(text: str) -> bool:
    """Whether `text` is an Argon2id hash that this machine can afford to check."""
    match = _TEXT_FORM.fullmatch(text)
    if match is None:
        return False
    memory, passes, lanes = (int(part) for part in match.groups())
    return 8 * lanes <= memory <= _MOST.memory and passes <= _MOST.passes and lanes <= _MOST.lanes


def suggested() -> str:
    """A temporary password to say across a desk: four pairs of syllables, some 50 bits by chance."""
    syllables = [secrets.choice("bdfghjklmnprstvz") + secrets.choice("aeiou") for _ in range(8)]
    return "-".join(first + second for first, second in zip(syllables[::2], syllables[1::2], strict=True))


class Passwords:
    """Hashes and checks at one cost; each call blocks for some tens of milliseconds."""

    def __init__(self, cost: Cost = COST) -> None:
        self._cost = cost
        self._made: PasswordHasher | None = None

    def hashed(self, password: str) -> str:
        """The hash to keep. Raises `PasswordRefused` for a length that is not allowed."""
        check_length(password)
        return self._hasher().hash(normalize("NFC", password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether `password` is the one whose hash was kept; None: nobody's, at the same cost."""
        right = self.verify(self._nobodys() if kept is None else kept, normalize("NFC", password))
        return right and kept is not None

    def verify(self, kept: str, password: str) -> bool:
        """One hash and its comparison in constant time."""
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher().verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    def _hasher(self) -> PasswordHasher:
        if self._made is None:
            from argon2 import PasswordHasher, Type

            cost = self._cost
            self._made = PasswordHasher(cost.passes, cost.memory, cost.lanes, type=Type.ID)
        return self._made

    def _nobodys(self) -> str:
        """A hash that no known password has: its digest is all zeros."""
        cost = self._cost
        head = f"$argon2id$v=19$m={cost.memory},t={cost.passes},p={cost.lanes}"
        return f"{head}${'A' * 22}${'A' * 43}"
