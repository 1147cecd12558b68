"""Everything that the room's pages and acts work with, put together once for the process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

from app.central.centre import Parts
from app.central.database import Database
from app.central.media import settings as media_settings
from app.central.media.register import Register
from app.central.media.settings import MediaFolder
from app.central.room import operators as accounts
from app.central.room.operators import Operators
from app.central.room.proposals import Proposals
from app.central.room.sessions import Sessions
from app.central.room.signing import SigningIn
from app.central.room.watch import Watch
from app.election.errors import KnownError
from app.trust.passwords import Passwords


@dataclass(frozen=True, slots=True)
class Place:
    """`origin` is the address in people's browsers, such as https://velin.example."""

    parts: Parts
    database: Database
    watch: Watch
    proposals: Proposals
    operators: Operators
    sessions: Sessions
    signing: SigningIn
    origin: str
    media: Register | None = None  # where the centre keeps a media register

    @classmethod
    def of(cls, parts: Parts, database: Database, watch: Watch, origin: str, passwords: Passwords) -> Place:
        return cls(
            parts, database, watch,
            Proposals(database, parts.seal, watch.books, watch.guard, parts.clock),
            Operators(database, passwords), Sessions(), SigningIn(database, passwords, parts.clock), origin,
            _register(parts, database),
        )  # fmt: skip

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.parts.clock

    @property
    def secure(self) -> bool:
        """Whether browsers reach the room by TLS."""
        return self.origin.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset({urlsplit(self.origin).netloc})

    @property
    def cookie(self) -> str:
        """The session cookie's name; by `__Host-` a browser refuses one that another host set."""
        return "__Host-prebirka" if self.secure else "prebirka"

    def cookie_of(self, token: str) -> str:
        """What sets the session's cookie; an empty token takes it away."""
        ends = "" if token else "; Max-Age=0"
        return f"{self.cookie}={token}; Path=/; HttpOnly; SameSite=Strict{'; Secure' * self.secure}{ends}"

    @property
    def readers(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks that may read the counters."""
        return tuple(ip_network(each) for each in self.parts.settings.metrics_from.split())

    def note_theft(self, login: str, at: datetime) -> None:
        """Write down that somebody else used a session of this account."""
        with self.database.writing() as connection:
            found = accounts.find(connection, login)
            if found is not None:
                accounts.write(connection, replace(found), "STOLEN", "room", at)


def _register(parts: Parts, database: Database) -> Register | None:
    """The media register, None where it is not set up at this centre."""
    folder = MediaFolder(parts.folder.root / "media")
    try:
        told = media_settings.load(folder, parts.reference)
    except KnownError:
        return None
    return Register(database, parts.reference, parts.seal, folder, told, parts.clock)


def checked_origin(origin: str) -> str:
    """Raises KnownError ROM-22 for what is no address of a site."""
    told = urlsplit(origin)
    if told.scheme not in ("http", "https") or not told.netloc or told.path or told.query or told.fragment:
        raise KnownError(
            "ROM-22",
            f"Adresa velínu {origin} není správná. Napište ji bez lomítka na konci, třeba "
            "https://velin.example.",
            f"The room's address {origin} is wrong. Write it without a slash at its end, such as "
            "https://velin.example.",
        )
    return f"{told.scheme}://{told.netloc.lower()}"
